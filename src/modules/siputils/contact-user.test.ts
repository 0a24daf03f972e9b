import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packUri, unpackUri } from './contact-user.ts'

test('a URI is packed into the user of another', () => {
  const rows: readonly (readonly [uri: string, want: string | number])[] = [
    ['sip:bob@10.0.0.1:5070;transport=tcp', 'sip:pfx*bob**10.0.0.1*5070*tcp@1.2.3.4'],
    ['sip:bob:pw@10.0.0.1;x=1', 'sip:pfx*bob*pw*10.0.0.1**@1.2.3.4'],
    ['sip:h', 'sip:pfx***h**@1.2.3.4'],
    ['sip:+1;p=2@h;user=phone', 'sip:pfx*+1**h**@1.2.3.4'],
    ['sips:bob@h', -509],
    ['bogus', -25],
    ['a:b', -26],
    ['x', -1],
  ]
  for (const [uri, want] of rows) assert.equal(packUri(uri, 'pfx', '1.2.3.4', '*', true), want, uri)
})

test('a packed URI is unpacked', () => {
  const rows: readonly (readonly [uri: string, want: string | number])[] = [
    ['sip:pfx*bob*pw*10.0.0.1*5070*tcp@1.2.3.4', 'sip:bob:pw@10.0.0.1:5070;transport=tcp'],
    ['sip:pfx***10.0.0.1**@1.2.3.4;x=1', 'sip:10.0.0.1;x=1'],
    ['sip:pfx**pw*10.0.0.1**@1.2.3.4', -3],
    ['sip:pfx*bob****@1.2.3.4', -2],
    ['sip:bob@h', -26],
    ['sip:h', -23],
    ['h', -22],
    ['sip:a*b*c*d*e*f*g@h', -24],
    ['', -1],
  ]
  for (const [uri, want] of rows) assert.equal(unpackUri(uri, '*'), want, uri)
})
