/** Calls by sipp that play recorded RTP (as root: it makes the packets itself). */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startProgram, type Finished } from '../support/program.ts'

const SDP = `v=0
o=user1 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000`

/** The recording, and how many packets it has. */
export const RECORDING = { path: '/usr/share/sip-tester/dtmf_2833_1.pcap', packets: 10 } as const

const inDialog = (method: string, cseq: number): string => `<send><![CDATA[
${method} [next_url] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: "sipp" <sip:sipp@[local_ip]:[local_port]>;tag=[pid]call[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
[routes]
Call-ID: [call_id]
CSeq: ${cseq} ${method}
Max-Forwards: 70
Content-Length: 0

]]></send>`

const scenario = (recording: string, ms: number): string => `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="caller with media">
<send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/UDP [local_ip]:[local_port];branch=[branch]
From: "sipp" <sip:sipp@[local_ip]:[local_port]>;tag=[pid]call[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:sipp@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

${SDP}
]]></send>
<recv response="100" optional="true"></recv>
<recv response="180" optional="true"></recv>
<recv response="200" rrs="true"></recv>
${inDialog('ACK', 1)}
<nop><action><exec play_pcap_audio="${recording}"/></action></nop>
<pause milliseconds="${ms}"/>
${inDialog('BYE', 2).replace('<send>', '<send retrans="500">')}
<recv response="200"></recv>
</scenario>
`

export interface PcapCalls {
  /** `address:port` of the proxy. */
  readonly proxy: string
  readonly address: string
  readonly port: number
  readonly mediaPort: number
  readonly folder: string
  readonly calls?: number
  /** Calls a second. */
  readonly rate?: number
  /** How long each lasts. */
  readonly ms?: number
}

export function placePcapCalls({ proxy, address, port, mediaPort, folder, calls = 1, rate = 1, ms = 600 }: PcapCalls): Promise<Finished> {
  writeFileSync(join(folder, 'pcap.xml'), scenario(RECORDING.path, ms))
  return startProgram('sipp', [
    proxy, '-sf', 'pcap.xml', '-i', address, '-p', String(port), '-mi', address, '-mp', String(mediaPort), '-s', 'bob', '-m', String(calls), '-r', String(rate),
    '-nostdin', '-timeout', '25', '-trace_err',
  ], folder).finished
}
