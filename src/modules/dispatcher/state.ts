import type { Database } from '../../db/database.ts'
import type { FormatText, ParamValues, VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import type { ListenSocket } from '../../sip/endpoint.ts'
import type { CallLoads } from './call-loads.ts'
import type { DestinationSets } from './destination-set.ts'
import type { dispatcherParams } from './params.ts'
import type { ReplyCodes } from './reply-codes.ts'
import type { Outcome } from './state-events.ts'

export interface Dispatcher {
  readonly host: Host
  readonly params: ParamValues<typeof dispatcherParams>
  /** As they were at the start: `cfg.set` changes what `cfg.get` shows and nothing else, as in Kamailio. */
  readonly thresholds: { readonly probing: number; readonly inactive: number }
  /** Undefined until they are loaded, or where the list is empty. */
  sets: DestinationSets | undefined
  /** Who counts calls for algorithm 10; undefined where nobody does. */
  readonly loads: CallLoads | undefined
  readonly replyCodes: ReplyCodes
  /** What an event route is told, by its context. */
  readonly outcomes: WeakMap<RouteContext, Outcome>
  /** From `start` on, where they are used. */
  database: Database | undefined
  hashText: FormatText | undefined
  setIdVariable: VariableHandle | undefined
  attributesVariable: VariableHandle | undefined
  defaultSocket: ListenSocket | undefined
  /** Whether pings are sent (dispatcher.ping_active); 0 stops them. */
  pingState: number
  /** Changes of the sets are made one after the other: what the next one waits for. */
  changing: Promise<unknown>
  /** In seconds since 1970; 0 before the first. */
  reloadedAt: number
  /** Counts the requests made up for event routes (`$mi`). */
  eventCount: number
  /** What ends the timers. */
  readonly stops: (() => void)[]
}

export const fail = ({ host }: Pick<Dispatcher, 'host'>, text: string): -1 => {
  host.log.error('dispatcher', text)
  return -1
}
