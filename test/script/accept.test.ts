import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import { parseConfig } from '../../src/script/parse.ts'
import { showStatement, withoutSpans } from './tree.ts'

const folder = fileURLToPath(new URL('accept/', import.meta.url))
const cases = readdirSync(folder).filter((name) => name.endsWith('.cfg')).sort()
/** `KAHEA_UPDATE=1` writes the trees of now beside the configurations, to be read before they are committed. */
const isUpdate = process.env['KAHEA_UPDATE'] === '1'

for (const name of cases) {
  test(`${name} has the tree of its .txt file`, () => {
    const { config, diagnostics } = parseConfig(name, { readFile: (path) => readFileSync(folder + path, 'latin1') })
    assert.deepEqual(diagnostics, [])
    const lines = config.items.flatMap((item) => {
      if (item.kind !== 'route') return [JSON.stringify(withoutSpans(item))]
      return [`${item.route} route ${item.name ?? ''}`.trim(), ...item.body.statements.map((one) => `  ${showStatement(one)}`)]
    })
    const shown = `${lines.join('\n')}\n`
    const expected = folder + name.replace(/\.cfg$/, '.txt')
    if (isUpdate) writeFileSync(expected, shown, 'latin1')
    assert.equal(shown, readFileSync(expected, 'latin1'))
  })
}
