/** A stretch of configuration, and whether Kamailio 5.6.3 takes it. `route { ... }` is put around those of `inRoute`. */
export interface AgreementCase {
  readonly text: string
  readonly verdict: 'accept' | 'reject'
}

/** Stands before every case. */
export const preamble = 'loadmodule "pv.so"\nloadmodule "xlog.so"\n'

const end = '\nroute { drop; }\n'

function atTop(verdict: AgreementCase['verdict'], texts: readonly string[]): AgreementCase[] {
  return texts.map((text) => ({ text: `${preamble}${text}${end}`, verdict }))
}

function inRoute(verdict: AgreementCase['verdict'], texts: readonly string[]): AgreementCase[] {
  return texts.map((text) => ({ text: `${preamble}route { ${text}\n}\n`, verdict }))
}

function whole(verdict: AgreementCase['verdict'], texts: readonly string[]): AgreementCase[] {
  return texts.map((text) => ({ text, verdict }))
}

export const agreementCases: readonly AgreementCase[] = [
  // Global parameters.
  ...atTop('accept', [
    'debug=3', 'debug=-1;', 'debug = 0x2', 'children=010', 'children=101b', 'log_stderror=yes',
    'log_facility=LOG_LOCAL0', 'log_prefix="{$mt} "', "log_name='a'", 'tos=IPTOS_LOWDELAY', 'tos=4', 'user="nobody"',
    'workdir="/tmp"', 'wdir=tmp', 'server_header="Server: x" user_agent_header="User-Agent: y"',
    'tcp_source_ipv4=127.0.0.1', 'tcp_source_ipv6=[::1]', 'tcp_source_ipv6=::1', 'udp_mtu_try_proto=TCP',
    'udp_mtu=1300', 'force_rport=yes', 'add_rport=no', 'memlog=-2', 'tcp_async=yes', 'tcp_connection_lifetime=-1',
    'fork=no;;; children=2', 'log_prefix="a" "b"\n  "c"', 'kemi.reply_route_callback="none"',
    'tcp_poll_method="epoll_lt"', 'tcp_poll_method=epoll_lt', 'my.value = 5', 'my.text = "x" desc "what it is"',
    'my.value = yes description "on"', 'my[1].value = 5', 'my.default = 1', 'advertised_address="a.example.org"',
    'advertised_address=a.example.org', 'advertised_port=5061', 'stats_name_separator="_"',
  ]),
  ...atTop('reject', [
    'debug="3"', 'debug', 'debug 3', 'debug==3', 'children=-1', 'log_facility="LOG_LOCAL0"', 'log_prefix=abc',
    'childrn=4', 'my.value = -1', 'my.value = word', 'my.value = "x" desc 5', 'my.user = 1',
    'my[1].value = 5 desc "x"', 'my[x].value = 5', 'tos="x"', 'tcp_source_ipv4="127.0.0.1"', 'udp_mtu_try_proto=ws',
    'max_len=5', 'return_mode=1', 'children=08', 'statistics="x"', 'kemi.reply_route_callback=5',
    'log_prefix="a" \'b\'', 'debug=3,',
  ]),
  // Addresses.
  ...atTop('accept', [
    'listen=127.0.0.1', 'listen=udp:127.0.0.1:5060', 'listen=UDP:127.0.0.1', 'listen=udp:127.0.0.1:*',
    'listen=*:127.0.0.1:5060', 'listen=udp:127.0.0.1:5060 advertise 1.2.3.4:5070',
    'listen=udp:127.0.0.1:5060 advertise a.example.org',
    'listen=udp:127.0.0.1:5060 advertise "a.example.org":5060 name "one"',
    'listen=udp:127.0.0.1:5060 name "one" virtual', 'listen=udp:127.0.0.1:5060 tcp:127.0.0.1:5060',
    'listen=(127.0.0.1)', 'listen=udp:[::1]:5060', 'listen=::1', 'listen=lo', 'listen=udp:lo:5060',
    'listen="127.0.0.1"', 'listen=127.0.0.1\nlisten=tcp:127.0.0.1:5061', 'alias=example.org',
    'alias="example.org" example.com', 'alias=udp:sip-1.example.org:5060', 'alias=a.5060.example',
    'alias=*:example.org:*',
  ]),
  ...atTop('reject', [
    'listen=', 'listen=*', 'listen=ws:127.0.0.1:5060', 'listen=udp:127.0.0.1:sip', 'listen=udp:',
    'listen=127.0.0.1 advertise', 'listen=127.0.0.1 name one', 'listen=127.0.0.1 virtual name "a"',
    'listen=127.0.0.1\nmy.value = 1', 'alias=tls.example.org', 'alias=a..b', 'alias=1.2.3.4.example.org',
    'alias=5060.example', 'domain=example.org', 'socket = { bind = udp:127.0.0.1:5060; }',
    'listen=127.0.0.1:5060:5061', 'listen=127.0.0.1 advertise 1.2.3.4:*',
  ]),
  // Modules.
  ...atTop('accept', [
    'loadpath "/usr/lib/x86_64-linux-gnu/kamailio/modules/"',
    'loadpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"', 'mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"',
    'modparam("xlog", "buf_size", 4096)', 'modparam("xlog|none", "buf_size", 4096)\n;',
    "modparam('xlog', 'prefix', 'a' )", 'modparam("xlog", "buf_" "size", 0x1000)', 'modparamx("xlog", "prefix", "a")',
  ]),
  ...atTop('reject', [
    'loadmodule xlog', 'loadmodule("pv.so")', 'loadmodule', 'modparam("xlog", "buf_size")',
    'modparam("xlog", "buf_size", size)', 'modparam("xlog", "buf_size", 1+1)', 'modparam("xlog", "prefix", $var(x))',
    'modparam "xlog", "prefix", "a"', 'mpath=lib',
  ]),
  // Routes.
  ...atTop('accept', [
    'route[1] { drop; }', 'route[A_NAME] { drop; }', 'event_route["a:b"] { drop; }', 'route["a name"] { drop; }',
    'route[007] { drop; }', 'reply_route { drop; }', 'onreply_route { drop; }', 'onreply_route[A] { drop; }',
    'failure_route { drop; }', 'failure_route[A] { drop; }', 'branch_route[A] { drop; }', 'onsend_route { drop; }',
    'event_route[tm:local-request] { drop; }', 'event_route [ a:b-c:d_e ] { drop; }', 'request_route { drop; }',
    'route { exit; }', 'route[A] {;}', 'route[A] { drop; };', 'onreply_route[0] { drop; }',
    'onreply_route { drop; } onreply_route[0] { drop; }', '', ';',
  ]),
  ...atTop('reject', [
    'route[A] {}', 'route[A] { drop }', 'route[A] { drop; ', 'route[A] drop;', 'route[A { drop; }',
    'route[log] { drop; }', 'route[A] { drop; } route[A] { drop; }', 'request_route[A] { drop; }',
    'reply_route[A] { drop; }', 'event_route { drop; }', 'event_route[tm] { drop; }', 'route[NAME] { drop; }',
    'rout[A] { drop; }', 'route[A] { drop; } }', 'route[1a] { drop; }', 'drop;', 'if (1) drop;', 'xlog("a");',
    'route[] { drop; }', 'route[$x] { drop; }', 'Some words here.',
  ]),
  ...whole('reject', [
    '', '\n', '# only a comment\n', 'route { drop; } route[0] { drop; }\n',
  ]),
  ...whole('accept', [
    ';', 'route[0] { drop; } route { drop; }\n',
  ]),
  // Statements.
  ...inRoute('accept', [
    ';', 'if (1) drop;', 'if (1) { drop; }', 'if (1) ; else drop;', 'if 1 drop; else exit;',
    'if (1) drop; else if (2) exit; else { return; }', 'if ($rU == "a") && (1) drop;', 'while (0) drop;',
    'while (0) { break; }', 'return;', 'return();', 'return(1);', 'return 1;', 'return -1;', 'return $var(x) + 1;',
    'exit;', 'exit();', 'exit(1);', 'drop();', 'drop(1);', 'break;',
    'switch ($rU) { case "a": drop; case "b": case "c": exit; default: break; }', 'switch (1) { }',
    'switch 1 { case 1: drop; }', 'switch ($rU) { case /"^a": drop; case "b": exit; }',
    'switch (1) { case -1: drop; case 1+2: exit; case (3): ; }',
    'switch ("a") { default: drop; case "b" + "c": exit; }', 'if (1) { if (2) drop; else exit; }',
    '$var(x) = 1; $var(x)="a";', 'if (($var(x) = 1)) drop;', '$var(x) = { drop; };',
    'xlog("a"); xlog("L_INFO", "b");', 'xlog(,"a");', 'force_rport; force_rport(); add_local_rport(); revert_uri;',
    'forward(); forward(uri:host); forward(uri:host, uri:port);',
    'forward(uri:host, 5060); forward(1.2.3.4); forward(1.2.3.4, 5060); forward([::1], 5060);',
    'forward_udp(a.example.org); forward_tcp("a.example.org", 5060); forward_tls(a-b.org); forward_sctp(uri:host);',
    'log("a"); log(1, "b");', 'strip(1); strip_tail(2); prefix("0");',
    'sethost("a"); seth("a"); rewritehostport("a:1"); setu("b"); setport("1");', 'rewriteuri("sip:a@b"); setup("c");',
    'setflag(1); resetflag(31); if (isflagset(3)) drop;', 'userphone(); clear_branches();',
    'remove_branch(); remove_branch(1); remove_branch(-1);',
    'set_advertised_address("a.b"); set_advertised_address(1.2.3.4); set_advertised_port(5060);',
    'set_advertised_address(a.b);', 'set_forward_no_connect(); set_reply_close;',
    'force_tcp_alias; force_tcp_alias(); add_tcp_alias(5060);', 'udp_mtu_try_proto(TCP);',
    'route(A);\n} route[A] { drop;', 'route("A");\n} route[A] { drop;', 'route(1);\n} route[1] { drop;',
    'route($rU);', 'route("A" + "B");\n} route["AB"] { drop;', 'error("a", "b");', 'exec("true");',
    'cfg_select("core", 1); cfg_reset("core");', 'if (!xlog("a")) drop;', '$var(x) = xlog("a");',
    'xlog("a" "b"\n"c");', "xlog('a$$');", 'xlog("a\\n\\t\\x41\\101\\q");', '%attribute = 1; $f.name = 2;',
    '$attribute = 1; if ($attribute[1] == 2) drop;', 'if (%f.name[0] == "a") drop;',
  ]),
  ...inRoute('reject', [
    '', '{ drop; }', 'if (1) {}', 'if () drop;', 'if (1) else drop;', 'if (1 drop;', 'if 1) drop;', 'else drop;',
    'while (0) {}', 'drop', 'drop; }', 'xlog("a")', 'xlog("a") drop;', 'xlog("a",);', 'xlog "a";', 'xlog(xlog("a"));',
    'xlog("a" $ru);', 'xlog("a", , "b");', 'xlog("a","b","c","d","e","f","g");', '$var(x) += 1;', '$var(x)++;',
    '$var(x);', '$var(x) == 1;', '$var(x) = ;', '$var(x) = 1', 'var(x) = 1;', '@ruri.user = "a";', 'x = 1;', 'x;',
    '1;', '"a";', '!xlog("a");', 'xlog("a") && xlog("b");', 'method == "INVITE";', 'if (method = "INVITE") drop;',
    'if ($rU == "a" = 1) drop;', 'switch ($rU) { case $var(x): drop; }',
    'switch (1) { case 1: drop; case "a": exit; }', 'switch (1) { default: drop; default: exit; }',
    'switch (1) { drop; }', 'switch ($rU) { case /^a/: drop; }', 'switch (1) { case 1 drop; }',
    'switch (1) { case a: drop; }', 'case 1: drop;', 'switch { case 1: drop; }', 'break 1;', 'break();',
    'return 1 2;', 'log(-1, "a");', 'log(1);', 'setflag(NONE);', 'setflag(32);', 'setflag($var(x));', 'setflag 1;',
    'strip("1");', 'strip($var(x));', 'sethost($var(x));', 'sethost(a);', 'forward(a, b);', 'forward(uri:port);',
    'forward_udp();', 'forward($du);', 'forward(5060);', 'log("a" + "b");', 'force_rport(1);', 'route();',
    'route(log);', 'debug = 1;', 'loadmodule "pv.so"', '#!subst "/a/b/"\n drop;', 'iff (1) { drop; }',
    'This is a comment', 'udp_mtu_try_proto(ws);', 'set_advertised_address($var(x));', 'error("a");', '$foo[1] = 1;',
    '$rcv(len) = 1;', 'if ($rcx == 1) drop;', '$(var(x)\n) = 1;', '$ = 1;', 'userphone;', 'request_route();',
  ]),
  // Expressions.
  ...inRoute('accept', [
    'if (1 + 2 * 3 - 4 / 5 mod 6 == 7 && 8 || 9) drop;', 'if (1 | 2 & 3 ^ 4 << 5 >> 6) drop;',
    'if (!1 and not 2 or ~3) drop;', 'if (- 1 < 2) drop;',
    'if ("a" =~ "b" and "c" eq "d" or "e" ne "f" and 1 ieq 2 and 3 ine 4) drop;', 'if (1 <= 2 >= 3 < 4 > 5) drop;',
    'if (defined $rU && 1) drop;', 'if (not defined $var(x)) drop;', 'if (strlen($rU) > 3 && strempty($fU)) drop;',
    '$var(x) = (int)"5" + (int)6;', 'if ((int)$rU == 5) drop;', '$var(x) = selval($rU == "a", 1, "b");',
    'if ($rU == $null) drop;', 'if (@ruri.user == "a" && @via[0].host != "b") drop;',
    'if (@hf_value["X-Y"].uri == "a") drop;', 'if (method == "INVITE") drop;', 'if (method == INVITE) drop;',
    'if (!method == "INVITE") drop;', 'if (method =~ "INV|ACK" && method != ACK) drop;',
    'if (uri == myself || from_uri == "sip:a@b" || to_uri =~ "x") drop;', 'if (myself == uri) drop;',
    'if (not uri == myself) drop;', 'if (src_ip == 10.0.0.0/8 || dst_ip == 10.0.0.0/255.0.0.0) drop;',
    'if (src_ip == ::1 || src_ip == [fe80::1]/64) drop;', 'if (src_ip == myself || myself != src_ip) drop;',
    'if (src_ip == "1.2.3.4" || src_ip == $si) drop;', 'if (dst_ip == a-b.example.org) drop;',
    'if (src_port == 5060 && dst_port >= 1024 && src_port < 3 + 4) drop;',
    'if (proto == UDP || proto != wss || proto == $var(x)) drop;', 'if (af == INET6 or af == IPv4) drop;',
    'if (msg:len > 1000) drop;', 'if (status == "200" || status =~ "4..") drop;', 'if (1 + src_port == 5060) drop;',
    'if (method eq "INVITE") drop;', 'if (forward()) drop;', 'if ({ drop; }) exit;', '$var(x) = yes + off + INET;',
    '$var(x) = 0x1F + 017 + 101b + 4294967296;', '$var(x) = $(rU{s.substr,0,$var(y)}{s.len});',
    '$var(x) = $(avp(x)[0]{s.select,1,:});', '$var(x) = $avp(x(y(z)));', '$var(x) = $?; $var(y) = $rc + $retcode;',
    '$var(x) = "a" + 1 + $rU;', 'if (- - 1 == !!2) drop;',
  ]),
  ...inRoute('reject', [
    'if (1 +) drop;', 'if (1 == ) drop;', 'if (1 === 2) drop;', 'if (== 1) drop;', 'if (1 2) drop;', 'if (a) drop;',
    'if (a == 1) drop;', 'if (1 % 2) drop;', 'if (method) drop;', 'if (method < 1) drop;', 'if (myself) drop;',
    'if (myself == 1) drop;', 'if (myself == method) drop;', 'if (src_ip == 5) drop;',
    'if (src_ip == 10.0.0.0/33) drop;', 'if (src_ip > 1.2.3.4) drop;', 'if (proto =~ "UDP") drop;',
    'if (proto > 1) drop;', 'if (src_port =~ "1") drop;', 'if (msg:len >= max_len) drop;',
    'if (src_ip == 10.0.0) drop;', 'if (uri ieq "a") drop;', 'if (strlen $rU > 3) drop;', 'if (defined) drop;',
    'if ((1) drop;', '$var(x) = 08;', '$var(x) = (float)1;', '$var(x) = selval(1, 2);', '$var(x) = 1 ? 2 : 3;',
    '$var(x) = "a" . "b";', '$var(x) = $rU =! "a";', 'if (@) drop;', 'if (!) drop;', '$var(x) = "a" "b" \'c\';',
    'if (1 && || 2) drop;', 'if (src_ip == 300.1.1.1.1) drop;',
  ]),
  // The preprocessor, comments and what the scanner skips.
  ...atTop('accept', [
    '#!define A 5\nmy.value=A', '#!define A\n#!ifdef A\n#!else\nx\n#!endif', '#!ifdef A\nnonsense {{{ "\n#!endif',
    '!!ifndef A\n!!define A\n!!endif', '#!def A 1\n#!redef A 2\n#!trydef A 3\nmy.value=A',
    '#!define A "x"\nlog_prefix=A', '#!define A "x\nlog_prefix=A"', '#!define A route[B] { drop; }\nA',
    '#!define A udp:127.0.0.1\nlisten=A:5060', '#!define A 1 \\\n  + 2\nroute[B] { $var(x) = A; }',
    '#!subst "/a/b/g"', '#!substdef "!A!5!g"\nmy.value=A', '#!substdefs "!A!x!g"\nlog_prefix=A',
    '#!substdef "!A!5!g"\n#!substdef "!A!6!g"', '#!define A b\n#!define b 5\nmy.value=A',
    '#!ifdef KAMAILIO_5_6_3\n#!else\nx\n#!endif', '#!ifdef MOD_xlog\n#!else\nx\n#!endif',
    'route[B] { #!ifdef A\n nonsense\n#!else\n drop;\n#!endif\n}', '#!trydefenv NO_SUCH_VARIABLE',
    '#!trydefenvs A=NO_SUCH_VARIABLE', '#!defenv HOME\nmy.value=5', '#!defenvs A=HOME\nlog_prefix=A',
    'import_file "none.cfg"', '#!import_file "none.cfg"', '/* a /* b */ c */ debug=1',
    '// a comment\ndebug=1 # another', '#!KAMAILIO', '#!nonsense', '? debug=1', '\xc3\xa9 debug=1', 'debug=\\\n1',
    '#!else', '#!ifdef A b c\nx\n#!endif', '#!undef A', '#!ifexp 1\n', '#!define A debug=1 # note\nA',
  ]),
  ...atTop('reject', [
    '#!define A 1\n#!define A 2', '#!define A-B 1', '#!ifdef A', '#!endif', '#!ifdef A\n#!endif # note',
    '#!ifndef A\n#!endif x', 'include_file "none.cfg"', 'include_file none.cfg', '#!subst "a"', '#!subst a',
    '#!subst "/a/b/x"', '#!substdef "!A!5!g"\n#!define A 6', '#!defenv NO_SUCH_VARIABLE',
    '#!define A \\\n 5\nmy.value=A', 'debug=1 */', '#!define A 5\nmy.value="A" A',
  ]),
  ...whole('accept', [
    '#!KAMAILIO\nloadmodule "pv.so"\nroute { $var(x) = $rU; }\n', '#!SER\nroute { $f.name = 1; $name = 2; }\n',
  ]),
  ...whole('reject', [
    '#!KAMAILIO\nloadmodule "pv.so"\nroute { $f.name = 1; }\n', 'log_prefix="not closed\nroute { drop; }\n',
    'route { drop; \n/* not closed\n}\n',
  ]),
]
