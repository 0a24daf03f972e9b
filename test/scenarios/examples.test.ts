/** Every example as its README says, with calls by sipp through it; those for one hop over UDP and TCP. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea } from '../support/kahea-process.ts'
import { placeCalls, type Calls, type CallsRequest } from './sipp.ts'

const examples = join(import.meta.dirname, '..', '..', 'examples')
const PROXY = '127.0.61.1'
const CALLEE = '127.0.61.2'
const CALLER = '127.0.61.3'
const OTHERS = '127.0.61.4'
const CALLS = 5

/** Where this test has what the examples have on ports of 127.0.0.1: the proxy, the callee, other phones. */
interface Places {
  readonly proxy: string
  readonly caller: string
  readonly callee: string
  readonly first: string
  readonly second: string
}

async function freePlaces(): Promise<Places> {
  const place = async (address: string): Promise<string> => `${address}:${await freePort(address)}`
  return {
    proxy: await place(PROXY), caller: await place(CALLER), callee: await place(CALLEE),
    first: await place(OTHERS), second: await place(OTHERS),
  }
}

/** The example with the places of this test. */
function exampleFile(name: string, places: Places, replace: (text: string) => string = (text) => text): string {
  const byPort: Readonly<Record<string, string>> = { 5060: places.proxy, 5070: places.callee, 5090: places.first, 5092: places.second }
  const [calleeAddress = '', calleePort = ''] = places.callee.split(':')
  const text = replace(readFileSync(join(examples, name, 'kamailio.cfg'), 'latin1'))
    .replaceAll(/127\.0\.0\.1:(\d+)/g, (_all, port: string) => byPort[port] ?? assert.fail(`${name} uses port ${port}`))
    .replaceAll('"127.0.0.1"', `"${calleeAddress}"`)
    .replaceAll(', 5070)', `, ${calleePort})`)
  const path = join(mkdtempSync(join(tmpdir(), 'kahea-example-')), 'kamailio.cfg')
  writeFileSync(path, text, 'latin1')
  return path
}

interface Through {
  readonly calls: Calls
  readonly log: string
  readonly places: Places
}

type Options = Partial<Pick<CallsRequest, 'calls' | 'called' | 'ringMs' | 'phoneTransport' | 'refusal'>> & {
  /** What the phones beside the callee say; undefined rings until it is canceled. `silent` is not there. */
  readonly others?: { readonly [place in 'first' | 'second']?: string | undefined }
  /** What the first of them says to a MESSAGE; it gets no calls then. */
  readonly answersMessagesWith?: string
  readonly replace?: (text: string) => string
}

async function callThrough(name: string, transport: 'udp' | 'tcp', options: Options = {}): Promise<Through> {
  const { others = {}, answersMessagesWith, replace, ...rest } = options
  const places = await freePlaces()
  const server = await startKahea(['-f', exampleFile(name, places, replace), '-DD', '-E'])
  const { proxy, caller, callee } = places
  try {
    const calls = await placeCalls({
      transport, proxy, caller, callee, calls: CALLS, ...rest,
      others: answersMessagesWith !== undefined ? [{ place: places.first, answersMessagesWith }] : (['first', 'second'] as const).filter((which) => which in others)
        .map((which) => ({ place: places[which], ...(others[which] === undefined ? {} : { refusesWith: others[which] }) })),
    })
    return { calls, log: server.output(), places }
  } finally {
    await server.stop()
  }
}

const escaped = (text: string): string => text.replaceAll('.', '\\.')
const count = (log: string, text: string): number => log.split(text).length - 1

const skip = missingPrograms('sipp')

for (const transport of ['udp', 'tcp'] as const) {
  const way = transport.toUpperCase()

  test(`stateless-proxy: calls pass in both directions over ${way}, with a header added each way`, { skip }, async () => {
    const { calls, log, places } = await callThrough('stateless-proxy', transport)
    assert.equal(calls.caller.status, 0, calls.caller.output + log)
    assert.match(calls.calleeMessages, /^X-Proxied: You betcha\r?$/m)
    assert.match(calls.calleeMessages, new RegExp(`^Via: SIP/2\\.0/${way} ${escaped(places.proxy)};branch=z9hG4bK`, 'm'))
    assert.match(calls.callerMessages, /^X-Proxied: For the reply\r?$/m)
    assert.ok(!calls.callerMessages.includes(`Via: SIP/2.0/${way} ${places.proxy};`), 'the own Via is stripped from replies')
    assert.equal(count(log, '<script>: Received INVITE'), CALLS)
    assert.equal(count(log, '<script>: Got a reply 180'), CALLS)
  })

  test(`header-rewriting: the From user is changed over ${way} and all else stays`, { skip }, async () => {
    const { calls, log, places } = await callThrough('header-rewriting', transport)
    assert.equal(calls.callee.status, 0, calls.callee.output + log)
    assert.match(calls.calleeMessages, new RegExp(`^From: "Alice" <sip:Nick Blog Example@${escaped(places.caller)}>;tag=`, 'm'))
    assert.match(calls.calleeMessages, /^X-Call: [0-9a-f]{8} 0355501234\r?$/m)
  })

  test(`sdp-codecs: PCMU is gone over ${way}, and only the wanted codecs are left`, { skip }, async () => {
    const { calls, log } = await callThrough('sdp-codecs', transport)
    assert.equal(calls.caller.status, 0, calls.caller.output + log)
    assert.match(calls.calleeMessages, /^m=audio \d+ RTP\/AVP 18 101\r?$/m)
    const offer = /m=audio[\s\S]*?\r?\n(?:\r?\n|-{5})/.exec(calls.calleeMessages)?.[0] ?? ''
    assert.ok(!offer.includes('PCMU') && !offer.includes('PCMA'), offer)
  })

  test(`stateless-memory: the AVP of the INVITE is <null> in the replies over ${way}`, { skip }, async () => {
    const { calls, log } = await callThrough('stateless-memory', transport)
    assert.equal(calls.caller.status, 0, calls.caller.output + log)
    assert.match(log, /for INVITE the value of AVP "state_test_var" is I remember/)
    assert.match(log, /for ACK the value of AVP "state_test_var" is <null>/)
    for (const status of [100, 180, 200]) {
      assert.match(log, new RegExp(`for ${status} response the value of AVP "state_test_var" is <null>`))
      assert.doesNotMatch(log, new RegExp(`for ${status} response the value of AVP "state_test_var" is I remember`))
    }
  })

  test(`call-counters: calls of one caller are counted over ${way}`, { skip }, async () => {
    const { calls, log } = await callThrough('call-counters', transport)
    assert.equal(calls.caller.status, 0, calls.caller.output + log)
    for (let call = 1; call <= CALLS; call++) assert.equal(count(log, `<script>: call ${call} of `), 1, log)
  })

  test(`stateful-memory: replies to an INVITE over ${way} know its AVP, ACK and BYE do not`, { skip }, async () => {
    const { calls, log } = await callThrough('stateful-memory', transport, { phoneTransport: 'udp' })
    assert.equal(calls.caller.status, 0, calls.caller.output + log)
    assert.equal(calls.callee.status, 0, calls.callee.output + log)
    const told = (what: string, value: string): number => count(log, `for ${what} the value of AVP "state_test_var" is ${value}\n`)
    assert.equal(told('INVITE', 'I remember'), CALLS)
    for (const status of [100, 180, 200]) assert.equal(told(`${status} response`, 'I remember'), CALLS, log)
    for (const method of ['ACK', 'BYE']) assert.equal(told(method, '<null>'), CALLS, log)
    assert.equal(told('200 response', '<null>'), CALLS, 'those to BYE')
  })

  test(`parallel-forking: a call over ${way} rings three phones; two are canceled when one answers`, { skip }, async () => {
    const { calls, log } = await callThrough('parallel-forking', transport, {
      phoneTransport: 'udp', ringMs: 400, others: { first: undefined, second: undefined },
    })
    assert.equal(calls.caller.status, 0, calls.caller.output + log)
    assert.equal(calls.callee.status, 0, calls.callee.output + log)
    for (const { end, messages } of calls.others) {
      assert.equal(end.status, 0, end.output + messages)
      assert.equal(count(messages, '\nReason: SIP;cause=200;text="Call completed elsewhere"'), CALLS, messages)
    }
    assert.doesNotMatch(calls.calleeMessages, /^CANCEL /m)
    assert.doesNotMatch(calls.callerMessages, /^SIP\/2\.0 487 /m)
  })
}

test('parallel-forking: the caller hears from the failure route when all phones refuse', { skip }, async () => {
  const { calls, log } = await callThrough('parallel-forking', 'udp', {
    others: { first: '486 Busy Here', second: '480 Not Now' }, refusal: { callee: '404 Not Found', caller: 480 },
  })
  assert.equal(calls.caller.status, 0, calls.caller.output + log)
  assert.match(calls.callerMessages, /^SIP\/2\.0 480 All those phones failed us\r?$/m)
})

const failures: readonly { readonly title: string; readonly options: Options }[] = [
  { title: 'the first carrier says nothing', options: {} },
  { title: 'the first carrier has a fault', options: { others: { first: '503 Out of Lines' } } },
  {
    title: 'nobody knows the first carrier by its name',
    options: { replace: (text) => text.replace('"sip:127.0.0.1:5090"', '"sip:nonexistentdomain.invalid"') },
  },
]
for (const { title, options } of failures) {
  test(`failover: the second carrier gets the calls when ${title}`, { skip }, async () => {
    const { calls, log } = await callThrough('failover', 'udp', options)
    assert.equal(calls.caller.status, 0, calls.caller.output + log)
    assert.equal(calls.callee.status, 0, calls.callee.output + log)
    assert.equal(count(log, 'the first carrier does not take 0355501234, trying the second one\n'), CALLS, log)
    assert.doesNotMatch(calls.callerMessages, /^SIP\/2\.0 [45]\d\d /m)
  })
}

test('failover: what the first carrier says of the called one reaches the caller', { skip }, async () => {
  const { calls, log } = await callThrough('failover', 'udp', {
    replace: (text) => text.replace('127.0.0.1:5090', '127.0.0.1:5070'), refusal: { callee: '404 Not Found', caller: 404 },
  })
  assert.equal(calls.caller.status, 0, calls.caller.output + log)
  assert.equal(count(log, 'the first carrier does not take'), 0)
})

test('serial-forking: one phone after the other, in the order of q', { skip }, async () => {
  const { calls, log } = await callThrough('serial-forking', 'udp', { calls: 1, others: { first: '486 Busy Here' } })
  assert.equal(calls.caller.status, 0, calls.caller.output + log)
  const tried = [...log.matchAll(/<script>: trying (\w+)/g)].map(([, name]) => name)
  assert.deepEqual(tried, ['first', 'second', 'last'])
})

test('serial-forking: what the last phone says reaches the caller when nobody is left', { skip }, async () => {
  const { calls, log } = await callThrough('serial-forking', 'udp', {
    calls: 1, others: { first: '486 Busy Here', second: '480 Not Now' }, refusal: { callee: '404 Not Found', caller: 404 },
  })
  assert.equal(calls.caller.status, 0, calls.caller.output + log)
  assert.match(log, /<script>: nobody is left/)
})

for (const called of ['000', '112', '116']) {
  test(`emergency-message: a call to ${called} sends a MESSAGE to the desk, and goes on`, { skip }, async () => {
    const { calls, log } = await callThrough('emergency-message', 'udp', { calls: 1, called, answersMessagesWith: '200 Noted' })
    assert.equal(calls.caller.status, 0, calls.caller.output + log)
    const [desk] = calls.others
    assert.equal(desk?.end.status, 0, (desk?.end.output ?? '') + log)
    const message = desk?.messages ?? ''
    assert.match(message, /^From: <sip:emergency@example\.com>;tag=/m)
    assert.match(message, /^To: "The desk" <sip:desk@example\.com>\r?$/m)
    assert.match(message, /^Priority: emergency\r?$/m)
    assert.match(message, new RegExp(`^alice at ${escaped(CALLER)} calls ${called}`, 'm'))
    assert.match(log, /<script>: the desk knows of alice\n/)
  })
}

test('emergency-message: no other number tells the desk, and a desk that refuses is told in the log', { skip }, async () => {
  const { log } = await callThrough('emergency-message', 'udp', { calls: 1 })
  assert.doesNotMatch(log, /the desk/)
  const refused = await callThrough('emergency-message', 'udp', { calls: 1, called: '112', answersMessagesWith: '403 Not Here' })
  assert.equal(refused.calls.caller.status, 0, refused.calls.caller.output + refused.log)
  assert.match(refused.log, /the desk does not know of alice: 403\n/)
})
