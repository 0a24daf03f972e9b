/** Sessions of credit control (RFC 8506 §7), and of accounting records (RFC 6733 §9), the client's side. */
import { AvpProblem, findAvp, ungroup, unsignedOf, type Avp } from './avp.ts'
import { isSuccess, resultCodeOf } from './capabilities.ts'
import { isRequest, type DiameterMessage } from './message.ts'
import type { Peer } from './peer.ts'
import type { SessionStep } from './session.ts'

export type CreditState = 'Idle' | 'PendingI' | 'PendingU' | 'PendingT' | 'PendingE' | 'Open' | 'Discon'

const Of = {
  ccRequestType: 416, ccTime: 420, finalUnitIndication: 430, grantedServiceUnit: 431, validityTime: 448,
  finalUnitAction: 449, multipleServicesCreditControl: 456, accountingRecordType: 480,
} as const

/** CC-Request-Type; an accounting record's type means the same, with the event in front. */
const PENDING: Readonly<Record<number, CreditState>> = { 1: 'PendingI', 2: 'PendingU', 3: 'PendingT', 4: 'PendingE' }
const RECORD_TYPES: Readonly<Record<number, number>> = { 1: 4, 2: 1, 3: 2, 4: 3 }
/** So long before its units are used up a session's owner is told. */
const WARNING_SECONDS = 15
/** How long an ended session is kept: its last answer may come late. */
const FAREWELL_SECONDS = 60

const NOTHING: SessionStep = { events: [] }

export class CreditSession {
  readonly id: string
  state: CreditState = 'Idle'
  applicationId = 0
  stickyPeer: Peer | undefined
  /** What the last answer granted, in seconds; 0 for nothing. */
  grantedSeconds = 0
  /** How long that may be used, in seconds; 0 when nothing was said. */
  validitySeconds = 0
  /** Final-Unit-Action; undefined when units are not the last. */
  finalUnitAction: number | undefined
  /** Seconds since 1970. */
  requestedAt = 0
  #endedAt: number | undefined
  #isWarned = false

  constructor(id: string) {
    this.id = id
  }

  dueAt(): number | undefined {
    if (this.#endedAt !== undefined) return this.#endedAt + FAREWELL_SECONDS
    const seconds = Math.min(this.grantedSeconds || Infinity, this.validitySeconds || Infinity)
    return this.state !== 'Open' || this.#isWarned || seconds === Infinity
      ? undefined
      : this.requestedAt + Math.max(0, seconds - WARNING_SECONDS)
  }

  tick(now: number): SessionStep {
    if (this.#endedAt !== undefined) return this.#endedAt + FAREWELL_SECONDS <= now ? { events: [], action: 'drop' } : NOTHING
    const due = this.dueAt()
    if (due === undefined || due > now) return NOTHING
    this.#isWarned = true
    return { events: ['reservation ends'] }
  }

  sent(message: DiameterMessage, now: number): SessionStep {
    if (!isRequest(message)) return NOTHING
    const record = unsignedOf(findAvp(message.avps, Of.accountingRecordType))
    const type = unsignedOf(findAvp(message.avps, Of.ccRequestType)) ?? (record === undefined ? undefined : RECORD_TYPES[record])
    const pending = type === undefined ? undefined : PENDING[type]
    const isExpected = this.state === 'Idle' ? pending === 'PendingI' || pending === 'PendingE' : pending !== 'PendingI'
    if (pending === undefined || !isExpected || this.state === 'Discon') return NOTHING
    this.state = pending
    this.applicationId = message.applicationId
    this.requestedAt = now
    this.#isWarned = false
    return NOTHING
  }

  received(message: DiameterMessage, now: number): SessionStep {
    // A re-authorization: whoever owns the session asks for new units.
    if (isRequest(message)) return { events: ['modified'] }
    const before = this.state
    if (before === 'PendingT' || before === 'PendingE') return this.#end(now, 'ended')
    if (before !== 'PendingI' && before !== 'PendingU') return NOTHING
    if (!isSuccess(resultCodeOf(message))) return this.#end(now, 'refused')
    this.state = 'Open'
    this.#takeUnits(message.avps)
    return { events: [before === 'PendingI' ? 'opened' : 'modified'] }
  }

  #end(now: number, event: 'ended' | 'refused'): SessionStep {
    this.state = 'Discon'
    this.#endedAt = now
    // `ended` is told when the session is dropped.
    return { events: event === 'refused' ? [event] : [] }
  }

  #takeUnits(avps: readonly Avp[]): void {
    const services = members(avps, Of.multipleServicesCreditControl) ?? avps
    const granted = members(services, Of.grantedServiceUnit)
    const final = members(services, Of.finalUnitIndication)
    this.grantedSeconds = unsignedOf(granted === undefined ? undefined : findAvp(granted, Of.ccTime)) ?? 0
    this.validitySeconds = unsignedOf(findAvp(services, Of.validityTime)) ?? 0
    this.finalUnitAction = unsignedOf(final === undefined ? undefined : findAvp(final, Of.finalUnitAction))
  }
}

function members(avps: readonly Avp[], code: number): readonly Avp[] | undefined {
  const avp = findAvp(avps, code)
  const inner = avp === undefined ? undefined : ungroup(avp.data)
  return inner instanceof AvpProblem ? undefined : inner
}
