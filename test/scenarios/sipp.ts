/** Calls by sipp, in our own scenarios: a caller, a callee, phones that do not get the call. Each writes down what it sends and gets. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startProgram, type Finished, type RunningProgram } from '../support/program.ts'

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

/** Answered: ACK and BYE follow the route of the dialog. */
const TALK = `<recv response="200" rrs="true"></recv>
<send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "Alice" <sip:alice@[local_ip]:[local_port]>;tag=[pid]call[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
[routes]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: "Alice" <sip:alice@[local_ip]:[local_port]>;tag=[pid]call[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
[routes]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"></recv>`

const refused = (status: number): string => `<recv response="${status}"></recv>
<send><![CDATA[
ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
[last_Via:]
From: "Alice" <sip:alice@[local_ip]:[local_port]>;tag=[pid]call[call_number]
[last_To:]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>`

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
${request.refusal === undefined ? TALK : refused(request.refusal.caller)}
</scenario>
`

const answer = (status: string, body: string): string => `<send><![CDATA[
SIP/2.0 ${status}
[last_Via:]
[last_Record-Route:]
[last_From:]
[last_To:]${status.startsWith('100') ? '' : ';tag=[pid]callee[call_number]'}
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:callee@[local_ip]:[local_port];transport=[transport]>
${body === '' ? 'Content-Length: 0\n' : `Content-Type: application/sdp\nContent-Length: [len]\n\n${body}`}
]]></send>`

const calleeScenario = (request: CallsRequest): string => `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="callee">
<recv request="INVITE"></recv>
${answer('100 Trying', '')}
${answer('180 Ringing', '')}
${request.ringMs === undefined ? '' : `<pause milliseconds="${request.ringMs}"/>`}
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

/** Rings until it is canceled; the INVITE's Vias are kept, since the CANCEL has one only. */
const RINGING = `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="ringing">
<recv request="INVITE"></recv>
<nop><action><assignstr assign_to="vias" value="[last_Via:]"/></action></nop>
${answer('180 Ringing', '')}
<recv request="CANCEL"></recv>
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
<send retrans="500"><![CDATA[
SIP/2.0 487 Request Terminated
[$vias]
[last_From:]
[last_To:];tag=[pid]callee[call_number]
[last_Call-ID:]
CSeq: 1 INVITE
Content-Length: 0

]]></send>
<recv request="ACK"></recv>
</scenario>
`

const refusing = (status: string): string => `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="refusing">
<recv request="INVITE"></recv>
${answer(status, '').replace('<send>', '<send retrans="500">')}
<recv request="ACK"></recv>
</scenario>
`

const answeringMessages = (status: string): string => `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="messages">
<recv request="MESSAGE"></recv>
${answer(status, '')}
</scenario>
`

/** A phone beside the callee: it rings until it is canceled, refuses with a status, `486 Busy Here`, or answers a MESSAGE with one. */
export interface OtherPhone {
  readonly place: string
  readonly refusesWith?: string
  readonly answersMessagesWith?: string
}

function otherScenario({ refusesWith, answersMessagesWith }: OtherPhone): string {
  if (answersMessagesWith !== undefined) return answeringMessages(answersMessagesWith)
  return refusesWith === undefined ? RINGING : refusing(refusesWith)
}

/** Places are `address:port`, with an IPv6 address in brackets. */
export interface CallsRequest {
  readonly transport: 'udp' | 'tcp'
  readonly proxy: string
  readonly caller: string
  readonly callee: string
  readonly calls: number
  /** The number that is called, where it matters. */
  readonly called?: string
  /** The caller has a connection or UDP socket for each call; one for all of them otherwise. */
  readonly isSocketPerCall?: boolean
  /** Makes the SDP of offers and answers longer. */
  readonly paddingBytes?: number
  /** How long the callee rings before it answers. */
  readonly ringMs?: number
  readonly others?: readonly OtherPhone[]
  /** Nobody talks: what the callee says (`486 Busy Here`), and the status that reaches the caller. */
  readonly refusal?: { readonly callee: string; readonly caller: number }
  /** Of callee and other phones, where it is not the caller's. */
  readonly phoneTransport?: 'udp' | 'tcp'
}

export interface Calls {
  readonly caller: Finished
  readonly callee: Finished
  /** What caller and callee sent and got, as sipp writes it. */
  readonly callerMessages: string
  readonly calleeMessages: string
  readonly others: readonly { readonly end: Finished; readonly messages: string }[]
}

/** Places calls through a proxy (`address:port`) from one address to another. */
export async function placeCalls(request: CallsRequest): Promise<Calls> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-calls-'))
  const letter = letterOf(request.transport)
  const phoneLetter = letterOf(request.phoneTransport ?? request.transport)
  const common = ['-m', String(request.calls), '-nostdin', '-trace_msg', '-timeout', '20']
  const startPhone = (name: string, scenario: string, place: string): RunningProgram => {
    writeFileSync(join(folder, `${name}.xml`), scenario)
    return startProgram('sipp', ['-sf', `${name}.xml`, ...at(place), '-t', `${phoneLetter}1`, ...common], folder)
  }
  const { refusal } = request
  const callee = startPhone('callee', refusal === undefined ? calleeScenario(request) : refusing(refusal.callee), request.callee)
  const others = (request.others ?? []).map((phone, index) => startPhone(`other${index}`, otherScenario(phone), phone.place))
  await new Promise((resolve) => setTimeout(resolve, 500))
  writeFileSync(join(folder, 'caller.xml'), callerScenario(request))
  const sockets = request.isSocketPerCall === true ? ['-t', `${letter}n`, '-max_socket', String(request.calls)] : ['-t', `${letter}1`]
  const caller = startProgram(
    'sipp',
    [request.proxy, '-sf', 'caller.xml', ...at(request.caller), '-s', request.called ?? '0355501234', '-r', '20', ...sockets, ...common],
    folder,
  )
  const [callerEnd, calleeEnd, ...otherEnds] = await Promise.all([caller, callee, ...others].map(({ finished }) => finished))
  if (callerEnd === undefined || calleeEnd === undefined) throw new Error('unreachable')
  return {
    caller: callerEnd,
    callee: calleeEnd,
    callerMessages: messages(folder, 'caller'),
    calleeMessages: messages(folder, 'callee'),
    others: otherEnds.map((end, index) => ({ end, messages: messages(folder, `other${index}`) })),
  }
}

/** Places calls through a proxy that knows itself where they go. */
export async function placeOutgoingCalls(request: Omit<CallsRequest, 'callee' | 'others'>): Promise<{ readonly end: Finished; readonly messages: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-calls-'))
  writeFileSync(join(folder, 'caller.xml'), callerScenario({ ...request, callee: '' }))
  const caller = startProgram('sipp', [
    request.proxy, '-sf', 'caller.xml', ...at(request.caller), '-s', '0355501234', '-r', '20', '-t', `${letterOf(request.transport)}1`,
    '-m', String(request.calls), '-nostdin', '-trace_msg', '-timeout', '20',
  ], folder)
  return { end: await caller.finished, messages: messages(folder, 'caller') }
}

const letterOf = (transport: 'udp' | 'tcp'): string => (transport === 'udp' ? 'u' : 't')

function at(place: string): readonly string[] {
  const colon = place.lastIndexOf(':')
  return ['-i', place.slice(0, colon), '-p', place.slice(colon + 1)]
}

function messages(folder: string, name: string): string {
  const file = readdirSync(folder).find((candidate) => candidate.startsWith(`${name}_`) && candidate.endsWith('_messages.log'))
  return file === undefined ? '' : readFileSync(join(folder, file), 'latin1')
}
