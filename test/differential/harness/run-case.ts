/** Runs one case against one server, and both servers one after the other in the same slot. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { authenticated, type Sent } from './auth-step.ts'
import { preamble, type Case } from './case-file.ts'
import { difference } from './compare.ts'
import { createDatabase, dumpDatabase } from './database-file.ts'
import { Endpoints } from './endpoints.ts'
import { buildAnswer, buildMessage } from './message-text.ts'
import { HttpServer } from './http-server.ts'
import { kamailio, listenersOf, ServerProcess, subject } from './server-process.ts'
import type { Program } from './server-process.ts'
import { Pipes } from './pipes.ts'
import { performRpc } from './rpc-step.ts'
import { intoSlot, takeSlot } from './slots.ts'
import type { Step } from './traffic.ts'
import { transcriptLines } from './transcript.ts'
import type { StepRecord } from './transcript.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const START_MS = 8000
const REFUSAL = '== the server refuses to start'
/** How long a server that listens already may take to end where the reference refused to start. */
const REFUSAL_MS = 3000
/** How long the second server may take longer to do what the first one did in a step. */
const LAG_MS = 500

/** Waits, and lets the sockets be read afterwards: timers that are always due would keep the event loop from them. */
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => {
  setTimeout(() => { setImmediate(resolve) }, milliseconds)
})

/** Waits until the server has nothing more to do and nothing has come for a few milliseconds. */
const settle = async (server: ServerProcess, endpoints: Endpoints): Promise<void> => {
  const end = performance.now() + 5000
  let quiet = 0
  while (quiet < 3 && performance.now() < end) {
    await pause(4)
    const last = Math.max(server.touched, endpoints.touched)
    quiet = server.exit !== null || (performance.now() - last > 3 && server.idle()) ? quiet + 1 : 0
  }
}

const size = (record: StepRecord): number => record.arrivals.length + record.stderr.length

/** Gives a slower server time until it has sent and logged as much as the reference did. */
const catchUp = async (server: ServerProcess, endpoints: Endpoints, from: number, wanted: StepRecord): Promise<void> => {
  const end = performance.now() + LAG_MS
  const lines = wanted.stderr.split('<script>').length
  const enough = (): boolean => endpoints.arrivals.length >= wanted.arrivals.length
    && server.stderr.slice(from).split('<script>').length >= lines
  while (!enough() && server.exit === null && performance.now() < end) {
    await pause(5)
    if (enough()) await settle(server, endpoints)
  }
}

const titleOf = (step: Step): string => {
  switch (step.kind) {
    case 'send': {
      if (step.auth !== null) return `== line ${step.line}: ${step.socket} answers the challenge for line ${step.auth.of} as ${step.auth.user}`
      const what = step.payload.kind === 'fixture' ? step.payload.path : step.payload.kind === 'raw' ? 'raw bytes' : step.payload.lines[0]
      return `== line ${step.line}: ${step.socket} sends ${what}`
    }
    case 'answer': return `== line ${step.line}: ${step.socket} answers ${step.lines[0]}`
    case 'wait': return `== line ${step.line}: ${step.milliseconds} ms pass`
    case 'close': return `== line ${step.line}: ${step.socket} closes`
    case 'rpc': return `== line ${step.line}: ${step.over} ${step.document ?? step.words.join(' ')}`
  }
}

const payloadText = (step: Extract<Step, { kind: 'send' }>, endpoints: Endpoints, slot: number): string => {
  const { payload } = step
  if (payload.kind === 'raw') return intoSlot(payload.text, slot)
  if (payload.kind === 'fixture') return intoSlot(readFileSync(join(root, payload.path), 'latin1'), slot)
  const transport = Endpoints.isTcp(step.socket) ? 'TCP' : 'UDP'
  const lines = payload.lines.map((line) => intoSlot(line, slot))
  return buildMessage(lines, { transport, sentBy: endpoints.sentBy(step.socket), step: step.of })
}

const perform = async (step: Step, endpoints: Endpoints, slot: number, sent: Sent, folder: string): Promise<string | null> => {
  switch (step.kind) {
    case 'send': {
      const usual = step.socket.endsWith('6') ? '[::1]:6060' : '127.0.30.1:5060'
      const to = intoSlot(step.to ?? usual, slot)
      try {
        await endpoints.prepare(step.socket, to)
      } catch {
        return '  the server does not accept the connection'
      }
      const message = step.auth === null
        ? { text: payloadText(step, endpoints, slot), lines: step.payload.kind === 'lines' ? step.payload.lines : [] }
        : authenticated(step, step.auth, endpoints, slot, sent)
      if (typeof message === 'string') return message
      sent.set(step.line, { ...message, lines: message.lines.map((line) => intoSlot(line, slot)) })
      await endpoints.send(step.socket, to, message.text)
      return null
    }
    case 'answer': {
      const request = endpoints.requestAt(step.socket, step.asked)
      if (request === null) return '  nothing came that could be answered'
      const { reply } = request
      reply.send(buildAnswer(step.lines.map((line) => intoSlot(line, slot)), request.text, { ...reply, step: step.line }))
      return null
    }
    case 'wait':
      await pause(step.milliseconds)
      return null
    case 'close':
      endpoints.close(step.socket)
      return null
    case 'rpc': {
      const arrival = await performRpc(step, folder, slot)
      endpoints.arrivals.push(arrival)
      return null
    }
  }
}

export interface Run {
  records: StepRecord[]
  lines: string[]
  stderr: string
}

/** One server, one case. `reference` is what Kamailio did, where this is the other one. */
export const runServer = async (
  item: Case, program: Program, slot: number, reference: Run | null, prepare: (cfg: string, folder: string) => string = (cfg) => cfg,
): Promise<Run> => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-differential-'))
  const cfg = intoSlot(item.cfg, slot).replaceAll('{folder}', folder)
  const endpoints = new Endpoints(slot)
  for (const name of item.files) {
    writeFileSync(join(folder, name), intoSlot(readFileSync(join(dirname(item.path), name), 'latin1'), slot), 'latin1')
  }
  createDatabase(item, folder, slot)
  writeFileSync(join(folder, 'case.cfg'), prepare(cfg, folder), 'latin1')
  const pipes = new Pipes(folder, item.fifos, item.unixSockets)
  const records: StepRecord[] = []
  const sent: Sent = new Map()
  const args = item.args.map((arg) => intoSlot(arg, slot))
  await endpoints.open()
  const http = new HttpServer(item.http, slot, (arrival) => { endpoints.noteArrival(arrival) })
  await http.open()
  const server = new ServerProcess(program, [
    '-f', join(folder, 'case.cfg'), '-DD', '-E', '-w', folder, '-Y', folder, '-P', join(folder, 'pid'), '-m', '64', '-M', '8', ...args,
  ], listenersOf(cfg), folder)
  try {
    const isListening = await server.ready(START_MS)
    if (isListening) await settle(server, endpoints)
    if (isListening && reference?.records[0]?.title === REFUSAL) await server.waitForExit(REFUSAL_MS)
    // Who listens and ends before anything came has refused as well.
    if (isListening && server.exit === null) {
      records.push({ title: '== the server starts', arrivals: [], stderr: server.stderr })
      for (const [index, step] of item.steps.entries()) {
        const from = server.stderr.length
        endpoints.arrivals = []
        const note = await perform(step, endpoints, slot, sent, folder)
        await settle(server, endpoints)
        endpoints.arrivals.push(...pipes.take())
        const wanted = reference?.records[index + 1]
        if (wanted !== undefined && size(wanted) > 0) await catchUp(server, endpoints, from, wanted)
        const title = note === null ? titleOf(step) : `${titleOf(step)}\n${note}`
        records.push({ title, arrivals: endpoints.arrivals, stderr: server.stderr.slice(from) })
        if (server.exit !== null) break
      }
      records.push({ title: server.exit === null ? '== the server still runs' : `== the server ended: ${server.exit}`, arrivals: [], stderr: '' })
    } else {
      records.push({ title: REFUSAL, arrivals: [], stderr: item.log === 'all' ? server.stderr : '' })
    }
  } finally {
    endpoints.arrivals = []
    await server.stop()
    if (item.dumps.length > 0) records.push(...dumpDatabase(item, folder))
    endpoints.closeAll()
    pipes.close()
    http.close()
    rmSync(folder, { recursive: true, force: true })
  }
  const lines = transcriptLines(records, item, slot, endpoints.ports).map((line) => line.replaceAll(folder, '{folder}'))
  return { records, lines, stderr: server.stderr }
}

export interface Comparison {
  kamailio: Run
  other: Run
  /** Null when both did the same. */
  difference: string | null
}

/** The same traffic with a cfg of the subject's own, where the case names one. */
const itemOfSubject = (item: Case): Case =>
  (item.other === null ? item : { ...item, cfg: preamble + readFileSync(join(dirname(item.path), item.other), 'latin1') })

/** Runs the case on Kamailio and on the subject. */
export const compareServers = async (item: Case): Promise<Comparison> => {
  const slot = await takeSlot()
  try {
    const program = subject()
    const reference = await runServer(item, kamailio, slot.index, null)
    const other = await runServer(itemOfSubject(item), program, slot.index, reference)
    return { kamailio: reference, other, difference: difference(reference.lines, other.lines, ['kamailio', program.name]) }
  } finally {
    slot.release()
  }
}

/** The case on two programs, where the second one has a configuration made of the first one's. */
export const comparePrepared = async (
  item: Case, programs: readonly [Program, Program], prepare: (cfg: string, folder: string) => string,
): Promise<Comparison> => {
  const slot = await takeSlot()
  try {
    const reference = await runServer(item, programs[0], slot.index, null)
    const other = await runServer(item, programs[1], slot.index, reference, prepare)
    return { kamailio: reference, other, difference: difference(reference.lines, other.lines, [programs[0].name, programs[1].name]) }
  } finally {
    slot.release()
  }
}

/** Kamailio alone, to look at. */
export const observeKamailio = async (item: Case): Promise<Run> => {
  const slot = await takeSlot()
  try {
    return await runServer(item, kamailio, slot.index, null)
  } finally {
    slot.release()
  }
}
