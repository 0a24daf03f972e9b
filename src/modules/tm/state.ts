import type { ParamValues } from '../../define/define.ts'
import type { Host, RouteFunction } from '../../runtime/host.ts'
import { createTagMaker, type TagMaker } from '../../sip/to-tag.ts'
import { TransactionLayer, type TransactionHandlers } from '../../transaction/layer.ts'
import type { Times } from '../../transaction/transaction.ts'
import type { IsFailover } from './failover-codes.ts'
import type { TransactionWatcher } from './api.ts'
import type { tmParams } from './params.ts'
import type { TimerAvps } from './timer-avps.ts'
import type { Appended } from './written-appends.ts'
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
  /** Transactions of CANCELs that live: an INVITE may come behind its CANCEL. */
  cancels: number
  /** Modules that follow transactions; few configurations have any. */
  readonly watchers: TransactionWatcher[]
  /** From `start` on, where the parameters name them. */
  timerAvps: TimerAvps | undefined
  /** failover_reply_codes, where it is set. */
  isFailover: IsFailover | undefined
  /** tw_append by name. */
  readonly appends: ReadonlyMap<string, Appended>
  /** Makes Call-IDs in place of the usual ones. */
  makeCallId: (() => string) | undefined
  /** on_sl_reply, from `start` on. */
  statelessReply: RouteFunction | undefined
}

export function createTm(
  host: Host, params: TmParams, appends: ReadonlyMap<string, Appended>, handlersOf: (tm: Tm) => TransactionHandlers,
): Tm {
  const handlers: TransactionHandlers = {
    branchExpired: (branch) => handlersOf(tm).branchExpired(branch),
    removed: (transaction) => handlersOf(tm).removed(transaction),
  }
  const layer = new TransactionLayer({
    clock: host.clock,
    times: timesOf(params),
    handlers,
    send: (text, target) => host.network.send(text, target),
    salt: host.random.hex(12),
    rules: params,
  })
  const tm: Tm = {
    host,
    params,
    layer,
    tags: createTagMaker(host.random.hex(16), '-'),
    counters: createTmCounters(host.statistics, layer),
    events: { localRequest: undefined, localResponse: undefined, localResponseSent: undefined, localAckSent: undefined },
    cancels: 0,
    watchers: [],
    appends,
    isFailover: undefined,
    timerAvps: undefined,
    statelessReply: undefined,
    makeCallId: undefined,
  }
  return tm
}

/** Reads the parameters, which may change while the server runs. Transactions share the answer as long as they do not. */
function timesOf(params: TmParams): () => Times {
  const read = (): Times => ({
    frMs: params.fr_timer,
    frInviteMs: params.fr_inv_timer,
    retr1Ms: params.retr_timer1,
    retr2Ms: params.retr_timer2,
    waitMs: params.wt_timer,
    inviteLifetimeMs: params.max_inv_lifetime,
    otherLifetimeMs: params.max_noninv_lifetime,
  })
  let known = read()
  return () => {
    const isKnown = params.fr_timer === known.frMs && params.fr_inv_timer === known.frInviteMs && params.retr_timer1 === known.retr1Ms
      && params.retr_timer2 === known.retr2Ms && params.wt_timer === known.waitMs
      && params.max_inv_lifetime === known.inviteLifetimeMs && params.max_noninv_lifetime === known.otherLifetimeMs
    return isKnown ? known : (known = read())
  }
}
