/** What the guide shows is a configuration that works: each block marked `cfg` passes the check, and Kamailio takes it too. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { modules } from '../src/modules/index.ts'
import { drawDiagnostic } from '../src/script/diagnostic.ts'
import { checkConfiguration, loadConfiguration } from '../src/server/start.ts'
import { missingPrograms } from './support/installed.ts'

const root = join(import.meta.dirname, '..')
const guide = join(root, 'docs', 'guide')
const pages = [
  'README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'examples/README.md', 'docs/differences.md',
  ...readdirSync(guide).map((name) => `docs/guide/${name}`),
]

/** In packages of Kamailio's that these tests do without, or in none of Debian's. */
const NOT_INSTALLED: readonly string[] = ['app_ts', 'crypto', 'db_mongodb', 'http_async_client']
/** A block that does not name its modules has all of them. */
const ALL = Object.keys(modules).filter((name) => !NOT_INSTALLED.includes(name)).map((name) => `loadmodule "${name}.so"\n`).join('')
const FLOWS = 'modparam("tm", "contacts_avp", "tm_contacts")\nmodparam("tm", "contact_flows_avp", "tm_flows")\n'
const TOP_LEVEL = /^(?:(?:\w+_)?route\b|loadmodule|modparam|[a-z_]+=)/m

/** Statements alone stand in a request route. */
function configurationOf(block: string): string {
  const head = `#!KAMAILIO\n${/^loadmodule/m.test(block) ? '' : ALL + FLOWS}`
  const routes = TOP_LEVEL.test(block) ? block : `request_route {\n${block}}\n`
  return `${head}${routes}${/^request_route/m.test(routes) ? '' : 'request_route { exit; }\n'}`
}

interface Block {
  readonly place: string
  readonly path: string
}

function blocksOf(page: string): readonly Block[] {
  const text = readFileSync(join(root, page), 'utf8')
  const folder = mkdtempSync(join(tmpdir(), 'kahea-guide-'))
  return [...text.matchAll(/^```cfg\n([\s\S]*?)^```$/gm)].map(({ 1: block = '', index }, number) => {
    const path = join(folder, `${number}.cfg`)
    writeFileSync(path, configurationOf(block))
    return { place: `${page}:${text.slice(0, index).split('\n').length}`, path }
  })
}

const blocks = pages.flatMap(blocksOf)

test('configurations of the guide pass the check without a word', async () => {
  assert.ok(blocks.length > 10)
  const wrong: string[] = []
  for (const { place, path } of blocks) {
    const loaded = await loadConfiguration({
      path, readFile: (name) => readFileSync(name, 'latin1'), defines: new Map(), substs: [], environment: {},
    })
    for (const diagnostic of checkConfiguration(loaded)) wrong.push(`${place}: ${drawDiagnostic(diagnostic, loaded.parsed.sources)}`)
  }
  assert.deepEqual(wrong, [])
})

test('Kamailio takes the configurations of the guide', { skip: missingPrograms('kamailio') }, () => {
  const wrong = blocks.flatMap(({ place, path }) => {
    const { status, stderr } = spawnSync('kamailio', ['-c', '-E', '-l', 'udp:127.0.0.1:5060', '-f', path], { encoding: 'latin1' })
    return status === 0 ? [] : [`${place}: ${stderr}`]
  })
  assert.deepEqual(wrong, [])
})

test('links between pages lead somewhere', () => {
  const dead = pages.flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)]
      .filter(([, target = '']) => !existsSync(join(root, dirname(page), target)))
      .map(([, target = '']) => `${page}: ${target}`))
  assert.deepEqual(dead, [])
})

test('the index of the guide names every page', () => {
  const index = readFileSync(join(guide, 'README.md'), 'utf8')
  assert.deepEqual(readdirSync(guide).filter((name) => name !== 'README.md' && !index.includes(`](${name})`)), [])
})
