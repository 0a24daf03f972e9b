import assert from 'node:assert/strict'
import { test } from 'node:test'
import { localTime, strftime, universalTime } from './strftime.ts'

// What the C library prints for each letter, in UTC.
const LETTERS = 'aAbBcCdDeFgGhHIjklmMnpPrRStTuUVwWxXyYz%'
const printed: readonly (readonly [seconds: number, text: string])[] = [
  [
    0,
    'Thu|Thursday|Jan|January|Thu Jan  1 00:00:00 1970|19|01|01/01/70| 1|1970-01-01|70|1970|Jan|00|12|' +
    '001| 0|12|01|00|\n|AM|am|12:00:00 AM|00:00|00|\t|00:00:00|4|00|01|4|00|01/01/70|00:00:00|70|1970|+0000|%',
  ],
  [
    951782399,
    'Mon|Monday|Feb|February|Mon Feb 28 23:59:59 2000|20|28|02/28/00|28|2000-02-28|00|2000|Feb|23|11|' +
    '059|23|11|02|59|\n|PM|pm|11:59:59 PM|23:59|59|\t|23:59:59|1|09|09|1|09|02/28/00|23:59:59|00|2000|+0000|%',
  ],
  [
    1798761599,
    'Thu|Thursday|Dec|December|Thu Dec 31 23:59:59 2026|20|31|12/31/26|31|2026-12-31|26|2026|Dec|23|11|' +
    '365|23|11|12|59|\n|PM|pm|11:59:59 PM|23:59|59|\t|23:59:59|4|52|53|4|52|12/31/26|23:59:59|26|2026|+0000|%',
  ],
  [
    1456704000,
    'Mon|Monday|Feb|February|Mon Feb 29 00:00:00 2016|20|29|02/29/16|29|2016-02-29|16|2016|Feb|00|12|' +
    '060| 0|12|02|00|\n|AM|am|12:00:00 AM|00:00|00|\t|00:00:00|1|09|09|1|09|02/29/16|00:00:00|16|2016|+0000|%',
  ],
]

test('times print as in the C library', () => {
  const format = [...LETTERS].map((letter) => `%${letter}`).join('|')
  for (const [seconds, text] of printed) assert.equal(strftime(format, universalTime(seconds * 1000)), text)
})

test('what is no directive stays', () => {
  const time = universalTime(0)
  assert.equal(strftime('100%Q x%', time), '100%Q x%')
  assert.equal(strftime('%s %Ey', time), '0 70')
})

test('local and universal time name the same moment', () => {
  const local = localTime(1_700_000_000_000)
  const minutes = (time: { hour: number; minute: number }): number => time.hour * 60 + time.minute
  const universal = universalTime(1_700_000_000_000)
  assert.equal((minutes(universal) + local.offsetMinutes + 1440) % 1440, minutes(local))
  assert.equal(local.epochSeconds, 1_700_000_000)
})
