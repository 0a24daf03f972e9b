import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import type { ConfigFile, Statement } from '../../src/script/ast.ts'
import { drawDiagnostic, type Diagnostic } from '../../src/script/diagnostic.ts'
import { parseConfig } from '../../src/script/parse.ts'
import { checkConfiguration, loadConfiguration } from '../../src/server/start.ts'

const roots = ['/etc/kamailio/kamailio.cfg', '/usr/share/doc/kamailio/examples']

function findConfigs(path: string): string[] {
  if (!existsSync(path)) return []
  if (/\.cfg(\.gz)?$/.test(path)) return [path]
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || /\.cfg(\.gz)?$/.test(entry.name))
      .flatMap((entry) => findConfigs(join(path, entry.name)))
      .sort()
  } catch {
    return []
  }
}

function readConfig(path: string): string | undefined {
  try {
    return path.endsWith('.gz') ? gunzipSync(readFileSync(path)).toString('latin1') : readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}

function countStatements(config: ConfigFile): { routes: number; statements: number } {
  let routes = 0
  let statements = 0
  const count = (list: readonly Statement[]): void => {
    for (const statement of list) {
      statements++
      if (statement.kind === 'block') count(statement.statements)
      else if (statement.kind === 'while') count(statement.body.statements)
      else if (statement.kind === 'switch') for (const one of statement.cases) count(one.body)
      else if (statement.kind === 'if') {
        count(statement.then.statements)
        if (statement.otherwise?.kind === 'block') count(statement.otherwise.statements)
        else if (statement.otherwise !== undefined) count([statement.otherwise])
      }
    }
  }
  for (const item of config.items) {
    if (item.kind !== 'route') continue
    routes++
    count(item.body.statements)
  }
  return { routes, statements }
}

/** The lines that Kamailio's grammar and preprocessor complain about, not its search for modules and functions. */
function kamailioRefusals(path: string): string[] {
  const { stderr } = spawnSync(
    'kamailio', ['-c', '-E', '-l', 'udp:127.0.0.1:5060', '-f', path], { encoding: 'latin1', timeout: 20_000 },
  )
  const syntax = /syntax error|unknown config variable|different number of preprocessor|cannot open included|duplicate route/
  return (stderr ?? '').split('\n').filter((line) => syntax.test(line))
}

const hasKamailio = spawnSync('kamailio', ['-v']).error === undefined
const configs = roots.flatMap(findConfigs)

test("Kamailio's own examples parse, but for those whose syntax Kamailio refuses itself", (t) => {
  if (configs.length === 0 || !hasKamailio) {
    t.skip("Debian's kamailio package with its examples is not installed")
    return
  }
  const table: string[] = []
  const wrong: string[] = []
  for (const path of configs) {
    const { config, diagnostics, sources } = parseConfig(path, { readFile: readConfig })
    // Parts of a configuration use flags that other parts define: that is no matter of syntax.
    const errors = diagnostics.filter(({ severity, code }) => severity === 'error' && code !== 'KAH0219')
    const { routes, statements } = countStatements(config)
    const refusals = path.endsWith('.gz') ? [] : kamailioRefusals(path)
    const place = refusals[0]?.match(/line (\d+)/)?.[1]
    const kamailio = refusals.length === 0 ? '' : `Kamailio refuses it${place === undefined ? '' : ` at line ${place}`}`
    const first = errors[0]
    if (first !== undefined && place !== undefined && Number(place) < first.span.line) {
      wrong.push(`${path}: Kamailio refuses line ${place}, the first error is at line ${first.span.line}`)
    }
    table.push(`${path}\t${routes} routes\t${statements} statements\t${errors.length} errors\t${kamailio}`)
    if (errors.length === 0 && refusals.length > 0) wrong.push(`${path} is taken, but ${refusals.join('\n')}`)
    if (errors.length > 0 && refusals.length === 0) {
      wrong.push(errors.map((diagnostic) => drawDiagnostic(diagnostic, sources)).join('\n'))
    }
  }
  for (const line of table) t.diagnostic(line.replaceAll('\t', '  '))
  assert.deepEqual(wrong, [])
})

/** Errors about what Kahea does not have yet: with them a configuration is right, and has to wait. */
const isNotThereYet = ({ code, message }: Diagnostic): boolean =>
  code === 'KAH0302' || /not available yet|is not part of/.test(message)

/** The first line of each file that Kamailio's own check refuses, for whatever reason. */
function firstRefusedLines(path: string): Map<string, number> {
  const { stderr } = spawnSync(
    'kamailio', ['-c', '-E', '-l', 'udp:127.0.0.1:5060', '-f', path], { encoding: 'latin1', timeout: 20_000 },
  )
  const lines = new Map<string, number>()
  for (const [, file, line] of (stderr ?? '').matchAll(/(?:in config file|from file) (\S+), (?:from )?line (\d+)/g)) {
    if (file !== undefined && !lines.has(file)) lines.set(file, Number(line))
  }
  return lines
}

test("the check of Kamailio's own examples reports what does not exist here yet, and what Kamailio refuses too", async (t) => {
  if (configs.length === 0 || !hasKamailio) {
    t.skip("Debian's kamailio package with its examples is not installed")
    return
  }
  const wrong: string[] = []
  for (const path of configs) {
    const loaded = await loadConfiguration({ path, readFile: readConfig, defines: new Map(), substs: [], environment: {} })
    const errors = checkConfiguration(loaded).filter(({ severity }) => severity === 'error')
    for (const { span } of errors) assert.ok(span.line > 0, path)
    const waiting = errors.filter(isNotThereYet)
    const others = errors.filter((diagnostic) => !isNotThereYet(diagnostic))
    const missing = new Set(waiting.filter(({ code }) => code === 'KAH0302').map(({ message }) => message.split(' ')[2] ?? ''))
    t.diagnostic(
      `${path}  ${missing.size} modules not here yet  ${waiting.length} errors for want of modules  ${others.length} other errors`,
    )
    const first = others[0]
    if (first === undefined || path.endsWith('.gz')) continue
    if (others.some(({ code }) => code === 'KAH0117')) continue
    const line = firstRefusedLines(path).get(first.span.file) ?? Infinity
    // websocket.cfg is a part that names what another part defines: Kamailio takes the unknown name for a text, a line later it refuses.
    const isRefused = others.some(({ span }) => span.line >= line && span.line - first.span.line < 10)
    if (path.startsWith('/etc') || !isRefused) {
      wrong.push(others.map((diagnostic) => drawDiagnostic(diagnostic, loaded.parsed.sources)).join('\n'))
    }
  }
  assert.deepEqual(wrong, [])
})
