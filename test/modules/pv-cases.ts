/**
 * What scripts do with variables: `P("text")` prints a text, everything else stands as it is. Each case runs on one
 * message, in this server and in Kamailio, and must print the same.
 */
export interface PvCase {
  readonly title: string
  readonly message: 'invite' | 'reply' | 'plain' | 'bare' | 'odd' | 'poor' | 'faulty'
  readonly script: string
}

const readAll = (names: string): string =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `P("${name} [$${name}]");`)
    .join('\n')

/** `typeof` and `is_int` of variables. */
const typesOf = (names: string): string =>
  names
    .trim()
    .split(/\s+/)
    .map(
      (name) =>
        `$var(t)="-"; if(typeof("$${name}","int")) $var(t)="int"; if(typeof("$${name}","str")) $var(t)="str"; ` +
        `if(typeof("$${name}","null")) $var(t)="null"; if(is_int("$${name}")) $var(u)=1; else $var(u)=0; ` +
        `P("type of ${name.replaceAll(/[$()]/g, '/')} $var(t) $var(u)");`,
    )
    .join('\n')

/** All variables without inner name but those that differ from run to run. */
const PLAIN = `AU Au RAi RAp RAu RAut Ras Ri Rn Rp Ru Rut aU aa ad adc adn ado adr adu ai ar au bF bR bf br bs cT ci cl
  conid cs csb ct dP dd di dic dip dir dp du duri err.class err.info err.level err.rcode err.rreason fU fUl fd fn from
  from.domain from.user fs fsn fsp ft fu location_ua mF mb mf ml mt mts oP oU oUl od op ou ouri pU pd pn pr prid proto
  pu rP rU rUl rb rd re rm rmid rp rr rs rsi rt ru ruid ruri ruri.domain ruri.user rv rz sF sas sf si sid siz sp src_ip
  su sut tU tUl td tn to to.domain to.user true tt tu ua`

const INNER = `hdrc(X-A) hflc(X-A) nh(p) nh(P) nh(i) nh(u) nh(d) nh(U) via0(port) via0(protoid) ksr(ver) expires(max)
  msg(len) msg(hdrc) ccp(core.debug) af(id) af(name) K(UDP) cnt($avp(x)) Mf(1) rpl(dproto) rpl(dport) rpl(dhost)
  rpl(duri) rpl(cntvia) rpl(cntrr) rpl(dprotoid)`

const cases: readonly (readonly [title: string, message: PvCase['message'], script: string])[] = [
  ['reads every variable of a request', 'invite', readAll(PLAIN)],
  ['reads every variable of a reply', 'reply', readAll(PLAIN)],
  ['reads every variable of a request without optional headers', 'bare', readAll(PLAIN.replace('mb', ''))],
  ['reads every variable of a request written oddly', 'odd', readAll(PLAIN)],
  ['reads every variable of a request that lacks headers', 'poor', readAll(PLAIN.replace('mb', ''))],
  ['reads every variable of a request with faulty values', 'faulty', readAll(PLAIN.replace(/ mb | rb | bs /g, ' '))],
  [
    'headers written oddly',
    'odd',
    `P("[$hdr(Subject)] [$hdr(s)] [$hdr(X-Fold)] [$hdr(X-Empty)] [$hdr(x-space)] [$hdr(Contact)] [$hfl(Contact)] [$hflc(Contact)] [$hflc(Via)] [$hdrc(Via)] [$hfl(Via)] [$(hfl(Via)[1])] [$(hfl(Via)[2])]");
     P("[$hfl(Route)] [$(hfl(Route)[1])] [$(hfl(Route)[2])] [$hflc(Route)] [$hdrc(Route)] [$hdr(k)] [$hdr(Supported)] [$viaZ(host)] [$viaZ(i)] [$via1(host)] [$msg(hdrc)] [$expires(min)] [$expires(max)]");`,
  ],
  ['headers that are faulty', 'faulty', 'P("[$hfl(Contact)] [$hflc(Contact)] [$expires(min)]");'],
  ['numbers in SIP URIs', 'odd', '$ru="sip:+12;a=b@h.org;user=phone"; P("[$rU] [$rUl] [$rz] [$rd]"); $ru="sip:+12;a=b@h.org"; P("[$rU] [$rz]");'],
  ['types of a request\'s variables', 'invite', typesOf(`${PLAIN.replace(' tUl', '')} ${INNER}`)],
  ['types of a reply\'s variables', 'reply', typesOf(`rm rs rsi rr rmid cs nh(p) nh(P) nh(i) ${INNER.replace(/ksr\(ver\)/, '')}`)],
  [
    'headers by name and index',
    'invite',
    `P("[$hdr(f)] [$hdr(From)] [$hdr(x-a)] [$hdr(NoNe)] [$(hdr(X-A)[1])] [$(hdr(X-A)[-1])] [$(hdr(X-A)[-3])] [$(hdr(X-A)[-4])] [$(hdr(X-A)[3])] [$(hdr(X-A)[*])]");
     $var(n)="X-A"; $var(i)=1; P("[$hdr($var(n))] [$(hdr($var(n))[$var(i)])] [$hdrc($var(n))] [$hdrc(From)] [$hdrc(zz)] [$(hdr(*)[0])] [$(hdr(*)[-1])]");
     P("[$hfl(X-A)] [$hfl(Contact)] [$(hfl(Contact)[0])] [$(hfl(Contact)[1])] [$(hfl(Contact)[-1])] [$(hfl(Contact)[-2])] [$(hfl(Contact)[2])] [$(hfl(Contact)[*])] [$hfl(Route)]");
     P("[$hfl(Via)] [$(hfl(Via)[1])] [$(hfl(Via)[-1])] [$(hfl(Via)[-2])] [$(hfl(Via)[5])] [$hflc(Via)] [$hflc(Contact)] [$hflc(X-A)] [$hflc(Route)]");
     P("[$(ai[0])] [$(ai[1])] [$(ai[2])] [$(pu[0])] [$(pU[1])] [$(pn[0])] [$(pd[0])]");`,
  ],
  [
    'Vias and next hops',
    'invite',
    `P("[$via0(host)] [$via0(port)] [$via0(proto)] [$via0(protoid)] [$via0(branch)] [$via0(rport)] [$via0(received)] [$via0(i)]");
     P("[$via1(host)] [$via1(port)] [$via1(proto)] [$via1(protoid)] [$via1(branch)] [$via1(rport)] [$via1(received)] [$via1(i)] [$viaZ(host)] [$viaZ(port)]");
     P("[$nh(u)] [$nh(U)] [$nh(d)] [$nh(p)] [$nh(P)] [$nh(i)]");
     $du="sip:1.2.3.4;transport=tcp"; P("[$nh(u)] [$nh(U)] [$nh(d)] [$nh(p)] [$nh(P)] [$nh(i)] [$du] [$dd] [$dp] [$dP]");
     $du="sips:[::1]:9"; P("[$nh(d)] [$nh(p)] [$nh(P)] [$nh(i)] [$dd] [$dp] [$dP]");
     $du="sips:x.org"; P("[$nh(p)] [$dp]"); $du=""; P("[$du]"); $du="sip:x"; $du=$null; P("[$du]"); $du=5; P("[$du]");`,
  ],
  [
    'where a reply goes',
    'reply',
    'P("[$rpl(duri)] [$rpl(dhost)] [$rpl(dport)] [$rpl(dproto)] [$rpl(dprotoid)] [$rpl(cntvia)] [$rpl(cntrr)] [$nh(u)] [$nh(d)] [$nh(p)] [$nh(P)] [$nh(i)]");',
  ],
  [
    'parts of the message and times in it',
    'invite',
    `P("[$expires(min)] [$expires(max)] [$msg(len)] [$msg(body)] [$msg(body_len)] [$msg(hdrc)] [$msg(hdrs_len)] [$msg(fline)]");
     P("[$msg(hdrs)] [$msg(fpart)] [$msg(lpart)] [$msg(buf)]"); P("[$mbu]");
     P("[$_s($rm-$ru)] [$_s(x)] [$af(id)] [$af(name)] [$K(IPv4)] [$K(INET6)] [$K(IPv6)] [$K(UDP)] [$K(TCP)] [$K(TLS)] [$K(SCTP)] [$K(WS)] [$K(WSS)]");`,
  ],
  ['times where there are none', 'bare', 'P("[$expires(min)] [$msg(body)] [$msg(body_len)] [$msg(hdrs_len)] [$rb] [$bs]");'],
  ['where nothing is sent or received raw', 'invite', 'P("[$snd(ip)] [$sndto(port)] [$sndfrom(port)] [$rcv(buf)] [$snd(sproto)]");'],
  [
    'flags as numbers, in hexadecimal and one by one',
    'invite',
    `P("[$Mf(3)] [$Bf(3)] [$Sf(3)] [$bf] [$mF]"); setflag(3); $bf=5; $sf=16;
     P("[$Mf(3)] [$Bf(0)] [$Bf(1)] [$Sf(4)] [$bF] [$mF] [$sF] [$mf]");
     $Mf(5)=1; $Bf(1)=1; $Sf(0)=1; P("[$mf] [$bf] [$sf]"); $Mf(3)=0; P("[$mf]"); $mf=$null; P("[$mf]");
     $mf=-1; P("[$mf] [$mF] [$Mf(31)]"); $mf="x"; P("[$mf]");`,
  ],
  [
    'branches',
    'invite',
    `P("[$branch(uri)] [$branch(count)] [$(branch(uri)[0])] [$sbranch(uri)] [$sbranch(count)] [$br] [$bR] [$ds]");
     $br="sip:b1@x.org"; $br="sip:b2@x.org"; $(branch(q)[1])=500;
     P("[$br] [$bR] [$branch(count)] [$(branch(uri)[0])] [$(branch(uri)[1])] [$(branch(uri)[-1])] [$(branch(uri)[-3])] [$(branch(q)[1])] [$(branch(q)[0])] [$ds]");
     $(branch(dst_uri)[1])="sip:d.org"; $(branch(flags)[0])=7; $(branch(q)[0])=300; $(branch(path)[0])="<sip:p;lr>";
     P("[$(branch(dst_uri)[1])] [$(branch(flags)[0])] [$(branch(q)[0])] [$(branch(path)[0])] [$(branch(send_socket)[0])] [$ds]");
     P("[$(branch(otcpid)[0])] [$(branch(ruid)[0])] [$(branch(instance)[0])] [$(branch(location_ua)[0])]");
     $(branch(send_socket)[0])="udp:127.0.60.1:5060"; P("[$(branch(send_socket)[0])]"); $(branch(send_socket)[0])=$null; P("[$(branch(send_socket)[0])]");
     $(branch(uri)[0])=$null; P("[$branch(count)] [$bR]"); $ru="sip:r@r.org"; P("[$ds]");`,
  ],
  [
    'the static branch',
    'invite',
    `sbranch_append(); P("[$rc]"); sbranch_set_ruri(); P("[$rc]");
     $sbranch(uri)="sip:s@s.org"; $sbranch(dst_uri)="sip:ds"; $sbranch(flags)=3; P("[$sbranch(uri)] [$sbranch(dst_uri)] [$sbranch(flags)] [$sbranch(q)]");
     $bf=4; sbranch_append(); P("[$rc] [$bR]"); sbranch_set_ruri(); P("[$rc] [$ru] [$du] [$bf]"); sbranch_reset(); P("[$rc] [$sbranch(uri)]");`,
  ],
  [
    'sockets to send from',
    'invite',
    `$fs="udp:127.0.60.1:5060"; P("[$fs] [$fsn] [$fsp]"); $fs=$null; P("[$fs]"); $fsn="sock1"; P("[$fs] [$fsn] [$fsp]");
     $fsn=$null; $fs="127.9.9.9:5"; P("[$fs]"); $fs="127.0.60.1"; P("[$fs]");`,
  ],
  [
    'AVPs',
    'invite',
    `$avp(s:x)=1; $avp(x)="two"; $avp(i:7)="seven";
     P("[$avp(x)] [$(avp(x)[1])] [$(avp(x)[*])] [$(avp(x)[-1])] [$(avp(x)[-2])] [$(avp(x)[-3])] [$avp(i:7)] [$avp(s:x)]");
     $(avp(x)[1])="three"; P("[$(avp(x)[*])]"); $(avp(x)[1])=$null; P("[$(avp(x)[*])]"); $(avp(x)[*])="one"; P("[$(avp(x)[*])]");
     $avp(Abc)="1"; P("[$avp(abc)] [$avp(ABc)] [$avp(aBC)] [$avp(abC)]");
     $avp(t.name)="tn"; P("[$avp(t.name)] [$avp(name)] [$avp(f.name)] [$avp(tr.name)] [$avp(g.name)]");
     $avp(name)="fn"; P("[$avp(t.name)] [$avp(name)] [$avp(fr.name)] [$avp(f./^na/)]");
     $var(an)="x"; $avp($var(an))="dyn"; P("[$avp($var(an))] [$avp(x)] [$cnt($avp(x))] [$cnt($avp(none))]");
     $var(ai)=1; P("[$(avp(x)[$var(ai)])]"); $(avp(x)[*])=$null; P("[$avp(x)]");
     $avp(a[1])="br"; $avp(q/w)="sl"; P("[$avp(a[1])] [$avp(a)] [$avp(q/w)]"); $avp(email)="e"; $avp(tmp)="t"; P("[$avp(email_addr)] [$avp(i:100)] [$avp(EMAIL)]");`,
  ],
  [
    'extended AVPs',
    'invite',
    `$xavu(a=>x)=1; $xavu(a=>y)=2; P("[$xavu(a=>x)] [$xavu(a=>y)] [$xavu(y)]");
     $xavu(b)="s"; $xavu(b)="t"; P("[$xavu(b)] [$xavu(zz)]"); $xavu(a=>x)=$null; P("[$xavu(a=>x)] [$xavu(a=>y)]");
     $xavp(a=>b)=1; $xavp(a[0]=>c)="two"; $xavp(a=>b)="second";
     P("[$xavp(a=>b)] [$xavp(a=>c)] [$xavp(a[1]=>b)] [$xavp(a[1]=>c)] [$xavp(a[-1]=>c)] [$xavp(a[-2]=>b)]");
     $xavp(a[0]=>b)="third"; P("[$xavp(a=>b[0])] [$xavp(a=>b[1])] [$xavp(a=>b[*])] [$xavp(a=>b[-1])]");
     $xavp(a[0]=>b[0])=$null; P("[$xavp(a=>b[*])]"); $xavp(a[0]=>b)=$null; P("[$xavp(a=>b)]");
     $xavp(p)=5; $xavp(p)="six"; P("[$xavp(p)] [$xavp(p[1])] [$xavp(p[*])] [$xavp(p[-1])]"); $xavp(p[1])=7; P("[$xavp(p[1])]");
     $xavp(b)="rootb"; P("[$xavp(a[0]=>b)]"); $xavi(FoO=>Bar)=1; P("[$xavi(foo=>bar)] [$xavi(FOO=>BAR)]");
     P("[$cnt($xavp(a))] [$cnt($xavp(p))] [$cnt($xavp(a=>b))] [$cnt($xavp(a[0]))] [$cnt($xavp(a[5]))] [$cnt($xavp(a[1]=>c))]");
     $var(xi)=1; P("[$xavp(a[$var(xi)]=>c)]"); $xavp(a[*]=>c)=$null; P("[$xavp(a[1]=>c)]"); $xavp(p[*])=$null; P("[$xavp(p)]");`,
  ],
  [
    'variables of the worker and of the server',
    'invite',
    `P("[$var(unset1)] [$vn(unset1)] [$vz(unset1)]"); $var(q)=$null; P("[$var(q)]"); $var(q)="x"; P("[$var(q)] [$vz(q)] [$vn(q)]");
     $vn(q)="v"; P("[$vn(q)]"); $vn(q)=$null; P("[$vn(q)]"); $shv(a)="sh"; P("[$shv(a)] [$shv(bb)]"); $shv(a)=$null; P("[$shv(a)]");
     $shv(a)=5; P("[$shv(a)] [$shv(first)] [$var(init)] [$var(initn)]");`,
  ],
  [
    'parameters into xavps and back',
    'invite',
    `xavp_params_explode("a=1;b=\\"q x\\";c;d=e=f; g = h ;", "px"); P("$rc [$xavp(px=>a)] [$xavp(px=>b)] [$xavp(px=>c)] [$xavp(px=>d)] [$xavp(px=>g)]");
     xavp_params_implode("px","$var(s)"); P("$rc [$var(s)]"); xavp_params_explode("", "pe"); P("$rc");
     xavp_params_explode("a=1,b=2", "pe"); P("$rc [$xavp(pe=>a)] [$xavp(pe=>b)]");
     xavu_params_explode("a=1;b=2", "ux"); P("$rc [$xavu(ux=>a)] [$xavu(ux=>b)] [$xavu(a)]");
     $var(s2)="-"; xavu_params_implode("ux","$var(s2)"); P("$rc [$var(s2)]"); xavp_params_implode("none","$var(s2)"); P("$rc [$var(s2)]");
     xavp_slist_explode("a, b,,c", ",", "t", "sl"); P("$rc [$xavp(sl=>v)] [$xavp(sl[0]=>v[1])] [$xavp(sl[0]=>v[2])] [$xavp(sl[0]=>v[3])]");
     xavp_slist_explode("a;b c", "; ", "", "sm"); P("$rc [$xavp(sm=>v)] [$xavp(sm[0]=>v[1])] [$xavp(sm[0]=>v[2])]");`,
  ],
  [
    'fields of xavps set and removed',
    'invite',
    `xavp_child_seti("cs","i","5"); xavp_child_sets("cs","s","str"); xavp_child_sets("cs","s","str2"); P("$rc [$xavp(cs=>i)] [$xavp(cs=>s)] [$cnt($xavp(cs=>s))]");
     $var(ci)="7"; xavp_child_seti("cs","j","$var(ci)"); P("$rc [$xavp(cs=>j)]"); $var(ci)=7; xavp_child_seti("cs","j","$var(ci)"); P("$rc [$xavp(cs=>j)]");
     xavp_child_rm("cs","s"); P("$rc [$xavp(cs=>s)]"); xavp_child_rm("cs","zz"); P("$rc"); xavp_rm("cs"); P("$rc [$xavp(cs=>i)]"); xavp_rm("cs"); P("$rc");
     xavi_child_seti("CS","I","5"); P("$rc [$xavi(cs=>i)]"); xavi_child_rm("cs","i"); P("$rc"); xavi_rm("cs"); P("$rc");
     xavi_child_sets("x","y","-$rm-"); P("[$xavi(X=>Y)]");`,
  ],
  [
    'xavps copied and made of variables',
    'invite',
    `$xavp(a=>x)="a0x"; $xavp(a[0]=>y)="a0y"; $xavp(a=>x)="a1x"; xavp_copy("a","1","b"); P("$rc [$xavp(b=>x)] [$xavp(b=>y)]");
     xavp_copy("a","0","b","2"); P("$rc [$xavp(b[2]=>x)] [$cnt($xavp(b))]"); xavp_copy("a","0","b","0"); P("$rc [$xavp(b=>x)] [$xavp(b=>y)] [$cnt($xavp(b))]");
     xavp_copy("a","1","b"); P("$rc [$xavp(b=>x)] [$xavp(b[1]=>x)]"); xavp_copy("zz","0","b"); P("$rc");
     $var(aa)=1; $var(bb)="s"; pv_var_to_xavp("aa","vx"); P("$rc [$xavp(vx=>aa)]"); pv_var_to_xavp("*","vx"); P("$rc [$xavp(vx=>aa)] [$xavp(vx=>bb)]");
     pv_var_to_xavp("none","vx"); P("$rc"); $xavp(vv=>aa)=9; $xavp(vv[0]=>cc)="new"; pv_xavp_to_var("vv"); P("$rc [$var(aa)] [$var(cc)]"); pv_xavp_to_var("zz"); P("$rc");`,
  ],
  [
    'questions about variables',
    'invite',
    `pv_isset("$avp(zz)"); P("$rc"); $avp(zz)=""; pv_isset("$avp(zz)"); P("$rc"); pv_unset("$avp(zz)"); P("$rc [$avp(zz)]"); pv_unset("$rm"); P("$rc");
     $var(num)="12"; is_int("$var(num)"); P("$rc"); is_int("$rm"); P("$rc"); typeof("$rm","zz"); P("$rc");
     $var(s)="s"; not_empty("$var(s)"); P("$rc"); not_empty("$avp(qq)"); P("$rc"); $var(n)=1; not_empty("$var(n)"); P("$rc"); $var(e)=""; not_empty("$var(e)"); P("$rc");
     pv_evalx("$var(ev)", "x-$rm-$(ru)"); P("$rc [$var(ev)]"); $var(f)="$rU@$$x"; pv_evalx("$var(ev)", "$var(f)"); P("$rc [$var(ev)]");
     pv_evalx("$avp(ev)", "$$rU"); P("$rc [$avp(ev)]");`,
  ],
  [
    'transformations of nothing are errors, which print nothing',
    'invite',
    'P("[$(hdr(NoNe){s.len})] [$(rU{s.len}{s.len})] [$(avp(none){s.int})] [$(hdr(X-A)[9]{s.toupper})]"); $var(l)="x"; $var(l)=$(hdr(NoNe){s.len}); P("[$var(l)]");',
  ],
  [
    'formats',
    'invite',
    'P("$$ $(rU)x$rU-$fU;[$hdr(NoNe)] 100$$[$(hdr(X-A)[1])]");',
  ],
]

/** Assignments and what they make of a message. */
const writes: readonly (readonly [message: PvCase['message'], script: string])[] = [
  ['invite', '$fU = "Nick Blog Example";'],
  ['invite', '$fn = "x y";'],
  ['invite', '$fn = "\\"Q N\\"";'],
  ['invite', '$fU="one"; $fU="two";'],
  ['invite', '$fU=$null;'],
  ['invite', '$fn=$null;'],
  ['invite', '$fu="sip:new@x.org;a=b";'],
  ['invite', '$fd="dom.org";'],
  ['invite', '$fd=$null; $fu=$null;'],
  ['invite', '$tU="t1"; $td="td.org"; $tn="TN";'],
  ['invite', '$tn=$null; $tU=$null;'],
  ['invite', '$tu="tel:+123";'],
  ['invite', '$fu="sip:n@x.org"; $fU="zz";'],
  ['invite', '$fU="zz"; $fd="yy"; $fn="nn";'],
  ['invite', '$fn="a"; $fn="b";'],
  ['invite', '$fn="";'],
  ['invite', '$fU="";'],
  ['invite', '$fu="";'],
  ['invite', '$tUl="x";'],
  ['invite', '$fU=5; $fn=6; $fd=7;'],
  ['invite', '$fU="x"; $tU="y"; $rU="z"; $rd="d.org"; $rp=99;'],
  ['plain', '$fn="New";'],
  ['plain', '$fU="New"; $fd="d.d";'],
  ['plain', '$fu="sip:x@y"; $tu="sip:z";'],
  ['plain', '$tn="T"; $tU="u"; $td="h";'],
  ['plain', '$tn=$null; $tU=$null;'],
  ['bare', '$fn="New"; $tn="T";'],
  ['bare', '$fU="x"; $tU="y";'],
  ['bare', '$fU=$null; $tU=$null; $tn=$null;'],
  ['invite', '$ru="sip:new@host:99;p=1";'],
  ['invite', '$rU="nu";'],
  ['invite', '$rU=$null;'],
  ['invite', '$rU="";'],
  ['invite', '$rd="nd.org";'],
  ['invite', '$rp="99";'],
  ['invite', '$rp=99;'],
  ['invite', '$rp=$null;'],
  ['invite', '$rp="";'],
  ['invite', '$ru="bad"; $rU="x";'],
  ['invite', '$rU=12;'],
  ['invite', '$rd="";'],
  ['invite', '$rU="x"; $rd="y"; $rp=1; $ru="sip:z@q"; $rU="w";'],
  ['invite', '$ru="tel:+1234"; $rU="99";'],
  ['invite', '$ru="tel:+1234"; $rd="h.org";'],
  ['invite', '$ru="tel:+1234;a=b"; $rU="99";'],
  ['invite', '$ru="tel:+1234;a=b"; $rp=77;'],
  ['invite', '$ru="tel:+1234"; $rd="h.org"; $rU="x";'],
  ['invite', '$ru="";'],
  ['invite', '$du="";'],
  ['invite', '$ru="sips:a@b:5061;transport=tls?x=y"; $rU="c"; $rp=$null;'],
  ['invite', '$ru="sip:a%20b@c;lr"; $rd="[::2]";'],
  ['invite', '$ru=$null;'],
  ['invite', '$rd=$null;'],
  ['plain', '$rp=88; $rd="h";'],
  ['plain', '$rU=$null;'],
  ['bare', '$rU="u";'],
  ['bare', '$rU="u"; $rp=5;'],
]

const show = 'P("[$ru] [$rU] [$rd] [$rp] [$fu] [$fU] [$fn]"); P("[$mbu]");'

export const pvCases: readonly PvCase[] = [
  ...cases.map(([title, message, script]) => ({ title, message, script })),
  ...writes.map(([message, script]) => ({ title: `${script} in a message (${message})`, message, script: `${script} ${show}` })),
]

const lines = (...text: readonly string[]): string => [...text, ''].join('\r\n')

const via = 'Via: SIP/2.0/UDP 127.0.60.9:5070;branch=z9hG4bKabc;rport;i=77'

/** The messages, with `@@` where the case's number goes. */
export const pvMessages: Readonly<Record<PvCase['message'], string>> = {
  invite: lines(
    'INVITE sip:bob:pw@example.com:5070;transport=udp;x=1 SIP/2.0', via,
    'Via: SIP/2.0/TCP 10.0.0.1:5061;branch=z9hG4bKdef;received=10.0.0.2', 'Max-Forwards: 70',
    'From: "Alice A" <sip:alice@home.org:5080;user=phone>;tag=ft1', 'To: Bob <sip:bob@example.com>', 'Call-ID: @@',
    'CSeq: 102 INVITE', 'Contact: "Al" <sip:alice@127.0.60.9:5070;ob>;expires=300;q=0.5, <sip:second@1.2.3.4>;expires=60',
    'User-Agent: UAX/1.0', 'X-A: one', 'X-A: two, three', 'x-a:  four ',
    'P-Asserted-Identity: "PA" <sip:pa@pai.org>, <tel:+1234>', 'P-Preferred-Identity: "PP" <sip:pp@ppi.org>',
    'Remote-Party-ID: "RP" <sip:rp@rpid.org>;party=calling', 'Diversion: <sip:div@d.org>;reason=busy;privacy=full;counter=3',
    'Refer-To: <sip:ref@r.org>', 'Expires: 120',
    'Proxy-Authorization: Digest username="bob@u.org", realm="rlm", nonce="nnn", uri="sip:x.org", ' +
      'response="0123456789abcdef0123456789abcdef", algorithm=MD5, cnonce="cn", qop=auth, nc=00000001, opaque="opq"',
    'Content-Type: application/sdp', 'Content-Length: 5', '', 'v=0',
  ),
  reply: lines(
    'SIP/2.0 180 Ringing Now', 'Via: SIP/2.0/UDP 127.0.60.1:5060;branch=z9hG4bKabc',
    'Via: SIP/2.0/UDP 127.0.60.9:5070;branch=z9hG4bKabc;rport=5071;received=127.0.60.9', 'From: sip:alice@home.org;tag=ft1',
    'To: <sip:bob@example.com>;tag=tt1', 'Call-ID: @@', 'CSeq: 102 INVITE', 'Content-Length: 0', '',
  ),
  plain: lines(
    'INVITE sip:bob:p@[::1]:5070;lr?h=v SIP/2.0', via, 'f: sip:a@b.c;tag=1', 't: A  B   <sip:b:pw@c.d>', 'i: @@',
    'CSeq: 1 INVITE', 'Content-Length: 0', '',
  ),
  odd: lines(
    'MESSAGE sips:+1-800;phone-context=x.org@[2001:db8::1]:5061;transport=TLS;user=phone?Subject=a SIP/2.0',
    'v: SIP / 2.0 / TCP  host.example.org : 5062 ; branch=z9hG4bK1 ;rport , SIP/2.0/UDP [2001:db8::9];branch=z9hG4bK2', via,
    'f:   Anne van  Dyk   <tel:+31-20;phone-context=+31> ; tag = "quoted" ; x=y', 'T: <sip:bob@example.com;x=y?a=b>;tag=', 'i:  @@',
    'CSeq:   0042    MESSAGE', 's:', ' folded\r\n\tsubject  ', 'X-Fold: one\r\n two\r\n\tthree', 'X-Empty:', 'x-space :  v',
    'm: *', 'Route: <sip:r1.org;lr> , "R 2" <sip:r2.org>;p=1', 'Route:<sip:r3.org>', 'k: 100rel,timer', 'Supported: path',
    'Expires: 0', 'P-Asserted-Identity: sip:plain@pai.org', 'Remote-Party-ID: sip:rp@rpid.org;party=called',
    'Diversion: "D" <sip:d1@d.org>;reason="user-busy"', 'Authorization: Digest username="no-domain",realm="r, q",nonce="",uri=sip:u,response="ab"',
    'User-Agent:  Odd  UA ', 'c: text/plain ; charset="utf-8"', 'l: 2', '', 'hi and more',
  ),
  poor: lines('INFO sip:host SIP/2.0', via, 'From: sip:a', 'To: sip:b', 'Call-ID: @@', 'CSeq: 7 INFO', ''),
  faulty: lines(
    'INVITE sip:a@b SIP/2.0', via, 'From: "Open <sip:a@b>;tag=1', 'To: <http://x>;tag=2', 'Call-ID: @@', 'CSeq: 9 INVITE',
    'Contact: <sip:open', 'Expires: soon', 'Content-Length: x', 'P-Asserted-Identity: <>', 'Diversion: ', 'Refer-To: nonsense <', '',
  ),
  bare: lines(
    'OPTIONS sip:example.com SIP/2.0', via, 'From: <sip:b.c>;tag=1', 'To: "A"<sip:b@c.d>', 'Call-ID: @@', 'CSeq: 1 OPTIONS', '',
  ),
}
