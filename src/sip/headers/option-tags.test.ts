import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf } from '../../../test/support/sip-message.ts'
import { HeaderType } from '../header-name.ts'
import { hasOptionTag } from './option-tags.ts'

test('a tag is found in any case, in any of the headers, compact ones too, and only as a whole', () => {
  const message = messageOf([
    'INVITE sip:b SIP/2.0', 'Via: SIP/2.0/UDP a', 'Supported: 100rel , Path', 'k: timer,\r\n outbound', 'Require: gruu',
  ])
  for (const tag of ['100rel', 'path', 'TIMER', 'outbound']) assert.equal(hasOptionTag(message, HeaderType.supported, tag), true, tag)
  for (const tag of ['100', 'rel', 'gruu', 'out bound']) assert.equal(hasOptionTag(message, HeaderType.supported, tag), false, tag)
  assert.equal(hasOptionTag(message, HeaderType.require, 'gruu'), true)
})
