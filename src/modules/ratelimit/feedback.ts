/** A PID controller: drops so many requests of a hundred that the load stays at a set point. */
export class Feedback {
  ki = -25
  kp = 0
  kd = 0
  setPoint = 0
  /** Of a hundred requests. */
  dropRate = 0
  #integral = 0
  #last = 0

  /** Gets to know the load, 0 to 1. */
  update(load: number): void {
    const error = this.setPoint - load
    const change = error - this.#last
    // A long quiet time must not count against a busy one.
    if (this.#integral < 0 || error < 0) this.#integral += error
    this.#last = error
    this.dropRate = Math.max(0, Math.trunc(this.kp * error + this.ki * this.#integral + this.kd * change))
  }
}
