import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { localTime } from './local-time.ts'
import { parseDateTime, parseDuration, parseNumbers, parseRecurrence, parseWeekdays, RecurrenceError } from './recurrence.ts'
import { matchesRecurrence } from './recurrence-match.ts'

/** Monday 2024-01-01 12:00:00. */
const NOON = '20240101T120000'

const rules: readonly (readonly [rule: string, at: string, want: boolean])[] = [
  ['20120102T000000|PT24H|weekly', NOON, true],
  ['20120101T000000|PT24H|weekly', NOON, false],
  ['20120101T083000|PT10H|weekly|||MO,TU,WE,TH,FR', NOON, true],
  ['20120101T083000|PT3H|weekly|||MO,TU,WE,TH,FR', NOON, false],
  ['20240102T000000|PT24H|daily', NOON, false],
  ['20240101T000000|PT12H', NOON, true],
  ['20240101T000000|PT11H59M59S', NOON, false],
  ['20120102T000000|PT24H|weekly|20231231T120000', NOON, false],
  ['20120102T000000|PT24H|weekly|20231231T120001', NOON, true],
  ['20231225T000000|PT24H|weekly||2', NOON, false],
  ['20231218T000000|PT24H|weekly||2', NOON, true],
  ['20231231T000000|PT24H|weekly||2|MO', '20240108T120000', true],
  ['20231230T000000|PT24H|daily||3', '20240102T120000', true],
  ['20231230T000000|PT24H|daily||3', NOON, false],
  ['20230101T000000|PT24H|monthly||5', '20231101T120000', true],
  ['20230101T000000|PT24H|yearly||2', NOON, false],
  ['20220101T000000|PT24H|yearly||2', NOON, true],
  ['20230105T000000|PT24H|monthly|||1MO', NOON, true],
  ['20230105T000000|PT24H|monthly|||-1MO', '20240122T120000', true],
  ['20230105T000000|PT24H|monthly|||-1MO', '20240129T120000', false],
  ['20230105T000000|PT24H|monthly|||MO', NOON, false],
  ['20230105T000000|PT24H|monthly||||1', NOON, true],
  ['20230105T000000|PT24H|monthly||||-1', '20240131T120000', true],
  ['20230105T000000|PT24H|monthly||||-1', '20240229T120000', true],
  ['20230105T000000|PT24H|yearly|||||1', '20240102T120000', true],
  ['20230105T000000|PT24H|yearly|||||-1', '20241231T120000', true],
  ['20230102T000000|PT24H|yearly||||||1', NOON, true],
  ['20230102T000000|PT24H|yearly||||||2', NOON, false],
  ['20230102T000000|PT24H|daily|||||||0,5', NOON, true],
  ['20230102T000000|PT24H|daily|||||||1', '20240201T120000', true],
  ['20230102T000000|PT24H|daily|||||||-1', '20231201T120000', true],
  ['20230102T000000|PT24H|daily|||||||1', NOON, false],
  ['20230102T000000|PT24H|hourly', NOON, false],
  ['|||', NOON, true],
  ['20120101T000000||daily', NOON, false],
]

for (const [rule, at, want] of rules) {
  test(`${at} is ${want ? '' : 'not '}within ${rule}`, () => {
    const recurrence = parseRecurrence(rule, '|')
    assert.ok(!(recurrence instanceof RecurrenceError))
    assert.equal(matchesRecurrence(recurrence, localTime(parseDateTime(at))), want)
  })
}

test('a fault is told with the text up to it', () => {
  const upTo = (rule: string, separator = '|'): string => {
    const result = parseRecurrence(rule, separator)
    return result instanceof RecurrenceError ? result.upTo : 'no fault'
  }
  assert.deepEqual(
    ['', '2012|PT1H|daily', '20120101T000000|1H|daily', '20120101T000000;PT1H;daily;x;1'].map((rule) => upTo(rule)),
    ['', '2012', '20120101T000000|1H', '20120101T000000;PT1H;daily;x;1'],
  )
  assert.equal(upTo('20120101T000000;PT1H;daily;x;1', ';'), '20120101T000000;PT1H;daily;x')
  assert.equal(upTo('20120101T000000|PT1H', ''), '20120101T000000|PT1H')
})

test('durations', () => {
  const rows: readonly (readonly [text: string, seconds: number])[] = [
    ['PT8H30M', 30_600], ['P1W', 604_800], ['P1DT2H3M4S', 93_784], ['pt1h', 3600], ['-PT1H', 3600], ['PT24H1', 86_400],
    ['P1T8H', 64_800], ['PT', 0], ['P1H', 0], ['PT1D', 0], ['PT1H ', 0], ['1H', 0], ['', 0], ['PTT1H', 0],
  ]
  for (const [text, seconds] of rows) assert.equal(parseDuration(text), seconds, text)
})

test('lists', () => {
  assert.deepEqual(parseNumbers('1,-2, +3'), [{ value: 1, nth: 1 }, { value: 2, nth: -1 }, { value: 3, nth: 1 }])
  assert.deepEqual(parseNumbers('1,,x'), undefined)
  assert.deepEqual(parseWeekdays('MO,-1tu,+2We,5'), [
    { value: 1, nth: 0 }, { value: 2, nth: -1 }, { value: 3, nth: 2 }, { value: 0, nth: 0 },
  ])
  assert.deepEqual(parseWeekdays('MO,XX'), undefined)
  assert.deepEqual(parseWeekdays(''), undefined)
})

describe('where clocks change', () => {
  const zone = process.env['TZ']
  before(() => { process.env['TZ'] = 'Europe/Berlin' })
  after(() => {
    if (zone === undefined) delete process.env['TZ']
    else process.env['TZ'] = zone
  })

  test('every second day stays every second day, at the time the clock shows', () => {
    const recurrence = parseRecurrence('20240330T080000|PT1H|daily||2', '|')
    assert.ok(!(recurrence instanceof RecurrenceError))
    const matches = (iso: string): boolean => matchesRecurrence(recurrence, localTime(Date.parse(iso) / 1000))
    assert.equal(matches('2024-04-01T08:30:00+02:00'), true)
    assert.equal(matches('2024-04-01T09:30:00+02:00'), false)
    assert.equal(matches('2024-04-02T08:30:00+02:00'), false)
    assert.equal(matches('2024-10-28T08:30:00+01:00'), true)
  })
})
