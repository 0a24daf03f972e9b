/** What keeps the house in order: import walls, the list of modules, names, sizes. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { test } from 'node:test'
import { modules } from '../src/modules/index.ts'

const root = join(import.meta.dirname, '..')
const source = join(root, 'src')
const LINES_MAX = 520
const COLUMNS_MAX = 140

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .sort()

/** What a room may import besides itself; `types` are rooms it may import types of. */
const walls: Readonly<Record<string, { readonly rooms: readonly string[]; readonly types?: readonly string[] }>> = {
  base: { rooms: [] },
  sip: { rooms: ['base'] },
  net: { rooms: ['base', 'sip'] },
  db: { rooms: ['base'] },
  define: { rooms: ['base', 'sip'], types: ['runtime'] },
  script: { rooms: ['base', 'define'], types: ['runtime'] },
  rpc: { rooms: ['base', 'define'] },
  diameter: { rooms: ['base'] },
  transaction: { rooms: ['base', 'sip'], types: ['runtime'] },
  runtime: { rooms: ['base', 'sip', 'define'], types: ['transaction', 'db'] },
  kemi: { rooms: ['base', 'sip', 'define', 'runtime'] },
  modules: { rooms: ['base', 'sip', 'define', 'transaction', 'diameter', 'runtime', 'db', 'rpc', 'kemi'] },
  convert: { rooms: ['base', 'define', 'script', 'kemi', 'runtime'] },
  server: { rooms: ['base', 'sip', 'net', 'db', 'define', 'script', 'rpc', 'runtime', 'kemi', 'modules'] },
  cli: { rooms: ['base', 'convert', 'db', 'server', 'script', 'runtime', 'net', 'define', 'rpc', 'kemi'] },
}

const importLine = /^(?:import|export)\s+(type\s+)?(?:[^'"]*?\sfrom\s+)?'(\.[^']+)'/gm

interface Import {
  readonly from: string
  readonly to: string
  readonly isType: boolean
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(source, file), 'utf8')
  return [...text.matchAll(importLine)].map(([, type, path = '']) => ({
    from: file,
    to: relative(source, resolve(dirname(join(source, file)), path)),
    isType: type !== undefined,
  }))
}

const room = (file: string): string => file.split('/')[0] ?? ''
const isTest = (file: string): boolean => file.endsWith('.test.ts')

test('rooms import only what the plan in ARCHITECTURE.md lets them', () => {
  const broken = files
    .filter((file) => !isTest(file) && file.includes('/'))
    .flatMap(importsOf)
    .filter(({ from, to, isType }) => {
      const wall = walls[room(from)]
      if (wall === undefined || room(to) === room(from)) return false
      return !wall.rooms.includes(room(to)) && !(isType && wall.types?.includes(room(to)))
    })
  assert.deepEqual(broken.map(({ from, to }) => `${from} imports ${to}`), [])
})

test('a module enters another one by its api.ts only', () => {
  const broken = files
    .filter((file) => file.startsWith('modules/') && !isTest(file) && file !== 'modules/index.ts')
    .flatMap(importsOf)
    .filter(({ from, to }) => {
      if (room(to) !== 'modules') return false
      const [, own] = from.split('/')
      const [, other, file] = to.split('/')
      return own !== other && file !== 'api.ts'
    })
  assert.deepEqual(broken.map(({ from, to }) => `${from} imports ${to}`), [])
})

test('src/modules/index.ts lists every folder but core, which is always there', () => {
  const folders = readdirSync(join(source, 'modules'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'core')
    .map((entry) => entry.name)
  assert.deepEqual(Object.keys(modules).sort(), folders.sort())
})

test('a module is called as its folder and its file', async () => {
  for (const [name, load] of Object.entries(modules)) {
    assert.equal((await load()).name, name)
    assert.ok(files.includes(`modules/${name}/${name}.ts`), name)
  }
})

test('no file is called after nothing in particular', () => {
  const vague = files.filter((file) => /(^|\/)(utils?|helpers?|common|misc|types|shared)\.ts$/.test(file))
  assert.deepEqual(vague, [])
})

test('files and lines stay within sight', () => {
  const wide: string[] = []
  for (const file of files) {
    const lines = readFileSync(join(source, file), 'utf8').split('\n')
    if (lines.length > LINES_MAX && !isTest(file) && !/^(script|kemi)\/kamailio-/.test(file)) wide.push(`${file}: ${lines.length} lines`)
    lines.forEach((line, index) => {
      if (line.length > COLUMNS_MAX) wide.push(`${file}:${index + 1}: ${line.length} columns`)
    })
  }
  assert.deepEqual(wide, [])
})

test('nothing is silenced or left for later', () => {
  const marks = /\b(?:TODO|FIXME|XXX)\b|@ts-(?:ignore|nocheck|expect-error)|\bas any\b|:\s*any\b/
  const found = files.flatMap((file) =>
    readFileSync(join(source, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => (marks.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  )
  assert.deepEqual(found, [])
})

test('a start reads no client of a database that nobody asked for', () => {
  const read = new Set<string>()
  const follow = (file: string): void => {
    if (read.has(file)) return
    read.add(file)
    for (const { to, isType } of importsOf(file)) if (!isType) follow(to)
  }
  follow('cli/main.ts')
  assert.ok(read.has('server/server.ts'))
  assert.deepEqual([...read].filter((file) => /^db\/(mysql|postgres|redis|mongodb)\//.test(file)), [])
})
