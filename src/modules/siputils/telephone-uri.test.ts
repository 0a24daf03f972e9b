import assert from 'node:assert/strict'
import { test } from 'node:test'
import { telToSip, telToSortedSip } from './telephone-uri.ts'

test('a tel: URI becomes a SIP URI with its parameters in lower case', () => {
  const rows: readonly (readonly [uri: string, want: string | undefined])[] = [
    ['tel:+(34)-999-888-777', 'sip:+34999888777@h;user=phone'],
    ['tel:+12-(34)-56-78;Ext=200;ISUB=+123-456', 'sip:+12345678;ext=200;isub=+123-456@h;user=phone'],
    ['TEL:1', 'sip:1@h;user=phone'],
    ['tel:', 'sip:@h;user=phone'],
    ['sip:a@b', undefined],
    ['tel', undefined],
  ]
  for (const [uri, want] of rows) assert.equal(telToSip(uri, 'h'), want, uri)
})

test('tel2sip2 sorts parameters and looks at the phone-context', () => {
  const rows: readonly (readonly [uri: string, want: string | undefined])[] = [
    ['tel:1;z=1;post-dial=2;a=3;isdn-subaddress=4', 'sip:1;isdn-subaddress=4;post-dial=2;a=3;z=1@h;user=phone'],
    ['tel:1-2;phone-context=+4-9', 'sip:12;phone-context=+49@h;user=phone'],
    ['tel:12;phone-context=example.com', 'sip:12@h;user=phone'],
    ['sip:a@b', undefined],
  ]
  for (const [uri, want] of rows) assert.equal(telToSortedSip(uri, 'h'), want, uri)
})
