/** What rtpengine.kamailio.test.ts runs. */
import type { BencodeDictionary } from '../../src/modules/rtpengine/bencode.ts'


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
]

