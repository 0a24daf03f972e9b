/** Servers of a cluster and a phone, each on a machine of its own (test/support/namespaces.ts). */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { callServer, NoServer } from '../../src/cli/cmd-call.ts'
import { RpcFault, RpcStruct, type RpcArgument, type RpcValue } from '../../src/define/define.ts'
import { programPath } from '../support/installed.ts'
import { Namespaces, type RunningProgram } from '../support/namespaces.ts'
import { until } from '../support/until.ts'

const COMMAND = join(import.meta.dirname, '..', '..', 'bin', 'kahea.js')
const MODULES = '/usr/lib/x86_64-linux-gnu/kamailio/modules/'
export const PHONE = Namespaces.address(9)

/** Sends what comes on its input as datagrams, and tells what it receives: lines of JSON. */
const AGENT = `
const socket = require('node:dgram').createSocket('udp4')
socket.on('message', (bytes, from) => {
  const text = bytes.toString('latin1')
  console.log(JSON.stringify({ text, from: from.address, port: from.port }))
  if (/^INVITE|^MESSAGE/.test(text)) {
    const lines = text.split('\\r\\n').filter((line) => /^(Via|From|To|Call-ID|CSeq|Record-Route)/i.test(line))
    socket.send('SIP/2.0 200 OK\\r\\n' + lines.join('\\r\\n') + '\\r\\nContent-Length: 0\\r\\n\\r\\n', from.port, from.address)
  }
})
socket.bind(5060, '${PHONE}', () => console.log('ready'))
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { text, to, port } = JSON.parse(line)
  socket.send(Buffer.from(text, 'latin1'), port, to)
})
`

export class ClusterNodes {
  readonly machines = new Namespaces()
  readonly folder = mkdtempSync(join(tmpdir(), 'kahea-cluster-'))
  readonly #running = new Map<string, RunningProgram>()
  #phone: RunningProgram | undefined
  #sent = 0

  async startPhone(): Promise<void> {
    this.machines.machine('phone', 9)
    const phone = this.machines.start('phone', process.execPath, ['-e', AGENT])
    this.#phone = phone
    await until(() => phone.output().startsWith('ready'), () => phone.output())
  }

  /** Starts a server and waits until commands reach it. */
  async start(name: string, program: 'kahea' | 'kamailio', cfg: string): Promise<void> {
    const path = join(this.folder, `${name}.cfg`)
    const socket = this.socket(name)
    rmSync(socket, { force: true })
    writeFileSync(path, `#!KAMAILIO
debug=0
log_stderror=yes
children=2
auto_aliases=no
mpath="${MODULES}"
loadmodule "ctl.so"
modparam("ctl", "binrpc", "unix:${socket}")
${cfg}`)
    const running = program === 'kahea'
      ? this.machines.start(name, process.execPath, [COMMAND, '-f', path, '-DD', '-E'])
      : this.machines.start(name, programPath('kamailio') ?? 'kamailio', ['-f', path, '-DD', '-E', '-m', '32', '-M', '4', '-Y', this.folder])
    this.#running.set(name, running)
    await until(() => running.child.exitCode !== null || existsSync(socket), () => running.output(), 20_000)
    if (running.child.exitCode !== null) throw new Error(`${name} left:\n${running.output()}`)
  }

  output(name: string): string {
    return this.#running.get(name)?.output() ?? ''
  }

  /** `SIGKILL` for a death without a word. */
  async stop(name: string, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const running = this.#running.get(name)
    this.#running.delete(name)
    // Kamailio's processes are children of the first: that one ends them.
    await running?.stop(signal)
  }

  socket(name: string): string {
    return join(this.folder, `${name}.ctl`)
  }

  /** The values of an answer as JSON; a fault as its text. */
  async rpc(name: string, method: string, ...args: readonly RpcArgument[]): Promise<string> {
    const answer = await callServer(`unix:${this.socket(name)}`, method, args, 20_000)
    if (answer instanceof NoServer) return `no server: ${answer.reason}`
    return answer instanceof RpcFault ? answer.reason : answer.map(jsonOf).join('\n')
  }

  /** Sends a request from the phone, and waits for an answer. */
  async ask(to: string, port: number, method: string, user: string, headers: string, body = ''): Promise<string> {
    const id = `c${++this.#sent}-${process.pid}`
    const before = this.heard().length
    this.send(to, port, `${method} sip:${user}@example.com SIP/2.0
Via: SIP/2.0/UDP ${PHONE}:5060;branch=z9hG4bK${id}
From: <sip:phone@example.com>;tag=${id}
To: <sip:${user}@example.com>
Call-ID: ${id}
CSeq: ${this.#sent} ${method}
${headers}Content-Length: ${body.length}

${body}`)
    await until(() => this.#answerTo(id, before) !== undefined, () => `no answer to ${method} ${user} from ${to}\n${this.heard().join('\n')}`)
    return this.#answerTo(id, before) ?? ''
  }

  send(to: string, port: number, text: string): void {
    this.#phone?.child.stdin?.write(`${JSON.stringify({ text: text.replaceAll('\n', '\r\n'), to, port })}\n`)
  }

  register(to: string, user: string, contact: string, expires: number): Promise<string> {
    return this.ask(to, 5060, 'REGISTER', user, `Contact: <sip:${contact}@${PHONE}:5060>;q=0.5;expires=${expires}\n`)
  }

  /** What the phone received, the oldest first. */
  heard(): readonly string[] {
    return (this.#phone?.output() ?? '').split('\n').filter((line) => line.startsWith('{')).map((line) => String(JSON.parse(line).text))
  }

  #answerTo(id: string, from: number): string | undefined {
    return this.heard().slice(from).find((text) => text.startsWith('SIP/2.0 ') && !text.startsWith('SIP/2.0 1') && text.includes(`Call-ID: ${id}`))
  }

  /** Contacts and items, one line each, in an order that all servers have. */
  async holdings(name: string): Promise<string> {
    const lines: string[] = []
    const dump = await this.rpc(name, 'ul.dump')
    for (const record of dump.split('"AoR":').slice(1)) {
      const aor = /^"([^"]*)"/.exec(record)?.[1]
      for (const [, address, expires, cseq, ruid] of record.matchAll(/"Address":"([^"]*)","Expires":"?(\w+).*?"CSeq":(\d+).*?"Ruid":"([^"]*)"/g)) {
        if (expires !== 'expired' && expires !== 'deleted') lines.push(`${aor} ${address} ${cseq} ${ruid}`)
      }
    }
    const table = await this.rpc(name, 'htable.dump', 't')
    for (const [, key, value] of table.matchAll(/"name":"([^"]*)","value":("[^"]*"|-?\d+)/g)) lines.push(`t ${key} ${value}`)
    return lines.sort().join('\n')
  }

  async end(): Promise<void> {
    await this.machines.end()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function jsonOf(value: RpcValue): string {
  if (value instanceof RpcStruct) return `{${value.entries.map(([name, field]) => `${JSON.stringify(name)}:${jsonOf(field)}`).join(',')}}`
  if (Array.isArray(value)) return `[${(value as readonly RpcValue[]).map(jsonOf).join(',')}]`
  return JSON.stringify(value)
}

/** Waits until an asked thing holds. */
export async function untilAsked(holds: () => Promise<boolean>, describe: () => string | Promise<string>, waitMs = 30_000): Promise<void> {
  const endMs = performance.now() + waitMs
  while (!await holds()) {
    if (performance.now() > endMs) throw new Error(`not within ${waitMs} ms: ${await describe()}`)
    await new Promise((resolve) => { setTimeout(resolve, 100) })
  }
}
