/** KSR.xlog: in these, unlike in other functions of KSR, variables in the text are replaced. */
import { LogLevel } from '../../base/log.ts'
import { kemi, type FormatText, type KemiDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Logger } from './logger.ts'

type Kemi = KemiDef<Logger>

/** By the third letter of a level's name, as Kamailio has it. */
const letters: Readonly<Record<string, LogLevel>> = {
  A: LogLevel.alert, B: LogLevel.bug, C: LogLevel.crit2, E: LogLevel.err, W: LogLevel.warn, N: LogLevel.notice, I: LogLevel.info,
  D: LogLevel.dbg,
}

const KEPT_MAX = 500
/** Formats by their texts; scripts write a few, and may make up any number. */
const kept = new WeakMap<RouteContext['host'], Map<string, FormatText>>()

function formatOf({ host }: RouteContext, text: string): FormatText | undefined {
  let formats = kept.get(host)
  if (formats === undefined) kept.set(host, (formats = new Map()))
  const known = formats.get(text)
  if (known !== undefined) return known
  const made = host.prepare.format(text)
  if (typeof made === 'string') {
    host.log.error('xlog', `wrong format[${text}]: ${made}`)
    return undefined
  }
  if (formats.size >= KEPT_MAX) formats.clear()
  formats.set(text, made)
  return made
}

function print(context: RouteContext, logger: Logger, level: LogLevel, text: string, facility?: string): number {
  const format = formatOf(context, text)
  return format === undefined ? -1 : logger.print(context, level, format, false, facility)
}

const atLevel = (name: string, level: LogLevel): Kemi =>
  kemi({
    summary: `Logs a text with variables at level ${name}.`, args: ['text'],
    run: (context, logger: Logger, text) => print(context, logger, level, text),
  })

export const xlogKemi: Readonly<Record<string, Kemi>> = {
  xalert: atLevel('L_ALERT', LogLevel.alert),
  xcrit: atLevel('L_CRIT', LogLevel.crit2),
  xerr: atLevel('L_ERR', LogLevel.err),
  xwarn: atLevel('L_WARN', LogLevel.warn),
  xnotice: atLevel('L_NOTICE', LogLevel.notice),
  xinfo: atLevel('L_INFO', LogLevel.info),
  xdbg: atLevel('L_DBG', LogLevel.dbg),
  xlog: kemi({
    summary: 'Logs a text with variables at a level: L_ALERT to L_DBG; any other is L_ERR.', args: ['level', 'text'],
    run: (context, logger: Logger, level, text) => print(context, logger, letters[level.charAt(2)] ?? LogLevel.err, text),
  }),
  xlog_facility: kemi({
    summary: 'The same with a syslog facility of its own.', args: ['facility', 'level', 'text'],
    run: (context, logger: Logger, facility, level, text) =>
      print(context, logger, letters[level.charAt(2)] ?? LogLevel.err, text, facility),
  }),
}
