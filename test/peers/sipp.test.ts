/** Calls by sipp where the path is not as easy as in test/scenarios: bodies are large, sockets many, or the family changes. */
import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { placeCalls, type Calls, type CallsRequest } from '../scenarios/sipp.ts'
import { freePort } from '../support/free-port.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'

const PROXY = '127.0.31.51'
const CALLEE = '127.0.31.52'
const CALLER = '127.0.31.53'
const PROXY6 = '[::1]'

const bare = (address: string): string => address.replace(/[[\]]/g, '')
const placeOf = async (address: string): Promise<string> => `${address}:${await freePort(bare(address))}`

interface Path {
  readonly caller?: string
  /** Where the caller finds the proxy. */
  readonly entry?: string
  readonly callee?: string
}

/** Calls through a proxy that listens on both families and knows one callee. */
async function callsOver(
  path: Path, request: Omit<CallsRequest, 'proxy' | 'caller' | 'callee'>,
): Promise<{ readonly calls: Calls; readonly log: string }> {
  const proxy = await placeOf(PROXY)
  const proxy6 = await placeOf(PROXY6)
  const callee = await placeOf(path.callee ?? CALLEE)
  const caller = await placeOf(path.caller ?? CALLER)
  const listens = [proxy, proxy6].flatMap((place) => [`listen=udp:${place}`, `listen=tcp:${place}`])
  const cfg = `#!KAMAILIO
log_stderror=yes
# The default takes no message of more than 16384 bytes from a connection.
tcp_rd_buf_size=65535
# A callee on a busy machine lets more wait than the usual 32 KB.
tcp_conn_wq_max=262144
${listens.join('\n')}
loadmodule "pv.so"
loadmodule "xlog.so"
request_route {
	xlog("$rm from $si:$sp\\n");
	$du = "sip:${callee};transport=" + $proto;
	forward();
}
`
  const file = join(mkdtempSync(join(tmpdir(), 'kahea-sipp-')), 'kamailio.cfg')
  writeFileSync(file, cfg)
  const server = await startKahea(['-f', file, '-DD', '-E'])
  try {
    const entry = path.entry === PROXY6 ? proxy6 : proxy
    const calls = await placeCalls({ ...request, proxy: entry, caller, callee })
    // A line of the log may come later than the message it is about.
    if (calls.caller.status === 0) await until(() => (server.output().match(/: BYE from/g)?.length ?? 0) >= request.calls, server.output)
    return { calls, log: server.output() }
  } finally {
    await server.stop()
  }
}

function assertAllGood(calls: Calls, log: string): void {
  assert.equal(calls.caller.status, 0, calls.caller.output + log)
  assert.equal(calls.callee.status, 0, calls.callee.output + log)
}

const skip = missingPrograms('sipp')

for (const transport of ['udp', 'tcp'] as const) {
  const way = transport.toUpperCase()

  test(`calls pass from IPv4 to IPv6 and back over ${way}`, { skip }, async () => {
    for (const path of [{ callee: '[::1]' }, { caller: '[::1]', entry: PROXY6 }]) {
      const { calls, log } = await callsOver(path, { transport, calls: 5 })
      assertAllGood(calls, log)
      assert.match(calls.calleeMessages, new RegExp(`^Via: SIP/2\\.0/${way} ${path.callee === undefined ? '127' : '\\[::1\\]'}`, 'm'))
    }
  })

  test(`a body of tens of kilobytes passes whole over ${way}, in requests and replies`, { skip }, async () => {
    const paddingBytes = 30_000
    const { calls, log } = await callsOver({}, { transport, calls: 3, paddingBytes })
    assertAllGood(calls, log)
    const padding = new RegExp(`^a=padding:x{${paddingBytes}}\\r?$`, 'gm')
    // Each side's log has what it sent and what it got.
    for (const messages of [calls.callerMessages, calls.calleeMessages]) {
      assert.equal([...messages.matchAll(padding)].length, 2 * 3, log)
    }
  })

  test(`callers of a socket each over ${way} get their own replies`, { skip }, async () => {
    const count = 40
    const { calls, log } = await callsOver({}, { transport, calls: count, isSocketPerCall: true })
    assertAllGood(calls, log)
    const sources = new Set([...log.matchAll(/<script>: INVITE from (\S+)/g)].map(([, source]) => source))
    // The kernel may give the port of a call that is over to a later one.
    assert.ok(sources.size > count - 4, `${sources.size} sources`)
  })
}
