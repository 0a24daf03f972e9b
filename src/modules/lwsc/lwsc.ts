import { arg, defineModule, fn, param, variableFamily, type FunctionDef, type ParamValues } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { MessageNote } from '../../sip/message-note.ts'
import type { SipMessage } from '../../sip/message.ts'
import { Links, type Address } from './links.ts'

const params = {
  protocol: param.str('kmsg', 'Protocol of connections that name none.'),
  timeout_connect: param.int(0, 'Accepted for compatibility: timeout_init is the time for a connection.'),
  timeout_send: param.int(0, 'Accepted for compatibility: nothing waits until a text has left.'),
  timeout_read: param.int(2_000_000, 'Microseconds to wait for an answer.'),
  timeout_init: param.int(2_000_000, 'Microseconds to wait for a connection.'),
  verbosity: param.int(0, 'Accepted for compatibility.'),
}

interface State {
  readonly host: Host
  readonly params: ParamValues<typeof params>
  readonly links: Links
}

/** The answer that a message got last. */
class AnswerNote extends MessageNote {
  answer: string | null = null
}

function findNote(message: SipMessage): AnswerNote | undefined {
  for (let note = message.notes; note !== undefined; note = note.nextNote) if (note instanceof AnswerNote) return note
  return undefined
}

async function request({ message }: RouteContext, { host, links }: State, address: Address, text: string): Promise<number> {
  const note = findNote(message) ?? new AnswerNote()
  if (findNote(message) === undefined) message.addNote(note)
  note.answer = null
  if (address.url === '' || text === '') {
    host.log.error('lwsc', 'invalid parameters')
    return -1
  }
  const result = await links.request(address, text)
  if (typeof result === 'string') return result === 'timeout' ? -2 : -1
  note.answer = result.answer
  return 1
}

async function notify({ host, links }: State, address: Address, text: string): Promise<number> {
  if (address.url !== '' && text !== '') return (await links.notify(address, text)) === undefined ? 1 : -1
  host.log.error('lwsc', 'invalid parameters')
  return -1
}

const url = arg.str('url', '`ws://` or `wss://`.')
const protocol = arg.str('protocol', 'Protocol of the connection.')
const text = arg.str('text', 'What to send.')
const ANSWERED: FunctionDef['returns'] = { 1: '`$lwsc(rdata)` is the answer', [-1]: 'not sent', [-2]: 'no answer in time' }

const known: Readonly<Record<string, (context: RouteContext) => string | number | null>> = {
  rdata: ({ message }) => findNote(message)?.answer ?? null,
  status: () => 0,
}

export default defineModule({
  name: 'lwsc',
  summary: 'Asks servers over WebSockets.',
  area: 'network',
  params,
  setup: (host, values): State => ({ host, params: values, links: new Links(host, values) }),
  stop: ({ links }) => links.close(),
  functions: {
    lwsc_request: fn({
      summary: 'Sends a text, and waits for what comes back.', returns: ANSWERED, routes: 'any', args: [url, text], mayWait: true,
      run: (context, state: State, where, what) => request(context, state, { url: where, protocol: state.params.protocol }, what),
    }),
    lwsc_request_proto: fn({
      summary: 'The same over a protocol of the WebSocket.', returns: ANSWERED, routes: 'any', args: [url, protocol, text], mayWait: true,
      run: (context, state: State, where, how, what) => request(context, state, { url: where, protocol: how }, what),
    }),
    lwsc_notify: fn({
      summary: 'Sends a text.', routes: 'any', args: [url, text], mayWait: true,
      run: (_context, state: State, where, what) => notify(state, { url: where, protocol: state.params.protocol }, what),
    }),
    lwsc_notify_proto: fn({
      summary: 'The same over a protocol of the WebSocket.', routes: 'any', args: [url, protocol, text], mayWait: true,
      run: (_context, state: State, where, how, what) => notify(state, { url: where, protocol: how }, what),
    }),
  },
  variables: {
    lwsc: variableFamily('`rdata` is the answer to this message\'s last question.', { inner: 'required' }, (inner) => {
      const get = inner === undefined || !Object.hasOwn(known, inner) ? undefined : known[inner]
      return get === undefined ? `$lwsc has no ${inner ?? ''}: rdata or status` : { get }
    }),
  },
})
