/**
 * What Kamailio 5.6.3's modules offer, beside what ours do, as a table: the list of names stands in the reference folder beside
 * the project, and counts as far as Debian's module of that name knows the name. Nothing may be missing, but for what
 * docs/differences.md explains. Skipped where the folder or Kamailio is not there.
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { AnyModule } from '../src/define/define.ts'
import { modules } from '../src/modules/index.ts'

const root = join(import.meta.dirname, '..')
const SURFACE = join(root, '..', 'shared', 'reference', 'surface.tsv')
const LIBRARIES = ['x86_64', 'aarch64'].map((machine) => `/usr/lib/${machine}-linux-gnu/kamailio/modules`).find((path) => existsSync(path))

const KINDS = ['function', 'param', 'pv', 'transformation', 'rpc'] as const
type Kind = (typeof KINDS)[number]

interface Entry {
  readonly module: string
  readonly kind: Kind
  readonly name: string
}

const isKind = (text: string): text is Kind => KINDS.some((kind) => kind === text)

function entries(): readonly Entry[] {
  return readFileSync(SURFACE, 'utf8').split('\n').flatMap((line) => {
    const [module = '', kind = '', name = ''] = line.split('\t')
    return isKind(kind) ? [{ module, kind, name }] : []
  })
}

/** Names of one kind that a definition has; families of transformations as `s.len`. */
function namesIn(definition: AnyModule, kind: Kind): ReadonlySet<string> {
  switch (kind) {
    case 'function':
      return new Set(Object.entries(definition.functions ?? {}).flatMap(([name, { aliases }]) => [name, ...aliases ?? []]))
    case 'param': return new Set(Object.keys(definition.params ?? {}))
    case 'pv': return new Set(Object.keys(definition.variables ?? {}))
    case 'transformation': return new Set(Object.keys(definition.transformations ?? {}))
    case 'rpc': return new Set(Object.keys(definition.rpc ?? {}))
  }
}

/** Whether Debian's module holds the name as a text of its own, or at the end of another one (linkers share those). */
function knows(library: string, { kind, name }: Entry): boolean {
  const word = kind === 'transformation' ? name.slice(name.lastIndexOf('.') + 1) : name
  return library.includes(`${word}\0`)
}

/** What a module's file holds for another reason: interfaces for other modules, and words that are names of something else. */
const NOT_FOR_SCRIPTS = /^bind_/
const OTHERWISE_MEANT: ReadonlySet<string> = new Set(['auth function auth_algorithm', 'http_client function http_client_request', 'json transformation json.encode'])

function isOffered(library: string, entry: Entry): boolean {
  const { module, kind, name } = entry
  return !NOT_FOR_SCRIPTS.test(name) && !OTHERWISE_MEANT.has(`${module} ${kind} ${name}`) && knows(library, entry)
}

const skip = LIBRARIES === undefined ? 'kamailio is not installed' : existsSync(SURFACE) ? false : 'the list of names is not there'

test('nothing of what modules of Kamailio 5.6.3 offer is missing in ours', { skip }, async (t) => {
  const byModule = new Map<string, Entry[]>()
  for (const entry of entries()) byModule.set(entry.module, [...byModule.get(entry.module) ?? [], entry])
  const missing: string[] = []
  const rows: string[] = []
  for (const [name, load] of Object.entries(modules)) {
    const path = join(LIBRARIES ?? '', `${name}.so`)
    if (!existsSync(path)) continue
    const definition = await load()
    const library = readFileSync(path, 'latin1')
    const counts = KINDS.map((kind) => {
      const wanted = (byModule.get(name) ?? []).filter((entry) => entry.kind === kind && isOffered(library, entry))
      const have = namesIn(definition, kind)
      const lacking = wanted.filter((entry) => !have.has(entry.name))
      missing.push(...lacking.map((entry) => `${name}: ${kind} ${entry.name}`))
      return `${wanted.length - lacking.length}/${wanted.length}`
    })
    rows.push([name.padEnd(16), ...counts.map((count) => count.padStart(9))].join(''))
  }
  t.diagnostic(['module'.padEnd(16), ...KINDS.map((kind) => kind.slice(0, 8).padStart(9))].join(''))
  for (const row of rows) t.diagnostic(row)
  assert.deepEqual(missing, [])
})
