import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CfgTable, type CfgValue, type CfgVariable } from './cfg-table.ts'

function variable(name: string, initial: CfgValue, more: Partial<CfgVariable> = {}): CfgVariable {
  let value = initial
  return {
    name, type: typeof initial === 'number' ? 'int' : 'string', summary: '', isReadable: true, isWritable: true, min: 0, max: 100, initial,
    read: () => value,
    write(changed) {
      value = changed
      return undefined
    },
    ...more,
  }
}

const at = (name: string, id?: number) => ({ group: 'g', id, name })

function table(): { table: CfgTable; changes: string[] } {
  const changes: string[] = []
  const variables = [variable('n', 5), variable('s', 'abc'), variable('fixed', 1, { isWritable: false })]
  return { table: new CfgTable([{ name: 'g', variables }], (text) => changes.push(text)), changes }
}

const fits: readonly (readonly [name: string, given: CfgValue, value: CfgValue | undefined])[] = [
  ['n', 7, 7], ['n', '8', 8], ['n', 'x', undefined], ['n', 101, undefined], ['n', -1, undefined], ['s', 12, '12'], ['s', 'x', 'x'],
  ['fixed', 2, undefined], ['nope', 1, undefined],
]
for (const [name, given, value] of fits) {
  test(`${JSON.stringify(given)} for ${name} ${value === undefined ? 'is refused' : `becomes ${JSON.stringify(value)}`}`, () => {
    const fit = table().table.fit(at(name), given)
    assert.deepEqual(typeof fit === 'string' ? undefined : fit.value, value)
  })
}

test('a change is there at once, and told', () => {
  const { table: cfg, changes } = table()
  assert.equal(cfg.write(at('n'), 9), undefined)
  assert.equal(cfg.read(at('n')), 9)
  assert.deepEqual(changes, ['g.n has been changed to 9'])
})

test('changes that were put off wait for commit, and rollback forgets them', () => {
  const { table: cfg } = table()
  cfg.writeLater(at('n'), 9, () => undefined)
  assert.equal(cfg.read(at('n')), 5)
  assert.equal(cfg.commit(), undefined)
  assert.equal(cfg.read(at('n')), 9)
  cfg.writeLater(at('n'), 10, () => undefined)
  cfg.rollback()
  cfg.commit()
  assert.equal(cfg.read(at('n')), 9)
})

test('an instance has values of its own, and shows those of the group where it has none', () => {
  const { table: cfg } = table()
  assert.equal(cfg.read(at('n', 3)), undefined)
  assert.equal(cfg.addInstance('g', 3), true)
  assert.equal(cfg.read(at('n', 3)), 5)
  cfg.write(at('n', 3), 33)
  cfg.write(at('n'), 6)
  assert.deepEqual([cfg.read(at('n', 3)), cfg.read(at('n'))], [33, 6])
  assert.equal(cfg.delete(at('n', 3)), undefined)
  assert.equal(cfg.read(at('n', 3)), 6)
})

test('commit does nothing when an instance that it is for has gone', () => {
  const { table: cfg } = table()
  cfg.addInstance('g', 3)
  cfg.writeLater(at('n'), 7, () => undefined)
  cfg.writeLater(at('n', 3), 8, () => undefined)
  cfg.deleteInstance('g', 3)
  assert.equal(typeof cfg.commit(), 'string')
  assert.equal(cfg.read(at('n')), 5)
})

test('reset brings back what was there at the start', () => {
  const { table: cfg } = table()
  cfg.write(at('n'), 9)
  cfg.write(at('s'), 'xyz')
  assert.equal(cfg.reset('g', undefined), true)
  assert.deepEqual([cfg.read(at('n')), cfg.read(at('s'))], [5, 'abc'])
  assert.equal(cfg.reset('nope', undefined), false)
})

test('what waits, and how many instances there are, is bounded', () => {
  const { table: cfg } = table()
  for (let id = 0; id < 1000; id++) assert.equal(cfg.addInstance('g', id), true)
  assert.equal(cfg.addInstance('g', 1000), false)
  for (let count = 0; count < 1000; count++) assert.equal(cfg.writeLater(at('n'), 1, () => undefined), undefined)
  assert.equal(typeof cfg.writeLater(at('n'), 1, () => undefined), 'string')
})

test('what a new file says is what reset goes back to; groups of the file itself are replaced', () => {
  const { table: cfg } = table()
  cfg.rebase(() => void cfg.write(at('n'), 9))
  cfg.write(at('n'), 12)
  assert.equal(cfg.reset('g', undefined), true)
  assert.equal(cfg.read(at('n')), 9)
  cfg.addInstance('g', 1)
  cfg.replaceGroups(['own'], [{ name: 'own', variables: [variable('a', 1)] }])
  assert.deepEqual(cfg.groups.map(({ name }) => name), ['g', 'own'])
  cfg.addInstance('own', 2)
  cfg.replaceGroups(['own'], [])
  assert.deepEqual(cfg.groups.map(({ name }) => name), ['g'])
  assert.deepEqual([cfg.hasInstance('g', 1), cfg.hasInstance('own', 2)], [true, false])
})
