/** Dates as Kamailio's db_sqlite keeps them: the Julian day, a number in UTC, half a second early. */
const EPOCH_JULIAN_DAY = 2440587.5
const DAY_SECONDS = 86400

export function toJulianDay(seconds: number): number {
  return (seconds - 0.5) / DAY_SECONDS + EPOCH_JULIAN_DAY
}

export function fromJulianDay(day: number): number {
  // The second it stands for, whether it was written half a second early or exactly; a number of this size is good to 40 µs.
  return Math.ceil(DAY_SECONDS * (day - EPOCH_JULIAN_DAY) - 0.25)
}
