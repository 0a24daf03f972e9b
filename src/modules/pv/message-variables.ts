/** The message as a whole: its first line, its parts, its number. */
import { variable, variableFamily, type PvValue, type VariableDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { parseIndex } from '../../runtime/variable-spec.ts'
import { applyEdits, outgoingInfo } from '../../sip/build-request.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { SipMessage } from '../../sip/message.ts'
import { methodId } from '../../sip/method.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { headerValue } from './header-variables.ts'
import type { PvState } from './state.ts'

const isBlank = (code: number): boolean => code === 32 || code === 9 || code === 13 || code === 10

function trimmed(text: string, from: number, to: number): string {
  let start = from
  let end = to
  while (start < end && isBlank(text.charCodeAt(start))) start++
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--
  return text.slice(start, end)
}

/** A reply's method is that of its CSeq. */
function method({ message }: RouteContext): PvValue {
  if (message.isRequest) return message.method
  const cseq = message.cseq()
  return cseq?.method ?? null
}

const methodNumber = (context: RouteContext): number =>
  context.message.isRequest ? context.message.methodId : methodId(String(method(context)))

/** Everything behind the empty line, whatever Content-Length says; `$null` when the headers do not end. */
function body({ message }: RouteContext): string | null {
  return message.isComplete ? message.text.slice(message.bodyStart) : null
}

/** The message as it would be sent now, Vias aside. */
function updated({ message }: RouteContext): string {
  const { text } = message
  const socket = message.received.socket
  const firstLine =
    message.isRequest && message.newUri !== undefined
      ? `${message.method} ${message.newUri} ${message.version}\r\n`
      : text.slice(0, message.headersStart)
  if (!message.hasEdits) return firstLine + text.slice(message.headersStart)
  return firstLine + applyEdits(message, message.edits.clone(), outgoingInfo(socket, 'udp'), 'udp')
}

const PARTS: Readonly<Record<string, (message: SipMessage) => PvValue>> = {
  len: (message) => message.text.length,
  buf: (message) => message.text,
  body: (message) => (message.isComplete ? message.text.slice(message.bodyStart) : null),
  body_len: (message) => message.text.length - message.bodyStart,
  hdrs: (message) => trimmed(message.text, message.headersStart, message.bodyStart),
  hdrs_len: (message) => trimmed(message.text, message.headersStart, message.bodyStart).length,
  hdrc: (message) => message.headers().length,
  fline: (message) => trimmed(message.text, 0, message.headersStart),
  fpart: (message) => trimmed(message.text, 0, message.bodyStart),
  lpart: (message) => message.text.slice(message.headersStart),
}

/** The shortest and longest time that Contacts and Expires ask for. */
function expiries({ message }: RouteContext): readonly number[] {
  const header = message.header(HeaderType.expires)
  const common = header && /^[0-9]+$/.test(header.body) ? Number(header.body) : undefined
  const contacts = message.addresses(HeaderType.contact)
  const found: number[] = []
  if (!(contacts instanceof ParseError)) {
    for (const contact of contacts) {
      const own = contact.param('expires')
      const value = own ? Number(own) : common
      if (value !== undefined && Number.isInteger(value)) found.push(value)
    }
  }
  if (found.length === 0 && common !== undefined) found.push(common)
  return found
}

function cseqNumber({ message }: RouteContext): PvValue {
  const cseq = message.cseq()
  return cseq?.numberText ?? null
}

const NAMED = { inner: 'required' } as const
const WRITABLE = { inner: 'required', writable: true } as const

/** A number, the one that the script gave the reply if it did; below 100 the three digits as they came (`099`). */
function status({ message }: RouteContext): PvValue {
  if (message.isRequest) return null
  if (message.newStatus !== 0) return message.newStatus
  return message.status < 100 ? message.statusText : message.status
}

export const messageVariables: Readonly<Record<string, VariableDef<PvState>>> = {
  rm: variable('Method of the request, or that a reply belongs to.', method, { int: methodNumber }),
  rmid: variable('Number of the method.', methodNumber),
  rv: variable('Version in the first line.', ({ message }) => message.version),
  rs: variable('Status of a reply.', status, {
    int: ({ message }) => (message.isRequest ? Number.NaN : message.newStatus || message.status),
  }),
  rsi: variable('Status of a reply; 0 for requests.', ({ message }) => message.newStatus || message.status),
  rr: variable('Reason phrase of a reply.', ({ message }) => (message.isRequest ? null : message.reason)),
  rb: variable('Body.', body),
  bs: variable('Length of the body.', ({ message }) => message.text.length - message.bodyStart),
  mb: variable('The message as it came.', ({ message }) => message.text),
  mbu: variable('The message with the changes made so far.', updated),
  mi: variable('Number of the message.', ({ message }) => message.id),
  ml: variable('Length of the message.', ({ message }) => message.text.length),
  mt: variable('Type of the message: 1 request, 2 reply.', ({ message }) => (message.isRequest ? 1 : 2)),
  mts: variable('Type of the message: rq or rp.', ({ message }) => (message.isRequest ? 'rq' : 'rp')),
  cs: variable('Number in CSeq.', cseqNumber),
  csb: variable('Value of CSeq.', ({ message }) => {
    const header = message.header(HeaderType.cseq)
    return header ? headerValue(message, header) : null
  }),
  cts: variable('1 when a Contact is *, else 0.', ({ message }) => {
    const contacts = message.addresses(HeaderType.contact)
    return !(contacts instanceof ParseError) && contacts.some((contact) => contact.isStar) ? 1 : 0
  }),
  ctu: variable('URI of the first Contact.', ({ message }) => {
    const contacts = message.addresses(HeaderType.contact)
    return contacts instanceof ParseError ? null : (contacts[0]?.uri ?? null)
  }),
  tts: variable('1 when To has a tag, else 0.', ({ message }) => {
    const to = message.to()
    return to !== undefined && !(to instanceof ParseError) && to.tag ? 1 : 0
  }),
  msg: variableFamily<PvState>('A part of the message: len, buf, body, hdrs, fline and others.', NAMED, (inner) => {
    const read = PARTS[inner ?? '']
    if (!read) return `$msg is one of ${Object.keys(PARTS).join(', ')}, not ${inner}`
    return { get: ({ message }) => read(message) }
  }),
  expires: variableFamily<PvState>('Shortest (min) or longest (max) time in Contact and Expires.', { inner: 'required' }, (inner) => {
    if (inner !== 'min' && inner !== 'max') return `$expires is min or max, not ${inner}`
    return {
      get(context) {
        const found = expiries(context)
        return found.length === 0 ? null : inner === 'min' ? Math.min(...found) : Math.max(...found)
      },
    }
  }),
  msgbuf: variableFamily<PvState>('A byte of the message, with a zero byte behind it.', WRITABLE, (inner, _index, env) => {
    const index = parseIndex(inner, env)
    if (typeof index === 'string' || index.kind === 'all') return `$msgbuf(${inner}) needs a number`
    const at = (context: RouteContext): number =>
      index.kind === 'computed' ? index.evaluate(context) : index.kind === 'fixed' ? index.value : 0
    return {
      get(context) {
        const { text } = context.message
        const offset = at(context)
        if (offset >= 0 && offset < text.length) return `${text.charAt(offset)}\0`
        context.host.log.error('pv', 'index out of range')
        return null
      },
      // The received text stays: the byte is exchanged when the message is sent.
      set(context, _state, value) {
        const { message, host } = context
        const offset = at(context)
        if (offset >= message.headersStart && offset < message.text.length && typeof value === 'string' && value !== '') {
          message.edits.replace(offset, offset + 1, value.charAt(0))
          return true
        }
        host.log.error('pv', 'only bytes behind the first line can be set, to texts')
        return false
      },
    }
  }),
  _s: variableFamily<PvState>('A text with variables.', { inner: 'required' }, (inner, _index, env) => {
    const format = env.format(inner ?? '')
    return typeof format === 'string' ? format : { get: (context) => format.evaluate(context) }
  }),
}
