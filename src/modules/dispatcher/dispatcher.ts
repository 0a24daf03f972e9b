import { arg, defineModule, fn, form, SetupError, variableFamily, type FunctionDef } from '../../define/define.ts'
import type { RouteName } from '../../define/route-kind.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { givenNumber, type GivenNumber } from './arguments.ts'
import { CallLoads, unsetLoad, updateLoad } from './call-loads.ts'
import { ANY_SET, isActive, isSenderListed, isUriListed, Match } from './match.ts'
import { goToNext, markCurrent, setCurrent } from './next.ts'
import { dispatcherParams, DnsMode } from './params.ts'
import { Push } from './push.ts'
import { mayReload, reloadSets } from './reload.ts'
import { ReplyCodes } from './reply-codes.ts'
import { selectRoutes } from './routes.ts'
import { dispatcherRpc } from './rpc.ts'
import { select } from './select.ts'
import { startDispatcher } from './start.ts'
import { stateOfLetters } from './state-change.ts'
import { events } from './state-events.ts'
import { fail, type Dispatcher } from './state.ts'

const REQUESTS: readonly RouteName[] = ['request', 'failure']
const MARKABLE: readonly RouteName[] = ['request', 'failure', 'onreply']
const SELECTED: FunctionDef['returns'] = { 1: 'a destination was selected', [-1]: 'there is none' }

const set = givenNumber('set', 'Set of destinations.')
const algorithm = givenNumber('algorithm', 'How to choose: 0 Call-ID, 1 From, 2 To, 3 Request-URI, 4 round robin, 8 priority, 9 weight ...')
const limit = givenNumber('limit', 'Most destinations that are kept for failover; 0 for all.')

/** The three numbers of ds_select_dst() and its kin. */
function selecting(summary: string, routes: 'any' | readonly RouteName[], mode: number, kemi: string): FunctionDef<Dispatcher> {
  const run = (context: RouteContext, state: Dispatcher, group: GivenNumber, way: GivenNumber, most?: GivenNumber): number => {
    const setId = read(state, group, 'destination set', 'destination set')
    if (setId === undefined) return -1
    const number = read(state, way, 'algorithm', 'algorithm')
    if (number === undefined) return -1
    const maximum = most === undefined ? 0 : read(state, most, 'limit', 'dst number limit')
    return maximum === undefined ? -1 : select(state, context, setId, number, maximum, mode)
  }
  return {
    summary,
    returns: SELECTED,
    forms: [
      form({ routes, args: [set, algorithm], kemi, run }),
      // With a limit, Kamailio allows all of them in these routes only.
      form({ routes: REQUESTS, args: [set, algorithm, limit], kemi: `${kemi}_limit`, run }),
    ],
  }
}

function read(state: Dispatcher, { number, text }: GivenNumber, missing: string, wrong: string): number | undefined {
  if (number === undefined) fail(state, text === null ? `no ${missing} value` : `unable to get ${wrong} from [${text}]`)
  return number
}

/** A set or a mode where nothing but a number will do. */
function number(state: Dispatcher, { number: value, text }: GivenNumber, name: string): number | undefined {
  if (value !== undefined && text !== '') return value
  state.host.log.error('<core>', 'Could not convert PV to int')
  fail(state, `cannot get ${name} value`)
  return undefined
}

const going = (summary: string, mode: number): FunctionDef<Dispatcher> =>
  fn({ summary, returns: SELECTED, routes: REQUESTS, args: [], run: (context, state: Dispatcher) => goToNext(state, context, mode) })

const setting = (summary: string, mode: number): FunctionDef<Dispatcher> =>
  fn({ summary, returns: SELECTED, routes: REQUESTS, args: [], run: (context, state: Dispatcher) => setCurrent(state, context, mode) })

const exists: FunctionDef<Dispatcher> = fn({
  summary: 'Tells whether there is a set.',
  returns: { 1: 'there is', [-1]: 'there is not', [-2]: 'the argument is no number' },
  aliases: ['ds_list_exist'],
  routes: 'any',
  args: [set],
  run: (_context, state: Dispatcher, group) => {
    const setId = number(state, group, 'set id param')
    if (setId === undefined) return -2
    return state.sets?.get(setId) === undefined ? -1 : 1
  },
})

const looksUpNames = ({ params }: Dispatcher): boolean => (params.ds_dns_mode & DnsMode.always) !== 0
const mode = givenNumber('mode', 'As a sum: 1 any port, 2 any transport, 4 active ones only.')

const listed: FunctionDef<Dispatcher> = {
  summary: 'Tells whether the sender, or a URI, is a destination of a set; -1 for all sets.',
  returns: { 1: 'it is', [-1]: 'it is not' },
  forms: [
    form({
      routes: ['request', 'failure', 'onreply', 'branch'], args: [], kemi: 'ds_is_from_lists', mayWait: true, mayWaitIn: looksUpNames,
      run: (context, state: Dispatcher) => isSenderListed(state, context, ANY_SET, Match.noTransport),
    }),
    form({
      routes: 'any', args: [set], mayWait: true, mayWaitIn: looksUpNames,
      run: (context, state: Dispatcher, group) => {
        const setId = number(state, group, 'set id')
        return setId === undefined ? -1 : isSenderListed(state, context, setId, Match.noTransport)
      },
    }),
    form({
      routes: 'any', args: [set, mode], kemi: 'ds_is_from_list_mode', mayWait: true, mayWaitIn: looksUpNames,
      run: (context, state: Dispatcher, group, bits) => {
        const setId = number(state, group, 'set id')
        const flags = setId === undefined ? undefined : number(state, bits, 'mode')
        return setId === undefined || flags === undefined ? -1 : isSenderListed(state, context, setId, flags)
      },
    }),
    form({
      routes: 'any',
      args: [set, mode, arg.str('uri', 'URI in place of the sender\'s address.')],
      kemi: 'ds_is_from_list_uri',
      mayWait: true,
      run: (context, state: Dispatcher, group, bits, uri) => {
        const setId = number(state, group, 'set id')
        const flags = setId === undefined ? undefined : number(state, bits, 'mode')
        return setId === undefined || flags === undefined ? -1 : isUriListed(state, context, setId, flags, uri)
      },
    }),
  ],
}

const mark: FunctionDef<Dispatcher> = {
  summary: 'Gives the current destination a state: a active, i inactive, t trying, d disabled; with p it is pinged.',
  returns: { 1: 'done', [-1]: 'there is no such destination, or state' },
  forms: [
    form({
      routes: MARKABLE, args: [], mayWait: true,
      run: (context, state: Dispatcher) => markCurrent(state, context, stateOfLetters('i') ?? 0),
    }),
    form({
      routes: MARKABLE, args: [arg.literal('state', 'The letters.')], kemi: 'ds_mark_dst_state', mayWait: true,
      run: (context, state: Dispatcher, letters) => {
        const wanted = stateOfLetters(letters)
        if (wanted !== undefined) return markCurrent(state, context, wanted)
        state.host.log.warning('dispatcher', `Failed to parse state flags: ${letters}\\`)
        return -1
      },
    }),
  ],
}

const active: FunctionDef<Dispatcher> = {
  summary: 'Tells whether a set has a destination that takes calls, or whether that of a URI does.',
  forms: [
    form({
      routes: 'any', args: [set],
      run: (_context, state: Dispatcher, group) => {
        const setId = number(state, group, 'set id')
        return setId === undefined ? -1 : isActive(state, setId, undefined)
      },
    }),
    form({
      routes: 'any', args: [set, arg.str('uri', 'URI of the destination, as the list has it.')], kemi: 'ds_is_active_uri',
      run: (_context, state: Dispatcher, group, uri) => {
        const setId = number(state, group, 'set id')
        return setId === undefined ? -1 : isActive(state, setId, uri)
      },
    }),
  ],
}

const routes: FunctionDef<Dispatcher> = {
  summary: 'Selects destinations of several sets, each with an algorithm: `1=4;2=8`.',
  returns: SELECTED,
  forms: [
    form({
      routes: REQUESTS,
      args: [
        arg.str('rules', 'Sets and algorithms.'),
        arg.str('mode', 'Where the first goes: d destination URI, r Request-URI, x XAVP only.'),
      ],
      run: (context, state: Dispatcher, rules, where) => selectRoutes(state, context, rules, where, 0),
    }),
    form({
      routes: REQUESTS,
      kemi: 'ds_select_routes_limit',
      args: [arg.str('rules', 'Sets and algorithms.'), arg.str('mode', 'Where the first goes.'), limit],
      run: (context, state: Dispatcher, rules, where, most) => {
        if (most.number !== undefined && most.text !== '') return selectRoutes(state, context, rules, where, most.number)
        state.host.log.error('<core>', 'Could not convert PV to int')
        return fail(state, 'failed to get limit parameter')
      },
    }),
  ],
}

export default defineModule({
  name: 'dispatcher',
  summary: 'Spreads requests over sets of destinations, finds out which of them answer, and goes to the next when one fails.',
  area: 'routing',
  params: dispatcherParams,
  eventCallbacks: { event_callback: ['dispatcher:dst-up', 'dispatcher:dst-down'] },
  setup(host, params): Dispatcher | SetupError {
    if (!ReplyCodes.isReadable(params.ds_ping_reply_codes)) return new SetupError('ds_ping_reply_codes cannot be read')
    return {
      host, params,
      thresholds: { probing: params.ds_probing_threshold, inactive: params.ds_inactive_threshold },
      sets: undefined,
      loads: params.ds_hash_size > 0 ? new CallLoads() : undefined,
      replyCodes: new ReplyCodes(),
      outcomes: new WeakMap(),
      database: undefined, hashText: undefined, setIdVariable: undefined, attributesVariable: undefined, defaultSocket: undefined,
      changing: Promise.resolve(), pingState: 1, reloadedAt: 0, eventCount: 0, stops: [],
    }
  },
  start: startDispatcher,
  stop(state) {
    for (const end of state.stops.splice(0)) end()
  },
  functions: {
    ds_select_dst: selecting('Selects a destination of a set, and sends the request there.', REQUESTS, Push.destination, 'ds_select_dst'),
    ds_select_domain: selecting(
      'Selects a destination, and puts it into the Request-URI, whose user stays.', REQUESTS, Push.domain, 'ds_select_domain',
    ),
    ds_select: selecting('Selects destinations into the XAVP, and leaves the request as it is.', 'any', Push.xavp, 'ds_select'),
    ds_select_routes: routes,
    ds_next_dst: going('Sends the request to the next destination.', Push.destination),
    ds_next_domain: going('Puts the next destination into the Request-URI.', Push.domain),
    ds_set_dst: setting('Sends the request to the current destination.', Push.destination),
    ds_set_domain: setting('Puts the current destination into the Request-URI.', Push.domain),
    ds_mark_dst: mark,
    ds_is_from_list: listed,
    ds_list_exists: exists,
    ds_is_active: active,
    ds_load_update: fn({
      summary: 'Counts calls for algorithm 10: BYE and CANCEL end one, a 2xx to INVITE answers it.',
      routes: 'any',
      args: [],
      run: (context, state: Dispatcher) => updateLoad(state, context),
    }),
    ds_load_unset: fn({
      summary: 'Counts the call no more that the current destination has.',
      routes: 'any',
      args: [],
      run: (context, state: Dispatcher) => unsetLoad(state, context),
    }),
    ds_reload: fn({
      summary: 'Reads all sets anew.',
      returns: { 1: 'done', [-1]: 'that failed, or came too soon behind the last time' },
      routes: 'any',
      mayWait: true,
      args: [],
      run: async (_context, state: Dispatcher) => (mayReload(state) && (await reloadSets(state)) ? 1 : -1),
    }),
  },
  variables: {
    dsv: variableFamily('In event routes: what made the state change (code, reason, flags).', { inner: 'required' }, (inner) => {
      if (inner !== 'code' && inner !== 'reason' && inner !== 'flags') return `$dsv has no ${inner ?? ''}`
      return { get: (context, state: Dispatcher) => state.outcomes.get(context)?.[inner] ?? null }
    }),
  },
  rpc: dispatcherRpc,
  events,
})
