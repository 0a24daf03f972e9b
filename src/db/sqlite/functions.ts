/**
 * Functions that users of MySQL expect and SQLite has not. Dates are what a DATETIME column holds: NOW() may be compared with
 * the columns that Kamailio writes.
 */
import { createHash, randomUUID } from 'node:crypto'
import { fromDateText, toDateText } from '../date-text.ts'
import type { SqliteFunction, SqliteValue } from './engine.ts'
import { fromJulianDay, toJulianDay } from './julian-day.ts'
import { formatDate } from './date-format.ts'

const LENGTH_MAX = 65_536
const nowSeconds = (): number => Math.floor(Date.now() / 1000)
const now: SqliteFunction = () => toJulianDay(nowSeconds())
const isNull = (value: SqliteValue | undefined): value is null | undefined => value === null || value === undefined
const text = (value: SqliteValue | undefined): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : String(value ?? '')
const number = (value: SqliteValue | undefined): number =>
  typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.parseFloat(text(value)) || 0
const integer = (value: SqliteValue | undefined): number => Math.trunc(number(value))
const whole = (value: number): bigint => BigInt(Math.trunc(value))

/** The same, null when an argument is null. */
const strict = (run: SqliteFunction): SqliteFunction => (...values) => (values.some(isNull) ? null : run(...values))

/** Seconds of what stands for a date: the number in a column, or a text. */
function seconds(value: SqliteValue | undefined): number | undefined {
  if (typeof value === 'number') return fromJulianDay(value)
  return fromDateText(text(value))
}

function addressToNumber(value: SqliteValue | undefined): bigint | null {
  const parts = text(value).split('.')
  if (parts.length > 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return null
  const bytes = parts.map(Number)
  const last = bytes.pop() ?? 0
  return whole(bytes.reduce((sum, byte, index) => sum + byte * 256 ** (3 - index), last))
}

function numberToAddress(value: SqliteValue | undefined): string | null {
  const address = integer(value)
  if (address < 0 || address > 0xffff_ffff) return null
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.')
}

function unixTimestamp(value: SqliteValue | undefined): bigint | null {
  if (value === undefined) return whole(nowSeconds())
  const found = isNull(value) ? undefined : seconds(value)
  return found === undefined ? null : whole(found)
}

function dateFormat(value: SqliteValue | undefined, format: SqliteValue | undefined): string | null {
  const found = seconds(value)
  return found === undefined ? null : formatDate(found, text(format))
}

/** From 1, without regard to case; 0 when it is not there. */
function locate(part: string, value: string, from: number): number {
  return value.toLowerCase().indexOf(part.toLowerCase(), Math.max(0, from - 1)) + 1
}

/** A date some days later; `INTERVAL 2 HOUR` has become a number of days. */
function addDays(value: SqliteValue | undefined, days: number): number | null {
  const date = typeof value === 'number' ? value : julianDayOf(text(value))
  return date === undefined ? null : date + days
}

function julianDayOf(value: string): number | undefined {
  const found = fromDateText(value)
  return found === undefined ? undefined : toJulianDay(found)
}

/** `SUBSTRING_INDEX('a.b.c', '.', 2)` is `a.b`; a negative count takes from the end. */
function substringIndex(value: string, delimiter: string, count: number): string {
  if (delimiter === '' || count === 0) return ''
  const parts = value.split(delimiter)
  return (count > 0 ? parts.slice(0, count) : parts.slice(count)).join(delimiter)
}

function pad(side: 'padStart' | 'padEnd', value: SqliteValue, length: SqliteValue, filler: SqliteValue): string | null {
  const wanted = integer(length)
  if (wanted < 0) return null
  const whole = text(value)
  return whole.length >= wanted ? whole.slice(0, wanted) : whole[side](Math.min(wanted, LENGTH_MAX), text(filler))
}

function digest(algorithm: string, value: SqliteValue | undefined): string {
  return createHash(algorithm).update(value instanceof Uint8Array ? value : text(value)).digest('hex')
}

function sleep(value: SqliteValue | undefined): bigint {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.max(0, number(value)) * 1000)
  return 0n
}

/** `value REGEXP pattern` calls regexp(pattern, value); without regard to case, as MySQL's usual collations. */
function matches(pattern: SqliteValue | undefined, value: SqliteValue | undefined): bigint {
  return new RegExp(text(pattern), 'iu').test(text(value)) ? 1n : 0n
}

const SHA2_BITS: Readonly<Record<number, string>> = { 0: 'sha256', 224: 'sha224', 256: 'sha256', 384: 'sha384', 512: 'sha512' }

/** By name; SQLite takes names without regard to case. */
export const sqliteFunctions: Readonly<Record<string, SqliteFunction>> = {
  inet_aton: strict((address) => addressToNumber(address ?? null)),
  inet_ntoa: strict((address) => numberToAddress(address)),
  now,
  sysdate: now,
  curdate: () => toDateText(nowSeconds()).slice(0, 10),
  curtime: () => toDateText(nowSeconds()).slice(11),
  unix_timestamp: (value) => unixTimestamp(value),
  from_unixtime: strict((value, format) => (format === undefined ? toJulianDay(integer(value)) : formatDate(integer(value), text(format)))),
  date_add: strict((value, days) => addDays(value, number(days))),
  date_sub: strict((value, days) => addDays(value, -number(days))),
  date_format: strict((value, format) => dateFormat(value, format)),
  concat: strict((...values) => values.map(text).join('')),
  concat_ws: (separator, ...values) =>
    isNull(separator) ? null : values.filter((value) => !isNull(value)).map(text).join(text(separator)),
  if: (condition, yes, no) => (!isNull(condition) && number(condition) !== 0 ? yes ?? null : no ?? null),
  left: strict((value, length) => [...text(value)].slice(0, Math.max(0, integer(length))).join('')),
  right: strict((value, length) => {
    const characters = [...text(value)]
    return characters.slice(Math.max(0, characters.length - Math.max(0, integer(length)))).join('')
  }),
  ucase: strict((value) => text(value).toUpperCase()),
  lcase: strict((value) => text(value).toLowerCase()),
  char_length: strict((value) => whole([...text(value)].length)),
  locate: strict((part, value, from = 1n) => whole(locate(text(part), text(value), integer(from)))),
  lpad: strict((value = null, length = null, filler = ' ') => pad('padStart', value, length, filler)),
  rpad: strict((value = null, length = null, filler = ' ') => pad('padEnd', value, length, filler)),
  reverse: strict((value) => [...text(value)].reverse().join('')),
  repeat: strict((value, count) => text(value).repeat(Math.min(LENGTH_MAX, Math.max(0, integer(count))))),
  substring_index: strict((value, delimiter, count) => substringIndex(text(value), text(delimiter), integer(count))),
  find_in_set: strict((value, list) => whole(text(list).split(',').indexOf(text(value)) + 1)),
  greatest: strict((...values) => values.reduce((most, value) => (number(value) > number(most) ? value : most))),
  least: strict((...values) => values.reduce((fewest, value) => (number(value) < number(fewest) ? value : fewest))),
  md5: strict((value) => digest('md5', value)),
  sha1: strict((value) => digest('sha1', value)),
  sha2: strict((value, bits) => digest(SHA2_BITS[integer(bits)] ?? 'sha256', value)),
  rand: () => Math.random(),
  uuid: () => randomUUID(),
  regexp: strict(matches),
  sleep: strict(sleep),
}
