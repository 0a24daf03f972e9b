import { RpcDouble, RpcFault, RpcNamedList, RpcStruct, type RpcAnswer, type RpcCall, type RpcDef } from '../../define/define.ts'
import { withBrackets } from '../../base/address.ts'
import { State, stateLetters, type Destination } from './destination.ts'
import type { DestinationSet } from './destination-set.ts'
import { hashOf } from './hash-keys.ts'
import { addEntry, removeEntries } from './load.ts'
import { inOrder, mayReload, reloadSets } from './reload.ts'
import { setState } from './state-change.ts'
import { fail, type Dispatcher } from './state.ts'

const INVALID = new RpcFault(500, 'Invalid Parameters')
const ONGOING = new RpcFault(500, 'Ongoing reload')

async function reload(state: Dispatcher): Promise<RpcAnswer> {
  if (!mayReload(state)) return ONGOING
  return (await reloadSets(state)) ? ['Ok. Dispatcher successfully reloaded.'] : new RpcFault(500, 'Reload Failed')
}

function list(state: Dispatcher, call: RpcCall): RpcAnswer {
  const { sets } = state
  if (sets === undefined) return new RpcFault(500, 'No Destination Sets')
  const given = call.count > 0 ? call.anyText(0) : undefined
  const detail = given === 'short' || given === 'full' ? given : 'usual'
  const records = new RpcNamedList()
  for (const set of sets.all) {
    const targets = new RpcNamedList()
    for (const destination of set.destinations) targets.add('DEST', record(state, destination, detail))
    records.add('SET', new RpcStruct().add('ID', set.id).add('TARGETS', targets))
  }
  return [new RpcStruct().add('NRSETS', sets.all.length).add('RECORDS', records)]
}

function record(state: Dispatcher, destination: Destination, detail: 'short' | 'usual' | 'full'): RpcStruct {
  const { attributes, latency } = destination
  const shown = new RpcStruct()
    .add('URI', destination.uri).add('FLAGS', stateLetters(destination.flags)).add('PRIORITY', destination.priority)
  if (detail === 'full') addAddress(state, shown, destination)
  if (detail !== 'short' && attributes.body !== '') {
    const text = (value: string): string | null => (value === '' ? null : value)
    shown.add('ATTRS', new RpcStruct()
      .add('BODY', attributes.body).add('DUID', text(attributes.duid)).add('MAXLOAD', attributes.maxload)
      .add('WEIGHT', attributes.weight).add('RWEIGHT', destination.rweight).add('SOCKET', text(attributes.socket))
      .add('SOCKNAME', text(attributes.sockname)).add('OBPROXY', text(attributes.obproxy)))
  }
  if (state.params.ds_ping_latency_stats !== 0) {
    shown.add('LATENCY', new RpcStruct()
      .add('AVG', thousandths(latency.average)).add('STD', thousandths(latency.deviation)).add('EST', thousandths(latency.estimate))
      .add('MAX', latency.max).add('TIMEOUT', latency.timeouts))
  }
  if (state.loads !== undefined) shown.add('RUNTIME', new RpcStruct().add('DLGLOAD', destination.load))
  return shown
}

const thousandths = (ms: number): RpcDouble => new RpcDouble(Math.trunc(ms * 1000) / 1000)

function addAddress({ host }: Dispatcher, shown: RpcStruct, destination: Destination): void {
  const { address, lookedUpAtMs } = destination
  if (address === '') host.log.write({ level: -2, origin: '<core>: ', text: 'unknown address family 0' })
  shown
    .add('HOST', destination.host).add('IPADDR', withBrackets(address))
    .add('PORT', destination.foundPort ?? destination.port)
    .add('PROTOID', destination.foundTransportNumber ?? destination.transportNumber)
    .add('DNSTIME_SEC', Math.floor(lookedUpAtMs / 1000)).add('DNSTIME_USEC', Math.round((lookedUpAtMs % 1000) * 1000))
}

/** The state of one destination, or of `all` in a set. */
function changeByRpc(
  state: Dispatcher, call: RpcCall, find: (set: DestinationSet, key: string) => Destination | undefined, name: string,
): RpcAnswer {
  const letters = call.anyText(0)
  const setId = letters === undefined ? undefined : call.int(1)
  const key = setId === undefined ? undefined : call.text(2)
  if (letters === undefined || setId === undefined || key === undefined) return INVALID
  if (letters === '') {
    fail(state, 'bad state value')
    return new RpcFault(500, 'Invalid State Parameter')
  }
  const wanted = stateOf(letters)
  if (wanted === undefined) {
    fail(state, 'unknown state value')
    return new RpcFault(500, 'Unknown State Value')
  }
  const set = state.sets?.get(setId)
  if (set === undefined) fail(state, state.sets === undefined ? 'the list is null' : `destination set [${setId}] not found`)
  if (key === 'all') {
    for (const destination of set?.destinations ?? []) if (set !== undefined) setState(set, destination, wanted)
    return ['Ok. Dispatcher state updated.']
  }
  const destination = set && find(set, key)
  if (set === undefined || destination === undefined) {
    if (set !== undefined) fail(state, `destination ${name} [${setId} : ${key}] not found`)
    return new RpcFault(500, 'State Update Failed')
  }
  setState(set, destination, wanted)
  return ['Ok. Dispatcher state updated.']
}

/** By the first letter; a `p` behind it for pings, but for those that are disabled. */
function stateOf(letters: string): number | undefined {
  const probing = letters.charAt(1).toLowerCase() === 'p' ? State.probing : 0
  switch (letters.charAt(0).toLowerCase()) {
    case 'a': return probing
    case 'i': return State.inactive | probing
    case 't': return State.trying | probing
    case 'd': return State.disabled
    default: return undefined
  }
}

function pingActive(state: Dispatcher, call: RpcCall): RpcAnswer {
  const old = state.pingState
  const wanted = call.count > 0 ? call.int(0) : undefined
  if (wanted === undefined) return [new RpcStruct().add('OldPingState', old)]
  state.pingState = wanted
  return [new RpcStruct().add('NewPingState', wanted).add('OldPingState', old)]
}

async function add(state: Dispatcher, call: RpcCall): Promise<RpcAnswer> {
  const setId = call.int(0)
  const uri = setId === undefined ? undefined : call.text(1)
  const flags = call.count > 2 ? call.int(2) : 0
  const priority = call.count > 3 ? call.int(3) : 0
  const attributes = call.count > 4 ? call.text(4) : ''
  if (setId === undefined || uri === undefined || flags === undefined || priority === undefined || attributes === undefined) return INVALID
  if (!mayReload(state)) return ONGOING
  await inOrder(state, () => addEntry(state, { setId, uri, flags, priority, attributes }))
  return ['Ok. Dispatcher destination added.']
}

async function remove(state: Dispatcher, call: RpcCall): Promise<RpcAnswer> {
  const setId = call.int(0)
  const uri = setId === undefined ? undefined : call.text(1)
  if (setId === undefined || uri === undefined) return INVALID
  if (!mayReload(state)) return ONGOING
  await inOrder(state, () => removeEntries(state, setId, uri))
  return ['Ok. Dispatcher destination removed.']
}

function hash(_state: Dispatcher, call: RpcCall): RpcAnswer {
  const slots = call.int(0)
  const first = slots === undefined ? undefined : call.text(1)
  const second = call.count > 2 ? call.text(2) : ''
  if (slots === undefined || first === undefined || second === undefined) return INVALID
  const id = hashOf(first, second)
  return [new RpcStruct().add('hashid', id | 0).add('slot', slots > 0 ? id % slots : 0)]
}

export const dispatcherRpc: Readonly<Record<string, RpcDef<Dispatcher>>> = {
  'dispatcher.reload': { summary: 'Reads all sets anew.', run: reload },
  'dispatcher.list': {
    summary: 'Shows sets and destinations; `short` without attributes, `full` with addresses.',
    run: (state, _params, call) => list(state, call),
  },
  'dispatcher.set_state': {
    summary: 'Gives a destination, or `all` of a set, a state: state, set, URI.',
    run: (state, _params, call) => changeByRpc(state, call, (set, uri) => set.find(uri), 'address'),
  },
  'dispatcher.set_duid_state': {
    summary: 'Gives the destination with that duid a state: state, set, duid.',
    run: (state, _params, call) => changeByRpc(state, call, (set, duid) => set.findDuid(duid), 'duid'),
  },
  'dispatcher.ping_active': {
    summary: 'Tells whether pings are sent, and switches them on (1) and off (0).',
    run: (state, _params, call) => pingActive(state, call),
  },
  'dispatcher.add': {
    summary: 'Adds a destination in memory: set, URI, flags, priority, attributes.',
    run: (state, _params, call) => add(state, call),
  },
  'dispatcher.remove': {
    summary: 'Takes destinations out of memory: set, URI.',
    run: (state, _params, call) => remove(state, call),
  },
  'dispatcher.hash': {
    summary: 'Shows where the hashing algorithms send a text: number of destinations, text, second text.',
    run: (state, _params, call) => hash(state, call),
  },
}
