import type { PrepareEnv, Prepared, VariableHandle } from '../../define/define.ts'
import { LogLevel } from '../../base/log.ts'

/** A level known when the script is read, or a variable that holds one. */
export type Level = LogLevel | VariableHandle

const BY_LETTER: Readonly<Record<string, LogLevel>> = {
  A: LogLevel.alert,
  B: LogLevel.bug,
  C: LogLevel.crit,
  E: LogLevel.err,
  W: LogLevel.warn,
  N: LogLevel.notice,
  I: LogLevel.info,
  D: LogLevel.dbg,
}

/** The third letter decides, as in Kamailio: `L_ERR`, `L_ERROR` and `L_E` are the same. */
export function prepareLevel(text: string, env: PrepareEnv): Prepared<Level> | string {
  if (text.startsWith('$')) {
    const handle = env.variable(text)
    return typeof handle === 'string' ? handle : { fixed: handle }
  }
  const level = levelOfName(text)
  if (level === undefined) return `'${text}' is no log level: write L_ALERT, L_BUG, L_CRIT, L_ERR, L_WARN, L_NOTICE, L_INFO or L_DBG`
  return { fixed: level }
}

export function levelOfName(name: string): LogLevel | undefined {
  return name === 'L_CRIT2' ? LogLevel.crit2 : BY_LETTER[name[2] ?? '']
}

const FACILITY = /^LOG_(KERN|USER|MAIL|DAEMON|AUTH|SYSLOG|LPR|NEWS|UUCP|CRON|AUTHPRIV|FTP|LOCAL[0-7])$/

export function prepareFacility(text: string): Prepared<string> | string {
  return FACILITY.test(text) ? { fixed: text } : `'${text}' is no syslog facility: write LOG_DAEMON, LOG_LOCAL0 and so on`
}

/** A level that a variable holds; undefined when it is none. */
export function levelOf(value: string | number | null): LogLevel | undefined {
  if (typeof value !== 'number') return undefined
  for (const level of Object.values(LogLevel)) if (level === value) return level
  return undefined
}
