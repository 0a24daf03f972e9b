import { drawDiagnostic, type Diagnostic } from '../script/diagnostic.ts'
import { checkConfiguration, hasErrors, loadConfiguration, type LoadedConfiguration } from '../server/start.ts'
import type { Terminal } from './main.ts'
import type { ParsedOptions } from './options.ts'
import { DEFAULT_FILE, lastOf, sourceOptions } from './source-options.ts'

/** `kahea check FILE` and `-c`: every error of a configuration with its line; 0 when there is none, else 255. */
export async function checkCommand(options: ParsedOptions, io: Terminal, file: string | undefined): Promise<number> {
  const path = file ?? lastOf(options, 'file') ?? DEFAULT_FILE
  const loaded = await loadConfiguration(sourceOptions(options, path), options.given.get('loadModule'))
  const diagnostics = checkConfiguration(loaded)
  drawAll(diagnostics, loaded, io)
  if (hasErrors(diagnostics)) return 255
  io.err('config file ok, exiting...\n')
  return 0
}

/** Prints errors and warnings, drawn with their lines, and how many errors there are. */
export function drawAll(diagnostics: readonly Diagnostic[], loaded: LoadedConfiguration, io: Terminal): void {
  for (const diagnostic of diagnostics) {
    io.err(`${drawDiagnostic(diagnostic, loaded.parsed.sources, { color: io.isColoured })}\n`)
  }
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length
  if (errors > 0) io.err(`ERROR: bad config file (${errors} error${errors === 1 ? '' : 's'})\n`)
}
