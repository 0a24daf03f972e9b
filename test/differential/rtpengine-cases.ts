/** What rtpengine.kamailio.test.ts runs. */
import { BencodeDictionary, type Bencode } from '../../src/modules/rtpengine/bencode.ts'
import { moved, ok } from './fake-rtpengine.ts'


export interface RtpEngineCase {
  readonly name: string
  readonly cfg: string
  readonly traffic: string
  /** What engine 1, 2 or 3 ([::1]) answers; undefined for the usual, null for nothing. */
  readonly reply?: (command: string, count: number, question: BencodeDictionary, engine: number) => string | null | undefined
  readonly isSilent?: boolean
  /** False for engines that are not there. */
  readonly opens?: readonly boolean[]
}

const MOS = [
  'min', 'min_at', 'min_packetloss', 'min_jitter', 'min_roundtrip', 'min_roundtrip_leg', 'max', 'max_at', 'max_packetloss', 'max_jitter', 'max_roundtrip',
  'max_roundtrip_leg', 'average', 'average_packetloss', 'average_jitter', 'average_roundtrip', 'average_roundtrip_leg', 'average_samples',
]

function dictionary(...entries: readonly (readonly [string, Bencode])[]): BencodeDictionary {
  const made = new BencodeDictionary()
  for (const [key, value] of entries) made.add(key, value)
  return made
}

/** Figures of a stream, as an engine tells them. */
function stream(mos: number, at: number, step: number): BencodeDictionary {
  const figures = (shift: number): BencodeDictionary => dictionary(
    ['MOS', mos + shift], ['reported at', at + shift], ['packet loss', step], ['jitter', step * 2 + shift], ['round-trip time', step * 1000],
    ['round-trip time leg', step * 500], ['samples', step],
  )
  return dictionary(['average MOS', figures(0)], ['lowest MOS', figures(-3)], ['highest MOS', figures(4)])
}

const leg = (label: string, ssrc: number): BencodeDictionary => dictionary(
  ['label', label], ['medias', [dictionary(['streams', [dictionary(['SSRC', ssrc]), dictionary(['SSRC', 99])]])]],
)

const HEAD = `loadmodule "tm.so"
loadmodule "rtpengine.so"
modparam("tm", "retr_timer1", 10000)
`
const ONE = `${HEAD}modparam("rtpengine", "rtpengine_sock", "udp:127.0.42.1:PORT")
`
export const PLAIN = `v=0
o=- 1 1 IN IP4 10.0.0.1
s=-
c=IN IP4 10.0.0.2
t=0 0
m=audio 4000 RTP/AVP 0 8 101
a=rtcp:4001
`

const invite = (user: string, body: string, headers = ''): string =>
  `>>> client\nINVITE sip:${user}@x\nContent-Type: application/sdp\n${headers}\n${body}`

/** A request without a body. */
const bare = (method: string, user: string, headers = ''): string => `>>> client\n${method} sip:${user}@x\n${headers}\n`

/** Statements that log what a function gives. */
const log = (call: string): string => `$var(r) = ${call}; xlog("${call.replaceAll(/["$]/g, "'")}: $var(r)\\n");`

const script = (...calls: readonly string[]): string => `request_route { ${calls.map(log).join('\n')} forward("127.0.30.8", 5080); }
`

/** Several texts for the flags, chosen by the user's name: f0, f1 ... */
const byFlags = (name: string, flags: readonly string[]): { readonly cfg: string; readonly traffic: string } => ({
  cfg: `${ONE}modparam("rtpengine", "extra_id_pv", "$rU-extra")
request_route {
	switch ($rU) {
${flags.map((text, index) => `	case "f${index}": ${log(`${name}("${text}")`)} break;`).join('\n')}
	}
	forward("127.0.30.8", 5080);
}
`,
  traffic: flags.map((_, index) => invite(`f${index}`, PLAIN)).join(''),
})

export const rtpengineCases: readonly RtpEngineCase[] = [
  {
    name: 'an offer with flags of all kinds',
    ...byFlags('rtpengine_offer', [
      '', 'replace-origin replace-session-connection', 'SIP-source-address replace-origin ICE=force RTP/AVP', 'trust-address symmetric asymmetric force',
      'replace=origin replace-zero-address replace replace= replace-', 'RTP AVP', 'SRTP', 'SRTP AVPF', 'DTLS', 'DTLS AVPF SRTP', 'RTP/SAVPF RTP', 'UDP/TLS/RTP/SAVP AVPF',
      'UDP/TLS/RTP/SAVPF', 'RTP/AVPF=1 SRTP=2', 'ICE=remove ICE=force-relay', 'rtcp-mux-demux rtcp-mux-accept rtcp-mux=offer', 'SDES-off SDES=no DTLS=off DTLS=passive',
      'T.38=decode T38=force T.38-stop', 'direction=priv direction=pub', 'internal external', 'internal=1', 'address-family=IP6 media-address=192.0.2.9',
      'transcode=PCMU codec-transcode-PCMA codec-strip-all codec-offer=opus codec-mask=all codec-set=opus/48000 codec-except-G722 transcode-GSM',
      'repacketize=20', 'TOS=184 TOS delete-delay=5 delete-delay', 'record-call=on metadata=a:b|c:d', 'to-tag', 'to-tag=other', 'from-tag=mine', 'call-id=another',
      'directional all label=A unidirectional strict-source media-handover no-redis-update loop-protect xmlrpc-callback=10.0.0.1 generate-mid',
      '  many   blanks  =odd x==y a=b=c', 'via-branch=1', 'via-branch=auto', 'via-branch=extra', 'via-branch=auto-extra via-branch=extra-auto', 'via-branch=1x',
    ]),
  },
  {
    name: 'flags that are wrong',
    ...byFlags('rtpengine_offer', [
      'call-id', 'from-tag', 'via-branch', 'via-branch=3', 'via-branch=', 'repacketize', 'repacketize=x', 'repacketize=0', 'via-branch=2', 'force-answer', 'force-answer to-tag=t',
    ]),
  },
  {
    name: 'commands about a call, with and without flags, in requests and replies',
    cfg: `${ONE}modparam("rtpengine", "media_duration", "$var(ms)")
modparam("rtpengine", "rtp_inst_pvar", "$avp(i)")
route[ALL] {
${[
    'start_recording()', 'start_recording("call-id=other metadata=x")', 'stop_recording()', 'stop_recording("all")', 'block_dtmf()', 'block_dtmf("directional")',
    'block_dtmf("address=192.0.2.1")', 'unblock_dtmf()', 'unblock_dtmf("all")', 'block_media()', 'block_media("from-tag=a")', 'unblock_media()', 'unblock_media("to-tag=b")',
    'silence_media()', 'silence_media("directional")', 'unsilence_media()', 'start_forwarding()', 'start_forwarding("label=x")', 'stop_forwarding()', 'stop_forwarding("all")',
    'play_media("file=/p/$ci.wav")', 'stop_media()', 'stop_media("from-tag=z")', 'play_dtmf("code=1 duration=300")', 'rtpengine_query()', 'rtpengine_query("via-branch=1")',
    'rtpengine_info()', 'rtpengine_answer()', 'rtpengine_offer()', 'rtpengine_delete("delete-delay=0")', 'rtpengine_delete()',
  ].map(log).join('\n')}
	xlog("$var(ms) $avp(i)\\n");
}
request_route { route(ALL); t_on_reply("R"); t_on_failure("F"); $ru = "sip:b@127.0.30.8:5080"; t_relay(); }
onreply_route[R] { route(ALL); }
failure_route[F] { route(ALL); }
`,
    traffic: `${invite('a', PLAIN)}<<< next INVITE 183 Progress\nContent-Type: application/sdp\n\n${PLAIN}<<< next INVITE 486 Busy\n\n${bare('BYE', 'b', 'To: <sip:b@x>;tag=to1')}`,
  },
  {
    name: 'calls are managed from offer to end',
    cfg: `${ONE}request_route { t_on_reply("R"); t_on_failure("F"); t_on_branch("B"); $var(r) = rtpengine_manage("replace-origin via-branch=auto"); xlog("$rm $var(r)\\n");
	$ru = "sip:b@127.0.30.8:5080"; t_relay(); }
onreply_route[R] { $var(r) = rtpengine_manage("replace-origin"); xlog("reply $rs $rm $var(r)\\n"); }
failure_route[F] { $var(r) = rtpengine_manage("RTP/AVP"); xlog("failure $var(r)\\n"); }
branch_route[B] { if ($rU == "branch") { $var(r) = rtpengine_manage(); xlog("branch $var(r)\\n"); } }
`,
    traffic: `${invite('a', PLAIN)}<<< next INVITE 180 Ringing
<<< next INVITE 200 OK
Content-Type: application/sdp

${PLAIN}${bare('ACK', 'a', 'To: <sip:a@x>;tag=to1')}>>> client
UPDATE sip:a@x
To: <sip:a@x>;tag=to1
Content-Type: application/sdp

${PLAIN}<<< next UPDATE 200 OK
Content-Type: application/sdp

${PLAIN}>>> client
PRACK sip:a@x
To: <sip:a@x>;tag=to1
Content-Type: application/sdp

${PLAIN}<<< next PRACK 200 OK

${bare('INFO', 'a')}<<< next INFO 200 OK

${bare('BYE', 'a', 'To: <sip:a@x>;tag=to1')}<<< next BYE 200 OK

${bare('INVITE', 'late')}<<< next INVITE 200 OK
Content-Type: application/sdp

${PLAIN}>>> client
ACK sip:late@x
To: <sip:late@x>;tag=to1
Content-Type: application/sdp

${PLAIN}${invite('failing', PLAIN)}<<< next INVITE 486 Busy

${invite('cancelled', PLAIN)}<<< next INVITE 180 Ringing

${bare('CANCEL', 'alone')}${bare('OPTIONS', 'a')}${invite('noise', 'nonsense')}`,
  },
  {
    name: 'replies to an offer that rtpengine_manage() did not see bring one',
    cfg: `${ONE}request_route { t_on_reply("R"); if ($rU == "one") { rtpengine_offer(); } else { t_newtran(); rtpengine_manage(); } $ru = "sip:b@127.0.30.8:5080"; t_relay(); }
onreply_route[R] { $var(r) = rtpengine_manage(); xlog("reply $rs $var(r)\\n"); }
reply_route { $var(r) = rtpengine_manage("loose"); xlog("loose $var(r)\\n"); }
`,
    traffic: ['one', 'two'].map((user) => `${invite(user, PLAIN)}<<< next INVITE 200 OK\nContent-Type: application/sdp\n\n${PLAIN}`).join(''),
  },
  {
    name: 'bodies that hold a description, a part of one, or none',
    cfg: `# log: all
${ONE}${script('rtpengine_offer("replace-origin")', 'rtpengine_info("x")')}`,
    traffic: [
      ['application/sdp', PLAIN], ['APPLICATION/SDP ; x=y', PLAIN], ['application / sdp', PLAIN], ['application/sdpx', PLAIN], ['application/trickle-ice-sdpfrag', 'a=candidate:1\n'],
      ['text/plain', PLAIN], ['application/isup', PLAIN], ['app', PLAIN], ['application', PLAIN], ['application/', PLAIN], ['applicationx/sdp', PLAIN], ['application/x', PLAIN], ['te', PLAIN],
      ['multipart/mixed;boundary=xyz', `--xyz\nContent-Type: text/plain\n\nhello\n--xyz\nContent-Type: application/sdp\nContent-Disposition: session\n\n${PLAIN}--xyz--\n`],
      ['multipart/mixed; boundary="x y"', `preface\n--x y\nContent-Type: application/sdp\n\n${PLAIN}\n--x y\nContent-Type: application/isup\n\n123\n--x y--\n`],
      ['multipart/mixed;boundary=xyz', `--xyz\nContent-Type: application/sdp\n\n${PLAIN}`], ['multipart/mixed;boundary=xyz', '--xyz\nContent-Type: text/plain\n\nhello\n--xyz--\n'],
      ['multipart/mixed;boundary=xyz', 'none of it\n'],
    ].map(([type, body]) => `>>> client\nINVITE sip:a@x\nContent-Type: ${type}\n\n${body}`).join('') +
      `>>> client\nINVITE sip:untyped@x\n\n${PLAIN}${bare('INVITE', 'empty', 'Content-Type: application/sdp')}`,
  },
  {
    name: 'the description comes from a variable and goes into one',
    cfg: `${ONE}modparam("rtpengine", "read_sdp_pv", "$var(in)")
modparam("rtpengine", "write_sdp_pv", "$avp(out)")
request_route { $var(in) = "from the script"; ${log('rtpengine_offer()')} xlog("$avp(out)\\n"); $var(in) = 7; ${log('rtpengine_offer()')} xlog("$avp(out)\\n");
	$var(in) = ""; ${log('rtpengine_offer()')} xlog("$avp(out)\\n"); ${log('rtpengine_delete()')} forward("127.0.30.8", 5080); }
`,
    traffic: invite('a', PLAIN) + bare('OPTIONS', 'b'),
  },
  {
    name: 'the description comes from a variable and takes the place of the body',
    cfg: `${ONE}modparam("rtpengine", "read_sdp_pv", "$avp(in)")
request_route { $avp(in) = $rb + "a=more\\r\\n"; ${log('rtpengine_offer()')} forward("127.0.30.8", 5080); }
`,
    traffic: invite('a', PLAIN) + `>>> client\nINVITE sip:m@x\nContent-Type: multipart/mixed;boundary=xyz\n\n--xyz\nContent-Type: application/sdp\n\n${PLAIN}--xyz--\n`,
  },
  {
    name: 'two offers for one message',
    cfg: `loadmodule "textopsx.so"\n${ONE}request_route { ${log('rtpengine_offer()')}
	if ($rU == "applied") msg_apply_changes();
	if ($rU != "once") ${log('rtpengine_offer("second")')}
	forward("127.0.30.8", 5080); }
`,
    traffic: invite('once', PLAIN) + invite('twice', PLAIN) + invite('applied', PLAIN),
  },
  {
    name: 'messages that name no call',
    cfg: `# log: all\n${ONE}${script('rtpengine_offer()', 'rtpengine_delete()', 'rtpengine_query()', 'start_recording("from-tag=x")')}`,
    traffic: invite('b', PLAIN, 'From: <sip:none@x>\n') + invite('c', PLAIN, 'From: <sip:none@x>;tag=\n'),
  },
  {
    name: 'engines of a set share calls by their weight and the Call-ID',
    cfg: `${HEAD}modparam("rtpengine", "rtpengine_sock", "udp:127.0.42.1:PORT=1 udp:127.0.42.2:PORT=3")
modparam("rtpengine", "rtp_inst_pvar", "$avp(i)")
${script('rtpengine_offer()', 'rtpengine_delete()')}`,
    traffic: Array.from({ length: 12 }, (_, index) => invite(`a${index}`, PLAIN, `Call-ID: ${'x'.repeat(index)}${index}\n`)).join('') + invite('high', PLAIN, 'Call-ID: \xe9@x\n'),
  },
  ...[1, 2].map((algorithm): RtpEngineCase => ({
    name: `engines share calls by hash_algo ${algorithm}`,
    cfg: `loadmodule "crypto.so"\n${HEAD}modparam("rtpengine", "rtpengine_sock", "udp:127.0.42.1:PORT udp:127.0.42.2:PORT=2")
modparam("rtpengine", "hash_algo", ${algorithm})
${script('rtpengine_offer()')}`,
    traffic: Array.from({ length: 12 }, (_, index) => invite(`a${index}`, PLAIN, `Call-ID: ${'yz'.repeat(index)}${index}@host\n`)).join(''),
  })),
  {
    name: 'sets are chosen by the script, by an AVP and by default',
    cfg: `# log: all
${HEAD}modparam("rtpengine", "rtpengine_sock", "udp:127.0.42.1:PORT")
modparam("rtpengine", "rtpengine_sock", "7 == udp:127.0.42.2:PORT")
modparam("rtpengine", "rtpengine_sock", "8 == udp6:[::1]:PORT")
modparam("rtpengine", "setid_avp", "$avp(setid)")
request_route {
	switch ($rU) {
		case "seven": ${log('set_rtpengine_set("7")')} break;
		case "eight": ${log('set_rtpengine_set("8")')} break;
		case "var": $var(s) = 7; ${log('set_rtpengine_set("$var(s)")')} break;
		case "text": $var(s) = "7"; ${log('set_rtpengine_set("$var(s)")')} break;
		case "none": $var(s) = 99; ${log('set_rtpengine_set("$var(s)")')} break;
		case "null": ${log('set_rtpengine_set("$avp(nothing)")')} break;
		case "avp": $avp(setid) = 7; break;
		case "avptext": $avp(setid) = "7"; break;
		case "avpnone": $avp(setid) = 99; break;
		case "both": $avp(setid) = 8; ${log('set_rtpengine_set("7")')} break;
		case "chain": ${log('set_rtpengine_set("7", "8")')} break;
		case "same": ${log('set_rtpengine_set("7", "7")')} break;
		case "chainvar": $var(s) = 99; ${log('set_rtpengine_set("7", "$var(s)")')} break;
	}
	${['rtpengine_offer("replace-origin")', 'rtpengine_query()', 'rtpengine_answer()', 'start_recording()', 'rtpengine_delete()'].map(log).join('\n')}
	set_rtpengine_set("0");
	forward("127.0.30.8", 5080);
}
`,
    traffic: ['plain', 'seven', 'eight', 'var', 'text', 'none', 'null', 'avp', 'avptext', 'avpnone', 'both', 'chain', 'same', 'chainvar', 'last']
      .map((user) => invite(user, PLAIN, 'To: <sip:a@x>;tag=there\n')).join('') + `>>> client\nACK sip:chain@x\nTo: <sip:a@x>;tag=there\nContent-Type: application/sdp\n\n${PLAIN}`,
    reply: (command, _count, question, engine) => (command === 'offer' || command === 'answer'
      ? ok(['sdp', moved(question.text('sdp') ?? '').replace('30000', `3${engine}000`)]) : undefined),
  },
  {
    name: 'a set that is chosen in a request holds in its branch route, and not in its failure route',
    cfg: `${HEAD}modparam("rtpengine", "rtpengine_sock", "udp:127.0.42.1:PORT")
modparam("rtpengine", "rtpengine_sock", "7 == udp:127.0.42.2:PORT")
request_route { set_rtpengine_set("7"); t_on_branch("B"); t_on_failure("F"); t_on_reply("R"); $ru = "sip:b@127.0.30.8:5080"; t_relay(); }
branch_route[B] { ${log('rtpengine_offer("via-branch=1")')} }
onreply_route[R] { ${log('rtpengine_answer()')} }
failure_route[F] { ${log('rtpengine_delete()')} ${log('start_recording()')} $ru = "sip:c@127.0.30.6:5080"; t_on_branch("B"); t_relay(); }
`,
    traffic: `${invite('a', PLAIN)}<<< next INVITE 183 Progress\nContent-Type: application/sdp\n\n${PLAIN}<<< next INVITE 486 Busy\n\n<<< next2 INVITE 500 No\n\n`,
  },
  {
    name: 'setid_default is the set of messages without one',
    cfg: `${HEAD}modparam("rtpengine", "setid_default", 11)
modparam("rtpengine", "rtpengine_sock", "udp:127.0.42.1:PORT")
modparam("rtpengine", "rtpengine_sock", "0 == udp:127.0.42.2:PORT")
loadmodule "jsonrpcs.so"
${script('rtpengine_offer()')}`,
    traffic: `${invite('a', PLAIN)}>>> rpc rtpengine.show all\n`,
  },
  {
    name: 'there is no set at all',
    cfg: `# log: all\n${HEAD}loadmodule "jsonrpcs.so"\n${script('rtpengine_offer()', 'rtpengine_delete()')}`,
    traffic: `${invite('a', PLAIN)}>>> rpc rtpengine.show all\n>>> rpc rtpengine.show x\n>>> rpc rtpengine.ping all\n>>> rpc rtpengine.enable all 1\n>>> rpc rtpengine.reload\n>>> rpc rtpengine.get_hash_total\n`,
  },
  {
    name: 'engines that refuse, are full, or answer nonsense',
    cfg: `# log: all
# mask: No 'result' dictionary entry.*
${HEAD}modparam("rtpengine", "rtpengine_sock", "udp:127.0.42.1:PORT udp:127.0.42.2:PORT")
modparam("rtpengine", "rtp_inst_pvar", "$avp(i)")
request_route { ${log('rtpengine_offer()')} xlog("$avp(i)\\n"); $avp(i) = $null; ${log('rtpengine_delete()')} xlog("$avp(i)\\n"); exit; }
`,
    traffic: [
      'error', 'reasonless', 'number', 'limit', 'limitmessage', 'sessions', 'ports', 'resultless', 'listed', 'text', 'empty', 'pong', 'sdpless', 'sdpnumber', 'open', 'behind', 'integer', 'zero',
    ].map((name) => invite(name, PLAIN, `Call-ID: ${name}\n`)).join(''),
    reply(command, _count, question, engine) {
      if (command === 'ping' || command === 'delete') return undefined
      const sdp = `3:sdp${PLAIN.length}:${PLAIN}`
      switch (question.text('call-id')) {
        case 'error': return 'd6:result5:error12:error-reason4:Nopee'
        case 'reasonless': return 'd6:result5:errore'
        case 'number': return 'd6:resulti1ee'
        case 'limit': return engine === 1 ? 'd6:result10:load limite' : undefined
        case 'limitmessage': return 'd6:result10:load limit7:message4:busye'
        case 'sessions': return engine === 1 ? 'd6:result5:error12:error-reason30:Parallel session limit reachede' : undefined
        case 'ports': return engine === 2 ? 'd6:result5:error12:error-reason16:Ran out of portse' : undefined
        case 'resultless': return 'd3:sdp1:xe'
        case 'listed': return 'l6:result2:oke'
        case 'text': return 'hello'
        case 'empty': return ''
        case 'pong': return 'd6:result4:ponge'
        case 'sdpless': return 'd6:result2:oke'
        case 'sdpnumber': return 'd3:sdpi1e6:result2:oke'
        case 'open': return `d${sdp}6:result2:ok`
        case 'behind': return `d${sdp}6:result2:okefollows`
        case 'integer': return `d1:xi01e${sdp}6:result2:oke`
        case 'zero': return `d1:x02:ab${sdp}6:result2:oke`
        default: return undefined
      }
    },
  },
  {
    name: 'how well the call could be heard',
    cfg: `${ONE}${['', '_A', '_B'].flatMap((side) => [
      ...(side === '' ? [] : [`modparam("rtpengine", "mos${side}_label_pv", "$var(label${side})")`]),
      ...MOS.map((figure) => `modparam("rtpengine", "mos_${figure}${side}_pv", "$avp(${figure}${side})")`),
    ]).join('\n')}
route[SHOW] { ${['', '_A', '_B'].map((side) => `xlog("${MOS.map((figure) => `$avp(${figure}${side})`).join(' ')}\\n");`).join(' ')} }
request_route { $var(label_A) = "one"; $var(label_B) = "two"; if ($rU == "other") $var(label_B) = "x$rU";
	${log('rtpengine_query()')} route(SHOW); ${log('rtpengine_manage()')} route(SHOW); exit; }
`,
    traffic: ['all', 'other', 'none', 'short'].map((user) => bare('BYE', user, `Call-ID: ${user}\nTo: <sip:b@x>;tag=to1`)).join(''),
    reply(command, _count, question) {
      if (command !== 'query' && command !== 'delete') return undefined
      const callId = question.text('call-id')
      if (callId === 'none') return ok(['created', 1000])
      return ok(['created', 1000], ['SSRC', dictionary(
        ['11', stream(callId === 'short' ? -1 : 43, 1065, command === 'delete' ? 3 : 2)], ['22', stream(37, 2000, 5)], ['33', dictionary()],
      )], ['tags', dictionary(
        ['t1', leg('one', 11)], ['t2', leg('two', 22)], ['t3', dictionary(['label', 'one'], ['medias', []])], ['t4', dictionary(['label', 'one'])],
      )])
    },
  },
  {
    name: 'what an engine knows of a call, as JSON and as a text',
    cfg: `loadmodule "textops.so"\n${ONE}request_route {
	$var(r) = rtpengine_query_v("j", "$var(all)"); xlog("$var(r) $var(all)\\n"); $var(r) = rtpengine_query_v("jp", "$avp(all)"); xlog("$var(r) $avp(all)\\n");
	$var(f) = "Jx"; $var(r) = rtpengine_query_v("$var(f)", "$var(all)"); xlog("$var(r) $var(all)\\n");
	$var(all) = 1; $var(r) = rtpengine_query_v("x", "$var(all)"); xlog("$var(r) $var(all)\\n"); $var(f) = ""; $var(r) = rtpengine_query_v("$var(f)", "$var(all)"); xlog("$var(r)\\n");
	xlog("$rtpestat\\n"); $var(s) = $rtpstat; xlog("$var(s)\\n"); if ($rtpestat =~ "20 packets") xlog("matches\\n"); if ($rtpestat == $null) xlog("null\\n");
	append_hf("X-Packets: $rtpestat\\r\\n"); xlog("$(rtpestat{s.len})\\n"); if ($rU == "never" && $rtpstat != "") xlog("asked\\n");
	$avp(t) = "a" + $rtpestat; xlog("$avp(t)\\n"); forward("127.0.30.8", 5080);
}
`,
    traffic: ['a', 'b', 'c'].map((user) => bare('OPTIONS', user, `Call-ID: ${user}`)).join(''),
    reply(command, _count, question) {
      if (command !== 'query') return undefined
      const counts = (packets: number): BencodeDictionary => dictionary(['packets', packets], ['bytes', packets * 172], ['errors', 0])
      switch (question.text('call-id')) {
        case 'a': return ok(['totals', dictionary(['RTP', counts(20)], ['RTCP', dictionary(['packets', 1])])], ['odd "text"\t', [-1, [], dictionary(), 'x\\y\n']])
        case 'b': return ok(['totals', dictionary(['RTP', counts(20)])])
        default: return 'd6:result5:error12:error-reason15:Unknown call-ide'
      }
    },
  },
  {
    name: 'commands show engines, ask them and switch them',
    cfg: `# mask: "recheck_ticks":\\s*[1-9]\\d*|recheck_ticks: [1-9]\\d*
# log: all
loadmodule "jsonrpcs.so"
loadmodule "ctl.so"
${HEAD}modparam("rtpengine", "rtpengine_sock", "udp:127.0.42.1:PORT=2 udp:127.0.42.2:PORT udp:127.0.42.1:PORT=5")
modparam("rtpengine", "rtpengine_sock", "3 == udp:127.0.42.2:PORT udp6:[::1]:PORT xdp:1.2.3.4 udp:1.2.3.4:99999 ws://127.0.0.1:1/ udp:127.0.42.1:x")
modparam("rtpengine", "rtpengine_sock", "  4==udp:127.0.42.1:PORT=0")
request_route { if ($rU == "three") { set_rtpengine_set("3"); } if ($rU == "four") { set_rtpengine_set("4"); } $var(s) = 3; xlog("$rU\\n"); ${['rtpengine_offer()', 'set_rtpengine_set("$var(s)")'].map(log).join(' ')} exit; }
`,
    traffic: `>>> rpc rtpengine.show all
>>> ctl rtpengine.show s:all
>>> rpc rtpengine.show udp:127.0.42.2:PORT
>>> rpc rtpengine.show allofthem
>>> rpc rtpengine.show udp:127.0.42.2
>>> rpc rtpengine.show
>>> rpc rtpengine.enable
>>> rpc rtpengine.ping
>>> rpc rtpengine.ping all
>>> ctl rtpengine.ping s:udp:127.0.42.1:PORT
>>> rpc rtpengine.ping nobody
>>> rpc rtpengine.get_hash_total
${invite('one', PLAIN, 'Call-ID: 1\n')}${invite('two', PLAIN, 'Call-ID: 2\n')}>>> rpc rtpengine.get_hash_total
>>> rpc rtpengine.enable udp:127.0.42.2:PORT 0
>>> rpc rtpengine.show all
${invite('one', PLAIN, 'Call-ID: 1\n')}${invite('two', PLAIN, 'Call-ID: 2\n')}${invite('new', PLAIN, 'Call-ID: 4\n')}${invite('three', PLAIN, 'Call-ID: 5\n')}>>> rpc rtpengine.enable all 0
${invite('one', PLAIN, 'Call-ID: 1\n')}${invite('three', PLAIN, 'Call-ID: 7\n')}>>> rpc rtpengine.show all
>>> ctl rtpengine.enable s:all 1
>>> rpc rtpengine.show all
>>> rpc rtpengine.enable udp:127.0.42.2:PORT 7
>>> rpc rtpengine.enable nobody 1
${invite('four', PLAIN, 'Call-ID: 8\n')}>>> ctl rtpengine.get_hash_total
>>> rpc rtpengine.reload
`,
  },
  {
    name: 'parameters change while the server runs',
    cfg: `loadmodule "jsonrpcs.so"
loadmodule "cfg_rpc.so"
${ONE}request_route { ${log('rtpengine_offer()')} exit; }
`,
    traffic: `>>> rpc rtpengine.enable all
>>> rpc cfg.get rtpengine rtpengine_disable_tout
>>> rpc cfg.list rtpengine
>>> rpc cfg.set_now_int rtpengine aggressive_redetection 2
>>> rpc cfg.set_now_int rtpengine queried_nodes_limit 31
>>> rpc cfg.set_now_int rtpengine rtpengine_tout_ms 100
>>> rpc cfg.set_now_int rtpengine queried_nodes_limit 0
${invite('one', PLAIN)}`,
  },
  {
    name: 'an engine that is not there is left alone, and found again',
    cfg: `# mask: "recheck_ticks":\\s*[1-9]\\d*
# log: all
loadmodule "jsonrpcs.so"
loadmodule "cfg_rpc.so"
${HEAD}modparam("rtpengine", "rtpengine_sock", "udp:127.0.42.9:PORT udp:127.0.42.1:PORT")
modparam("rtpengine", "rtpengine_sock", "2 == udp:127.0.42.9:PORT udp:127.0.42.8:PORT")
modparam("rtpengine", "rtpengine_disable_tout", 30)
request_route { if ($rU == "two") set_rtpengine_set("2"); ${['rtpengine_offer()', 'rtpengine_delete()'].map(log).join(' ')} exit; }
`,
    traffic: `--- wait 300
${invite('one', PLAIN)}>>> rpc rtpengine.show all
>>> rpc rtpengine.ping udp:127.0.42.9:PORT
>>> rpc rtpengine.enable udp:127.0.42.9:PORT 1
>>> rpc rtpengine.enable udp:127.0.42.8:PORT 0
${invite('two', PLAIN)}>>> rpc cfg.set_now_int rtpengine aggressive_redetection 0
${invite('two', PLAIN)}>>> rpc rtpengine.show all
`,
  },
  {
    name: 'without an answer the next engine is asked, and none for calls that it had',
    cfg: `# mask: "recheck_ticks":\\s*[1-9]\\d*
# log: all
loadmodule "jsonrpcs.so"
${HEAD}modparam("rtpengine", "rtpengine_sock", "udp:127.0.42.1:PORT udp:127.0.42.2:PORT")
modparam("rtpengine", "rtpengine_retr", 2)
modparam("rtpengine", "rtpengine_tout_ms", 100)
modparam("rtpengine", "rtp_inst_pvar", "$avp(i)")
request_route { ${log('rtpengine_offer()')} xlog("$avp(i)\\n"); exit; }
`,
    traffic: `${invite('a', PLAIN, 'Call-ID: @\n')}${invite('a', PLAIN, 'Call-ID: silent\n')}--- wait 300
${invite('a', PLAIN, 'Call-ID: @\n')}--- wait 300
${invite('a', PLAIN, 'Call-ID: A\n')}>>> rpc rtpengine.show all\n`,
    // "@" and "silent" go to the first engine as long as that is used.
    reply: (command, count, _question, engine) => (command === 'offer' && engine === 1 && count > 1 ? null : undefined),
  },
  ...[1, 2].map((allowed): RtpEngineCase => ({
    name: `calls go on with engines that are switched off when rtpengine_allow_op is ${allowed}`,
    cfg: `# log: all
loadmodule "jsonrpcs.so"
${HEAD}modparam("rtpengine", "rtpengine_sock", "udp:127.0.42.1:PORT")
modparam("rtpengine", "rtpengine_allow_op", ${allowed})
request_route { ${['rtpengine_offer()', 'rtpengine_query()'].map(log).join(' ')} exit; }
`,
    traffic: `${invite('a', PLAIN, 'Call-ID: here\n')}>>> rpc rtpengine.enable all 0
${invite('a', PLAIN, 'Call-ID: here\n')}${invite('a', PLAIN, 'Call-ID: new\n')}>>> rpc rtpengine.get_hash_total\n`,
  })),
  {
    name: 'it is forgotten after a while which engine has a call',
    cfg: `loadmodule "jsonrpcs.so"
${HEAD}modparam("rtpengine", "rtpengine_sock", "udp:127.0.42.1:PORT")
modparam("rtpengine", "hash_table_tout", 1)
modparam("rtpengine", "hash_table_size", 0)
request_route { ${log('rtpengine_offer("via-branch=extra")')} if ($rm == "BYE") { ${log('rtpengine_delete()')} } exit; }
modparam("rtpengine", "extra_id_pv", "$hdr(X)")
`,
    traffic: `${invite('a', PLAIN, 'Call-ID: one\nX: 1\n')}${invite('a', PLAIN, 'Call-ID: one\nX: 2\n')}${invite('a', PLAIN, 'Call-ID: two\nX: 1\n')}>>> rpc rtpengine.get_hash_total
--- wait 3200
>>> rpc rtpengine.get_hash_total
${invite('a', PLAIN, 'Call-ID: three\nX: 1\n')}>>> rpc rtpengine.get_hash_total
${invite('a', PLAIN, 'Call-ID: three\nX: 2\n')}>>> rpc rtpengine.get_hash_total
${bare('BYE', 'a', 'Call-ID: three\nX: 1')}>>> rpc rtpengine.get_hash_total\n`,
  },
  {
    name: 'engines come from a table',
    cfg: `# tables: rtpengine
# log: all
loadmodule "db_sqlite.so"
loadmodule "jsonrpcs.so"
loadmodule "sqlops.so"
modparam("sqlops", "sqlcon", "t=>sqlite:///{folder}/kamailio.db")
${HEAD}modparam("rtpengine", "db_url", "sqlite:///{folder}/kamailio.db")
modparam("rtpengine", "setid_avp", "$avp(setid)")
request_route {
	if ($rU == "fill") { sql_query("t", "INSERT INTO rtpengine (setid, url, weight, disabled) VALUES (0, 'udp:127.0.42.1:PORT', 2, 0), (0, 'udp:127.0.42.2:PORT', 1, 1), (6, 'udp:127.0.42.2:PORT more', 1, 0), (6, 'wrong', 1, 0)"); exit; }
	$avp(setid) = $(rU{s.int}); ${['rtpengine_offer()', 'rtpengine_delete()'].map(log).join(' ')} exit; }
`,
    traffic: `>>> rpc rtpengine.show all
${bare('OPTIONS', 'fill')}>>> rpc rtpengine.reload
`,
  },
]
