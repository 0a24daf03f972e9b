/** One start of Kamailio for hundreds of questions: a script that logs answers as `@@row|hexadecimal digits@@`. */
import assert from 'node:assert/strict'
import dgram from 'node:dgram'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kamailio, listenersOf, ServerProcess } from './harness/server-process.ts'

export const SERVER = '127.0.70.1'
export const CLIENT = '127.0.70.2'
export const CLIENT_PORT = 5099

export interface Script {
  /** What a request runs, and a reply. */
  readonly body: string
  readonly message: string
  readonly globals?: string
  readonly modules?: readonly string[]
  /** Lines behind those that load modules: `modparam`. */
  readonly settings?: string
}

/** A text as a string of the script: what is no plain character is written in hexadecimal. */
export function quoted(text: string): string {
  const plain = /[ !#-&(-[\]-~]/
  const hexa = (char: string): string => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
  return `"${[...text].map((char) => (plain.test(char) ? char : hexa(char))).join('')}"`
}

/** Statements that evaluate a format while the script runs and log the text, or that it was refused. */
export function ask(row: number, format: string): string {
  return `$vn(t) = ${quoted(format)}; $vn(r) = $null;
if (pv_evalx("$vn(r)", "$vn(t)")) { xlog("@@${row}|$(vn(r){s.encode.hexa})@@\\n"); } else { xlog("@@${row}|refused@@\\n"); }`
}

/** What was logged by row; undefined for what was refused. */
export function answersIn(log: string): Map<number, string | undefined> {
  const found = new Map<number, string | undefined>()
  for (const [, row, hexa = ''] of log.matchAll(/@@(\d+)\|([0-9a-f]*|refused)@@/g)) {
    found.set(Number(row), hexa === 'refused' ? undefined : Buffer.from(hexa, 'hex').toString('latin1'))
  }
  return found
}

function configuration({ body, globals = '', modules = [], settings = '' }: Script): string {
  return `#!KAMAILIO
debug=0
log_stderror=yes
children=1
${globals}
listen=udp:${SERVER}:5060
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
${['pv', 'xlog', ...modules].map((name) => `loadmodule "${name}.so"`).join('\n')}
modparam("xlog", "buf_size", 131072)
${settings}
pv_buffer_size=65536
request_route {
route(ASK);
exit;
}
reply_route {
route(ASK);
}
route[ASK] {
${body}
xlog("@@end@@\\n");
}
`
}

/** The client's address is taken by one run at a time on this machine; the others wait, at most five minutes. */
async function takeClient(): Promise<dgram.Socket> {
  for (let round = 0; round < 3000; round++) {
    const socket = dgram.createSocket('udp4')
    const isTaken = await new Promise<boolean>((resolve) => {
      socket.once('error', () => { resolve(true) })
      socket.bind({ address: CLIENT, port: CLIENT_PORT, exclusive: true }, () => { resolve(false) })
    })
    if (!isTaken) return socket
    await new Promise((resolve) => { setTimeout(resolve, 100) })
  }
  throw new Error(`${CLIENT}:${CLIENT_PORT} stays in use`)
}

/** Kamailio takes ten seconds to read the longest of these scripts on an idle machine, more where other tests run. */
const START_MS_MAX = 120_000

/** Starts Kamailio with a script, sends it the message and answers what it logged. */
export async function runScript(script: Script): Promise<string> {
  const client = await takeClient()
  const folder = mkdtempSync(join(tmpdir(), 'kamailio-'))
  const cfg = configuration(script)
  const file = join(folder, 'kamailio.cfg')
  writeFileSync(file, cfg, 'latin1')
  const args = ['-f', file, '-DD', '-E', '-w', folder, '-Y', folder, '-P', join(folder, 'pid'), '-m', '64', '-M', '256']
  const server = new ServerProcess(kamailio, args, listenersOf(cfg), folder)
  try {
    assert.ok(await server.ready(START_MS_MAX), server.stderr)
    client.send(Buffer.from(script.message, 'latin1'), 5060, SERVER)
    const end = performance.now() + START_MS_MAX
    while (!server.stderr.includes('@@end@@') && server.exit === null && performance.now() < end) {
      await new Promise((resolve) => { setTimeout(resolve, 20) })
    }
    assert.ok(server.stderr.includes('@@end@@'), server.stderr.slice(-2000))
    return server.stderr
  } finally {
    await server.stop()
    client.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
