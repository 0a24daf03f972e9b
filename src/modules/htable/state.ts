import { SetupError } from '../../define/define.ts'
import type { Database } from '../../db/database.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { RegexCache } from '../../runtime/regex.ts'
import { TimerProcess } from '../../runtime/timer-process.ts'
import { parseDefinition } from './definition.ts'
import { HashTable, Memory, type Item } from './hash-table.ts'
import { Iterators } from './iterators.ts'
import type { HtableParams } from './params.ts'
import { SlotLocks } from './slot-locks.ts'

/** What all tables may hold: some three million short items. */
const MEMORY_BYTES_MAX = 256 * 1024 * 1024

export interface Htable {
  readonly host: Host
  readonly params: HtableParams
  /** The one defined last is the first, as in Kamailio's lists. */
  readonly tables: ReadonlyMap<string, HashTable>
  readonly memory: Memory
  readonly patterns: RegexCache
  readonly iterators: Iterators
  readonly locks: SlotLocks
  /** Which item has expired, for event routes. */
  readonly expired: WeakMap<RouteContext, Item>
  readonly timer: TimerProcess
  /** Tables whose rows were read: only these are written back. */
  readonly loaded: Set<HashTable>
  database: Database | undefined
  stopTimer: () => void
}

export function setUp(host: Host, params: HtableParams): Htable | SetupError {
  if (params.enable_dmq !== 0 && !host.hasModule('dmq')) {
    return new SetupError('enable_dmq is set: tables are replicated by the module dmq, which must be loaded before')
  }
  const memory = new Memory(MEMORY_BYTES_MAX)
  const tables: HashTable[] = []
  for (const text of params.htable) {
    const definition = parseDefinition(String(text))
    if (typeof definition === 'string') return new SetupError(definition)
    if (tables.some((table) => table.definition.name === definition.name)) {
      return new SetupError(`htable already configured [${definition.name}]`)
    }
    if (definition.dmqreplicate !== 0 && params.enable_dmq === 0) {
      host.log.info('htable', `table ${definition.name} is not replicated: dmqreplicate counts with enable_dmq and the module dmq`)
    }
    tables.unshift(new HashTable(definition, memory))
  }
  return {
    host,
    params,
    tables: new Map(tables.map((table) => [table.definition.name, table])),
    memory,
    patterns: new RegexCache(),
    iterators: new Iterators(),
    locks: new SlotLocks(host.clock),
    expired: new WeakMap(),
    timer: new TimerProcess(host),
    loaded: new Set(),
    database: undefined,
    stopTimer: () => undefined,
  }
}

export const secondsNow = ({ host }: Htable): number => Math.floor(host.clock.now() / 1000)
