import assert from 'node:assert/strict'
import { test } from 'node:test'
import { localSeconds, localTime } from './local-time.ts'
import { matchesPeriod } from './time-period.ts'

/** Monday 2024-01-01 12:00:00. */
const at = localTime(localSeconds(2024, 0, 1, 12))

const periods: readonly (readonly [period: string, want: boolean | undefined])[] = [
  ['', true], ['none', false], ['NEVER', false], [' none', undefined],
  ['hr{12}', true], ['hr{13}', false], ['HOUR { 11 - 12 }', true], ['hr{22-2}', false], ['hr{22-12}', true],
  ['wd{mo-fri} hr{8-16}, wd{sa}', true], ['wd{sa su},wd{mon}hr{9-11}', false], ['wd{tu} wd{monday}', true],
  ['mo{dec-feb}', true], ['md{31-1}', true], ['yd{1}', true], ['wk{1}', true], ['sec{0} min{0}', true],
  ['yr{2024}', true], ['yr{24}', false], ['yr{2025-2023}', false], ['yr{2020-}', false],
  ['hr{12.5}', true], ['hr{}', false], ['hr{x}', false], ['hr{12,13}', true], ['hr{13,12}', false], ['hr{11--13}', true],
  ['hr{24}', undefined], ['hr{-12}', undefined], ['hr{1-2-3}', undefined], ['wd{m}', undefined], ['mo{ja}', undefined],
  ['hours{12}', undefined], ['hr 12', undefined], ['hr{12', undefined], ['hr{12}}', undefined], ['hr{13},foo{1}', undefined],
  ['hr{12} hr{99}', true], ['hr{13} hr{99}', undefined], [',', undefined], ['hr{13},', undefined],
]

for (const [period, want] of periods) {
  test(`'${period}' is ${want === undefined ? 'no period' : want ? 'now' : 'not now'}`, () => {
    assert.equal(matchesPeriod(period, at), want)
  })
}

test('a long text takes no long time', () => {
  assert.equal(matchesPeriod(' '.repeat(20_000), at), undefined)
  assert.equal(matchesPeriod(`hr{${' -'.repeat(20_000)}}`, at), undefined)
})
