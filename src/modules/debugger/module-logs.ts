/** Levels and facilities of single modules, as the parameters give them. */
import type { ModuleLogs } from '../../base/log.ts'
import type { Debugger } from './state.ts'

export const FACILITY = /^LOG_(?:KERN|USER|MAIL|DAEMON|AUTH|SYSLOG|LPR|NEWS|UUCP|CRON|AUTHPRIV|FTP|LOCAL[0-7])$/

/** `name=value`; a text is the error. */
function assignment(text: string): readonly [name: string, value: string] | string {
  const equals = text.indexOf('=')
  return equals < 0 ? `invalid parameter value: ${text}` : [text.slice(0, equals), text.slice(equals + 1)]
}

export function readLevels(texts: readonly (string | number)[], levels: Map<string, number>): string | undefined {
  for (const text of texts) {
    const parts = assignment(String(text))
    if (typeof parts === 'string') return parts
    if (!/^[+-]?\d+$/.test(parts[1])) return `invalid parameter - level value: ${text}`
    levels.set(parts[0], Number(parts[1]))
  }
  return undefined
}

export function readFacilities(texts: readonly (string | number)[], facilities: Map<string, string>): string | undefined {
  for (const text of texts) {
    const parts = assignment(String(text))
    if (typeof parts === 'string') return parts
    if (!FACILITY.test(parts[1])) return `invalid parameter - facility value: ${text}`
    facilities.set(parts[0], parts[1])
  }
  return undefined
}

export function moduleLogsOf({ params, levels, facilities }: Debugger): ModuleLogs {
  return {
    levelOf: (module) => (params.mod_level_mode === 0 ? undefined : levels.get(module)),
    facilityOf: (module) => (params.mod_facility_mode === 0 ? undefined : facilities.get(module)),
    get highest() {
      return params.mod_level_mode === 0 ? -Infinity : Math.max(-Infinity, ...levels.values())
    },
  }
}
