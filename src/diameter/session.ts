/** Sessions by their Session-Id (RFC 6733 §8): what they are told about is what is sent and received with that id. */
import type { Clock } from '../base/clock.ts'
import type { Random } from '../base/random.ts'
import { IDLE, type TimerWheel, type WheelTimer } from '../base/timer-wheel.ts'
import { AuthSession, type AuthRole } from './auth-session.ts'
import { findAvp, textOf } from './avp.ts'
import { Code } from './capabilities.ts'
import type { DiameterConfig } from './config.ts'
import { CreditSession } from './credit-session.ts'
import type { DiameterMessage } from './message.ts'
import type { Peer } from './peer.ts'

export type SessionEvent =
  | 'created' | 'opened' | 'modified' | 'refused' | 'reservation ends' | 'lifetime over' | 'grace over' | 'timeout' | 'aborted' | 'ended'

export type SessionListener = (event: SessionEvent, session: Session, message: DiameterMessage | undefined) => void
export type Session = AuthSession | CreditSession

/** What is sent on behalf of a session. */
export type SessionAction = 'terminate' | 'drop' | undefined

/** More sessions at a time are refused. */
const SESSIONS_MAX = 200_000

export interface SessionWorld {
  readonly clock: Clock
  readonly random: Random
  readonly wheel: TimerWheel
}

export class Sessions {
  readonly #config: DiameterConfig
  readonly #world: SessionWorld
  readonly #byId = new Map<string, Entry>()
  readonly #high: number
  #low = 0
  /** Sends an STR for a session whose time is over; the node puts it in. */
  terminate: (session: AuthSession) => void = () => undefined

  constructor(config: DiameterConfig, world: SessionWorld) {
    this.#config = config
    this.#world = world
    // §8.8: the time, so that a restart does not repeat ids.
    this.#high = ((world.random.integer(0x1_0000) << 16) + (this.now() & 0xffff)) >>> 0
  }

  get size(): number {
    return this.#byId.size
  }

  /** Seconds since 1970. */
  now(): number {
    return Math.floor(this.#world.clock.now() / 1000)
  }

  /** A Session-Id that was not there before: `identity;high;low`. */
  newId(): string {
    this.#low = (this.#low + 1) >>> 0
    return `${this.#config.fqdn};${this.#high};${this.#low}`
  }

  get(id: string): Session | undefined {
    return this.#byId.get(id.toLowerCase())?.session
  }

  /** Undefined when there are too many. The server's side has the id of the request that begins it. */
  openAuth(role: AuthRole, listener: SessionListener, id = this.newId()): AuthSession | undefined {
    const { defaultAuthSessionTimeoutSeconds, maxAuthSessionTimeoutSeconds } = this.#config
    return this.#enter(new AuthSession(id, role, this.now(), defaultAuthSessionTimeoutSeconds, maxAuthSessionTimeoutSeconds), listener)
  }

  /** A session of credit control (RFC 8506), or of accounting; undefined when there are too many. */
  openCredit(listener: SessionListener, id = this.newId()): CreditSession | undefined {
    return this.#enter(new CreditSession(id), listener)
  }

  drop(session: Session): void {
    const key = session.id.toLowerCase()
    const entry = this.#byId.get(key)
    if (entry?.session !== session) return
    this.#byId.delete(key)
    this.#world.wheel.stop(entry)
    entry.listener('ended', session, undefined)
  }

  sent(message: DiameterMessage, peer: Peer): void {
    const entry = this.#of(message)
    if (entry === undefined) return
    entry.session.stickyPeer = peer
    this.#report(entry, entry.session.sent(message, this.now()), message)
  }

  received(message: DiameterMessage): void {
    const entry = this.#of(message)
    if (entry !== undefined) this.#report(entry, entry.session.received(message, this.now()), message)
  }

  close(): void {
    for (const entry of this.#byId.values()) this.#world.wheel.stop(entry)
    this.#byId.clear()
  }

  #enter<S extends Session>(session: S, listener: SessionListener): S | undefined {
    const key = session.id.toLowerCase()
    if (this.#byId.size >= SESSIONS_MAX || this.#byId.has(key)) return undefined
    const entry = new Entry(session, listener, (due) => this.#onDue(due))
    this.#byId.set(key, entry)
    this.#arm(entry)
    listener('created', session, undefined)
    return session
  }

  #of(message: DiameterMessage): Entry | undefined {
    if (this.#byId.size === 0) return undefined
    const id = textOf(findAvp(message.avps, Code.sessionId))
    return id === undefined ? undefined : this.#byId.get(id.toLowerCase())
  }

  #onDue(entry: Entry): void {
    this.#report(entry, entry.session.tick(this.now()), undefined)
  }

  #report(entry: Entry, { events, action }: SessionStep, message: DiameterMessage | undefined): void {
    for (const event of events) entry.listener(event, entry.session, message)
    if (action === 'terminate' && entry.session instanceof AuthSession) this.terminate(entry.session)
    if (action === 'drop') this.drop(entry.session)
    else if (this.#byId.get(entry.session.id.toLowerCase()) === entry) this.#arm(entry)
  }

  #arm(entry: Entry): void {
    const due = entry.session.dueAt()
    if (due === undefined) this.#world.wheel.stop(entry)
    else this.#world.wheel.start(entry, Math.max(1_000, due * 1000 - this.#world.clock.now()))
  }
}

/** What came of a message, or of time: whom to tell, and what to do. */
export interface SessionStep {
  readonly events: readonly SessionEvent[]
  readonly action?: SessionAction
}

class Entry implements WheelTimer {
  nextTimer: WheelTimer | undefined
  previousTimer: WheelTimer | undefined
  due = IDLE
  readonly session: Session
  readonly listener: SessionListener
  readonly #onDue: (entry: Entry) => void

  constructor(session: Session, listener: SessionListener, onDue: (entry: Entry) => void) {
    this.session = session
    this.listener = listener
    this.#onDue = onDue
  }

  timeout(): void {
    this.#onDue(this)
  }
}
