/** What rtpproxy.kamailio.test.ts runs. */

export interface RtpProxyCase {
  readonly name: string
  readonly cfg: string
  readonly traffic: string
  readonly isSilent?: boolean
}

const HEAD = `# mask: \\d+_\\d+
loadmodule "tm.so"
loadmodule "rtpproxy.so"
modparam("rtpproxy", "rtpproxy_retr", 1)
modparam("tm", "retr_timer1", 10000)
`
const ONE = `${HEAD}modparam("rtpproxy", "rtpproxy_sock", "udp:127.0.41.1:PORT")
`
const PLAIN = `v=0
o=- 1 1 IN IP4 10.0.0.1
s=-
c=IN IP4 10.0.0.2
t=0 0
m=audio 4000 RTP/AVP 0 8 101
a=rtcp:4001
m=video 0 RTP/AVP 96
m=audio 4100 RTP/SAVP 3
c=IN IP4 10.0.0.3
`
const HOLD = PLAIN.replace('10.0.0.2', '0.0.0.0')
const SIX = `v=0
o=- 1 1 IN IP6 2001:db8::1
s=-
c=IN IP6 2001:db8::2
t=0 0
m=audio 4000 RTP/AVP 0
`
const ICE = `v=0
o=- 1 1 IN IP4 10.0.0.1
s=-
c=IN IP4 10.0.0.2
t=0 0
m=audio 4000 RTP/AVP 0
a=candidate:1 1 UDP 2130706431 10.0.0.2 4000 typ host
`

const invite = (user: string, body: string, headers = ''): string =>
  `>>> client\nINVITE sip:${user}@x\nContent-Type: application/sdp\n${headers}\n${body}`

const script = (call: string): string => `request_route { $var(r) = ${call}; xlog("$var(r)\\n"); forward("127.0.30.8", 5080); }
`

const flagRows = ['', 'r', 'a', 'i', 'e', 'ie', 'f', 'c', 'co', 'x', 'w', 'z20', 'z', '1', '2', '3', 'l', 'b', 't', 'q', 'rfcox1']

export const rtpproxyCases: readonly RtpProxyCase[] = [
  ...flagRows.map((flags): RtpProxyCase => ({
    name: `an offer with flags "${flags}"`,
    cfg: ONE + script(`rtpproxy_offer("${flags}")`),
    traffic: invite('a', PLAIN) + invite('b', HOLD) + invite('c', SIX),
  })),
  {
    name: 'an offer with an address of the script, within a dialog, twice, and without a description',
    cfg: ONE + script('rtpproxy_offer("f", "9.9.9.9")'),
    traffic: invite('a', PLAIN) + invite('b', PLAIN, 'To: <sip:a@b>;tag=called\n') + invite('c', `${PLAIN}a=nortpproxy:yes\n`) +
      invite('d', 'v=0\nnonsense\n') + '>>> client\nINVITE sip:e@x\n\n',
  },
  {
    name: 'calls are managed from offer to end',
    cfg: `${ONE}request_route { t_on_reply("R"); t_on_failure("F"); if ($rm == "INVITE" || $rm == "BYE" || $rm == "ACK") { $var(r) = rtpproxy_manage(); xlog("$var(r)\\n"); }
	$ru = "sip:b@127.0.30.8:5080"; t_relay(); }
onreply_route[R] { $var(r) = rtpproxy_manage("co"); xlog("reply $rs $var(r)\\n"); }
failure_route[F] { $var(r) = rtpproxy_manage(); xlog("failure $var(r)\\n"); }
`,
    traffic: `${invite('a', PLAIN)}<<< next INVITE 180 Ringing
<<< next INVITE 200 OK
Content-Type: application/sdp

${PLAIN}>>> client
BYE sip:a@x
To: <sip:a@x>;tag=to1

<<< next BYE 200 OK
>>> client
INVITE sip:late@x

<<< next INVITE 200 OK
Content-Type: application/sdp

${PLAIN}>>> client
ACK sip:late@x
To: <sip:late@x>;tag=to1
Content-Type: application/sdp

${PLAIN}${invite('failing', PLAIN)}<<< next INVITE 486 Busy
`,
  },
  {
    name: 'a call ends, is recorded and gets prompts',
    cfg: `${ONE}modparam("rtpproxy", "extra_id_pv", "$ci-extra")
modparam("rtpproxy", "rtp_inst_pvar", "$avp(i)")
request_route {
	$var(r) = rtpproxy_destroy(); xlog("$var(r) $avp(i)\\n"); $var(r) = rtpproxy_destroy("1"); xlog("$var(r)\\n"); $var(r) = unforce_rtp_proxy("t"); xlog("$var(r)\\n");
	$var(r) = rtpproxy_destroy("b"); xlog("$var(r)\\n"); $var(r) = rtpproxy_destroy("q"); xlog("$var(r)\\n"); $var(r) = rtpproxy_destroy("2"); xlog("$var(r)\\n");
	$var(r) = start_recording(); xlog("$var(r)\\n");
	$var(r) = rtpproxy_stream2uac("/p/$rU", "3"); xlog("$var(r)\\n"); $var(r) = rtpproxy_stream2uas("/p", "-1"); xlog("$var(r)\\n");
	$var(r) = rtpproxy_stop_stream2uac(); xlog("$var(r)\\n"); $var(r) = rtpproxy_stop_stream2uas(); xlog("$var(r)\\n");
	$var(r) = rtpproxy_answer(); xlog("$var(r)\\n");
}
`,
    traffic: '>>> client\nBYE sip:a@x\nTo: <sip:a@x>;tag=to1\n\n>>> client\nBYE sip:a@x\n\n>>> client\nBYE sip:a@x\nFrom: <sip:none@x>\n\n',
  },
  {
    name: 'candidates of the proxy come first',
    cfg: `${ONE}modparam("rtpproxy", "ice_candidate_priority_avp", "$avp(p)")
request_route { if ($rU == "high") $avp(p) = 1; if ($rU == "low") $avp(p) = 2; if ($rU == "none") $avp(p) = 0; if ($rU == "odd") $avp(p) = 5;
	$var(r) = rtpproxy_offer(); xlog("$var(r)\\n"); forward("127.0.30.8", 5080); }
`,
    traffic: ['high', 'low', 'none', 'odd', 'unset'].map((user) => invite(user, ICE)).join(''),
  },
  {
    name: 'proxies of a set share calls by their weight, and sets are chosen',
    cfg: `${HEAD}modparam("rtpproxy", "rtpproxy_sock", "udp:127.0.41.1:PORT=1 udp:127.0.41.2:PORT=3")
modparam("rtpproxy", "rtpproxy_sock", "7 == udp:127.0.41.2:PORT")
modparam("rtpproxy", "timeout_socket", "unix:/tmp/t")
request_route { if ($rU == "seven") { $var(r) = set_rtp_proxy_set("7"); xlog("$var(r)\\n"); } if ($rU == "nine") { $var(s) = 9; $var(r) = set_rtp_proxy_set("$var(s)"); xlog("$var(r)\\n"); }
	$var(r) = rtpproxy_offer(); xlog("$var(r)\\n"); forward("127.0.30.8", 5080); }
`,
    traffic: ['a', 'b', 'c', 'd', 'e', 'seven', 'nine'].map((user, index) =>
      invite(user, SIX, `Call-ID: ${'x'.repeat(index + 1)}\nTo: <sip:a@b>;tag=t${index}\n`)).join(''),
  },
  {
    name: 'the figures of a call are asked for by a variable',
    cfg: `${ONE}loadmodule "textops.so"
request_route { xlog("$rtpstat"); $var(x) = $rtpstat; xlog("$var(x)\\n"); if ($rtpstat == $null) xlog("null\\n"); exit; }
reply_route { xlog("$rtpstat\\n"); }
`,
    traffic: `>>> client\nBYE sip:a@x\n\n>>> client\nBYE sip:d@x\nTo: <sip:a@x>;tag=to1\n\n>>> client\nBYE sip:d@x\nFrom: <sip:a@x>\n
${['tag=2', 'x=y'].map((tag) => `>>> client raw
SIP/2.0 200 OK\\r\\nVia: SIP/2.0/UDP 127.0.30.1;branch=z9\\r\\nFrom: <sip:a@b>;tag=1\\r\\nTo: <sip:c@d>;${tag}\\r\\nCall-ID: x\\r\\nCSeq: 1 INVITE\\r\\nContent-Length: 0\\r\\n\\r\\n
`).join('')}`,
  },
  {
    name: 'without an answer there is no proxy',
    cfg: `${ONE}modparam("rtpproxy", "rtpproxy_disable_tout", 30)
${script('rtpproxy_offer()')}`,
    traffic: `--- wait 1500\n${invite('a', PLAIN)}`,
    isSilent: true,
  },
  {
    name: 'commands show proxies and switch them',
    cfg: `# mask: "recheck":\\s*[1-9]\\d*
loadmodule "jsonrpcs.so"
loadmodule "ctl.so"
${HEAD}modparam("rtpproxy", "rtpproxy_sock", "udp:127.0.41.1:PORT=2 unix:/no/such/socket")
modparam("rtpproxy", "rtpproxy_sock", "3 == udp:127.0.41.2:PORT")
${script('rtpproxy_offer()')}`,
    traffic: `>>> rpc rtpproxy.list
>>> rpc rtpproxy.enable udp:127.0.41.2:PORT 0
>>> rpc rtpproxy.enable udp:127.0.41.2 0
>>> rpc rtpproxy.enable x
>>> rpc rtpproxy.list
>>> ctl rtpproxy.enable s:udp:127.0.41.2:PORT 1
>>> rpc rtpproxy.list
>>> rpc rtpproxy.enable udp:127.0.41.1:PORT 0
${invite('a', PLAIN)}`,
  },
]
