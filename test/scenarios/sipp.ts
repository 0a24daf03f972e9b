/** Calls by sipp, in our own scenarios: a caller, and a callee that writes down what reaches it. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startProgram, type Finished } from '../support/program.ts'

const SDP = `v=0
o=user1 53655765 2353687637 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 0 8 18 101
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:18 G729/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-16`

/** A comment line of SDP to the length that a test asks for. */
const sdpOf = ({ paddingBytes = 0 }: CallsRequest): string => paddingBytes === 0 ? SDP : `${SDP}\na=padding:${'x'.repeat(paddingBytes)}`

const callerScenario = (request: CallsRequest): string => `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="caller">
<send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "Alice" <sip:alice@[local_ip]:[local_port]>;tag=[pid]call[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:alice@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

${sdpOf(request)}
]]></send>
<recv response="100" optional="true"></recv>
<recv response="180" optional="true"></recv>
<recv response="200"></recv>
<send><![CDATA[
ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "Alice" <sip:alice@[local_ip]:[local_port]>;tag=[pid]call[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
<send retrans="500"><![CDATA[
BYE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "Alice" <sip:alice@[local_ip]:[local_port]>;tag=[pid]call[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"></recv>
</scenario>
`

const answer = (status: string, body: string): string => `<send><![CDATA[
SIP/2.0 ${status}
[last_Via:]
[last_From:]
[last_To:];tag=[pid]callee[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:callee@[local_ip]:[local_port];transport=[transport]>
${body === '' ? 'Content-Length: 0\n' : `Content-Type: application/sdp\nContent-Length: [len]\n\n${body}`}
]]></send>`

const calleeScenario = (request: CallsRequest): string => `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="callee">
<recv request="INVITE"></recv>
${answer('180 Ringing', '')}
${answer('200 OK', sdpOf(request))}
<recv request="ACK"></recv>
<recv request="BYE"></recv>
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
</scenario>
`

/** Places are `address:port`, with an IPv6 address in brackets. */
export interface CallsRequest {
  readonly transport: 'udp' | 'tcp'
  readonly proxy: string
  readonly caller: string
  readonly callee: string
  readonly calls: number
  /** The caller has a connection or UDP socket for each call; one for all of them otherwise. */
  readonly isSocketPerCall?: boolean
  /** Makes the SDP of offers and answers longer. */
  readonly paddingBytes?: number
}

export interface Calls {
  readonly caller: Finished
  readonly callee: Finished
  /** What caller and callee sent and got, as sipp writes it. */
  readonly callerMessages: string
  readonly calleeMessages: string
}

/** Places calls through a proxy (`address:port`) from one address to another. */
export async function placeCalls(request: CallsRequest): Promise<Calls> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-calls-'))
  writeFileSync(join(folder, 'caller.xml'), callerScenario(request))
  writeFileSync(join(folder, 'callee.xml'), calleeScenario(request))
  const letter = request.transport === 'udp' ? 'u' : 't'
  const common = ['-m', String(request.calls), '-nostdin', '-trace_msg', '-timeout', '20']
  const callee = startProgram('sipp', ['-sf', 'callee.xml', ...at(request.callee), '-t', `${letter}1`, ...common], folder)
  await new Promise((resolve) => setTimeout(resolve, 500))
  const sockets = request.isSocketPerCall === true ? ['-t', `${letter}n`, '-max_socket', String(request.calls)] : ['-t', `${letter}1`]
  const caller = startProgram(
    'sipp',
    [request.proxy, '-sf', 'caller.xml', ...at(request.caller), '-s', '0355501234', '-r', '20', ...sockets, ...common],
    folder,
  )
  const [callerEnd, calleeEnd] = await Promise.all([caller.finished, callee.finished])
  return { caller: callerEnd, callee: calleeEnd, callerMessages: messages(folder, 'caller'), calleeMessages: messages(folder, 'callee') }
}

function at(place: string): readonly string[] {
  const colon = place.lastIndexOf(':')
  return ['-i', place.slice(0, colon), '-p', place.slice(colon + 1)]
}

function messages(folder: string, name: string): string {
  const file = readdirSync(folder).find((candidate) => candidate.startsWith(`${name}_`) && candidate.endsWith('_messages.log'))
  return file === undefined ? '' : readFileSync(join(folder, file), 'latin1')
}
