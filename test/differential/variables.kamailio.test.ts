/** What variables hold in each kind of route, of a call, a message and a canceled call, in Kamailio and here. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caseFromText } from './harness/case-file.ts'
import { compareServers } from './harness/run-case.ts'
import { kamailioInstalled } from './harness/server-process.ts'

const NAMES = String.raw`
AU Au RAi RAp RAu RAut Ras Ri Rn Rp Ru Rut aU aa ad adc adn ado adr adu ai ar au bF bR bf bs cT ci cl conid cs csb ct dP dd di dic dip dir
dp ds du duri err.class err.info err.level err.rcode err.rreason fU fUl fd fn from from.domain from.user fs fsn fsp ft fu location_ua mF mf
mt mts oP oU oUl od op ou ouri pU pd pn pr proto pu rP rU rUl rb rd re rm rp rr rs rsi rt ru ruid ruri ruri.domain ruri.user rz sF sas sf si
sid siz sp src_ip su sut tU tUl td tn to to.domain to.user true tt tu ua rc retcode br T_branch_idx T_reply_code T_reply_reason T_reply_last
T_reply_ruid fti tti route_uri rr_count rr_top_count branch(count) branch(uri) expires(min) expires(max) hdr(Via) hdr(X-Foo) hdrc(Via)
hdrc(X-Foo) hfl(Via) hflc(Via) msg(body) msg(fline) nh(u) nh(d) nh(p) nh(P) nh(U) rcv(proto) rcv(srcip) rcv(srcport) rcv(rcvip) rcv(rcvport)
rcv(af) rcv(len) snd(ip) snd(port) snd(proto) snd(af) sndfrom(ip) sndfrom(port) sndto(ip) sndto(port) sndto(proto) via0(host) via0(port)
via0(branch) via0(proto) via0(rport) via0(received) via1(host) via1(branch) viaZ(host) viaZ(branch) via0(i) K(IPv4) K(UDP) rdir(id)
rdir(name) T(reply_code) T_branch(flags) T_branch(uri) T_req($rm) T_req($ru) T_req($ci) T_req($hdr(X-Foo)) T_req($si) T_rpl($rs) T_rpl($rr)
T_rpl($hdr(CSeq)) T_inv($rm) T_inv($ru) cfg(line) cfg(route) cfg(name) sel(via.host) sel(ruri.user) sndto(af) avp(x) avp(y) xavp(a=>b)
xavu(u=>v) xavi(i=>j) var(v) shv(s) vn(q) vz(q) Bf(0) Mf(1) Sf(1) sbranch(count) C(xr) sdp(body) sdp(sess_version) stat(x)
`.trim().split(/\s+/)

/** Every route of the script; the variables are shown in one after the other. */
const ROUTES = [
  'request_route', 'onreply_route', 'onreply_route[R]', 'failure_route[F]', 'branch_route[B]', 'event_route[tm:branch-failure:BF]', 'onsend_route',
  'event_route[tm:local-request]',
]

const SET = `
	$avp(x) = "ax"; $avp(y) = 5; $xavp(a=>b) = "xab"; $xavu(u=>v) = "uv"; $xavi(I=>J) = "ij"; $var(v) = "vv";
	setflag(3); setbflag(2);
`
const SHOW = NAMES.map((name) => `	xlog("${name.replaceAll('$', '')}=[$${name}]\\n");`).join('\n')
const RELAY = `
	if (is_method("ACK")) exit;
	if (is_method("CANCEL")) { t_relay(); exit; }
	t_on_reply("R"); t_on_failure("F"); t_on_branch("B"); t_on_branch_failure("BF");
	record_route();
	$du = "sip:127.0.30.8:5080";
	t_relay();
`
const MODULES = ['kex', 'corex', 'tm', 'sl', 'tmx', 'rr', 'textops', 'textopsx', 'siputils', 'sdpops', 'nathelper']

function configuration(shown: string): string {
  const routes = ROUTES.map((route) => {
    const own = route === shown ? SHOW : '	$var(unused) = 1;'
    return `${route} {\n${route === 'request_route' ? SET + own + RELAY : own}\n}\n`
  })
  return `${MODULES.map((name) => `loadmodule "${name}.so"\n`).join('')}
modparam("tm", "fr_timer", 900)
modparam("tm", "fr_inv_timer", 900)
modparam("tm", "retr_timer1", 10000)
modparam("pv", "shvset", "s=s:shared")
${routes.join('')}`
}

const TRAFFIC = `>>> client
INVITE sip:bob;x=1@example.com:5062;transport=udp;lr?h=v
To: "Bob B" <sip:bob@example.org;p=1>
From: Alice <sip:alice:pw@example.net:5070;q=2>;tag=ft1
X-Foo: one, two
X-Foo: three
Contact: <sip:al@127.0.30.9:5070;ob>;q=0.5;expires=60
Content-Type: application/sdp
User-Agent: Tester/1.0
P-Charging-Vector: icid-value=abc;orig-ioi=home1.net
Diversion: <sip:div@example.com>;reason=busy;privacy=full;counter=2
P-Asserted-Identity: "PA" <sip:pai@example.com>
Remote-Party-ID: <sip:rpid@example.com>;party=calling
Subject: subj
Refer-To: <sip:ref@example.com>

v=0
o=- 1 2 IN IP4 192.0.2.5
s=-
c=IN IP4 192.0.2.5
t=0 0
m=audio 4000 RTP/AVP 0
--- wait 100
<<< next 183 Progress
X-Foo: r1
--- wait 100
<<< next 486 Busy Here
X-Foo: r2
Content-Type: text/plain

busy!
--- wait 100
>>> client of 1
ACK sip:bob@example.com
--- wait 50
>>> client
MESSAGE sip:m@example.com
Call-ID: msg
--- wait 50
<<< next 200 OK
--- wait 50
>>> client
INVITE sip:c@example.com
Call-ID: can
--- wait 50
<<< next INVITE 180 Ring
>>> client of 40
CANCEL sip:c@example.com
--- wait 50
<<< next CANCEL 200 OK
<<< next INVITE 487 Gone
--- wait 100
`

const TRIES = 3
const skip = !kamailioInstalled() && 'kamailio is not installed'

for (const route of ROUTES) {
  test(`variables hold in ${route} what they hold in Kamailio`, { skip }, async () => {
    const item = caseFromText(`variables/${route}`, import.meta.filename, configuration(route), TRAFFIC)
    let { difference } = await compareServers(item)
    for (let round = 1; difference !== null && round < TRIES; round++) difference = (await compareServers(item)).difference
    assert.equal(difference, null)
  })
}
