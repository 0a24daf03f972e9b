/** Whether a moment lies within a time recurrence. */
import { dayNumber, daysInMonth, isLeapYear, localSeconds, localTime, type LocalTime } from './local-time.ts'
import type { List, ListEntry, Recurrence } from './recurrence.ts'

export function matchesRecurrence(rule: Recurrence, at: LocalTime): boolean {
  const { start, durationSeconds, until } = rule
  if (start === undefined) return true
  if (durationSeconds === 0 || at.time < start.time) return false
  if (at.time <= start.time + durationSeconds) return true
  if (until !== undefined && at.time >= until + durationSeconds) return false
  return isInterval(rule, start, at) && isTimeOfDay(rule, start, at) && isListed(rule, at)
}

/** Whether the moment's day, week, month or year is one of every so many since the start. */
function isInterval({ frequency, interval }: Recurrence, start: LocalTime, at: LocalTime): boolean {
  if (frequency === 'none') return false
  if (interval <= 1) return true
  return periodsBetween(frequency, start, at) % interval === 0
}

function periodsBetween(frequency: Recurrence['frequency'], start: LocalTime, at: LocalTime): number {
  const days = dayNumber(at.year, at.month, at.day) - dayNumber(start.year, start.month, start.day)
  if (frequency === 'daily') return days
  if (frequency === 'weekly') return (days + mondayBased(start.weekday) - mondayBased(at.weekday)) / 7
  const years = at.year - start.year
  return frequency === 'monthly' ? years * 12 + at.month - start.month : years
}

const mondayBased = (weekday: number): number => (weekday + 6) % 7

/** Whether the moment is at a place in its day, week, month or year where the first period was. */
function isTimeOfDay(rule: Recurrence, start: LocalTime, at: LocalTime): boolean {
  switch (smallestUnit(rule)) {
    case 'weekly':
      if (start.weekday !== at.weekday) return false
      break
    case 'monthly':
      if (start.day !== at.day) return false
      break
    case 'yearly':
      if (start.month !== at.month || start.day !== at.day) return false
      break
  }
  const [from, now] = [secondOfDay(start), secondOfDay(at)]
  return now >= from && now < from + rule.durationSeconds
}

/** What repeats the start's time of day: the frequency, or a list of something smaller. */
function smallestUnit({ frequency, byDay, byMonthDay, byYearDay, byWeekNumber, byMonth }: Recurrence): Recurrence['frequency'] {
  if (frequency === 'daily' || byDay || byMonthDay || byYearDay) return 'daily'
  if (frequency === 'weekly' || byWeekNumber) return 'weekly'
  return frequency === 'monthly' || byMonth ? 'monthly' : frequency
}

function secondOfDay({ hour, minute, second }: LocalTime): number {
  return hour * 3600 + minute * 60 + second
}

/**
 * Whether every list that is given holds the moment. As in Kamailio, months and days of the year count from 0 here, and
 * weeks only count in yearly recurrences.
 */
function isListed(rule: Recurrence, at: LocalTime): boolean {
  const { frequency, byDay, byMonthDay, byYearDay, byWeekNumber, byMonth } = rule
  const yearDays = isLeapYear(at.year) ? 366 : 365
  const monthDays = daysInMonth(at.year, at.month)
  return (
    holds(byMonth, ({ value, nth }) => at.month === (value * nth + 12) % 12) &&
    (frequency !== 'yearly' || holds(byWeekNumber, ({ value, nth }) => weekOfYear(at) === counted(value * nth, weeksOfYear(at)))) &&
    holds(byYearDay, ({ value, nth }) => at.yearDay === counted(value * nth, yearDays)) &&
    holds(byMonthDay, ({ value, nth }) => at.day === counted(value * nth, monthDays) + (nth < 0 ? 1 : 0)) &&
    holds(byDay, (entry) => isWeekday(entry, rule, at))
  )
}

function holds(list: List, fits: (entry: ListEntry) => boolean): boolean {
  return list === undefined || list.some(fits)
}

/** A negative number counts from the end. */
function counted(value: number, max: number): number {
  return (value + max) % max
}

/**
 * Within months and years Kamailio wants a number in front, and counts as for other lists: the last one is never matched,
 * -1 is the last but one.
 */
function isWeekday({ value, nth }: ListEntry, { frequency }: Recurrence, at: LocalTime): boolean {
  if (at.weekday !== value) return false
  if (frequency === 'monthly') return isNth(nth, at.day - 1, daysInMonth(at.year, at.month))
  if (frequency === 'yearly') return isNth(nth, at.yearDay, isLeapYear(at.year) ? 366 : 365)
  return true
}

/** Whether a day (from 0) is the nth of its weekday among so many days. */
function isNth(nth: number, day: number, days: number): boolean {
  const count = Math.trunc((days - 1 - (day % 7)) / 7) + 1
  return Math.trunc(day / 7) + 1 === counted(nth, count)
}

function weekOfYear(at: LocalTime): number {
  return Math.trunc((at.yearDay + 7 - mondayBased(at.weekday)) / 7)
}

/** What weeks from the end are counted from: one more than the last week. */
function weeksOfYear(at: LocalTime): number {
  return weekOfYear(localTime(localSeconds(at.year, 11, 31))) + 1
}
