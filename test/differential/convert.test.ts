/**
 * Configurations converted into TypeScript do what Kamailio does with the originals. A few of the cases here; CONVERT_CASES names more by
 * a regular expression (`.` for all of them).
 */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { CANNOT } from '../../src/convert/conversion.ts'
import { convertFile } from '../../src/convert/convert-file.ts'
import { scriptLines, settingsText } from '../../src/convert/settings.ts'
import type { AnyModule } from '../../src/define/define.ts'
import { existingModuleNames, loadConfiguration } from '../../src/server/start.ts'
import { missingPrograms } from '../support/installed.ts'
import { readText } from '../support/read-text.ts'
import { caseFromText, type Case } from './harness/case-file.ts'
import { casePaths, loadCase } from './harness/find-cases.ts'
import { comparePrepared } from './harness/run-case.ts'
import { kamailio, subject } from './harness/server-process.ts'

const SAMPLE = '^(?:replies/the-reply-route|registrar/calls-reach|usrloc/two-tables|tm/(?:a-branch-failure-route|a-redirection-is-followed)' +
  '|auth_db/tables-and-columns|geoip2/containers|kex/flags-destinations|dispatcher/senders|convert/)'
const pattern = new RegExp(process.env['CONVERT_CASES'] ?? SAMPLE)

const ENGINE = ['loadmodule "app_ts.so"', 'modparam("app_ts", "load", "routes.ts")', 'cfgengine "ts"']
const TRIES = 3

function definesOf({ args }: Case): ReadonlyMap<string, string | undefined> {
  const defines = new Map<string, string | undefined>()
  for (const [index, arg] of args.entries()) {
    if (args[index - 1] !== '-A') continue
    const equals = arg.indexOf('=')
    defines.set(equals < 0 ? arg : arg.slice(0, equals), equals < 0 ? undefined : arg.slice(equals + 1))
  }
  return defines
}

/** The text of a cfg, and no other file than those of the system. */
const reading = (cfg: string) => (path: string): string | undefined => {
  if (path === 'case.cfg') return cfg
  return path.startsWith('/') ? readText(path) : undefined
}

async function modulesOf(item: Case): Promise<readonly AnyModule[]> {
  const defines = definesOf(item)
  const loaded = await loadConfiguration({ path: 'case.cfg', readFile: reading(item.cfg), defines, substs: [], environment: {} })
  return loaded.definitions
}

/** A text says why it cannot be converted; undefined: it is no valid cfg, which other tests are about. */
function obstacle(item: Case, definitions: readonly AnyModule[]): string | undefined {
  const { converted } = convertFile(
    'case.cfg', { readFile: reading(item.cfg), defines: definesOf(item) }, { definitions, existing: existingModuleNames },
  )
  const errors = converted.diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.length === 0) return undefined
  return errors.every(({ code }) => code === CANNOT) ? errors.map(({ message }) => message).join('; ') : 'no valid configuration'
}

async function compare(item: Case, definitions: readonly AnyModule[]): Promise<string | null> {
  const prepare = (cfg: string, folder: string): string => {
    const { parsed, converted } = convertFile(
      'case.cfg', { readFile: reading(cfg), defines: definesOf(item) }, { definitions, existing: existingModuleNames },
    )
    writeFileSync(join(folder, 'routes.ts'), converted.source)
    return settingsText(parsed, [...ENGINE, ...scriptLines(converted)])
  }
  let report: string | null = null
  for (let round = 0; round < TRIES; round++) {
    const result = await comparePrepared(item, [kamailio, subject()], prepare)
    const refused = result.other.lines.some((line) => line.startsWith('== the server refuses'))
    report = result.difference === null ? null : `${result.difference}${refused ? `\n--- it wrote\n${result.other.stderr.slice(0, 2000)}` : ''}`
    if (report === null) break
  }
  return report
}

const PHONE = 'Contact: <sip:bob@127.0.30.8:5080>'
const stockTraffic = `>>> client
OPTIONS sip:127.0.30.1
>>> client
OPTIONS sip:nobody@127.0.30.1
>>> client
INVITE sip:bob@127.0.30.1
User-Agent: friendly-scanner
>>> client
REGISTER sip:127.0.30.1
From: <sip:bob@127.0.30.1>;tag=r
To: <sip:bob@127.0.30.1>
${PHONE}
Expires: 600
>>> client
INVITE sip:bob@127.0.30.1
From: <sip:alice@127.0.30.1>;tag=a
<<< next 180 Ringing
<<< next 200 OK
${PHONE}
>>> client
INVITE sip:bob@127.0.30.1
From: <sip:alice@127.0.30.1>;tag=b
<<< next 486 Busy Here
>>> client
MESSAGE sip:bob@127.0.30.1
From: <sip:alice@127.0.30.1>;tag=c
Max-Forwards: 0
>>> client
SUBSCRIBE sip:bob@127.0.30.1
From: <sip:alice@127.0.30.1>;tag=d
Event: message-summary
>>> client
PUBLISH sip:bob@127.0.30.1
From: <sip:alice@127.0.30.1>;tag=e
>>> client
MESSAGE sip:other@127.0.30.8:5080
From: <sip:alice@127.0.30.1>;tag=f
<<< next 202 Accepted
>>> client
MESSAGE sip:other@example.net
From: <sip:alice@example.org>;tag=g
>>> client
BYE sip:bob@127.0.30.1
From: <sip:alice@127.0.30.1>;tag=h
To: <sip:bob@127.0.30.1>;tag=i
>>> client
ACK sip:bob@127.0.30.1
From: <sip:alice@127.0.30.1>;tag=j
To: <sip:bob@127.0.30.1>;tag=k
`

/** Debian's own configuration on the addresses of the tests, its database a file. */
function stockCase(defines: readonly string[]): Case {
  const text = readText('/etc/kamailio/kamailio.cfg') ?? ''
  const head = '# preamble: none\n# log: none\n# tables: usrloc auth_db\n'
  const places = `${defines.map((name) => `#!define ${name}\n`).join('')}#!define DBURL "sqlite:///{folder}/kamailio.db"
listen=udp:127.0.30.1:5060\nlisten=tcp:127.0.30.1:5060\nchildren=1\ntcp_children=1\nauto_aliases=no
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "db_sqlite.so"
`
  const lines = text.split('\n').filter((line) => !/^(?:children|tcp_children|auto_aliases)=/.test(line)).join('\n')
  const cfg = `${head}${lines.replace(/^(#!KAMAILIO\n)/, (first) => first + places)}`
  return caseFromText(`stock/${defines.join('+')}`, join(import.meta.dirname, 'stock.cfg'), cfg, stockTraffic)
}

const skip = missingPrograms('kamailio')

describe('what kahea convert makes does as kamailio does with the original', {
  concurrency: Number(process.env['DIFFERENTIAL_CONCURRENCY'] ?? 2), skip,
}, () => {
  for (const defines of [['WITH_NAT'], ['WITH_AUTH', 'WITH_USRLOCDB', 'WITH_ANTIFLOOD']]) {
    test(`Debian's own configuration with ${defines.join(', ')}`, async () => {
      const item = stockCase(defines)
      const definitions = await modulesOf(item)
      assert.equal(obstacle(item, definitions), undefined)
      assert.equal(await compare(item, definitions), null)
    })
  }
  for (const path of casePaths()) {
    const item = loadCase(path)
    if (!pattern.test(item.name) || item.knownDifference !== null) continue
    test(item.name, async (context) => {
      const definitions = await modulesOf(item)
      const why = obstacle(item, definitions)
      if (why !== undefined) {
        context.skip(why)
        return
      }
      assert.equal(await compare(item, definitions), null)
    })
  }
})
