import { readFileSync } from 'node:fs'
import type { SubstOption } from '../script/parse.ts'
import type { SourceOptions } from '../server/start.ts'
import type { OptionName, ParsedOptions } from './options.ts'

/** Kamailio's place for its configuration. */
export const DEFAULT_FILE = '/etc/kamailio/kamailio.cfg'

/** What the command line says about reading the configuration: file, defines, substitutions. */
export function sourceOptions(options: ParsedOptions, path: string): SourceOptions {
  const defines = new Map<string, string | undefined>()
  for (const define of options.given.get('define') ?? []) {
    const equals = define.indexOf('=')
    if (equals < 0) defines.set(define, undefined)
    else defines.set(define.slice(0, equals), define.slice(equals + 1))
  }
  const substs: SubstOption[] = []
  for (const directive of ['subst', 'substdef', 'substdefs'] as const) {
    for (const rule of options.given.get(directive) ?? []) substs.push({ directive, rule })
  }
  return { path, defines, substs, environment: process.env, readFile }
}

function readFile(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}

/** The last value given for an option. */
export function lastOf(options: ParsedOptions, name: OptionName): string | undefined {
  return options.given.get(name)?.at(-1)
}
