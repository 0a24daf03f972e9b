/**
 * What a slow query costs the others: while calls wait for a database that takes five seconds, requests that need no database
 * are sent at a steady rate, and the times of their answers are told.
 *
 *     npm run build && node --import tsx bench/slow-query.ts [--seconds 10] [--rate 200] [--query-seconds 5] [--slow-calls 5]
 *
 * Starts a MariaDB of its own and the server on 127.0.44.21, and stops both.
 */
import { createSocket } from 'node:dgram'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startMysql } from '../test/support/database-servers.ts'
import { freePort } from '../test/support/free-port.ts'
import { startKahea } from '../test/support/kahea-process.ts'

const ADDRESS = '127.0.44.21'
const CLIENT = '127.0.44.22'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' }, rate: { type: 'string', default: '200' },
    'query-seconds': { type: 'string', default: '5' }, 'slow-calls': { type: 'string', default: '5' },
  },
})
const [seconds, rate, querySeconds, slowCalls] = [values.seconds, values.rate, values['query-seconds'], values['slow-calls']].map(Number)
if ([seconds, rate, querySeconds, slowCalls].some((value) => !(value !== undefined && value > 0))) throw new Error('all options are numbers above 0')

const configuration = (port: number, url: string): string => `
listen=udp:${ADDRESS}:${port}
log_stderror=yes
loadmodule "db_mysql.so"
loadmodule "pv.so"
loadmodule "sl.so"
loadmodule "sqlops.so"
modparam("sqlops", "sqlcon", "ca=>${url}")
request_route {
	if ($rU == "slow") {
		sql_query("ca", "select sleep(${querySeconds})", "ra");
		sl_send_reply("486", "Slow");
		exit;
	}
	sl_send_reply("200", "Here");
}
`

const requestOf = (user: string, id: string): Buffer => Buffer.from([
  `OPTIONS sip:${user}@${ADDRESS} SIP/2.0`, `Via: SIP/2.0/UDP ${CLIENT};rport;branch=z9hG4bK${id}`, `From: <sip:alice@${ADDRESS}>;tag=1`,
  `To: <sip:${user}@${ADDRESS}>`, `Call-ID: ${id}`, 'CSeq: 1 OPTIONS', 'Max-Forwards: 70', 'Content-Length: 0', '', '',
].join('\r\n'), 'latin1')

const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms) })

const database = await startMysql()
const folder = mkdtempSync(join(tmpdir(), 'kahea-slow-query-'))
const port = await freePort(ADDRESS)
writeFileSync(join(folder, 'kamailio.cfg'), configuration(port, database.url))
const server = await startKahea(['-f', join(folder, 'kamailio.cfg'), '-DD', '-E', '-w', folder, '-Y', folder])
const socket = createSocket('udp4')
try {
  const sentAt = new Map<string, number>()
  const latencies: number[] = []
  const slow: number[] = []
  socket.on('message', (bytes) => {
    const id = /^Call-ID: (.*)\r$/m.exec(bytes.toString('latin1'))?.[1] ?? ''
    const sent = sentAt.get(id)
    if (sent === undefined) return
    sentAt.delete(id)
    ;(id.startsWith('slow') ? slow : latencies).push(performance.now() - sent)
  })
  await new Promise<void>((resolve) => { socket.bind(0, CLIENT, resolve) })
  const send = (user: string, id: string): void => {
    sentAt.set(id, performance.now())
    socket.send(requestOf(user, id), port, ADDRESS)
  }
  send('quick', 'warm-up')
  await pause(500)
  latencies.length = 0
  for (let count = 0; count < (slowCalls ?? 0); count++) send('slow', `slow-${count}`)
  const startedMs = performance.now()
  const total = Math.floor((seconds ?? 0) * (rate ?? 0))
  for (let count = 0; count < total;) {
    const due = (performance.now() - startedMs) * (rate ?? 0) / 1000
    while (count < due && count < total) send('quick', `quick-${count++}`)
    await pause(1)
  }
  await pause(1000 * (querySeconds ?? 0) + 1000)
  latencies.sort((a, b) => a - b)
  const at = (share: number): string => (latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))] ?? NaN).toFixed(2)
  console.log(`${total} requests at ${rate} a second, ${latencies.length} answered: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, slowest ${at(1)} ms`)
  console.log(`${slowCalls} calls that asked for ${querySeconds} s: answered after ${slow.map((ms) => (ms / 1000).toFixed(2)).join(', ')} s`)
} finally {
  socket.close()
  await server.stop()
  await database.stop()
  rmSync(folder, { recursive: true, force: true })
}
