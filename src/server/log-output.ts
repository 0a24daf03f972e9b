/** Log lines in Kamailio's form, to standard error or syslog. */
import { LogLevel, type LogRecord } from '../base/log.ts'

interface LevelForm {
  readonly name: string
  /** Severity in syslog (RFC 5424 §6.2.1). */
  readonly severity: number
  /** Terminal colour, as an SGR parameter. */
  readonly colour: string
}

const LEVEL_FORMS: Readonly<Record<LogLevel, LevelForm>> = {
  [LogLevel.alert]: { name: 'ALERT', severity: 1, colour: '37;41' },
  [LogLevel.bug]: { name: 'BUG', severity: 2, colour: '34;47' },
  [LogLevel.crit2]: { name: 'CRITICAL', severity: 2, colour: '30;43' },
  [LogLevel.crit]: { name: 'CRITICAL', severity: 2, colour: '30;43' },
  [LogLevel.err]: { name: 'ERROR', severity: 3, colour: '31' },
  [LogLevel.warn]: { name: 'WARNING', severity: 4, colour: '33' },
  [LogLevel.notice]: { name: 'NOTICE', severity: 5, colour: '36' },
  [LogLevel.info]: { name: 'INFO', severity: 6, colour: '32' },
  [LogLevel.dbg]: { name: 'DEBUG', severity: 7, colour: '39' },
}

/** `ERROR: {prefix}origin: text`. */
export function formatRecord(record: LogRecord, prefix: string): string {
  return `${record.levelName ?? LEVEL_FORMS[record.level].name}: ${prefix}${record.origin}${record.text}`
}

export interface StderrOptions {
  readonly pid: number
  readonly coloured: boolean
  /** Colours that differ from the usual ones, as whole terminal codes. */
  readonly colours: ReadonlyMap<LogLevel, string>
}

/** ` 1(4711) ERROR: ...`; the first number is 0 outside of messages and 1 within, as with one child. */
export function stderrLine(record: LogRecord, prefix: string, processIndex: number, options: StderrOptions): string {
  const text = `${String(processIndex).padStart(2)}(${options.pid}) ${formatRecord(record, prefix)}`
  const end = record.isVerbatim ? '' : '\n'
  if (!options.coloured) return text + end
  const colour = options.colours.get(record.level) ?? `\x1b[${LEVEL_FORMS[record.level].colour}m`
  return `${colour}${text}\x1b[0m${end}`
}

const FACILITIES: Readonly<Record<string, number>> = {
  LOG_KERN: 0, LOG_USER: 1, LOG_MAIL: 2, LOG_DAEMON: 3, LOG_AUTH: 4, LOG_SYSLOG: 5, LOG_LPR: 6, LOG_NEWS: 7,
  LOG_UUCP: 8, LOG_CRON: 9, LOG_AUTHPRIV: 10, LOG_FTP: 11, LOG_LOCAL0: 16, LOG_LOCAL1: 17, LOG_LOCAL2: 18,
  LOG_LOCAL3: 19, LOG_LOCAL4: 20, LOG_LOCAL5: 21, LOG_LOCAL6: 22, LOG_LOCAL7: 23,
}

/** The number of a syslog facility, by its name in `<syslog.h>`; undefined for an unknown one. */
export function facilityNumber(name: string): number | undefined {
  return FACILITIES[name]
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A datagram for /dev/log (RFC 3164's form, as the C library's syslog() sends it). */
export function syslogDatagram(
  record: LogRecord,
  prefix: string,
  options: { readonly facility: string; readonly program: string; readonly pid: number; readonly now: Date },
): string {
  const facility = facilityNumber(record.facility ?? options.facility) ?? FACILITIES['LOG_DAEMON'] ?? 3
  const { now } = options
  const clock = [now.getHours(), now.getMinutes(), now.getSeconds()].map((part) => String(part).padStart(2, '0'))
  const date = `${MONTHS[now.getMonth()]} ${String(now.getDate()).padStart(2)} ${clock.join(':')}`
  const priority = facility * 8 + LEVEL_FORMS[record.level].severity
  return `<${priority}>${date} ${options.program}[${options.pid}]: ${formatRecord(record, prefix)}`
}
