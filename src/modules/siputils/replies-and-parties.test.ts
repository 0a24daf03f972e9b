import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf } from '../../../test/support/sip-message.ts'
import { testHost } from '../../../test/support/test-host.ts'
import { RouteContext } from '../../runtime/context.ts'
import { replyToOptions, type Capabilities } from './options.ts'
import { appendRemoteParty, isRemotePartyE164, remotePartyAvp } from './remote-party.ts'

function contextOf(firstLine: string): RouteContext {
  return new RouteContext(testHost(), { index: 0, variables: [] }, messageOf([firstLine, 'Via: SIP/2.0/UDP 192.0.2.9']))
}

const CAN: Capabilities = {
  options_accept: '*/*', options_accept_encoding: '', options_accept_language: 'en', options_support: 'path',
}

test('OPTIONS without a user is answered with what the server can do', () => {
  const replies: string[] = []
  const sl = {
    reply: (_context: RouteContext, code: number, reason: string): number => replies.push(`${code} ${reason}`),
    replyInTransaction: () => 1,
    toTag: () => 'tag',
    watch: () => undefined,
  }
  const context = contextOf('OPTIONS sip:192.0.2.1 SIP/2.0')
  assert.equal(replyToOptions(context, sl, CAN), 1)
  assert.deepEqual(replies, ['200 OK'])
  assert.deepEqual(context.message.replyHeaders, [
    'Accept: */*\r\nAccept-Encoding: \r\nAccept-Language: en\r\nSupported: path\r\n',
  ])
  for (const line of ['OPTIONS sip:bob@192.0.2.1 SIP/2.0', 'INVITE sip:192.0.2.1 SIP/2.0', 'OPTIONS bogus SIP/2.0']) {
    assert.equal(replyToOptions(contextOf(line), sl, CAN), -1, line)
  }
  assert.equal(replies.length, 1)
})

test('the AVP for Remote-Party-ID is one AVP or none', () => {
  assert.equal(remotePartyAvp(''), undefined)
  for (const text of ['rpid', '$var(x)', '$avp(x)y', '$avp()']) assert.equal(typeof remotePartyAvp(text), 'string', text)
  for (const text of ['$avp(s:rpid)', '$avp(x)', '$(avp(x))']) assert.equal(typeof remotePartyAvp(text), 'object', text)
})

test('Remote-Party-ID is made from a text in the AVP', () => {
  const avp = remotePartyAvp('$avp(s:rpid)')
  assert.ok(typeof avp === 'object')
  const rows: readonly (readonly [value: string | number, appended: number, isNumber: boolean])[] = [
    ['sip:+123@h', 1, true],
    ['"A" <sip:+123@h>;x=1', 1, true],
    ['sip:bob@h', 1, false],
    ['bogus', 1, false],
    ['', -1, false],
    [5, -1, false],
  ]
  for (const [value, appended, isNumber] of rows) {
    const context = contextOf('INVITE sip:bob@h SIP/2.0')
    context.avps.add(avp, value)
    assert.equal(isRemotePartyE164(context, avp, 16), isNumber, String(value))
    assert.equal(appendRemoteParty(context, avp, '<', '>'), appended, String(value))
    const { edits, text } = context.message
    const sent = edits.applyTo(text, { host: 'h', port: 5060, transport: 'udp' }, 0, text.length, true)
    assert.equal(sent.endsWith(`\r\nRemote-Party-ID: <${value}>\r\n\r\n`), appended === 1, String(value))
  }
  assert.equal(appendRemoteParty(contextOf('INVITE sip:bob@h SIP/2.0'), undefined, '', ''), -1)
})
