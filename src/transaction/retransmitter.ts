import { IDLE, type WheelTimer } from '../base/timer-wheel.ts'
import type { Target } from '../sip/endpoint.ts'
import type { TransactionLayer } from './layer.ts'

/** No time: of a retransmission or an end that is not awaited. */
const NEVER = -1

/** Whom it tells when the time is over in which an answer was awaited. */
export interface Awaiting {
  expired(retransmitter: Retransmitter): void
}

/**
 * A message on its way to one peer: sent again until somebody answers (RFC 3261 §17.1.1.2, timers A, E, G), for a time
 * that ends (timers B, F, H). One timer of the wheel serves both. Times are in milliseconds of the layer's clock.
 */
export class Retransmitter implements WheelTimer {
  text = ''
  target: Target | undefined = undefined
  private readonly layer: TransactionLayer
  private readonly awaiting: Awaiting
  nextTimer: WheelTimer | undefined = undefined
  previousTimer: WheelTimer | undefined = undefined
  due: number = IDLE
  private intervalMs = 0
  private intervalMaxMs = 0
  private repeatsAt = NEVER
  private endsAt = NEVER

  constructor(layer: TransactionLayer, awaiting: Awaiting) {
    this.layer = layer
    this.awaiting = awaiting
  }

  get isWaiting(): boolean {
    return this.endsAt !== NEVER
  }

  /** Sends again after `firstMs`, then each time twice as long up to `maxMs`. Streams are reliable: nothing is repeated there. */
  repeat(firstMs: number, maxMs: number): void {
    if (this.target === undefined || this.target.transport !== 'udp' || firstMs <= 0) return
    this.intervalMs = firstMs
    this.intervalMaxMs = maxMs
    this.repeatsAt = this.layer.now() + firstMs
    this.schedule()
  }

  /** Goes on repeating, but no sooner than the longest interval (RFC 3261 §17.1.2.2: a request that was answered provisionally). */
  slowDown(maxMs: number): void {
    if (this.repeatsAt === NEVER) return
    this.intervalMs = maxMs
    this.intervalMaxMs = maxMs
    this.repeatsAt = this.layer.now() + maxMs
    this.schedule()
  }

  stopRepeating(): void {
    this.repeatsAt = NEVER
    this.schedule()
  }

  /** Gives up after so many milliseconds from now. */
  endAfter(delayMs: number): void {
    this.endsAt = this.layer.now() + Math.max(0, delayMs)
    this.schedule()
  }

  /** Nothing is sent again and nothing is awaited. */
  stop(): void {
    this.repeatsAt = NEVER
    this.endsAt = NEVER
    this.layer.wheel.stop(this)
  }

  timeout(): void {
    const now = this.layer.now()
    if (this.endsAt !== NEVER && now >= this.endsAt) {
      this.stop()
      this.awaiting.expired(this)
      return
    }
    if (this.repeatsAt !== NEVER && now >= this.repeatsAt) {
      this.intervalMs = Math.min(2 * this.intervalMs, this.intervalMaxMs)
      this.repeatsAt = now + this.intervalMs
      this.layer.retransmit(this)
    }
    this.schedule()
  }

  private schedule(): void {
    const { repeatsAt, endsAt } = this
    const next = repeatsAt === NEVER ? endsAt : endsAt === NEVER ? repeatsAt : Math.min(repeatsAt, endsAt)
    if (next === NEVER) this.layer.wheel.stop(this)
    else this.layer.wheel.start(this, next - this.layer.now())
  }
}
