import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import { drawDiagnostic } from '../../src/script/diagnostic.ts'
import { diagnosticCodes } from '../../src/script/diagnostic-codes.ts'
import { parseConfig } from '../../src/script/parse.ts'

const folder = fileURLToPath(new URL('diagnostics/', import.meta.url))
const cases = readdirSync(folder).filter((name) => name.endsWith('.cfg')).sort()
/** `KAHEA_UPDATE=1` writes what is drawn now beside the configurations, to be read before it is committed. */
const isUpdate = process.env['KAHEA_UPDATE'] === '1'

function draw(name: string): string {
  const readFile = (path: string): string | undefined => {
    try {
      return readFileSync(folder + path, 'latin1')
    } catch {
      return undefined
    }
  }
  const { diagnostics, sources } = parseConfig(name, { readFile })
  for (const { code } of diagnostics) assert.ok(code in diagnosticCodes, `${code} stands in the catalogue`)
  return `${diagnostics.map((diagnostic) => drawDiagnostic(diagnostic, sources)).join('\n\n')}\n`
}

for (const name of cases) {
  test(`the errors of ${name} are drawn as in its .txt file`, () => {
    const expected = folder + name.replace(/\.cfg$/, '.txt')
    const drawn = draw(name)
    if (isUpdate) writeFileSync(expected, drawn, 'latin1')
    assert.equal(drawn, readFileSync(expected, 'latin1'))
  })
}

test('every configuration of the folder has at least one error', () => {
  assert.ok(cases.length > 15)
  for (const name of cases) assert.match(draw(name), / error KAH0\d\d\d: /, name)
})
