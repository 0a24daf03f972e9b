/** Builds the messages that a traffic file abbreviates: requests without the usual headers, answers of the next hop. */

const longNames: Record<string, string> = {
  v: 'via', f: 'from', t: 'to', i: 'call-id', m: 'contact', l: 'content-length', c: 'content-type', s: 'subject', k: 'supported',
}

const headerName = (line: string): string => {
  const name = line.slice(0, Math.max(0, line.indexOf(':'))).trim().toLowerCase()
  return longNames[name] ?? name
}

/** Who speaks, for the headers that are filled in. */
export interface Speaker {
  transport: 'UDP' | 'TCP'
  /** `host:port` as it stands in Via and Contact. */
  sentBy: string
  /** Number of the step, which makes branch and Call-ID unlike those of other steps. */
  step: number
}

const splitBody = (lines: string[]): { head: string[], body: string } => {
  const blank = lines.indexOf('')
  if (blank < 0) return { head: lines, body: '' }
  return { head: lines.slice(0, blank), body: lines.slice(blank + 1).map((line) => `${line}\r\n`).join('') }
}

const usualHeaders = (method: string, uri: string, by: Speaker): string[] => [
  `Via: SIP/2.0/${by.transport} ${by.sentBy};branch=z9hG4bK-${by.step}`,
  'Max-Forwards: 70',
  'From: "Alice" <sip:alice@example.com>;tag=from1',
  `To: <${uri}>`,
  `Call-ID: call-${by.step}@example.com`,
  `CSeq: ${by.step} ${method}`,
  `Contact: <sip:alice@${by.sentBy}>`,
]

const join = (head: string[], body: string): string => `${head.join('\r\n')}\r\n\r\n${body}`

/**
 * A message from its lines. A first line `METHOD URI` (without SIP/2.0) gets the version and the usual headers that were not
 * given; a given line `-Name` leaves one out. `Content-Length: ?` becomes the body's length.
 */
export const buildMessage = (lines: string[], by: Speaker): string => {
  const { head, body } = splitBody(lines)
  const [start = '', ...headers] = head
  const short = /^([A-Za-z]+) (\S+)$/.exec(start)
  const count = (line: string): string => line.replace(/^(Content-Length|l)(\s*:\s*)\?$/i, `$1$2${body.length}`)
  if (short === null) return join([start, ...headers.map(count)], body)
  const given = new Set(headers.map((line) => (line.startsWith('-') ? headerName(`${line.slice(1)}:`) : headerName(line))))
  const usual = usualHeaders(short[1] ?? '', short[2] ?? '', by).filter((line) => !given.has(headerName(line)))
  const own = headers.filter((line) => !line.startsWith('-'))
  const length = given.has('content-length') ? [] : [`Content-Length: ${body.length}`]
  return join([`${start} SIP/2.0`, ...usual, ...own.map(count), ...length], body)
}

/** Header lines of a received message, unfolded. */
const receivedHeaders = (message: string): string[] => {
  const end = message.indexOf('\r\n\r\n')
  const head = end < 0 ? message : message.slice(0, end)
  return head.replace(/\r\n[ \t]+/g, ' ').split('\r\n').slice(1)
}

/**
 * The next hop's reply: Via, Record-Route, From, To (with a tag), Call-ID and CSeq of the request, then the given lines.
 * A given header replaces the copied ones; `{via1}`, `{via2}` ... stand for the request's Via values, `{branch1}` for a branch.
 */
export const buildAnswer = (lines: string[], request: string, by: Speaker): string => {
  const { head, body } = splitBody(lines)
  const [start = '', ...given] = head
  const received = receivedHeaders(request)
  const vias = received.filter((line) => headerName(line) === 'via').map((line) => line.slice(line.indexOf(':') + 1).trim())
  const fill = (line: string): string => line
    .replace(/\{via(\d)\}/g, (_whole, index) => vias[Number(index) - 1] ?? '')
    .replace(/\{branch(\d)\}/g, (_whole, index) => /branch=([^;,\s]+)/.exec(vias[Number(index) - 1] ?? '')?.[1] ?? '')
  const own = given.filter((line) => !line.startsWith('-')).map(fill)
  const named = new Set(given.map((line) => (line.startsWith('-') ? headerName(`${line.slice(1)}:`) : headerName(line))))
  const copied = ['via', 'record-route', 'from', 'to', 'call-id', 'cseq'].flatMap((name) => named.has(name)
    ? []
    : received.filter((line) => headerName(line) === name)
      .map((line) => (name === 'to' && !/;\s*tag=/.test(line) ? `${line};tag=to1` : line)))
  const contact = named.has('contact') ? [] : [`Contact: <sip:${by.sentBy}>`]
  const length = named.has('content-length') ? [] : [`Content-Length: ${body.length}`]
  return join([start, ...copied, ...contact, ...own, ...length], body)
}
