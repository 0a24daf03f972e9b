/** Kāhea and Debian's Kamailio behind one another, in both orders: what one sends is what the other takes. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { placeCalls } from '../scenarios/sipp.ts'
import { freePort } from '../support/free-port.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea, type RunningServer } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'
import { startKamailio } from './kamailio.ts'

const FIRST = '127.0.31.61'
const SECOND = '127.0.31.62'
const CALLEE = '127.0.31.63'
const CALLER = '127.0.31.64'
const CALLS = 10
const PIPELINED = 50

type Transport = 'udp' | 'tcp'
type ServerName = 'Kāhea' | 'Kamailio'

const orders: readonly (readonly [ServerName, ServerName])[] = [['Kāhea', 'Kamailio'], ['Kamailio', 'Kāhea']]

/** Forwards all to `nextHop`, but answers an OPTIONS for itself. */
const configuration = (listen: string, nextHop: string): string => {
  const [host = '', port = ''] = nextHop.split(':')
  return `#!KAMAILIO
log_stderror=yes
children=1
tcp_children=1
listen=udp:${listen}
listen=tcp:${listen}
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "sl.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"

request_route {
	if (!mf_process_maxfwd_header("70")) {
		sl_send_reply("483", "Too Many Hops");
		exit;
	}
	xlog("$proto $rm from $si:$sp\\n");
	if (is_method("OPTIONS") && uri == myself) {
		sl_send_reply("200", "Alive");
		exit;
	}
	forward("${host}", ${port});
}

reply_route {
	xlog("$proto $rs $rm from $si:$sp\\n");
}
`
}

async function start(name: ServerName, folder: string, cfg: string): Promise<RunningServer> {
  const own = join(folder, name)
  mkdirSync(own)
  const path = join(own, 'kamailio.cfg')
  writeFileSync(path, cfg)
  return name === 'Kamailio' ? startKamailio(path, cfg, own) : startKahea(['-f', path, '-DD', '-E'])
}

interface Chain {
  readonly first: RunningServer
  readonly second: RunningServer
  readonly firstPlace: string
  readonly secondPlace: string
  readonly calleePlace: string
}

async function startChain(t: TestContext, [firstName, secondName]: readonly [ServerName, ServerName]): Promise<Chain> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-chain-'))
  const [firstPlace, secondPlace, calleePlace] = [
    `${FIRST}:${await freePort(FIRST)}`, `${SECOND}:${await freePort(SECOND)}`, `${CALLEE}:${await freePort(CALLEE)}`,
  ]
  const second = await start(secondName, folder, configuration(secondPlace, calleePlace))
  t.after(() => second.stop())
  const first = await start(firstName, folder, configuration(firstPlace, secondPlace))
  t.after(() => first.stop())
  return { first, second, firstPlace, secondPlace, calleePlace }
}

/** `transport what from place` of each line that the script logged. */
function scriptLines(server: RunningServer): readonly { readonly what: string; readonly transport: string; readonly place: string }[] {
  return [...server.output().matchAll(/<script>: (udp|tcp) (.*) from (\S+)/g)].map(([, transport = '', what = '', place = '']) =>
    ({ what, transport, place }))
}

/** A line of the log may come later than the message it is about. */
async function logsAtLeast(server: RunningServer, count: number, whats: readonly string[]): Promise<void> {
  const times = (what: string): number => scriptLines(server).filter((line) => line.what === what).length
  await until(() => whats.every((what) => times(what) >= count), () => server.output())
}

function headerValues(name: string, message: string): readonly string[] {
  return [...message.matchAll(new RegExp(`^${name}: (.*?)\\r?$`, 'gm'))].map(([, value = '']) => value)
}

/** The messages that one side of sipp got; in its log a line of dashes stands before each. */
function received(messages: string, start: RegExp): readonly string[] {
  return messages.split(/^-{20,}.*$/m).filter((part) => /message received/.test(part) && start.test(part))
}

/** `SIP/2.0/UDP 127.0.31.61:5062` of a Via. */
const sentBy = (via: string): string => via.replace(/;.*/, '')

async function passCalls(t: TestContext, order: readonly [ServerName, ServerName], transport: Transport): Promise<void> {
  const { first, second, firstPlace, secondPlace, calleePlace } = await startChain(t, order)
  const callerPlace = `${CALLER}:${await freePort(CALLER)}`
  const calls = await placeCalls({ transport, proxy: firstPlace, caller: callerPlace, callee: calleePlace, calls: CALLS })
  assert.equal(calls.caller.status, 0, calls.caller.output + first.output())
  assert.equal(calls.callee.status, 0, calls.callee.output + second.output())

  const way = `SIP/2.0/${transport.toUpperCase()}`
  const [sentHops = ''] = headerValues('Max-Forwards', calls.callerMessages)
  const requests = received(calls.calleeMessages, /^(?:INVITE|ACK|BYE) sip:/m)
  assert.ok(requests.length >= CALLS * 3)
  for (const request of requests) {
    const vias = headerValues('Via', request)
    assert.deepEqual(vias.map(sentBy), [`${way} ${secondPlace}`, `${way} ${firstPlace}`, `${way} ${callerPlace}`])
    assert.equal(new Set(vias.map((via) => /;branch=(z9hG4bK[^;]+)/.exec(via)?.[1] ?? '')).size, vias.length, vias.join('\n'))
    assert.deepEqual(headerValues('Max-Forwards', request), [String(Number(sentHops) - 2)])
  }
  const replies = received(calls.callerMessages, /^SIP\/2\.0 /m)
  assert.ok(replies.length >= CALLS * 3)
  for (const reply of replies) {
    assert.deepEqual(headerValues('Via', reply).map(sentBy), [`${way} ${callerPlace}`])
  }

  const expected = ['INVITE', '180 INVITE', '200 INVITE', 'ACK', 'BYE', '200 BYE']
  for (const [server, next] of [[first, secondPlace], [second, calleePlace]] as const) {
    await logsAtLeast(server, CALLS, expected)
    const lines = scriptLines(server)
    for (const what of expected) {
      const count = lines.filter((line) => line.what === what && line.transport === transport).length
      // A datagram that is late is sent again.
      assert.ok(transport === 'tcp' ? count === CALLS : count >= CALLS, `${count} times ${what}\n${server.output()}`)
    }
    const sources = new Set(lines.filter((line) => /^\d/.test(line.what)).map((line) => line.place))
    assert.deepEqual([...sources], [next], 'replies come from where requests went')
  }
  const sources = new Set(scriptLines(second).filter((line) => !/^\d/.test(line.what)).map((line) => line.place))
  assert.equal(sources.size, 1, 'the first has one socket or connection to the second for all calls')
  if (transport === 'udp') assert.deepEqual([...sources], [firstPlace])
}

const options = (uri: string, sequence: number, maxForwards: number, via: string): string => [
  `OPTIONS sip:${uri} SIP/2.0`,
  `Via: ${via};branch=z9hG4bKchain${sequence};rport`,
  'From: <sip:alice@example.com>;tag=chain',
  `To: <sip:${uri}>`,
  `Call-ID: chain@${CALLER}`,
  `CSeq: ${sequence} OPTIONS`,
  `Max-Forwards: ${maxForwards}`,
  'Content-Length: 0', '', '',
].join('\r\n')

/** Sends a datagram and gives the first that comes back. */
async function ask(t: TestContext, message: (via: string) => string, to: string): Promise<string> {
  const [host = '', port = ''] = to.split(':')
  const socket = createSocket('udp4')
  t.after(() => { socket.close() })
  const answers: string[] = []
  socket.on('message', (bytes) => { answers.push(bytes.toString('latin1')) })
  await new Promise<void>((resolve) => { socket.bind({ address: CALLER, port: 0 }, resolve) })
  socket.send(message(`SIP/2.0/UDP ${CALLER}:${socket.address().port}`), Number(port), host)
  await until(() => answers.length > 0, () => `an answer to ${to}`)
  return answers[0] ?? ''
}

const product: Readonly<Record<ServerName, RegExp>> = { 'Kāhea': /^kahea \(/, 'Kamailio': /^kamailio \(/ }

for (const order of orders) {
  const skip = missingPrograms('kamailio')
  const through = order.join(' and ')

  for (const transport of ['udp', 'tcp'] as const) {
    const title = `calls pass through ${through} over ${transport.toUpperCase()}, replies on the way that the Vias tell`
    test(title, { skip: missingPrograms('kamailio', 'sipp') }, (t) => passCalls(t, order, transport))
  }

  test(`${through} count Max-Forwards down together`, { skip }, async (t) => {
    const chain = await startChain(t, order)
    for (const [hops, status, who] of [[0, 483, order[0]], [1, 483, order[1]], [2, 200, order[1]]] as const) {
      const answer = await ask(t, (via) => options(chain.secondPlace, hops, hops, via), chain.firstPlace)
      assert.ok(answer.startsWith(`SIP/2.0 ${status} `), answer)
      assert.match(headerValues('Server', answer)[0] ?? '', product[who])
      assert.equal(headerValues('Via', answer).length, 1, answer)
    }
  })

  test(`requests in one segment pass through ${through} in their order, each with its answer`, { skip }, async (t) => {
    const chain = await startChain(t, order)
    const [host = '', port = ''] = chain.firstPlace.split(':')
    const socket = connect({ host, port: Number(port), localAddress: CALLER })
    t.after(() => { socket.destroy() })
    let answers = ''
    socket.on('data', (bytes: Buffer) => { answers += bytes.toString('latin1') })
    await new Promise<void>((resolve, reject) => { socket.once('connect', resolve).once('error', reject) })
    const sequences = Array.from({ length: PIPELINED }, (_, index) => index + 1)
    const via = `SIP/2.0/TCP ${CALLER}:${socket.localPort}`
    socket.write(sequences.map((sequence) => options(chain.secondPlace, sequence, 70, via)).join(''), 'latin1')
    await until(() => headerValues('Content-Length', answers).length === PIPELINED, () => answers)
    assert.deepEqual(headerValues('CSeq', answers), sequences.map((sequence) => `${sequence} OPTIONS`))
    assert.equal(headerValues('Via', answers).filter((value) => sentBy(value) === via).length, PIPELINED)
    await logsAtLeast(chain.second, PIPELINED, ['OPTIONS'])
    assert.equal(new Set(scriptLines(chain.second).map((line) => line.place)).size, 1, 'one connection between the two')
  })
}
