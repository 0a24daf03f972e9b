/** A script in the place of a configuration file: `kahea run routes.ts`. */
import { resolve } from 'node:path'
import type { LoadError } from '../define/kemi.ts'
import { configurationOf } from '../kemi/javascript/script-configuration.ts'
import { toBytes } from '../kemi/text.ts'
import type { Diagnostic } from '../script/diagnostic.ts'
import type { ParsedConfig } from '../script/parse.ts'
import { createSource } from '../script/source.ts'

export function isScriptFile(path: string): boolean {
  return /\.[cm]?[jt]s$/.test(path)
}

/** The text of the native file that the script stands for, or what is wrong with the script. */
export async function nativeText(path: string, readFile: (path: string) => string | undefined): Promise<string | LoadError> {
  return configurationOf(resolve(path), (file) => {
    const bytes = readFile(file)
    return bytes === undefined ? undefined : Buffer.from(bytes, 'latin1').toString('utf8')
  })
}

/** An empty configuration with one thing wrong, at its place in the script. */
export function faultyScript(error: LoadError, readFile: (path: string) => string | undefined): ParsedConfig {
  const { file, line, column, reason } = error
  const span = { file, line, column, endLine: line, endColumn: column + 1 }
  const diagnostic: Diagnostic = { code: 'KAH0130', severity: 'error', message: toBytes(reason), span }
  return {
    config: { items: [], compatibility: 'max' },
    diagnostics: [diagnostic],
    defines: new Map(),
    sources: new Map([[file, createSource(file, readFile(file) ?? '')]]),
  }
}
