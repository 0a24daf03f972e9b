import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf } from '../../../test/support/sip-message.ts'
import { testHost } from '../../../test/support/test-host.ts'
import type { ApiKey } from '../../define/define.ts'
import { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { runChecks } from './checks.ts'
import type { SanityParams } from './params.ts'
import { sendKept, type Sanity } from './reply.ts'
import { sizesFit } from './size-check.ts'

const initial: SanityParams = {
  default_checks: 3047, uri_checks: 7, proxy_require: '', autodrop: 1, noreply: 0, size_checks: 0, size_message: 16384,
  size_method: 32, size_ruri: 256, size_from_uri: 256, size_to_uri: 256, size_contact_uri: 256, size_route_uri: 256,
  size_path_uri: 256, size_pai_uri: 256, size_header: 2048, size_headers: 8192, size_body: 8192,
}

interface Bench {
  readonly sanity: Sanity
  readonly context: RouteContext
  readonly replies: string[]
}

const HEADERS: Readonly<Record<string, string>> = {
  Via: 'SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1',
  From: '<sip:a@b>;tag=1',
  To: '<sip:c@d>',
  'Call-ID': '1',
  CSeq: '1 REGISTER',
  'Content-Length': '0',
}

/** A request with other headers; an empty text leaves one out. */
function bench(changes: Readonly<Record<string, string>>, params: Partial<SanityParams> = {}, method = 'REGISTER'): Bench {
  const replies: string[] = []
  const sl = {
    reply: (_context: RouteContext, code: number, reason: string): number => {
      replies.push(`${code} ${reason}`)
      return 1
    },
  }
  const host: Host = { ...testHost(), api: <T>(_key: ApiKey<T>) => sl as T }
  const lines = Object.entries({ ...HEADERS, ...changes }).filter(([, value]) => value !== '')
  const message = messageOf([`${method} sip:x@192.0.2.1 SIP/2.0`, ...lines.map(([name, value]) => `${name}: ${value}`)])
  const sanity: Sanity = { host, params: { ...initial, ...params }, extensions: ['foo', 'bar'], kept: undefined }
  return { sanity, context: new RouteContext(host, { index: 0, variables: [] }, message), replies }
}

test('a sound request passes every check', () => {
  const { sanity, context, replies } = bench({})
  assert.equal(runChecks(sanity, context, 32767, 15), true)
  assert.deepEqual(replies, [])
})

const DIGEST = 'Digest username="a", realm="r", nonce="n", uri="sip:x", response="r"'

const refusals: readonly (readonly [checks: number, changes: Readonly<Record<string, string>>, want: string | undefined])[] = [
  [4, { 'Content-Length': 'x' }, undefined],
  [32, { CSeq: '1 INVITE' }, '400 CSeq method does not match request method'],
  [64, { CSeq: '4294967297 REGISTER' }, '400 CSeq number is illegal'],
  [64, { CSeq: 'x REGISTER' }, '400 CSeq number is illegal'],
  [128, { 'Content-Length': '5' }, '400 Content-Length mis-match'],
  [256, { Expires: 'x' }, '400 Expires value is illegal'],
  [256, { Expires: '12345678901' }, '400 Expires value is illegal'],
  [512, { 'Proxy-Require': 'foo, baz' }, '420 Bad Proxy Require Extension'],
  [512, { 'Proxy-Require': 'FOO' }, '420 Bad Proxy Require Extension'],
  [1024, { From: '<bogus>;tag=1' }, '400 Invalid From Header'],
  [1024, { To: '<bogus>' }, '400 Ivalid To Header'],
  [1024, { Contact: 'bogus' }, '400 Bad Contact Header'],
  [1024, { Contact: '<sip:a@b>, <bogus>' }, '400 Bad Contact URI'],
  [2048, { Authorization: 'Basic x' }, undefined],
  [2048, { Authorization: 'Digest x' }, '400 Bad Auth Header'],
  [8192, { Authorization: DIGEST.replace('"n"', '""') }, '400 Auth Empty Nonce'],
  [8192, { 'Proxy-Authorization': DIGEST.replace('realm="r", ', '') }, '400 Bad Auth Credentials'],
  [4096, { From: '<sip:a@b>;tag=1;tag=2' }, '400 Many From Tag Params'],
  [4096, { To: '<sip:a@b>;tag=1;Tag=2' }, '400 Many To Tag Params'],
]

test('each check refuses with its own reply', () => {
  for (const [checks, changes, want] of refusals) {
    const { sanity, context, replies } = bench(changes)
    assert.equal(runChecks(sanity, context, checks, 15), false, JSON.stringify(changes))
    assert.deepEqual(replies, want === undefined ? [] : [want], JSON.stringify(changes))
  }
})

test('what looks odd but passes in Kamailio passes', () => {
  const passing: readonly (readonly [checks: number, changes: Readonly<Record<string, string>>])[] = [
    [64, { CSeq: '4294967296 REGISTER' }],
    [128, { 'Content-Length': '' }],
    [256, { Expires: '5 x' }],
    [512, { 'Proxy-Require': 'bar,foo' }],
    [8192, { Authorization: 'Basic x' }],
    [2048, { Authorization: DIGEST }],
    [1024, { Contact: '*' }],
  ]
  for (const [checks, changes] of passing) {
    const { sanity, context } = bench(changes)
    assert.equal(runChecks(sanity, context, checks, 15), true, JSON.stringify(changes))
  }
})

test('the extension that is not known goes into Unsupported', () => {
  const { sanity, context } = bench({ 'Proxy-Require': 'foo, baz, bar' })
  runChecks(sanity, context, 512, 7)
  assert.deepEqual(context.message.replyHeaders, ['Unsupported: baz\r\n'])
})

test('with noreply the reply waits for sanity_reply()', () => {
  const { sanity, context, replies } = bench({ Expires: 'x' }, { noreply: 1 })
  assert.equal(runChecks(sanity, context, 256, 7), false)
  assert.deepEqual(replies, [])
  assert.equal(sendKept(sanity, context), 1)
  assert.deepEqual(replies, ['400 Expires value is illegal'])
})

test('sanity_reply() without a refusal sends 500, and nothing without noreply', () => {
  for (const [noreply, want] of [[1, ['500 Server Sanity Failure']], [0, []]] as const) {
    const { sanity, context, replies } = bench({}, { noreply })
    assert.equal(sendKept(sanity, context), 1)
    assert.deepEqual(replies, want)
  }
})

test('an ACK is refused without a reply', () => {
  const { sanity, context, replies } = bench({ Expires: 'x' }, {}, 'ACK')
  assert.equal(runChecks(sanity, context, 256, 7), false)
  assert.deepEqual(replies, [])
})

test('sizes are bounded, each by its own parameter', () => {
  const long = `<sip:${'a'.repeat(40)}@b>`
  const rows: readonly (readonly [sizes: Partial<SanityParams>, changes: Readonly<Record<string, string>>, want: boolean])[] = [
    [{}, {}, true],
    [{ size_message: 100 }, {}, false],
    [{ size_message: 0 }, {}, true],
    [{ size_method: 7 }, {}, false],
    [{ size_ruri: 14 }, {}, false],
    [{ size_header: 30 }, {}, false],
    [{ size_headers: 80 }, {}, false],
    [{ size_from_uri: 40 }, { From: `${long};tag=1` }, false],
    [{ size_to_uri: 40 }, { To: long }, false],
    [{ size_contact_uri: 40 }, { Contact: `<sip:a@b>, ${long}` }, false],
    [{ size_route_uri: 40 }, { Route: long }, false],
    [{ size_route_uri: 40 }, { 'Record-Route': long }, false],
    [{ size_path_uri: 40 }, { Path: long }, false],
    [{ size_pai_uri: 40 }, { 'P-Asserted-Identity': long }, false],
    [{ size_pai_uri: 46 }, { 'P-Asserted-Identity': long }, true],
  ]
  for (const [sizes, changes, want] of rows) {
    const { sanity, context } = bench(changes, sizes)
    assert.equal(sizesFit(context.message, sanity.params), want, JSON.stringify(sizes))
  }
})
