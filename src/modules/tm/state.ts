import type { ParamValues } from '../../define/define.ts'
import type { Host, RouteFunction } from '../../runtime/host.ts'
import { createTagMaker, type TagMaker } from '../../sip/to-tag.ts'
import { TransactionLayer, type TransactionHandlers } from '../../transaction/layer.ts'
import type { tmParams } from './params.ts'
import { createTmCounters, type TmCounters } from './statistics.ts'

export type TmParams = ParamValues<typeof tmParams>

/** Event routes that tm runs; undefined where the configuration has none. */
export interface TmEvents {
  localRequest: RouteFunction | undefined
  localResponse: RouteFunction | undefined
  localResponseSent: RouteFunction | undefined
  localAckSent: RouteFunction | undefined
}

/** The state of the module. */
export interface Tm {
  readonly host: Host
  readonly params: TmParams
  readonly layer: TransactionLayer
  readonly tags: TagMaker
  readonly counters: TmCounters
  readonly events: TmEvents
}

export function createTm(host: Host, params: TmParams, handlersOf: (tm: Tm) => TransactionHandlers): Tm {
  const handlers: TransactionHandlers = {
    branchExpired: (branch) => handlersOf(tm).branchExpired(branch),
  }
  const layer = new TransactionLayer({
    clock: host.clock,
    times: {
      frMs: params.fr_timer,
      frInviteMs: params.fr_inv_timer,
      retr1Ms: params.retr_timer1,
      retr2Ms: params.retr_timer2,
      waitMs: params.wt_timer,
      inviteLifetimeMs: params.max_inv_lifetime,
      otherLifetimeMs: params.max_noninv_lifetime,
    },
    handlers,
    send: (text, target) => host.network.send(text, target),
    salt: host.random.hex(12),
    matchesRequestUri: () => params.ruri_matching !== 0,
  })
  const tm: Tm = {
    host,
    params,
    layer,
    tags: createTagMaker(host.random.hex(16), '-'),
    counters: createTmCounters(host.statistics, layer),
    events: { localRequest: undefined, localResponse: undefined, localResponseSent: undefined, localAckSent: undefined },
  }
  return tm
}

