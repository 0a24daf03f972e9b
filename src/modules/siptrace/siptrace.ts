import { connectDatabase } from '../../db/connect.ts'
import { checkTableVersion } from '../../db/table-version.ts'
import {
  arg, defineModule, fn, form, RpcFault, SetupError, variableFamily, type FunctionResult, type ParamValues,
} from '../../define/define.ts'
import { parseAvpName, type AvpName } from '../../runtime/avp.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { slApi } from '../sl/api.ts'
import { tmApi } from '../tm/api.ts'
import { endText } from './address-text.ts'
import { parseDestination, type Destination } from './destination.ts'
import { logToHomer } from './homer-log.ts'
import { siptraceParams } from './params.ts'
import { RowWriter } from './row-writer.ts'
import { store, TraceMode, tracedUsers, type SipTrace } from './trace.ts'
import { attributesOf, traceCurrent } from './trace-current.ts'
import { noteOf, trace, type Scope } from './trace-message.ts'
import { tracedOf, watchNetwork } from './trace-network.ts'
import { TransactionTrace } from './trace-transaction.ts'
import { tracedValue } from './traced-value.ts'

const TABLE_VERSION = 4
const FLAG_MAX = 31
/** trace_init_mode: which halves of the module there are. */
const InitMode = { all: 0, network: 1, script: 2 } as const

const SCOPES: Readonly<Record<string, Scope>> = { m: 'message', t: 'transaction', d: 'dialog' }

const address = arg.format('address', 'SIP URI of who gets the copy, in place of duplicate_uri.')
const correlation = arg.str('correlation_id', 'What HEP 3 packets are found together by.')
const scope = arg.custom<Scope>('mode', '`m` the message, `t` its transaction, `d` its dialog.', (text) => {
  const letters = text.replace(/[ \t]/g, '').toLowerCase()
  const found = letters.length === 1 ? SCOPES[letters] : undefined
  return found === undefined ? `the mode is one of m, t and d, not '${text}'` : { fixed: found }
})

/** What sip_trace() does without a mode. */
function usualScope({ params }: SipTrace, context: RouteContext): Scope {
  const { trace_flag } = params
  return trace_flag >= 0 && (context.message.flags & (1 << trace_flag)) !== 0 ? 'transaction' : 'message'
}

/** sip_trace(): the destination that is given, or duplicate_uri where no rows are written. */
function sipTrace(state: SipTrace, context: RouteContext, uri?: string, correlationId = '', wanted?: Scope): number {
  const { log } = state.host
  let destination: Destination | undefined
  if (uri !== undefined) {
    const isNamed = uri !== '' && uri !== '<null>'
    if (uri === '<null>' && state.duplicate === undefined) {
      log.error('siptrace', 'no duplicate_uri modparam nor duplicate uri sip_trace() argument provided!')
      return -1
    }
    destination = isNamed ? parseDestination(uri) : state.duplicate
    if (destination === undefined) {
      log.error('siptrace', isNamed ? 'bad dup uri' : 'Missing duplicate URI')
      log.error('siptrace', 'failed to parse uri!')
      return -1
    }
  } else if (state.params.trace_to_database === 0 && state.duplicate === undefined) {
    log.error('siptrace', 'no duplicate_uri modparam nor duplicate uri sip_trace() argument provided!')
    return -1
  }
  return trace(state, context, { scope: wanted ?? usualScope(state, context), destination, correlationId })
}

/** Only the first letter counts. */
function traceMode(state: SipTrace, context: RouteContext, mode: string): FunctionResult {
  const found = SCOPES[mode.slice(0, 1).toLowerCase()]
  if (found === undefined) {
    state.host.log.info('siptrace', mode === '' ? 'no tracing mode - trace message' : `unexpected tracing mode [${mode}] - trace message`)
  }
  return trace(state, context, { scope: found ?? 'message', destination: undefined, correlationId: '' })
}

function avpOf(text: string): AvpName | undefined | SetupError {
  if (text === '') return undefined
  const inner = /^\$avp\((.+)\)$/.exec(text)?.[1]
  const name = inner === undefined ? 'it is no AVP' : parseAvpName(inner)
  return typeof name === 'string' ? new SetupError(`malformed or non AVP ${text} AVP definition: ${name}`) : name
}

function setUp(host: Host, params: ParamValues<typeof siptraceParams>): SipTrace | SetupError {
  if (params.hep_version < 1 || params.hep_version > 3) return new SetupError('unsupported version of HEP')
  const duplicate = params.duplicate_uri === '' ? undefined : parseDestination(params.duplicate_uri)
  if (params.duplicate_uri !== '' && duplicate === undefined) return new SetupError('bad duplicate_uri')
  const own = params.send_sock_addr === '' ? params.force_send_sock : params.send_sock_addr
  if (params.send_sock_name === '' && own !== '' && parseDestination(own) === undefined) return new SetupError('bad send sock address')
  if (params.trace_init_mode === InitMode.network && params.trace_mode === 0) {
    return new SetupError('invalid config options for core callbacks tracing')
  }
  const ofScript = params.trace_init_mode !== InitMode.network
  if (ofScript && (params.trace_flag < -1 || params.trace_flag > FLAG_MAX)) return new SetupError(`invalid trace flag ${params.trace_flag}`)
  const tracedUser = ofScript ? avpOf(params.traced_user_avp) : undefined
  const tableName = ofScript ? avpOf(params.trace_table_avp) : undefined
  if (tracedUser instanceof SetupError) return tracedUser
  if (tableName instanceof SetupError) return tableName
  const counter = (name: string): ReturnType<typeof host.statistics.counter> => host.statistics.counter('siptrace', name)
  const counters = { requests: counter('traced_requests'), replies: counter('traced_replies') }
  return {
    host, params, counters, duplicate, tracedUser, tableName, isOn: params.trace_on !== 0, tm: undefined, rows: undefined, event: undefined,
  }
}

async function start(state: SipTrace, host: Host): Promise<void | SetupError> {
  const { params } = state
  if ((params.trace_mode & TraceMode.rows) !== 0 || params.trace_to_database !== 0) {
    const database = await connectDatabase(host.databases, params.db_url)
    if (typeof database === 'string') return new SetupError(database)
    const problem = await checkTableVersion(database, params.table, TABLE_VERSION)
    if (problem !== undefined) return new SetupError(problem)
    state.rows = new RowWriter(database, state)
  }
  if (params.trace_init_mode !== InitMode.network) followScript(state, host)
  findRoute(state, host)
  if (params.trace_init_mode !== InitMode.script && params.trace_mode !== 0) watchNetwork(state)
}

function findRoute(state: SipTrace, host: Host): void {
  state.event = host.routes.event('siptrace:msg')
}

/** Transactions that sip_trace() was called for, and stateless replies. */
function followScript(state: SipTrace, host: Host): void {
  state.tm = host.api(tmApi)
  if (state.tm === undefined) host.log.warning('siptrace', "can't load tm api. Will not install tm callbacks.")
  state.tm?.watch({
    requestIn({ message }, transaction) {
      const note = noteOf(message)
      if (note !== undefined) transaction.tracer = new TransactionTrace(state, note.destinations, true)
    },
    ackIn() {},
  })
  const sl = host.api(slApi)
  if (sl === undefined) host.log.warning('siptrace', 'cannot bind to SL API. Will not install sl callbacks.')
  const avpsOf = (context: RouteContext) => (state.tracedUser === undefined && state.tableName === undefined ? undefined : context.avps)
  sl?.watch({
    replyReady(context, status, text, target) {
      const { message } = context
      const avps = avpsOf(context)
      if (noteOf(message) === undefined && tracedUsers(state, avps) === undefined) return
      const attributes = attributesOf(state, message)
      if (attributes === undefined) return
      const { socket } = message.received
      store(state, {
        ...attributes, text, status: String(status), direction: 'out', isReply: true, atMs: host.clock.now(),
        fromIp: state.params.trace_local_ip || endText(socket.transport, socket.address, socket.port),
        toIp: endText(socket.transport, target.address, target.port),
      }, avps, undefined)
    },
    ackFiltered(context) {
      if (state.params.trace_sl_acks !== 0) traceCurrent(state, context.message, avpsOf(context), undefined, undefined)
    },
  })
}

export default defineModule({
  name: 'siptrace',
  summary: 'Copies of SIP messages: to Homer in HEP, to another SIP server, into a database.',
  area: 'operations',
  params: siptraceParams,
  setup: setUp,
  start,
  reloaded: findRoute,
  stop: async ({ rows }) => rows?.drain(),
  functions: {
    sip_trace: {
      summary: 'Traces the message, or its transaction.',
      returns: { 1: 'traced', [-1]: 'tracing is off, or it cannot be' },
      forms: [
        form({ args: [], routes: 'any', run: (context, state: SipTrace) => sipTrace(state, context) }),
        form({
          args: [address, arg.optional(correlation), arg.optional(scope)],
          routes: 'any',
          kemi: 'sip_trace_dst',
          run: (context, state: SipTrace, uri, id, wanted) => sipTrace(state, context, uri.evaluate(context), id, wanted),
        }),
      ],
    },
    sip_trace_mode: fn({
      summary: 'Traces the message (m), its transaction (t) or its dialog (d), to duplicate_uri.',
      returns: { 1: 'traced', [-1]: 'tracing is off, or it cannot be' },
      routes: 'any',
      args: [arg.str('mode', 'Its first letter counts.')],
      run: (context, state: SipTrace, mode) => traceMode(state, context, mode),
    }),
    hlog: {
      summary: 'Sends a line of text to Homer, as HEP 3.',
      returns: { 1: 'sent', [-1]: 'not sent' },
      forms: [
        form({
          args: [arg.str('message', 'The line.')],
          routes: 'any',
          run: (context, state: SipTrace, text) => logToHomer(state, context, text),
        }),
        form({
          args: [correlation, arg.str('message', 'The line.')],
          routes: 'any',
          kemi: 'hlog_cid',
          run: (context, state: SipTrace, id, text) => logToHomer(state, context, text, id),
        }),
      ],
    },
  },
  variables: {
    siptrace: variableFamily<SipTrace>(
      'In event_route[siptrace:msg]: src_addr, src_host, src_hostip, src_port, src_proto, the same with dst, and direction.',
      { inner: 'required' },
      (inner = '') => {
        const read = tracedValue(inner)
        if (read === undefined) return `$siptrace(${inner}) is unknown`
        return {
          get: (context) => {
            const traced = tracedOf.get(context)
            return traced === undefined ? null : read(traced)
          },
        }
      },
    ),
  },
  rpc: {
    'siptrace.status': {
      summary: 'Turns tracing `on` or `off`, or tells what it is (`check`).',
      run: (state, _params, call) => {
        const word = call.text(0)?.toLowerCase()
        if (word === undefined) return new RpcFault(500, 'Not enough parameters (on, off or check)')
        if (word.startsWith('on')) state.isOn = true
        else if (word.startsWith('off')) state.isOn = false
        else if (!word.startsWith('check')) return new RpcFault(500, 'Bad parameter (on, off or check)')
        return [state.isOn ? 'Enabled' : 'Disabled']
      },
    },
  },
  events: { 'siptrace:msg': 'trace_mode is about to copy a message; `drop` keeps it from that.' },
  statistics: { traced_requests: 'Requests written to the database.', traced_replies: 'Replies written to the database.' },
})
