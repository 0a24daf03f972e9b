import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineModule, param } from '../define/define.ts'
import type { ModParam, Span } from '../script/ast.ts'
import { collectParams, modulesMatching } from './module-params.ts'

const span: Span = { file: 'a.cfg', line: 1, column: 1, endLine: 1, endColumn: 1 }
const modparam = (module: string, name: string, value: string | number): ModParam => ({
  kind: 'modparam',
  module,
  name,
  value: { type: typeof value === 'number' ? 'int' : 'string', value, span },
  evaluate: false,
  span,
})

for (const [title, pattern, found] of [
  ['a name stands for itself', 'usrloc', ['usrloc']],
  ['alternatives are several modules', 'auth_db|usrloc', ['auth_db', 'usrloc']],
  ['a pattern must fit the whole name', 'usr', []],
  ['a pattern may have wildcards', 'auth.*', ['auth', 'auth_db']],
  ['a pattern that is no regular expression fits nothing', 'auth(', []],
] as const) {
  test(title, () => assert.deepEqual(modulesMatching(pattern, ['auth', 'auth_db', 'usrloc']), found))
}

test('parameters start at their initial values, and lists keep every value in order', () => {
  const module = defineModule({
    name: 'sample',
    summary: 'A sample.',
    area: 'core',
    params: { size: param.int(5, 'A size.'), rows: param.list('Rows.') },
    setup: () => 0,
  })
  const params = collectParams([module], [modparam('sample', 'rows', 'a'), modparam('sam.*', 'rows', 'b')])
  assert.deepEqual(params.get('sample'), { size: 5, rows: ['a', 'b'] })
  assert.deepEqual(module.params?.rows.initial, [])
})
