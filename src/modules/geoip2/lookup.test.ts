import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { mmdbFile, networkOfIpv4, places } from '../../../test/support/mmdb-file.ts'
import { temporaryFolder } from '../../../test/support/databases.ts'
import { messageOf } from '../../../test/support/sip-message.ts'
import { testHost } from '../../../test/support/test-host.ts'
import { RouteContext } from '../../runtime/context.ts'
import { Geoip2, matchAddress, placeIn, PLACE_KEYS, readDatabase, reloadDatabase } from './lookup.ts'

const FIXTURE = join(import.meta.dirname, '..', '..', '..', 'test', 'differential', 'cases', 'geoip2', 'places.mmdb')

async function open(path: string): Promise<Geoip2> {
  const state = new Geoip2(testHost(), path)
  const database = await readDatabase(path)
  assert.ok(typeof database !== 'string', String(database))
  state.database = database
  state.containers.add('src')
  return state
}

const contextOf = (state: Geoip2, index = 0): RouteContext =>
  new RouteContext(state.host, { index, variables: [] }, messageOf(['OPTIONS sip:a@b SIP/2.0', 'Via: SIP/2.0/UDP h;branch=z9hG4bK1']))

const tell = (state: Geoip2, context: RouteContext, key: string): unknown => {
  const place = placeIn(state, context, 'src')
  return place === undefined ? undefined : PLACE_KEYS[key]?.(place)
}

function write(t: TestContext, bytes: Buffer | string): string {
  const path = join(temporaryFolder(t), 'places.mmdb')
  writeFileSync(path, bytes)
  return path
}

test('the file beside the differential cases is made of the places of test/support/mmdb-file.ts', () => {
  assert.ok(readFileSync(FIXTURE).equals(mmdbFile(places)))
})

test('a place is told by its keys, and its network in bits of the tree', async () => {
  const state = await open(FIXTURE)
  const context = contextOf(state)
  assert.equal(matchAddress(state, context, '128.101.101.101', 'src'), 1)
  const told = Object.fromEntries(Object.keys(PLACE_KEYS).map((key) => [key, tell(state, context, key)]))
  assert.deepEqual(told, {
    cc: 'US', tz: 'America/Chicago', zip: '55455', lat: '44.975900', lon: '-93.216600', nmask: '121', city: 'Minneapolis', regc: 'MN',
    regn: 'Minnesota', metro: '613', contc: 'NA',
  })
  assert.equal(matchAddress(state, context, '2001:db8::1', 'src'), 1)
  assert.equal(tell(state, context, 'nmask'), '32')
  assert.equal(tell(state, context, 'city'), 'S\xc3\xa3o Paulo')
})

test('a place that was not found leaves nothing of the one before, and other messages keep theirs', async () => {
  const state = await open(FIXTURE)
  const [context, other] = [contextOf(state), contextOf(state, 1)]
  matchAddress(state, context, '192.0.2.1', 'src')
  matchAddress(state, other, '128.101.101.1', 'src')
  assert.equal(tell(state, context, 'cc'), 'DE')
  for (const address of ['10.0.0.1', 'example.com', '', '[2001:db8::1]', '300.1.1.1']) {
    assert.equal(matchAddress(state, context, address, 'src'), -2, address)
    assert.equal(tell(state, context, 'cc'), undefined)
  }
  assert.equal(tell(state, other, 'cc'), 'US')
  assert.equal(matchAddress(state, context, '192.0.2.1', 'unread'), -4)
})

test('a file that is none is refused with its reason, and keeps the old one when it is read again', async (t) => {
  for (const bytes of ['', 'not a database', mmdbFile(places).subarray(0, 300)]) {
    assert.equal(typeof await readDatabase(write(t, bytes)), 'string')
  }
  assert.match(String(await readDatabase('/nonexistent/places.mmdb')), /ENOENT/)
  const italy = { map: { country: { map: { iso_code: 'IT' } } } }
  const path = write(t, mmdbFile([{ bits: networkOfIpv4('192.0.2.0/24'), record: italy }]))
  const state = await open(path)
  writeFileSync(path, 'gone')
  assert.match(String(await reloadDatabase(state)), /cannot open the database/)
  const context = contextOf(state)
  assert.equal(matchAddress(state, context, '192.0.2.1', 'src'), 1)
  assert.equal(tell(state, context, 'cc'), 'IT')
  writeFileSync(path, mmdbFile(places))
  assert.equal(await reloadDatabase(state), undefined)
  matchAddress(state, context, '192.0.2.1', 'src')
  assert.equal(tell(state, context, 'cc'), 'DE')
})
