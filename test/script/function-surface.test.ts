/**
 * Asks Kamailio, by `kamailio -c`, which functions of our modules take how many arguments in which routes, and
 * compares that with the modules' definitions. Skipped where Kamailio is not installed.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AnyModule } from '../../src/define/define.ts'
import { modules } from '../../src/modules/index.ts'
import { createPrepareEnv } from '../../src/runtime/prepare.ts'
import { checkConfig } from '../../src/script/check.ts'
import { keywords } from '../../src/script/keywords.ts'
import { parseConfig } from '../../src/script/parse.ts'
import { createRegistry } from '../../src/script/registry.ts'

const KAMAILIO = '/usr/sbin/kamailio'
const modulePath = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/kamailio/modules`)
  .find((path) => existsSync(path))
const skip = existsSync(KAMAILIO) && modulePath !== undefined ? false : 'kamailio is not installed'

const places = [
  'request_route', 'route[x]', 'failure_route[x]', 'onreply_route[x]', 'reply_route', 'branch_route[x]', 'onsend_route',
  'event_route[x:y]',
]
const ARGUMENTS_MAX = 6

/** One call a line, so that complaints name it. */
function configurationOf(module: string, place: string, calls: readonly string[], path: string): string {
  const body = calls.map((call) => `${call};`).join('\n')
  return `#!KAMAILIO\nmpath="${path}/"\nloadmodule "pv.so"\nloadmodule "${module}.so"\n${place} {\n${body}\n}\n`
}

const FIRST_LINE = 6

/** Lines whose call Kamailio refuses. */
function refusedByKamailio(text: string): ReadonlySet<number> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-surface-'))
  const file = join(folder, 'kamailio.cfg')
  writeFileSync(file, text)
  const { stderr, stdout } = spawnSync(KAMAILIO, ['-f', file, '-c'], { encoding: 'latin1' })
  rmSync(folder, { recursive: true, force: true })
  const refused = new Set<number>()
  for (const [, line] of `${stderr}${stdout}`.matchAll(/parse error in config file \S+ line (\d+),/g)) refused.add(Number(line))
  return refused
}

/** Lines whose call is refused here for its name, its number of arguments or its route. */
function refusedHere(text: string, definitions: readonly AnyModule[]): ReadonlySet<number> {
  const registry = createRegistry(definitions.map((definition) => ({ definition, state: undefined })), Object.keys(modules))
  const { config } = parseConfig('kamailio.cfg', { readFile: () => text })
  const env = createPrepareEnv(registry)
  // What an argument holds is another matter.
  const { diagnostics } = checkConfig({ config, registry, env, prepareArg: () => ({ fixed: 1 }) })
  const refused = new Set<number>()
  for (const { code, span } of diagnostics) if (/^KAH031[0-3]$/.test(code)) refused.add(span.line)
  return refused
}

/** Calls that Kamailio 5.6.3 refuses and its users write all the same: docs/differences.md, later-functions. */
const welcome: ReadonlySet<string> = new Set(['sql_xquery("1", "1")'])

/** The function that a call names. */
function nameOf(call: string): string {
  return call.slice(0, call.indexOf('('))
}

test('functions take the arguments and stand in the routes that Kamailio allows', { skip }, async (t) => {
  const pv = await modules.pv?.()
  for (const [name, load] of Object.entries(modules)) {
    const loaded = await load().catch(() => undefined)
    if (loaded === undefined || pv === undefined) continue
    await t.test(name, () => {
      const names = Object.entries(loaded.functions ?? {})
        .flatMap(([function_, { aliases }]) => [function_, ...(aliases ?? [])])
        // A word of the language cannot be called as a module's function (corex's add_tcp_alias is for KEMI alone).
        .filter((function_) => !keywords.has(function_))
      const calls = names.flatMap((function_) =>
        Array.from({ length: ARGUMENTS_MAX + 1 }, (_, count) => `${function_}(${Array(count).fill('"1"').join(', ')})`))
      const differences: string[] = []
      const existing = new Set<string>()
      for (const place of places) {
        const text = configurationOf(name, place, calls, modulePath ?? '')
        const theirs = refusedByKamailio(text)
        const ours = refusedHere(text, name === 'pv' ? [pv] : [pv, loaded])
        for (const [index, call] of calls.entries()) {
          const line = FIRST_LINE + index
          if (!theirs.has(line)) existing.add(nameOf(call))
          if (theirs.has(line) === ours.has(line) || welcome.has(call)) continue
          differences.push(`${call} in ${place}: ${ours.has(line) ? 'refused here only' : 'accepted here only'}`)
        }
      }
      // Functions of later versions of Kamailio are welcome.
      assert.deepEqual(differences.filter((difference) => existing.has(nameOf(difference))), [])
    })
  }
})
