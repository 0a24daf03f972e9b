/**
 * What transformations are tried on: each text with each of the transformations beside it. The scripts also have
 * `$var(p)` = "3", `$var(i)` = 2, `$var(n)` = -2, `$var(c)` = ";", `$var(e)` = "", `$var(q)` = "a.b" and `$vn(null)`.
 * Left out is what makes Kamailio 5.6.3 read or write beyond its buffers: paddings longer than the text, a number with a
 * number in a variable, searching from the end for what is not the last character, the short forms of URIs.
 */
export type Input = string | number | null
export type RowGroup = readonly [inputs: readonly Input[], transformations: readonly string[]]

const long = (length: number): string => 'x'.repeat(length)

const words: RowGroup[] = [
  [['Hello', '', null, 1234, 'a,b', 'a b\tc'], ['s.len', 's.toupper', 's.tolower', 's.md5', 's.sha256', 's.sha384', 's.sha512', 's.numeric', 's.trim', 's.rmws']],
  [['Hello'], ['s.len,1', 's.foo', 'x.y', 's', 's.', ' s.len', 's.len ', 'S.len', 's.LEN', 's .len', 's. len', 's.len}{s.len', 's.len} {s.len', 's.len} x', 's.len\t', 's.tolower,x', 's.tolower x', 's.md', 's.md55', 's.unquoted', 's.Encode.Hexa', 's.encode', 's.prefixes.foo']],
  [['12', '-12', '-12abc', '0x1f', 'abc', '', ' 12', '+12', '99999999999', 77, null, '-', '+', '12 ', '2147483647', '2147483648', '-2147483648', '-2147483649', '4294967295', '007'], ['s.int']],
  [['abc', '', 'ab', 'abcd', 'abcde', 'Hello World of SIP', 'ABCDefgh\xe9\xff', '\xe9\xff\xe9', '\xff\xff\xff\xff\xff'], ['s.corehash', 's.corehash,16', 's.corehash,1024', 's.corehash,5', 's.corehash,0', 's.corehash,-3', 's.corehash,$var(i)', 's.corehash,$var(p)', 's.corehash,x', 's.corehash,', 's.corehash, 16']],
  [['aBc\xe4\xc4', '-12', 'a1b2c3', '1 2', '999999999999999'], ['s.toupper', 's.tolower', 's.numeric']],
  [[' \t\r\n a b \r\n\t ', '   ', '', '\x0b\x0c a', 'a', 5], ['s.trim', 's.ltrim', 's.rtrim', 's.rmws']],
  [['"abc"', "'abc'", '"abc', '""', '"', 'abc', '""a""', '"abc\'', '', '`a`', ' "a" '], ['s.unquote']],
  [['<abc>', '[abc]', '(abc)', '{abc}', '<abc', '<>', '<', 'abc', '', '<abc]', '[[a]]'], ['s.unbracket']],
]

const cuts: RowGroup[] = [
  [['Hello', '', 12345], ['s.substr,0,0', 's.substr,1,0', 's.substr,-2,0', 's.substr,-3,2', 's.substr,-9,2', 's.substr,5,1', 's.substr,4,1', 's.substr,4,9', 's.substr,9,0', 's.substr,-5,0', 's.substr,-6,0', 's.substr,0,1', 's.substr,-1,0', 's.substr,1,2147483647', 's.substr,0,2147483647', 's.substr,99999999999,1', 's.substr,2147483647,2']],
  [['Hello'], ['s.substr,1 ,2', 's.substr ,1,2', 's.substr,1,2 ', 's.substr, 1, 2', 's.substr,1\t,2', 's.substr,+1,2', 's.substr,1', 's.substr', 's.substr,', 's.substr,1,', 's.substr,1,2,3', 's.substr,1,-1', 's.substr,-1,-1', 's.substr,$var(i),1', 's.substr,$var(i),$var(n)', 's.substr,$var(n),$var(i)', 's.substr,$var(p),1', 's.substr,$vn(null),1', 's.substr,x,1', 's.substr,$(var(i){s.len}),1', 's.substr,1-,2', 's.substr,0x1,2', 's.substr,1.5,2', 's.substr,--1,2', 's.substr,-,2', 's.substr,- 1,2', 's.substr,1a,2', 's.substr,1,$var(i) ', 's.substr,$var(i)x,1']],
  [['Hello', '', 'a;b;c'], ['s.strip,2', 's.strip,0', 's.strip,-1', 's.strip,5', 's.strip,6', 's.strip', 's.strip,', 's.strip,x', 's.strip,$var(i)', 's.strip,$var(p)', 's.strip,$var(n)', 's.strip,$vn(null)', 's.strip,1,2', 's.strip,+2', 's.strip,2x', 's.strip, 2', 's.strip,-', 's.strip,$var(i) ', 's.strip,$var(i)x', 's.striptail,2', 's.striptail,0', 's.striptail,-1', 's.striptail,5', 's.striptail,6', 's.striptail,$var(i)', 's.striptail']],
  [['Hello', 'a3b', 'a2b', '', 'a b', 'a;b', 'a,b', 'a}b'], ['s.stripto,l', 's.stripto,z', 's.stripto,lo', 's.stripto,', 's.stripto', 's.stripto,$var(p)', 's.stripto,$var(i)', 's.stripto,2', 's.stripto,$var(e)', 's.stripto, ', 's.stripto,;', 's.stripto,,', 's.stripto,b ', 's.stripto,a,', 's.stripto,, ']],
  [['a,b,c', 'a;b;c', 'a b c', 'a\tb', 'a:b:c', 'a:b', '', 'abc', 'a::b', ':a', 'a:', 'a|b', 'a\\b', 'a/b', 10203, 'a$b', 'a"b', "a'b", 'a\\nb', 'a\nb'], ['s.select,0,,', 's.select,1,,', 's.select,-1,,', 's.select,-4,,', 's.select,1,;', 's.select,1, ', 's.select,1,\t', 's.select,$var(i),:', 's.select,1,:', 's.select,-1,:', 's.select,1,|', 's.select,1,\\\\', 's.select,1,/', 's.select,1,0', 's.select,1,$', 's.select,1,"', "s.select,1,'", 's.select,1,\\n', 's.select,$var(p),:']],
  [['a;b;c'], ['s.select,1,\\s', 's.select,1,\\', 's.select,1,:x', 's.select,1,', 's.select,1', 's.select,x,:', 's.select,1,$$', 's.select, 1,;', 's.select,1, ;', 's.select,1,; ', 's.select,$var(i),;', 's.select ,1,;', 's.select']],
  [['a@b@c', 'abc', '', 'a3b', 'a2b', 'a@', '@a', 'a.,b', 'a:bb:c', 'a b', 'a,b', 'a\\b', 'a;b;c', 'a}b'], ['s.before,@', 's.after,@', 's.before,$var(p)', 's.after,$var(p)', 's.before,$var(i)', 's.before,2', 's.before,.,', 's.before,bb', 's.after,bb', 's.before, ', 's.before,', 's.after,', 's.before,$var(e)', 's.after,$var(e)', 's.before,,', 's.after,,', 's.after,\\', 's.before,,,', 's.before,, ', 's.before,,a', 's.before,b,', 's.before,b ', 's.before, b', 's.before,$var(c)', 's.before,$var(c) ', 's.before,$var(c)x', 's.before']],
  [['ab@', 'a@b@'], ['s.rbefore,@', 's.rafter,@']],
  [['hello', 'hello3', 'hello2', '', 'a,b', 'a b', 'a;b;', 'a}b'], ['s.count,l', 's.count,ll', 's.count,z', 's.count,,', 's.count,', 's.count,$var(p)', 's.count,$var(i)', 's.count,2', 's.count, ', 's.count,$var(e)', 's.count', 's.count,;', 's.count, ,', 's.count,b ']],
]

const changes: RowGroup[] = [
  [['hello', 'hello3', 'hello2', 'a b', 'aaa', 'aaaa', 'a;b', '', 'a"b', 'aXb'], ['s.replace,l,L', 's.replace,l,', 's.replace,,x', 's.replace,l', 's.replace,ll,LLL', 's.replace,z,y', 's.replace,$var(e),y', 's.replace,$var(p),y', 's.replace,$var(i),y', 's.replace, ,_', 's.replace,aa,b', 's.replace,l,$var(p)', 's.replace,l,$var(e)', 's.replace,l,$vn(null)', 's.replace,;,:', 's.replace,h,a b', 's.replace,",x', 's.replace,x,y', 's.replace,l,L,3', 's.replace,b,x ', 's.replace,b ,x', 's.replace,b,, ', 's.replace,,,', 's.replace,$var(c),$var(c)', 's.replace,$var(c)x,y']],
  [['hello', 'a b c', '', 'he2lo', 'a123a', 'aaa', 'a;b;c'], ['s.rm,l', 's.rm,ll', 's.rm,$var(p)', 's.rm,', 's.rm, ', 's.rm,a', 's.rm,$var(i)', 's.rm,hello', 's.rm,$var(e)', 's.rm,$vn(null)', 's.rm,1', 's.rm,aa', 's.rm,,', 's.rm,b ', 's.rm, b', 's.rm,$fU', 's.rm,$var(c)', 's.rm,$(var(c))', 's.rm,$', 's.rm,$$', 's.rm,$9', 's.rm,a,']],
  [['1700000000', 1700000000, 'abc', '', '12x', '0', '-1', '5000000000', '+5', '0x10', -5, '4000000000', null], ['s.ftime,%Y-%m-%d %H:%M:%S', 's.ftime,%s', 's.ftime,%Y,%m', 's.ftime,', 's.ftime,$var(p)', 's.ftime,%Z', 's.ftime,%c', 's.ftime', 's.ftime,plain', 's.ftime,%', 's.ftime,%Q', 's.ftime,%A%%%B', 's.ftime,$var(e)', 's.ftime, %Y ']],
  [['abcdefghij', 'abc', 'abcd', 'abcde', '', 'a', 'ab\r\ncdefghij'], ['s.fmtlines,4,1', 's.fmtlines,4,2', 's.fmtlinet,4,2', 's.fmtlines,4,0', 's.fmtlines,0,1', 's.fmtlines,-1,1', 's.fmtlines,4,-1', 's.fmtlines,1,0', 's.fmtlines,$var(i),$var(i)', 's.fmtlines,$var(n),$var(i)', 's.fmtlines,$var(i),$var(n)', 's.fmtlines,$var(p),1', 's.fmtlines,4', 's.fmtlines,x,1', 's.fmtlines,2 ,1']],
  [['abcdefghij', 'ab\r\ncdefghij'], ['s.fmtlines,3,3', 's.fmtlines,3,9', 's.fmtlines,70,4']],
  [[1234567], ['s.fmtlines,4,1', 's.fmtlinet,3,2']],
  [[long(60000), long(30000), long(1000)], ['s.fmtlines,2,1}{s.len', 's.fmtlines,70,4}{s.len', 's.encode.hexa}{s.len', 's.encode.base64}{s.len', 's.prefixes,40}{s.len']],
  [[long(32767), long(32768)], ['s.encode.hexa}{s.len']],
  [['Hello', '', "a'b"], ['s.prefixes', 's.prefixes,2', 's.prefixes,9', 's.prefixes,0', 's.prefixes,-1', 's.prefixes,$var(i)', 's.prefixes,$var(n)', 's.prefixes,x', 's.prefixes,$var(p)', 's.prefixes,', 's.prefixes.quoted', 's.prefixes.quoted,2', 's.prefixes.quoted,0', 's.prefixes.quoted,$var(i)', 's.prefixes,2 ', 's.prefixes ']],
  [[123, -4], ['s.prefixes', 's.prefixes,2', 's.corehash', 's.corehash,16']],
  [[long(400), long(256), long(253), long(300)], ['s.prefixes}{s.len']],
]

const codes: RowGroup[] = [
  [['Hi\xff', '', 123, null], ['s.encode.hexa', 's.encode.7bit', 's.encode.base58', 's.encode.base64', 's.encode.base64t', 's.encode.base64url', 's.encode.base64urlt', 's.encode.hexa,1', 's.encode.hexa ']],
  [['4869ff', '4869FF', '486', 'zz', '', '48 69', '4'], ['s.decode.hexa']],
  [['Hello', 'Hello World longer', 'a', 'abcdefg', 'abcdefgh', 'abcdefghijklmnop'], ['s.encode.7bit', 's.encode.7bit}{s.decode.7bit']],
  [['C8329BFD06', 'c8329bfd06', 'C8329BFD065DDF72', '', 'C83', 'xyz!', 'a b&c=d%20/\xe9+?', 'GG', 'Gg'], ['s.decode.7bit']],
  [['Hello', 'Hello world, this is long text', '\xff\xfe', 'a'], ['s.encode.base58']],
  [['0OIl', '9Ajd zr', 'a-b', '9Ajdvzr', '', '1', '11', '111', '12345', '1112345', 'LUu', 'abcdef', 123], ['s.decode.base58']],
  [['SGVsbG8=', 'SGVsbG8', 'SGVsb', 'SGVs', 'S', 'SG', 'SGV', '!!!!', '', 'SG Vs', 'SGVs\r\nSGVs', '//79', '__79', '====', 'SG==', 'SGV=', 'S===', 'SG==SG==', 'YQ', 'YWI', 'YWI=', '-_-_'], ['s.decode.base64', 's.decode.base64t', 's.decode.base64url', 's.decode.base64urlt']],
  [['ab', 'abc', '\xff\xfe\xfd', 'a'], ['s.encode.base64', 's.encode.base64t', 's.encode.base64url', 's.encode.base64urlt']],
  [['a\'b"c\\d\ne', '', 'plain'], ['s.escape.common', 's.unescape.common', 's.escape.csv']],
  [["a\\'b\\\"c\\\\d\\ne\\x\\", 'a\\', '\\%\\_', 'a\\0b'], ['s.unescape.common']],
  [['a b@c%d;e=f&g+h$i,j?k/l-m_n.o!p~q*r\'(s)t:u<v>"w#[]^`{|}\\', 'a\xffb', 'a\x01b', 'a\x7f', ''], ['s.escape.user', 's.escape.param', 's.urlencode.param', 's.escape.csv']],
  [['a%20b%40', 'a%20b%', 'a%2', 'a%zz', 'a%00', 'a%ff', 'a%1f', 'a%7E', 'a%7f', 'a+b', '', 'a b', 'a\xff'], ['s.unescape.user', 's.unescape.param']],
  [['a+b%20c', 'a%2', '', 'a b', '%00x', '%ff%C3', '%41%5a', 'a%'], ['s.urldecode.param']],
  [['"a""b,c"', 'a\r\nb', '""'], ['s.escape.csv']],
]

const uris: RowGroup[] = [
  [
    ['sip:alice:pw@example.com:5062;transport=tcp;lr;x=y;maddr=1.2.3.4;ttl=5;user=phone;method=INVITE;r2=on?H=v&I=w', 'sip:example.com', 'sips:bob@example.com', 'tel:+123;phone-context=x', 'tel:+123', 'sip:alice@[2001:db8::1]:5070;lr=on', 'sip:alice@example.com?H=v', 'bad', '', 'sip:', 'urn:service:sos', 'SIP:Alice@Host', 'sip:a;b=c@host', 'sip:alice@host;x=y', 'sips:bob@host;transport=udp', 'sip:alice@host;transport=TCP;a;b="q;r";gr', null, 5],
    ['uri.user', 'uri.host', 'uri.domain', 'uri.passwd', 'uri.port', 'uri.params', 'uri.param,x', 'uri.param,lr', 'uri.param,none', 'uri.param,X', 'uri.param,b', 'uri.param,$var(p)', 'uri.param,$var(e)', 'uri.param,', 'uri.headers', 'uri.transport', 'uri.ttl', 'uri.uparam', 'uri.maddr', 'uri.method', 'uri.lr', 'uri.r2', 'uri.scheme', 'uri.tosocket', 'uri.user,x', 'uri.user ', 'uri.USER', 'uri.foo'],
  ],
  [['sip:alice@host;transport=tls', 'sip:127.0.0.1:5060', 'sip:h;transport=sctp', 'sip:h;transport=ws', 'sip:h:5070;transport=xyz', 'sip:h;transport=wss', 'sip:a@h;transport=', 'sip:a@h;transport', 'sip:[::1];transport=tcp', 'tel:+1;transport=tcp', 'sip:a@h;Transport=Tcp'], ['uri.tosocket', 'uri.transport', 'uri.param,transport']],
  [['sip:+1;a=b@h', 'sip:a:@h', 'sip:a@h;x?y', 'urn:a', 'sip:a@h;user=ip', 'sip:@h', 'sip:h:x', 'sips:a@h:0', 'tel:', 'sip:a%20b@h', 'mailto:a@b', 'sip:a@h;a=1;a=2', 'sip:a@h;x=1', 'im:a@b', '<sip:a@b>', 'tel:+1;a=b?x=y'], ['uri.user', 'uri.host', 'uri.passwd', 'uri.port', 'uri.params', 'uri.headers', 'uri.scheme', 'uri.uparam', 'uri.param,x', 'uri.param,a']],
  [['127.0.0.1~5060~1', '127.0.0.1~5060~2', 'h~5060~3', '[2001:db8::1]~5060~2', '2001:db8::1~5060~2', 'h~5060~4', 'h~5060~5', 'h~5060~6', 'h~5060~7', 'h~5060~9', 'h~5060~0', 'h~5060~12', '~5060~1', 'h~~1', 'h~5060~', 'a~b~c', ''], ['urialias.decode']],
  [['sip:127.0.0.1:5060', 'sip:alice@127.0.0.1:5060;transport=tcp', 'sips:127.0.0.1', 'sip:[2001:db8::1]:5080;transport=tls', 'sip:h;transport=ws', 'sip:h;transport=wss', 'sip:h;transport=sctp', 'sip:h;transport=foo', 'bad', '', 'tel:+1', 'sip:h;transport=UDP'], ['urialias.encode', 'urialias.encode ', 'urialias.foo']],
]

const lists: RowGroup[] = [
  [
    ['a=1;b=2;c;d="x;y";f= 7 ;A=9;g=h', 'a=1&b=2', ''],
    ['param.value,a', 'param.value,b', 'param.value,c', 'param.value,d', 'param.value,f', 'param.value,A', 'param.value,none', 'param.value,$var(q)', 'param.value,a,;', 'param.value,$var(e)', 'param.value,', 'param.valueat,0', 'param.valueat,3', 'param.valueat,-1', 'param.valueat,-7', 'param.valueat,-8', 'param.valueat,99', 'param.valueat,$var(i)', 'param.valueat,$var(p)', 'param.name,0', 'param.name,-1', 'param.name,99', 'param.name,-99', 'param.name,$var(i)', 'param.name,$var(p)', 'param.count', 'param.count,;', 'param.in,a', 'param.in,C', 'param.in,none', 'param.in,', 'param.in,$var(e)', 'param.in,$var(i)', 'param.count,$var(c)', 'param.count,x', 'param.name,0,;', 'param.name', 'param.value', 'param.in', 'param.valueat', 'param.valueat,1,', 'param.count,', 'param.count,; ', 'param.count, ;', 'param.value,b,&', 'param.count,&', 'param.name,1,&', 'param.valueat,1,&', 'param.in,b,&', 'param.value,b,$var(c)', 'param.value,b,;x', 'param.value,b,', 'param.value,b,,', 'param.count,,', 'param.COUNT', 'param.name,1 ,;'],
  ],
  [
    [' a=1', 'a=1 ', 'a=1;b ', 'b ;a=1', 'a=1; b=2', 'a =1', 'a=;b=1', 'a= ;b=1', 'a=', 'a= ', 'a=1;;', ';;', ';', 'a=1;', ';a=1', 'a=1;;b=2', 'a', '=1', 'a=1 2;b=3', "a='x;y';b=1", 'a="x;b=1', 'a="x\\"y";b=1', 'a="";b=1', 'a="x"y;b=1', 'a=1;  ', ',a=1', 'a,b', 'a=,b', 'a=1,', '=', 'a=1;=2', 'a==', "a='x", 'a="x\\";b=2', 'a="x" ;b=2', 'a="x", b', 'a=x"y;z"', 'a b=1', 'a=1\r\n;b=2', 'a=1;a=2', 'a=<sip:b;c>;d=1', 'a=1;b=2,c=3', '2=5', 'a.b=5', null, 123],
    ['param.count', 'param.value,a', 'param.value,b', 'param.name,1', 'param.in,a', 'param.value,$var(i)', 'param.value,$var(q)', 'param.value,a ', 'param.value, a'],
  ],
  [['a=1|b=2', 'a=1:b=2', 'a=1&b="x&y"', 'a=1&b=2;c', 'a=1;b=2', 'a.b'], ['param.value,b,|', 'param.value,b,:', 'param.value,b,&', 'param.count,&', 'param.count,=', 'param.count,.']],
]

const ADDRESSES = ['"Alice A" <sip:a@b;x=y>;tag=1;p=2', '<sip:a@b>', 'sip:a@b', 'sip:a@b;tag=5', 'Alice <sip:a@b>', 'Alice B <sip:a@b>', '', '"x', '*', '"A\\"B" <sip:a@b>', '<sip:a@b>,<sip:c@d>', 'sip:a@b,sip:c@d', 'A <sip:a@b>, B <sip:c@d>', '<>', 'garbage', 'garbage here', 'Bob sip:a@b', '<sip:a:pw@b:5060;lr?h=1>;tag=x', 'sip:b', '<tel:+1>', ' "A" <sip:a@b> ', "'A' <sip:a@b>", '"A"<sip:a@b>;tag=', '<sip:a@b>;tag', '<sip:a@b>;x="q;w";tag=9', '<sip:a@b>;TAG=9', '<bad>;tag=7', '<sip:a@b> ;tag=7', '<sip:a@b>; tag = 7 ', '"" <sip:a@b>', '\t"A B" <sip:a@b>', '<sip:a@b>;tag=1;tag=2', '<sip:a@b>;tag="q"', 'sip:a@b:5070;x;y=2;tag=4', 'sips:a@[::1]:1;tag=5', '<sip:a@b>\r\n', '<sip:a@b>x', '"A" x <sip:a@b>', null, 5]

const headers: RowGroup[] = [
  [ADDRESSES, ['nameaddr.name', 'nameaddr.uri', 'nameaddr.len', 'tobody.uri', 'tobody.tag', 'tobody.user', 'tobody.host', 'tobody.params', 'tobody.display']],
  [['"a<b" <sip:x>', '"a\\"<b" <sip:x>', "'a<b' <sip:x>", 'a>b <sip:x>', '<sip:x<y>z>', '"a" "b" <sip:x>', 'x"<y>" <sip:z>', '"unclosed <sip:z>', '   ', '>', '<sip:a>b>'], ['nameaddr.name', 'nameaddr.uri', 'nameaddr.len', 'nameaddr.name ', 'nameaddr.foo', 'tobody.uri,', 'tobody.foo']],
  [
    ['Line one\r\nA: b\r\nLine three\n\nX: y', '', 'a', 'a\n', '\n', 'a\rb', 'a\r\nb\r\n', '3x\n2y', 'a\r', 'a\n\nb', null, 'ab\r\nab2', '\n\na', 'a\nb\n\n', '\na', 'ab\n\n\ncd\n', '\r\n'],
    ['line.count', 'line.at,0', 'line.at,1', 'line.at,2', 'line.at,4', 'line.at,5', 'line.at,-1', 'line.at,-2', 'line.at,-3', 'line.at,-5', 'line.at,$var(i)', 'line.at,$var(n)', 'line.at,$var(p)', 'line.at,x', 'line.at', 'line.at,0,', 'line.at,0 ', 'line.sw,A', 'line.sw,Line', 'line.sw,x', 'line.sw,', 'line.sw,$var(p)', 'line.sw,$var(i)', 'line.sw,A: b', 'line.sw,$var(e)', 'line.sw,ab', 'line.sw,a,b', 'line.sw,a ', 'line.sw, a', 'line.foo'],
  ],
  [[5], ['line.count', 'line.at,0', 'line.sw,5']],
]

const patterns: RowGroup[] = [
  [['ab', 'aab', 'AB', 'hello world', 'a/b', 'abc', '', 123, null, 'a,b', 'a b', 'a{b', 'aaa', 'a\nb', 'aXbX', 'a.c', 'sip:a@b', 'z'], ['re.subst,/a/X/', 're.subst,/a/X/g', 're.subst,/A/X/i', 're.subst,/(\\w+) (\\w+)/\\2 \\1/', 're.subst,#/#-#', 're.subst,/z/y/', 're.subst,/^$/b/', 're.subst,/,/;/', 're.subst,/ /_/', 're.subst,/a{2}/_/', 're.subst,/b/$var(p)/', 're.subst,/b/$fU/', 're.subst,/b/\\0\\0/', 're.subst,/a.b/x/', 're.subst,/a.b/x/s', 're.subst,/^b/x/', 're.subst,/^b/x/g', 're.subst,/b//', 're.subst,/b/\\\\x/', 're.subst,/b/\\n/', 're.subst,/\\./x/', 're.subst,/x/y/gi', 're.subst,/^sip:([^@]+)@(.*)$/\\1 at \\2/', 're.subst,/x*/-/g', 're.subst,/.*/x/']],
  [['abc'], ['re.subst,/b/', 're.subst,abc', 're.subst', 're.subst,', 're.subst, /b/x/', 're.subst,/b/x/ ', 're.subst,/b/x/z', 're.foo,/b/x/', 're.subst ,/a/b/', 're.subst,$var(e)', 're.subst,/b/x/}{re.subst,/x/yy/']],
]

const sockets: RowGroup[] = [
  [['udp:127.0.0.1:5060', 'tcp:[2001:db8::1]:5061', 'UDP:h:5', 'h:5', 'foo:h:5', '*:h:5', 'any:h:5', 'a:b', 'tcp:5', 'tcp:[::1]', 'udp:h:', 'h:', '[::1', '[::1]:', '[::1]:5x', 'udp:[::1]:5060', 'udp:h:-1', 'tcp:h', '127.0.0.1', '127.0.0.1:70', '', null, 5, 'udp:h', 'udp:h:0', 'udp:h:99999', 'udp:h:x', '[::1]', '::1', 'udp:h:05060', 'udp:h:5060 ', ' udp:h:5060', 'udp:', ':', 'a:b:c:d'], ['sock.host', 'sock.port', 'sock.proto', 'sock.touri', 'sock.host,1', 'sock.foo']],
]

export const rowGroups: readonly RowGroup[] = [...patterns, ...sockets, ...words, ...cuts, ...changes, ...codes, ...uris, ...lists, ...headers]
