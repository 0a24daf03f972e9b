/** `kahea convert kamailio.cfg FOLDER`: the routes as TypeScript, and the cfg that goes with them. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { convertFile } from '../convert/convert-file.ts'
import { scriptLines, settingsText } from '../convert/settings.ts'
import { hasErrors, loadConfiguration, existingModuleNames } from '../server/start.ts'
import { drawDiagnostic } from '../script/diagnostic.ts'
import type { Terminal } from './main.ts'
import type { ParsedOptions } from './options.ts'
import { sourceOptions } from './source-options.ts'

const USAGE = `kahea convert kamailio.cfg FOLDER [-A NAME ...]

Writes the routes as TypeScript (FOLDER/routes.ts), and the rest of the file beside it (FOLDER/kamailio.cfg), which runs them:
kahea run FOLDER/kamailio.cfg. Conditionals are decided as for a start with the same -A. A file with something that cannot be
converted is not written: each such place is shown.
`

export async function convertCommand(options: ParsedOptions, io: Terminal, words: readonly string[]): Promise<number> {
  const [path, folder, ...more] = words
  if (path === undefined || folder === undefined || more.length > 0) {
    io.err(USAGE)
    return 255
  }
  const source = sourceOptions(options, path)
  const loaded = await loadConfiguration(source, options.given.get('loadModule'))
  const environment = new Map<string, string>()
  for (const [name, value] of Object.entries(source.environment)) if (value !== undefined) environment.set(name, value)
  const { parsed, converted } = convertFile(
    path, { readFile: source.readFile, defines: source.defines, substs: source.substs, environment },
    { definitions: loaded.definitions, existing: existingModuleNames },
  )
  const { diagnostics, routes, constants } = converted
  for (const diagnostic of diagnostics) io.err(`${drawDiagnostic(diagnostic, parsed.sources, { color: io.isColoured })}\n`)
  if (hasErrors(diagnostics)) {
    io.err('ERROR: nothing is written\n')
    return 1
  }
  mkdirSync(folder, { recursive: true })
  const decided = [...parsed.defines].flatMap(([name, value]) => (value === undefined && !/^(?:KAMAILIO_5|MOD_)/.test(name) ? [name] : []))
  const replaced = [...parsed.defines].flatMap(([name, value]) => (value !== undefined && !constants.includes(name) ? [name] : []))
  const head = [
    '/**', ` * Routes, made of ${basename(path)} by \`kahea convert\`.`,
    ...(decided.length > 0 ? [` * Conditionals are decided with ${decided.join(', ')}.`] : []),
    ...(constants.length > 0 ? [` * Kept as constants: ${constants.join(', ')}.`] : []),
    ...(replaced.length > 0 ? [` * Defines of which the values stand: ${replaced.join(', ')}.`] : []),
    ' */',
  ]
  writeFileSync(join(folder, 'routes.ts'), `${head.join('\n')}\n${converted.source}\n`)
  const engine = [
    '# The routes are those of routes.ts.', 'loadmodule "app_ts.so"', 'modparam("app_ts", "load", "routes.ts")', 'cfgengine "ts"',
  ]
  writeFileSync(join(folder, basename(path)), settingsText(parsed, [...engine, ...scriptLines(converted)], source.defines), 'latin1')
  io.out(`${join(folder, 'routes.ts')}: ${routes.length} routes\n${join(folder, basename(path))}: everything else; kahea run starts it\n`)
  return 0
}
