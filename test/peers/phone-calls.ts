/** What calls between two baresip phones have in common: how they go, what phones and scripts say of them, the proxies between. */
import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { startKahea, type RunningServer } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'
import { startPhone, type CallEvent, type Phone } from './baresip.ts'
import { startKamailio } from './kamailio.ts'

export const PROXY = '127.0.31.1'
const CALLER = '127.0.31.11'
const CALLEE = '127.0.31.12'

export type Transport = 'udp' | 'tcp'

export interface Call {
  readonly caller: Phone
  readonly callee: Phone
}

/** A call, and what is expected of it. */
export interface PhoneCall {
  readonly title: string
  readonly act: (call: Call) => Promise<void>
  readonly callerSees: readonly CallEvent[]
  readonly calleeSees: readonly CallEvent[]
  /** What the script logs, in its order. */
  readonly log: readonly string[]
}

export const BY_USER = 'CALL_CLOSED Connection reset by user'
export const BY_PEER = 'CALL_CLOSED Connection reset by peer'

export async function ring({ caller, callee }: Call): Promise<void> {
  await callee.saw('CALL_INCOMING')
  await caller.saw('CALL_RINGING')
}

/** Up to where each hears the other. */
export async function talk(call: Call): Promise<void> {
  await ring(call)
  call.callee.command('accept')
  for (const phone of [call.caller, call.callee]) {
    await phone.saw('CALL_ESTABLISHED')
    await phone.saw('CALL_RTPESTAB')
  }
}

export async function hangUp(by: Phone, call: Call): Promise<void> {
  by.command('hangup')
  await call.caller.saw('CALL_CLOSED')
  await call.callee.saw('CALL_CLOSED')
}

/** What the script logged; a line that a retransmission repeats counts once. */
export function scriptLines(log: string, transport: Transport): readonly string[] {
  const lines = [...log.matchAll(/<script>: (.*)/g)].map(([, text = '']) => text)
  for (const line of lines) assert.ok(line.startsWith(`${transport} `), `${line} came over ${transport}`)
  return [...new Set(lines.map((line) => line.slice(transport.length + 1)))]
}

/** The branches of the own Via in the requests of this method that the phone got, each time they came. */
export function branchesOf(method: string, trace: string): readonly string[] {
  const start = `^${method} sip:.*\\r?\\n(?:Record-Route: .*\\r?\\n)?`
  const own = new RegExp(`${start}Via: SIP/2\\.0/\\w+ ${PROXY}[^;]*;branch=([^;\\s]+)`, 'gm')
  return [...trace.matchAll(own)].map(([, branch = '']) => branch)
}

export interface ProxyProgram {
  readonly name: string
  readonly needs: readonly string[]
  readonly start: (path: string, cfg: string, folder: string) => Promise<RunningServer>
}

export const servers: readonly ProxyProgram[] = [
  { name: 'Kāhea', needs: [], start: (path) => startKahea(['-f', path, '-DD', '-E']) },
  { name: 'Kamailio', needs: ['kamailio'], start: startKamailio },
]

export interface CallEnd extends Call {
  readonly log: string
  /** The SIP messages that the callee sent and got. */
  readonly trace: string
}

/** Alice calls Bob through a proxy with that configuration. */
export async function callThrough(
  t: TestContext, server: ProxyProgram, transport: Transport, row: PhoneCall,
  configuration: (parts: { readonly proxyPort: number; readonly callee: Phone }) => string,
): Promise<CallEnd> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-phones-'))
  const proxyPort = await freePort(PROXY)
  const phone = { transport, domain: `${PROXY}:${proxyPort}`, folder } as const
  const caller = await startPhone({ ...phone, user: 'alice', address: CALLER })
  t.after(() => caller.quit())
  const callee = await startPhone({ ...phone, user: 'bob', address: CALLEE })
  t.after(() => callee.quit())
  const cfg = configuration({ proxyPort, callee })
  const path = join(folder, 'kamailio.cfg')
  writeFileSync(path, cfg)
  const proxy = await server.start(path, cfg, folder)
  t.after(() => proxy.stop())

  caller.command('dial', `sip:bob@${phone.domain};transport=${transport}`)
  const logged = (line: string): Promise<void> =>
    until(() => proxy.output().includes(`<script>: ${transport} ${line}\n`), () => `${line} in the log\n${proxy.output()}`)
  await row.act({ caller, callee })
  // What reached the phone need not have reached this process through the log yet.
  for (const line of row.log) await logged(line)
  await caller.quit()
  const { output: trace } = await callee.quit()
  return { caller, callee, log: proxy.output(), trace }
}
