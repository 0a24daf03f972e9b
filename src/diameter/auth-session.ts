/** Sessions of authorization, the client's side and the server's, with state and without (RFC 6733 §8.1). */
import { findAvp, textOf, unsignedOf, type Avp } from './avp.ts'
import { Code, isSuccess, resultCodeOf } from './capabilities.ts'
import { Command, isRequest, type DiameterMessage } from './message.ts'
import type { Peer } from './peer.ts'
import type { SessionStep } from './session.ts'

export type AuthState = 'Idle' | 'Pending' | 'Open' | 'Discon'

export interface AuthRole {
  readonly side: 'client' | 'server'
  /** Whether the server keeps state (Auth-Session-State). */
  readonly isStateful: boolean
}

const AUTHORIZATION_LIFETIME = 291
const AUTH_GRACE_PERIOD = 276
const AUTH_SESSION_STATE = 277
const SESSION_TIMEOUT = 27
const NO_STATE_MAINTAINED = 1
const FOREVER = 0xffff_ffff
/** How long an answer to STR or ASR is waited for. */
const FAREWELL_SECONDS = 60

const NOTHING: SessionStep = { events: [] }

export class AuthSession {
  readonly id: string
  readonly role: AuthRole
  state: AuthState = 'Idle'
  applicationId = 0
  destinationHost = ''
  destinationRealm = ''
  /** The peer that the last request went to: the next one goes there as well, while it is open. */
  stickyPeer: Peer | undefined
  /** Seconds since 1970; undefined for never. */
  timeoutAt: number | undefined
  lifetimeAt: number | undefined
  graceSeconds = 0
  readonly #timeoutSeconds: number
  readonly #timeoutSecondsMax: number
  /** The end of the lifetime was told. */
  #isLifetimeTold = false

  constructor(id: string, role: AuthRole, now: number, timeoutSeconds: number, timeoutSecondsMax: number) {
    this.id = id
    this.role = role
    this.#timeoutSeconds = timeoutSeconds
    this.#timeoutSecondsMax = timeoutSecondsMax
    this.timeoutAt = now + timeoutSeconds
  }

  /** When `tick` is to be called next. */
  dueAt(): number | undefined {
    const grace = this.lifetimeAt === undefined ? undefined : this.lifetimeAt + (this.#isLifetimeTold ? this.graceSeconds : 0)
    if (grace === undefined || this.timeoutAt === undefined) return grace ?? this.timeoutAt
    return Math.min(grace, this.timeoutAt)
  }

  sent(message: DiameterMessage, now: number): SessionStep {
    if (isRequest(message)) return this.#sentRequest(message, now)
    if (this.role.side === 'client') {
      return message.commandCode === Command.abortSession && isSuccess(resultCodeOf(message)) ? this.#end('aborted', now) : NOTHING
    }
    if (message.commandCode === Command.sessionTermination) return { events: [], action: 'drop' }
    return this.#opened(message, now)
  }

  received(message: DiameterMessage, now: number): SessionStep {
    return isRequest(message) ? this.#receivedRequest(message, now) : this.#receivedAnswer(message, now)
  }

  tick(now: number): SessionStep {
    if (this.timeoutAt !== undefined && this.timeoutAt <= now) {
      return this.state === 'Discon' ? { events: [], action: 'drop' } : this.#end('timeout', now)
    }
    if (this.lifetimeAt === undefined || this.lifetimeAt > now) return NOTHING
    if (this.lifetimeAt + this.graceSeconds <= now) return this.#end('grace over', now)
    if (this.#isLifetimeTold) return NOTHING
    this.#isLifetimeTold = true
    return { events: ['lifetime over'] }
  }

  #sentRequest(message: DiameterMessage, now: number): SessionStep {
    this.applicationId = message.applicationId
    this.destinationRealm = textOf(findAvp(message.avps, Code.destinationRealm)) ?? this.destinationRealm
    if (message.commandCode === Command.sessionTermination || message.commandCode === Command.abortSession) {
      this.state = 'Discon'
      this.lifetimeAt = undefined
      this.timeoutAt = now + FAREWELL_SECONDS
    } else if (this.role.side === 'client' && this.state === 'Idle') this.state = 'Pending'
    return NOTHING
  }

  #receivedRequest(message: DiameterMessage, now: number): SessionStep {
    if (this.role.side === 'client') {
      return message.commandCode === Command.abortSession ? { events: ['aborted'] } : { events: ['modified'] }
    }
    this.applicationId = message.applicationId
    this.destinationHost = textOf(findAvp(message.avps, Code.originHost)) ?? this.destinationHost
    this.destinationRealm = textOf(findAvp(message.avps, Code.originRealm)) ?? this.destinationRealm
    if (message.commandCode === Command.sessionTermination) return this.#end('ended', now, 'Discon')
    this.#takeTimers(message.avps, now)
    return this.state === 'Open' ? { events: ['modified'] } : NOTHING
  }

  #receivedAnswer(message: DiameterMessage, now: number): SessionStep {
    const isFarewell = message.commandCode === Command.sessionTermination || message.commandCode === Command.abortSession
    if (isFarewell) return { events: [], action: 'drop' }
    if (this.role.side === 'server') return NOTHING
    this.destinationHost = textOf(findAvp(message.avps, Code.originHost)) ?? this.destinationHost
    return this.#opened(message, now)
  }

  /** An answer that grants or refuses: the client's received, or the server's own. */
  #opened(answer: DiameterMessage, now: number): SessionStep {
    if (!isSuccess(resultCodeOf(answer))) return this.state === 'Open' ? NOTHING : { events: ['refused'], action: 'drop' }
    const keepsState = this.role.isStateful && unsignedOf(findAvp(answer.avps, AUTH_SESSION_STATE)) !== NO_STATE_MAINTAINED
    if (!keepsState) return { events: [], action: 'drop' }
    this.#takeTimers(answer.avps, now)
    const isNew = this.state !== 'Open'
    this.state = 'Open'
    return { events: [isNew ? 'opened' : 'modified'] }
  }

  #end(event: 'timeout' | 'grace over' | 'aborted' | 'ended', now: number, state: AuthState = 'Discon'): SessionStep {
    const wasOpen = this.state === 'Open'
    this.state = state
    this.lifetimeAt = undefined
    this.timeoutAt = now + FAREWELL_SECONDS
    if (event === 'ended') return { events: [] }
    return { events: [event], action: wasOpen && this.role.side === 'client' ? 'terminate' : 'drop' }
  }

  #takeTimers(avps: readonly Avp[], now: number): void {
    const [lifetime, grace, timeout] = [AUTHORIZATION_LIFETIME, AUTH_GRACE_PERIOD, SESSION_TIMEOUT]
      .map((code) => unsignedOf(findAvp(avps, code)))
    if (grace !== undefined) this.graceSeconds = grace
    if (lifetime !== undefined) this.lifetimeAt = lifetime === FOREVER ? undefined : now + lifetime
    this.#isLifetimeTold = false
    if (timeout !== undefined) {
      const seconds = timeout === 0 ? this.#timeoutSeconds : Math.min(timeout, this.#timeoutSecondsMax)
      this.timeoutAt = timeout === FOREVER ? undefined : now + seconds
    }
    // A lifetime beyond the timeout moves it: the session is authorized that long.
    if (this.lifetimeAt !== undefined && this.timeoutAt !== undefined && this.timeoutAt < this.lifetimeAt) {
      this.timeoutAt = this.lifetimeAt + this.graceSeconds
    }
  }
}
