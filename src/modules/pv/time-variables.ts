/** Times: of the message's arrival as far as Kamailio takes it (the first look at the clock), or of now. */
import { localTime, strftime, universalTime, type BrokenTime } from '../../base/strftime.ts'
import { variable, variableFamily, type VariableDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { arrivalMs } from './arrival.ts'
import type { PvState } from './state.ts'

const LONGEST_TIME = 63

const seconds = (ms: number): number => Math.floor(ms / 1000)
const microseconds = (ms: number): number => Math.floor((ms - Math.floor(ms / 1000) * 1000) * 1000)
const dated = (ms: number): string => strftime('%a %b %e %H:%M:%S %Y', localTime(ms))
const now = (context: RouteContext): number => context.host.clock.now()

const PARTS: Readonly<Record<string, (time: BrokenTime) => number>> = {
  sec: (time) => time.second,
  min: (time) => time.minute,
  hour: (time) => time.hour,
  mday: (time) => time.monthDay,
  mon: (time) => time.month,
  year: (time) => time.year,
  wday: (time) => time.weekDay + 1,
  yday: (time) => time.yearDay + 1,
  isdst: (time) => (time.isSummerTime ? 1 : 0),
}

function part(summary: string, breakDown: (ms: number) => BrokenTime): VariableDef<PvState> {
  return variableFamily<PvState>(summary, { inner: 'required' }, (inner) => {
    const read = PARTS[inner ?? '']
    if (!read) return `${inner} is no part of a time: ${Object.keys(PARTS).join(', ')}`
    return { get: (context) => read(breakDown(arrivalMs(context))) }
  })
}

function formatted(summary: string, breakDown: (ms: number) => BrokenTime): VariableDef<PvState> {
  return variableFamily<PvState>(summary, { inner: 'required' }, (inner) => ({
    get(context) {
      const text = strftime(inner ?? '', breakDown(arrivalMs(context)))
      return text === '' || text.length > LONGEST_TIME ? null : text
    },
  }))
}

/** Each clock of `$TV`; `un` belongs to the last reading of `sn`. */
const CLOCKS: Readonly<Record<string, (context: RouteContext, state: PvState) => string | number>> = {
  s: (context) => seconds(arrivalMs(context)),
  u: (context) => microseconds(arrivalMs(context)),
  sn(context, state) {
    state.clockReadMs = now(context)
    return seconds(state.clockReadMs)
  },
  un: (_context, state) => microseconds(state.clockReadMs),
  Sn(context) {
    const ms = now(context)
    return `${seconds(ms)}.${String(microseconds(ms)).padStart(6, '0')}`
  },
  Fn(context) {
    const ms = now(context)
    return `${strftime('%Y-%m-%d %H:%M:%S', localTime(ms))}.${String(microseconds(ms)).padStart(6, '0')}`
  },
}

export const timeVariables: Readonly<Record<string, VariableDef<PvState>>> = {
  Tb: variable('Seconds since 1970 when the server was started.', (context) => seconds(context.host.identity.startedAtMs)),
  Tf: variable('Time of the message, as text.', (context) => dated(arrivalMs(context)), {
    int: (context) => seconds(arrivalMs(context)),
  }),
  TF: variable('Time of now, as text.', (context) => dated(now(context)), { int: (context) => seconds(now(context)) }),
  Ts: variable('Seconds since 1970, of the message.', (context) => seconds(arrivalMs(context))),
  TS: variable('Seconds since 1970, of now.', (context) => seconds(now(context))),
  TV: variableFamily<PvState>('Time with microseconds: s, u of the message; sn, un, Sn, Fn of now.', { inner: 'required' }, (inner) => {
    const read = CLOCKS[inner ?? '']
    return read ? { get: read } : `$TV(${inner}) is none of ${Object.keys(CLOCKS).join(', ')}`
  }),
  time: part('Part of the message\'s local time: sec, min, hour, mday, mon, year, wday, yday, isdst.', localTime),
  utime: part('Part of the message\'s universal time.', universalTime),
  timef: formatted('The message\'s local time in a format of strftime.', localTime),
  utimef: formatted('The message\'s universal time in a format of strftime.', universalTime),
}
