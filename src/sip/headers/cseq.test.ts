import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf } from '../../../test/support/sip-message.ts'
import { ParseError } from '../parse-error.ts'
import type { CSeq } from './cseq.ts'

function cseqOf(value: string): CSeq | ParseError | undefined {
  const message = messageOf(['OPTIONS sip:a SIP/2.0', `CSeq: ${value}`])
  return message.cseq() ?? message.error
}

test('number and method are read', () => {
  const rows: readonly (readonly [value: string, number: number, text: string, method: string])[] = [
    ['1 INVITE', 1, '1', 'INVITE'],
    ['00010  \tinvite ', 10, '00010', 'invite'],
    ['2147483647 BYE', 2147483647, '2147483647', 'BYE'],
    ['4294967296 BYE', 0, '4294967296', 'BYE'],
  ]
  for (const [value, number, text, method] of rows) {
    const cseq = cseqOf(value)
    assert.ok(cseq !== undefined && !(cseq instanceof ParseError), value)
    assert.deepEqual([cseq.number, cseq.numberText, cseq.method], [number, text, method], value)
  }
})

test('a CSeq without a method on the same line is an error', () => {
  for (const value of ['', '1', '1 ', '1\r\n OPTIONS', '1 OPTIONS x']) assert.ok(cseqOf(value) instanceof ParseError, value)
})
