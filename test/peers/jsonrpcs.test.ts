/** Module jsonrpcs from outside: by FIFO as kamctl does it, by datagrams over UDP, and who gets in. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { missingPrograms } from '../support/installed.ts'
import { startKahea, type RunningServer } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'

const ADDRESS = '127.0.57.2'
const RPC_PORT = 8090

const cfg = (folder: string): string => `
debug=0
log_stderror=yes
listen=udp:${ADDRESS}:5060
loadmodule "pv.so"
loadmodule "jsonrpcs.so"
modparam("jsonrpcs", "fifo_name", "${folder}/rpc.fifo")
modparam("jsonrpcs", "fifo_mode", 0640)
modparam("jsonrpcs", "dgram_socket", "udp:${ADDRESS}:${RPC_PORT}")
modparam("jsonrpcs", "pretty_format", 0)
request_route { exit; }
`

describe('jsonrpcs answers over its sockets', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-jsonrpcs-'))
  const fifo = join(folder, 'rpc.fifo')
  const nameOf = (word: string): string => `kahea-test-${process.pid}-${word}`
  let server: RunningServer | undefined

  /** Writes documents and gives what comes to the reply FIFO within a moment. */
  const askByFifo = (name: string, text: string): string => {
    // Where it is by default, and where kamctl looks for it.
    const reply = join('/tmp', name)
    const request = join(folder, 'request')
    writeFileSync(request, text)
    const script = `mkfifo -m 666 '${reply}'; (timeout 2 cat '${reply}' > '${reply}.out') & exec 3<>'${reply}'; cat '${request}' > '${fifo}'; sleep 0.4; exec 3>&-; wait`
    spawnSync('sh', ['-c', script], { timeout: 8000 })
    const answer = readFileSync(`${reply}.out`, 'latin1')
    rmSync(reply)
    rmSync(`${reply}.out`)
    return answer
  }

  before(async () => {
    const path = join(folder, 'kamailio.cfg')
    writeFileSync(path, cfg(folder))
    server = await startKahea(['-f', path, '-w', folder, '-Y', folder, '-E'])
    await until(() => statSync(fifo, { throwIfNoEntry: false }) !== undefined, () => 'there is no FIFO')
  })

  after(async () => {
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('a document by FIFO is answered in the FIFO that it names', () => {
    const answer = askByFifo(nameOf('one'), '{"jsonrpc":"2.0","method":"core.echo","params":["a",5],"reply_name":"' + nameOf('one') + '","id":1}\n')
    assert.equal(answer, '{"jsonrpc":"2.0","result":["a","5"],"id":1}')
  })

  test('documents may come over several lines, and several at once', () => {
    const document = (id: number): string => `{\n "jsonrpc": "2.0",\n "method": "core.echo",\n "params": ["}{"],\n "reply_name": "${nameOf('two')}", "id": ${id}\n}\n`
    const answer = askByFifo(nameOf('two'), document(1) + document(2))
    assert.equal(answer, '{"jsonrpc":"2.0","result":["}{"],"id":1}{"jsonrpc":"2.0","result":["}{"],"id":2}')
  })

  test('a reply goes nowhere else than into the reply folder', async () => {
    askByFifo(nameOf('three'), '{"jsonrpc":"2.0","method":"core.echo","params":["a"],"reply_name":"../three","id":1}\n')
    const isRefused = (): boolean => /a reply FIFO must be a name without slashes/.test(server?.output() ?? '')
    await until(isRefused, () => `it was not refused:\n${server?.output() ?? ''}`)
  })

  test('the FIFO has the rights of fifo_mode, and is gone when the server is', async () => {
    assert.equal(statSync(fifo).mode & 0o777, 0o640)
    assert.ok(statSync(fifo).isFIFO())
  })

  test('kamctl gets its answer by the FIFO', { skip: missingPrograms('kamctl') }, () => {
    const run = spawnSync('kamctl', ['rpc', 'core.echo', 'hello'], {
      encoding: 'latin1', timeout: 20_000, env: { ...process.env, RPCFIFOPATH: fifo, CTLENGINE: 'RPCFIFO' },
    })
    assert.match(run.stdout, /"hello"/, run.stdout + run.stderr)
  })

  test('a datagram over UDP is answered to where it came from', async () => {
    const socket = createSocket('udp4')
    const answer = new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('no answer')), 5000)
      socket.on('message', (bytes) => {
        clearTimeout(timer)
        resolve(bytes.toString('latin1'))
      })
    })
    socket.send('{"jsonrpc":"2.0","method":"core.echo","params":["x"],"id":"q"}', RPC_PORT, ADDRESS)
    assert.equal(await answer, '{"jsonrpc":"2.0","result":["x"],"id":"q"}')
    socket.close()
  })
})
