import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import type { ConfigFile, Statement } from '../../src/script/ast.ts'
import { drawDiagnostic } from '../../src/script/diagnostic.ts'
import { parseConfig } from '../../src/script/parse.ts'

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
