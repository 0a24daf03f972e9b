import { arg, defineModule, form, param, type Arg } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { parseInteger } from '../../runtime/prepare.ts'
import { intOf } from '../../runtime/variable-spec.ts'
import { isLeapYear, localTime } from './local-time.ts'
import { parseRecurrence, RecurrenceError } from './recurrence.ts'
import { matchesRecurrence } from './recurrence-match.ts'
import { matchesPeriod } from './time-period.ts'

interface Tmrec {
  readonly host: Host
  /** One character; empty for none. */
  readonly separator: string
}

/** A whole number, or a variable that holds one; undefined, with a line in the log, when it does not. */
function number(name: string, summary: string, what: string): Arg<number | undefined> {
  return arg.custom(name, summary, (text, env) => {
    const value = text === '' ? 0 : /^[+-]?\d+$/.test(text) ? parseInteger(text) : undefined
    if (value !== undefined && value === (value | 0)) return { fixed: value }
    const variable = text.startsWith('$') ? env.variable(text) : 'neither a number nor a variable'
    if (typeof variable === 'string') return `${name} must be a whole number or a variable, not ${text}: ${variable}`
    return {
      evaluate(context: RouteContext) {
        const current = intOf(variable, context)
        if (current !== null) return current
        context.host.log.error('<core>', 'Could not convert PV to int')
        context.host.log.error('tmrec', `invalid ${what} parameter value`)
        return undefined
      },
    }
  })
}

const rule = arg.str(
  'timerec',
  'start|duration|frequency|until|interval|byday|bymonthday|byyearday|byweekno|bymonth (RFC 2445; months and days of the year from 0).',
)
const period = arg.str('period', 'Scales with values, as in `wd {mon-fri} hr {8-16}, wd {sat}`.')
const timestamp = number('timestamp', 'Seconds since 1970.', 'time stamp')

const nowSeconds = (host: Host): number => Math.floor(host.clock.now() / 1000)

/** 0 is now. */
function matchRule({ host, separator }: Tmrec, text: string, time: number): number {
  const recurrence = parseRecurrence(text, separator)
  if (recurrence instanceof RecurrenceError) {
    host.log.error('<core>', `failed to parse time recurrence [${recurrence.upTo}]`)
    return -1
  }
  return matchesRecurrence(recurrence, localTime(time === 0 ? nowSeconds(host) : time)) ? 1 : -1
}

/** A period that cannot be read matches, as in Kamailio 5.6. */
function matchPeriod(text: string, time: number): number {
  return matchesPeriod(text, localTime(time)) === false ? -1 : 1
}

const leapYear = (value: number): number => (isLeapYear(value) ? 1 : -1)

export default defineModule({
  name: 'tmrec',
  summary: 'Tells whether a moment is within a recurring period of time.',
  area: 'routing',
  params: {
    separator: param.str('|', 'What stands between the attributes of a recurrence; the first character counts.'),
    wday: param.int(0, 'Taken and not used, as in Kamailio.'),
  },
  setup: (host, { separator }): Tmrec => ({ host, separator: separator.charAt(0) }),
  functions: {
    tmrec_match: {
      summary: 'Tells whether a moment is within a time recurrence, in local time.',
      returns: { 1: 'within', [-1]: 'not within, or the recurrence cannot be read' },
      forms: [
        form({ routes: 'any', kemi: 'match', args: [rule], run: (_context, tmrec: Tmrec, text) => matchRule(tmrec, text, 0) }),
        form({
          routes: 'any',
          kemi: 'match_timestamp',
          args: [rule, timestamp],
          run: (_context, tmrec: Tmrec, text, time) => (time === undefined ? -1 : matchRule(tmrec, text, time)),
        }),
      ],
    },
    is_leap_year: {
      summary: 'Tells whether a year has 366 days.',
      forms: [
        form({
          routes: 'any',
          kemi: 'is_leap_year_now',
          args: [],
          run: (_context, { host }: Tmrec) => leapYear(localTime(nowSeconds(host)).year),
        }),
        form({
          routes: 'any',
          args: [number('year', 'The year.', 'time')],
          run: (_context, _tmrec: Tmrec, value) => (value === undefined ? -1 : leapYear(value)),
        }),
      ],
    },
    time_period_match: {
      summary: 'Tells whether a moment is within a period in the notation of Perl\'s Time::Period, in local time.',
      returns: { 1: 'within, or the period cannot be read', [-1]: 'not within', [-4]: 'the timestamp is no number' },
      forms: [
        form({
          routes: 'any',
          args: [period],
          run: (_context, { host }: Tmrec, text) => matchPeriod(text, nowSeconds(host)),
        }),
        form({
          routes: 'any',
          kemi: 'time_period_match_timestamp',
          args: [period, timestamp],
          run: (_context, _tmrec: Tmrec, text, time) => (time === undefined ? -4 : matchPeriod(text, time)),
        }),
      ],
    },
  },
})
