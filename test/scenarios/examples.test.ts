/** Every example as its README says, with calls by sipp through it over UDP and TCP. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { missingPrograms } from '../support/installed.ts'
import { startKahea } from '../support/kahea-process.ts'
import { placeCalls, type Calls } from './sipp.ts'

const examples = join(import.meta.dirname, '..', '..', 'examples')
const PROXY = '127.0.61.1'
const CALLEE = '127.0.61.2'
const CALLER = '127.0.61.3'
const CALLS = 5

/** The example with the addresses of this test. */
function exampleFile(name: string): string {
  const text = readFileSync(join(examples, name, 'kamailio.cfg'), 'latin1')
    .replaceAll(/listen=(udp|tcp):127\.0\.0\.1:5060/g, `listen=$1:${PROXY}:5060`)
    .replaceAll('"127.0.0.1"', `"${CALLEE}"`)
  const path = join(mkdtempSync(join(tmpdir(), 'kahea-example-')), 'kamailio.cfg')
  writeFileSync(path, text, 'latin1')
  return path
}

async function callThrough(name: string, transport: 'udp' | 'tcp'): Promise<{ readonly calls: Calls; readonly log: string }> {
  const server = await startKahea(['-f', exampleFile(name), '-DD', '-E'])
  try {
    const calls = await placeCalls({
      transport, proxy: `${PROXY}:5060`, caller: `${CALLER}:5080`, callee: `${CALLEE}:5070`, calls: CALLS,
    })
    return { calls, log: server.output() }
  } finally {
    await server.stop()
  }
}

const skip = missingPrograms('sipp')

for (const transport of ['udp', 'tcp'] as const) {
  const way = transport.toUpperCase()

  test(`stateless-proxy: calls pass in both directions over ${way}, with a header added each way`, { skip }, async () => {
    const { calls, log } = await callThrough('stateless-proxy', transport)
    assert.equal(calls.caller.status, 0, calls.caller.output + log)
    assert.match(calls.calleeMessages, /^X-Proxied: You betcha\r?$/m)
    assert.match(calls.calleeMessages, new RegExp(`^Via: SIP/2\\.0/${way} ${PROXY.replaceAll('.', '\\.')};branch=z9hG4bK`, 'm'))
    assert.match(calls.callerMessages, /^X-Proxied: For the reply\r?$/m)
    assert.ok(!calls.callerMessages.includes(`Via: SIP/2.0/${way} ${PROXY};`), 'the own Via is stripped from replies')
    assert.equal(log.match(/<script>: Received INVITE/g)?.length, CALLS)
    assert.equal(log.match(/<script>: Got a reply 180/g)?.length, CALLS)
  })

  test(`header-rewriting: the From user is changed over ${way} and all else stays`, { skip }, async () => {
    const { calls, log } = await callThrough('header-rewriting', transport)
    assert.equal(calls.callee.status, 0, calls.callee.output + log)
    assert.match(calls.calleeMessages, new RegExp(`^From: "Alice" <sip:Nick Blog Example@${CALLER.replaceAll('.', '\\.')}:5080>;tag=`, 'm'))
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
    for (const status of [180, 200]) {
      assert.match(log, new RegExp(`for ${status} response the value of AVP "state_test_var" is <null>`))
      assert.doesNotMatch(log, new RegExp(`for ${status} response the value of AVP "state_test_var" is I remember`))
    }
  })
}
