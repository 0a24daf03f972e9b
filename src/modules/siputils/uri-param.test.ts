import assert from 'node:assert/strict'
import { test } from 'node:test'
import { good } from '../../../test/support/sip-message.ts'
import { parseUri } from '../../sip/uri.ts'
import { addParam, findParam, numberParams, removeParam, uriParams } from './uri-param.ts'
import { setHost, setUser } from './uri-text.ts'

test('a parameter is added behind the others and in front of the headers', () => {
  const rows: readonly (readonly [uri: string, want: string])[] = [
    ['sip:a@b', 'sip:a@b;n=1'],
    ['sip:a@b;x', 'sip:a@b;x;n=1'],
    ['sips:a:p@b:5070;x=1?h=1', 'sips:a:p@b:5070;x=1;n=1?h=1'],
    ['tel:+1;x=7', 'tel:+1;x=7;n=1'],
  ]
  for (const [uri, want] of rows) assert.equal(addParam(good(parseUri(uri)), 'n=1'), want)
  assert.equal(addParam(good(parseUri('sip:a@b')), 'x'.repeat(1024)), undefined)
})

test('a parameter is taken away with all that belongs to it', () => {
  const rows: readonly (readonly [uri: string, want: string | undefined])[] = [
    ['sip:a@b;x=1;y', 'sip:a@b;y'],
    ['sip:a@b;y;X=1?h=1', 'sip:a@b;y?h=1'],
    ['sip:a@b;x=1;x=2', 'sip:a@b;x=1'],
    ['sip:a@b;x=', 'sip:a@b'],
    ['sip:a@b;x="q"', 'sip:a@b'],
    ['sip:a@b', 'sip:a@b'],
    ['sip:a@b;x=1;', undefined],
    ['tel:+1;x=7', 'tel:+1'],
    ['sip:+1;x=5@b;user=phone', 'sip:+1;x=5@b;user=phone'],
  ]
  for (const [uri, want] of rows) assert.equal(removeParam(good(parseUri(uri)), 'x'), want, uri)
})

test('a telephone number in a SIP URI has parameters of its own', () => {
  const uri = good(parseUri('sip:+1;x=5@b;user=phone'))
  assert.equal(findParam(numberParams(uri, true), 'x', false)?.value, '5')
  assert.equal(findParam(numberParams(uri, false), 'x', false), undefined)
  assert.equal(findParam(uriParams(uri), 'user', false)?.value, 'phone')
})

test('user and host of a URI are exchanged as texts', () => {
  const rows: readonly (readonly [uri: string, user: string | undefined, host: string | undefined])[] = [
    ['sip:u@h', 'sip:new@h', 'sip:u@new'],
    ['sip:h', 'sip:new@h', 'sip:new'],
    ['sip:u:p@h:5060;a=1?x=1', 'sip:new@h:5060;a=1?x=1', 'sip:u:p@new:5060;a=1?x=1'],
    ['tel:+1', 'tel:new@+1', 'tel:new'],
    ['nocolon', undefined, undefined],
  ]
  for (const [uri, user, host] of rows) assert.deepEqual([setUser(uri, 'new'), setHost(uri, 'new')], [user, host], uri)
  assert.equal(setUser('sip:u:p@h', ''), 'sip:h')
})
