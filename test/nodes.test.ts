/**
 * The built server under other versions of Node: KAHEA_NODES names their programs, separated by colons. `.ci/run` sets it.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from './support/free-port.ts'
import { startKahea } from './support/kahea-process.ts'
import { until } from './support/until.ts'

const ADDRESS = '127.0.33.1'
const BUILT_IN = readFileSync(join(import.meta.dirname, '..', 'etc', 'kahea.cfg'), 'utf8')
const nodes = (process.env['KAHEA_NODES'] ?? '').split(':').filter((path) => path !== '')

function options(transport: string, port: number): string {
  return `OPTIONS sip:${ADDRESS}:${port} SIP/2.0\r\nVia: SIP/2.0/${transport} ${ADDRESS};branch=z9hG4bK${transport};rport\r\nMax-Forwards: 70\r\n` +
    `From: <sip:a@${ADDRESS}>;tag=1\r\nTo: <sip:${ADDRESS}>\r\nCall-ID: ${transport}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`
}

async function answerOverUdp(port: number): Promise<string> {
  let answer = ''
  const socket = createSocket('udp4')
  socket.on('message', (bytes) => { answer += bytes.toString('latin1') })
  socket.send(options('UDP', port), port, ADDRESS)
  await until(() => answer.endsWith('\r\n\r\n'), () => answer).finally(() => socket.close())
  return answer
}

async function answerOverTcp(port: number): Promise<string> {
  let answer = ''
  const stream = connect(port, ADDRESS, () => stream.write(options('TCP', port)))
  stream.on('data', (bytes: Buffer) => { answer += bytes.toString('latin1') })
  await until(() => answer.endsWith('\r\n\r\n'), () => answer).finally(() => stream.destroy())
  return answer
}

if (nodes.length === 0) test('other versions of Node', { skip: 'KAHEA_NODES names none' }, () => undefined)

for (const node of nodes) {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
  test(`Node ${version} runs the server with its add-on`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'kahea-nodes-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const port = await freePort(ADDRESS)
    const file = join(folder, 'kahea.cfg')
    writeFileSync(file, BUILT_IN.replaceAll('127.0.0.1:5060', `${ADDRESS}:${port}`))
    const server = await startKahea(['-f', file, '-DD', '-E'], node)
    try {
      assert.match(await answerOverUdp(port), /^SIP\/2\.0 200 Alive\r\n/)
      assert.match(await answerOverTcp(port), /^SIP\/2\.0 200 Alive\r\n/)
    } finally {
      assert.equal(await server.stop(), 0)
    }
    // V8 tells of flags that it does not know; the start tells of an add-on that does not load.
    assert.doesNotMatch(server.output(), /unrecognized|dgram|[Ww]arning|[Dd]eprecat/)
  })
}
