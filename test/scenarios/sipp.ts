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

const CALLER = `<?xml version="1.0" encoding="ISO-8859-1" ?>
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

${SDP}
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

const CALLEE = `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="callee">
<recv request="INVITE"></recv>
${answer('180 Ringing', '')}
${answer('200 OK', SDP)}
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

export interface CallsRequest {
  readonly transport: 'udp' | 'tcp'
  readonly proxy: string
  readonly caller: string
  readonly callee: string
  readonly calls: number
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
  writeFileSync(join(folder, 'caller.xml'), CALLER)
  writeFileSync(join(folder, 'callee.xml'), CALLEE)
  const transport = request.transport === 'udp' ? 'u1' : 't1'
  const common = ['-m', String(request.calls), '-nostdin', '-trace_msg', '-t', transport, '-timeout', '20']
  const [calleeAddress = '', calleePort = ''] = request.callee.split(':')
  const [callerAddress = '', callerPort = ''] = request.caller.split(':')
  const callee = startProgram('sipp', ['-sf', 'callee.xml', '-i', calleeAddress, '-p', calleePort, ...common], folder)
  await new Promise((resolve) => setTimeout(resolve, 500))
  const caller = startProgram(
    'sipp',
    [request.proxy, '-sf', 'caller.xml', '-i', callerAddress, '-p', callerPort, '-s', '0355501234', '-r', '20', ...common],
    folder,
  )
  const [callerEnd, calleeEnd] = await Promise.all([caller.finished, callee.finished])
  return { caller: callerEnd, callee: calleeEnd, callerMessages: messages(folder, 'caller'), calleeMessages: messages(folder, 'callee') }
}

function messages(folder: string, name: string): string {
  const file = readdirSync(folder).find((candidate) => candidate.startsWith(`${name}_`) && candidate.endsWith('_messages.log'))
  return file === undefined ? '' : readFileSync(join(folder, file), 'latin1')
}
