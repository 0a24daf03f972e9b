/**
 * Runs the same pieces of script in Kamailio and here, and compares what they log. Skipped where Kamailio is not
 * installed.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { LogRecord } from '../../src/base/log.ts'
import core from '../../src/modules/core/core.ts'
import pv from '../../src/modules/pv/pv.ts'
import type { LoadedModule } from '../../src/script/registry.ts'
import { collectParams } from '../../src/server/module-params.ts'
import { compileScript, messageOf, OPTIONS, testWorld, type TestWorld } from '../support/script-runner.ts'
import { cases as written, endings, randomCases, routes, settings } from './semantics-cases.ts'

/** Another seed finds other mistakes; the number of expressions is what Kamailio's memory for scripts allows. */
const seed = Number(process.env.SEMANTICS_SEED ?? 1)
const cases = [...written, ...randomCases(seed, 200)]

const KAMAILIO = '/usr/sbin/kamailio'
const modulePath = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/kamailio/modules`)
  .find((path) => existsSync(path))

const header = (path: string): string => `#!KAMAILIO
debug=0
log_stderror=yes
children=1
listen=udp:127.0.50.1:5060
mpath="${path}/"
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "textops.so"
loadmodule "corex.so"
modparam("xlog", "prefix", "")
`

const emptyHeader = '#!KAMAILIO' + '\n'.repeat(11)

/** Every case behind its number, then the endings, each chosen by the method's Call-ID. */
const body = `
route[SET] { ${settings} }
${routes}
${endings.map(({ statements }, index) => `route[END${index}] { route(SET); ${statements} xerr("behind $rc\\n"); }`).join('\n')}
${cases.map(({ statements }, index) => `route[CASE${index}] { route(SET); ${statements}\n}`).join('\n')}
request_route {
  if (to_uri =~ "sip:probe@") { xerr("probe\\n"); exit; }
${endings.map((_, index) => `  if (to_uri =~ "sip:end${index}@") { route(END${index}); xerr("goes on $rc\\n"); exit; }`).join('\n')}
${cases.map((_, index) => `  xerr("== ${index}\\n"); route(CASE${index});`).join('\n')}
}
`

const requests = ['all', ...endings.map((_, index) => `end${index}`)]

function requestTo(user: string): string {
  return OPTIONS.replace('To: <sip:bob@', `To: <sip:${user}@`).replace('sip:probe@example.org', 'sip:probe@example.net')
}

/** Places and paths differ for reasons of their own. */
function normal(line: string): string {
  return line
    .trimEnd()
    .replace(/\(\d+,\d+-\d+,\d+\)/g, '(place)')
    .replace(/runaway while \(\d+, \d+\)/, 'runaway while (place)')
    .replace(/\S+\/kamailio\.cfg:/, 'kamailio.cfg:')
}

/** What Kamailio logs for each request. */
async function kamailioLines(path: string): Promise<string[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-semantics-'))
  writeFileSync(join(folder, 'kamailio.cfg'), header(path) + body)
  const folders = ['-w', folder, '-Y', folder, '-P', join(folder, 'pid')]
  const args = ['-f', join(folder, 'kamailio.cfg'), '-DD', '-E', ...folders, '-m', '64', '-M', '64']
  const child = spawn(KAMAILIO, args)
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const socket = createSocket('udp4')
  try {
    let output = ''
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')))
    await new Promise<void>((resolve) => socket.bind(5070, '127.0.50.9', resolve))
    const probes = async (): Promise<number> => {
      const before = output.split('probe\n').length
      for (let attempt = 0; attempt < 100; attempt++) {
        socket.send(requestTo('probe'), 5060, '127.0.50.1')
        await new Promise((resolve) => setTimeout(resolve, 50))
        if (output.split('probe\n').length > before) return output.length
        if (child.exitCode !== null) throw new Error(`Kamailio refuses the script:\n${output}`)
      }
      throw new Error(`Kamailio does not answer:\n${output}`)
    }
    const all: string[][] = []
    await probes()
    for (const user of requests) {
      const start = output.length
      socket.send(requestTo(user), 5060, '127.0.50.1')
      await probes()
      all.push(linesOf(output.slice(start)))
    }
    return all
  } finally {
    socket.close()
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
}

function linesOf(output: string): string[] {
  const lines: string[] = []
  for (const line of output.split('\n')) {
    const found = /^ ?\d+\(\d+\) ([A-Z]+): (?:(<core>|[a-z]+) \[[^\]]*\]: \w+\(\): )?(.*)$/.exec(line)
    if (!found) continue
    const [, level, origin, text = ''] = found
    if (text === 'probe' || (origin !== undefined && origin !== '<core>')) continue
    lines.push(origin === undefined ? text.trimEnd() : normal(`${level} ${text}`))
  }
  return lines
}

const levels: Readonly<Record<number, string>> = { [-4]: 'BUG', [-1]: 'ERROR', 0: 'WARNING' }

function ownLines(log: readonly LogRecord[]): string[] {
  const heard = log.filter(({ origin }) => origin === '' || origin === '<core>: ')
  return heard.map(({ level, origin, text }) => (origin === '' ? text.trimEnd() : normal(`${levels[level]} ${text}`)))
}

async function kaheaLines(world: TestWorld, modules: readonly LoadedModule[]): Promise<string[][]> {
  const all: string[][] = []
  for (const user of requests) {
    const script = compileScript(emptyHeader + body, { world, modules, message: messageOf(requestTo(user)) })
    const errors = script.compiled.diagnostics.filter(({ severity }) => severity === 'error')
    assert.deepEqual(errors, [])
    script.log.length = 0
    await script.run()
    all.push(ownLines(script.log))
  }
  return all
}

/** The modules core and pv themselves, in place of the small ones that tests of the language use. */
async function realModules({ host }: TestWorld): Promise<LoadedModule[]> {
  const params = collectParams([pv], []).get('pv')
  return [{ definition: core, state: host }, { definition: pv, state: await pv.setup(host, params as never) }]
}

function byCase(lines: readonly string[]): string[][] {
  const found: string[][] = []
  for (const line of lines) {
    if (line.startsWith('== ')) found.push([])
    else found.at(-1)?.push(line)
  }
  return found
}

const skip = existsSync(KAMAILIO) && modulePath !== undefined ? false : 'kamailio is not installed'

test('expressions and flow do what Kamailio does', { skip }, async (t) => {
  const wanted = await kamailioLines(modulePath ?? '')
  const wantedCases = byCase(wanted[0] ?? [])
  assert.equal(wantedCases.length, cases.length)

  const compare = async (t: TestContext, got: string[][]): Promise<void> => {
    const gotCases = byCase(got[0] ?? [])
    for (const [index, { title, statements }] of cases.entries()) {
      await t.test(title, () => assert.deepEqual(gotCases[index], wantedCases[index], statements))
    }
    for (const [index, { title, statements }] of endings.entries()) {
      await t.test(title, () => assert.deepEqual(got[index + 1], wanted[index + 1], statements))
    }
  }
  await t.test('with variables of the tests', async (part) => compare(part, await kaheaLines(testWorld(), [])))
  await t.test('with the modules core and pv', async (part) => {
    const world = testWorld()
    return compare(part, await kaheaLines(world, await realModules(world)))
  })
})
