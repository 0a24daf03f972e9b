import { addressBytes, addressFamily, addressOfBytes } from '../../base/address.ts'
import { LogLevel } from '../../base/log.ts'
import type { Counter } from '../../base/statistics.ts'
import { arg, defineModule, fn, param, RpcFault, RpcStruct, type FunctionDef, type RpcAnswer, type RpcDef } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { every } from '../../runtime/timer-process.ts'
import { bytesOf, IpTree, type IpNode } from './ip-tree.ts'

interface Pike {
  readonly host: Host
  readonly level: LogLevel
  readonly tree: IpTree
  readonly blocked: Counter
  readonly samplingMs: number
  readonly startedMs: number
  readonly stops: (() => void)[]
}

const RESULTS: FunctionDef['returns'] = {
  1: 'it may go on', [-1]: 'the address is blocked, or is none', [-2]: 'the address has just been blocked',
}

const levels: readonly LogLevel[] = Object.values(LogLevel)

const secondsOf = ({ host, startedMs }: Pike): number => Math.floor((host.clock.monotonic() - startedMs) / 1000)

function report({ host, level }: Pike, text: string): void {
  host.log.write({ level, origin: 'pike: ', text: `PIKE - ${text}` })
}

const nodeText = ({ serial }: IpNode): string => `0x${serial.toString(16)}`

/** Counts a packet from an address. Without memory for more it may go on, as in Kamailio. */
function check(pike: Pike, address: string): number {
  const bytes = addressBytes(address)
  const hit = bytes && pike.tree.hit(bytes, secondsOf(pike))
  if (hit === undefined || hit.verdict === 'fine') return 1
  if (hit.verdict === 'is red') return -1
  pike.blocked.increment()
  report(pike, `BLOCKing ip ${address}, node=${nodeText(hit.node)}`)
  return -2
}

/** As Kamailio: IPv4 addresses alone, and no names. */
function checkText(pike: Pike, address: string): number {
  if (address === '') return -1
  if (addressFamily(address) === 4) return check(pike, address)
  pike.host.log.error('pike', `failed to parse ip address: ${address}`)
  return -1
}

function start(pike: Pike): void {
  const { clock } = pike.host
  pike.stops.push(
    every(clock, pike.samplingMs, () => {
      for (const node of pike.tree.turn()) report(pike, `UNBLOCKing node ${nodeText(node)}`)
    }),
    every(clock, 1000, () => pike.tree.expire(secondsOf(pike))),
  )
}

const filters: Readonly<Record<string, (tree: IpTree, node: IpNode) => boolean>> = {
  HOT: (tree, node) => tree.isHot(node),
  WARM: (tree, node) => tree.isWarm(node),
  ALL: () => true,
}

function show(pike: Pike, given: string): RpcAnswer {
  const filter = given.toUpperCase()
  const matches = Object.hasOwn(filters, filter) ? filters[filter] : undefined
  if (matches === undefined) return new RpcFault(500, 'Bad argument. Select: ALL, HOT or WARM')
  const { tree } = pike
  const now = secondsOf(pike)
  const leaves = tree.leaves().filter((node) => matches(tree, node))
  return [new RpcStruct()
    .add('max_hits', tree.maxHits)
    .add('list', leaves.map((node) => new RpcStruct()
      .add('ip_addr', addressOfBytes(bytesOf(node)))
      .add('leaf_hits_prev', node.leafHitsBefore).add('leaf_hits_curr', node.leafHits)
      .add('expires', node.expires - now)
      .add('status', tree.isHot(node) ? 'HOT' : tree.isWarm(node) ? 'WARM' : '')))
    .add('number_of_rows', leaves.length)]
}

const top: RpcDef<Pike> = {
  summary: 'Shows busy addresses: HOT ones, or WARM, or ALL.',
  run: (pike, _params, call) => show(pike, call.text(0) ?? 'HOT'),
}

export default defineModule({
  name: 'pike',
  summary: 'Blocks addresses that send too many requests.',
  area: 'security',
  params: {
    sampling_time_unit: param.int(2, 'Seconds in which requests are counted.'),
    reqs_density_per_unit: param.int(30, 'So many requests from one address in that time are too many.'),
    remove_latency: param.int(120, 'Seconds for which an address is remembered behind its last request.'),
    pike_log_level: param.int(LogLevel.warn, 'Level of the lines that tell which addresses are blocked and freed.'),
  },
  setup: (host, params): Pike => ({
    host,
    level: levels.find((level) => level === params.pike_log_level) ?? LogLevel.dbg,
    tree: new IpTree(params.reqs_density_per_unit, params.remove_latency),
    blocked: host.statistics.counter('pike', 'blocked_ips'),
    samplingMs: Math.max(params.sampling_time_unit, 1) * 1000,
    startedMs: host.clock.monotonic(),
    stops: [],
  }),
  start,
  stop({ stops }) {
    for (const stop of stops) stop()
  },
  functions: {
    pike_check_req: fn({
      summary: 'Counts the request for its source address; false once that sends too many.',
      returns: RESULTS,
      routes: ['request', 'onreply'],
      args: [],
      run: (context, pike: Pike) => check(pike, context.message.received.sourceAddress),
    }),
    pike_check_ip: fn({
      summary: 'The same for an IPv4 address in a text.',
      returns: RESULTS,
      routes: ['request', 'onreply'],
      args: [arg.str('ipaddr', 'The address.')],
      run: (_context, pike: Pike, address) => checkText(pike, address),
    }),
  },
  statistics: { blocked_ips: 'How often an address was blocked.' },
  rpc: { 'pike.top': top, 'pike.list': { ...top, summary: 'The same as pike.top.' } },
})
