/** sipsak against the built-in configuration, as the guide tells a new user to try it. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea, type RunningServer } from '../support/kahea-process.ts'
import { startProgram } from '../support/program.ts'
import { until } from '../support/until.ts'

const root = join(import.meta.dirname, '..', '..')
const ADDRESS = '127.0.31.41'
const BUILT_IN = '127.0.0.1:5060'
const FLOOD = 50
const TIME_MS_MAX = 5_000

/** The line of the guide, for the address of this test. */
function guideCommand(place: string): readonly string[] {
  const guide = readFileSync(join(root, 'docs', 'guide', 'start.md'), 'utf8')
  const line = /^sipsak (.*)$/m.exec(guide)?.[1] ?? ''
  assert.ok(line.includes(BUILT_IN), `the guide tries ${BUILT_IN}`)
  return line.replace(BUILT_IN, place).split(' ')
}

interface Try {
  readonly title: string
  readonly args: (place: string) => readonly string[]
  readonly status: number
  readonly prints: readonly RegExp[]
  /** The methods of the requests that reach the script's log line. */
  readonly logged: readonly string[]
}

const tries: readonly Try[] = [
  {
    title: 'the command of the guide gets an answer over UDP',
    args: guideCommand,
    status: 0,
    prints: [/^SIP\/2\.0 200 Alive\r?$/m, /^Via: SIP\/2\.0\/UDP .*;rport=\d+/m, /^To: .*;tag=\S+/m, /^Server: kahea \(/m, /final received/],
    logged: ['OPTIONS'],
  },
  {
    title: 'it gets the same answer over TCP',
    args: (place) => ['-E', 'tcp', ...guideCommand(place)],
    status: 0,
    prints: [/^SIP\/2\.0 200 Alive\r?$/m, /^Via: SIP\/2\.0\/TCP /m, /final received/],
    logged: ['OPTIONS'],
  },
  {
    title: 'a trace counts the hops: none left is refused, one is enough',
    args: (place) => ['-T', '-vv', '-s', `sip:bob@${place}`],
    status: 0,
    prints: [/SIP\/2\.0 483 Too Many Hops[^]*SIP\/2\.0 200 Alive/],
    logged: ['OPTIONS'],
  },
  {
    title: 'nobody can register, and is told so',
    args: (place) => ['-U', '-vv', '-s', `sip:bob@${place}`],
    status: 1,
    prints: [/^SIP\/2\.0 404 Nobody Is Registered Here\r?$/m],
    logged: ['REGISTER'],
  },
  {
    title: 'a flood leaves it standing, and each request of it is seen',
    args: (place) => ['-F', '-e', String(FLOOD), '-s', `sip:${place}`],
    status: 0,
    prints: [/flood end reached/],
    logged: Array.from({ length: FLOOD }, () => 'OPTIONS'),
  },
  {
    title: 'after the flood it answers as before',
    args: guideCommand,
    status: 0,
    prints: [/^SIP\/2\.0 200 Alive\r?$/m],
    logged: ['OPTIONS'],
  },
]

describe('sipsak and the built-in configuration', { skip: missingPrograms('sipsak') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-sipsak-'))
  let place = ''
  let server: RunningServer | undefined

  before(async () => {
    // sipsak 0.9.8 loses the last of five digits of a port, so any free port will not do.
    place = `${ADDRESS}:${await freePort(ADDRESS, 5060)}`
    const cfg = readFileSync(join(root, 'etc', 'kahea.cfg'), 'utf8')
    const path = join(folder, 'kahea.cfg')
    writeFileSync(path, cfg.replaceAll(BUILT_IN, place))
    server = await startKahea(['run', path])
  })
  after(async () => {
    assert.equal(await server?.stop(), 0)
  })

  for (const row of tries) {
    test(row.title, async () => {
      const log = (): string => server?.output() ?? ''
      const methods = (): readonly string[] => [...log().matchAll(/<script>: ([A-Z]+) from /g)].map(([, method = '']) => method)
      const seen = methods().length
      const { status, output } = await startProgram('sipsak', row.args(place), folder, TIME_MS_MAX).finished
      assert.equal(status, row.status, output + log())
      for (const pattern of row.prints) assert.match(output, pattern)
      await until(() => methods().length >= seen + row.logged.length, log)
      assert.deepEqual(methods().slice(seen), row.logged)
    })
  }
})
