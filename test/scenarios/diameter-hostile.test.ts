/** Hostile Diameter peers, one after another and many at once, beside one that works: it must not notice, and nothing may be left of them. */
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { makeAvp, textAvp, unsignedAvp, type Avp } from '../../src/diameter/avp.ts'
import { cxApplication, DiameterTestPeer } from '../support/diameter-peer.ts'
import { freePort } from '../support/free-port.ts'
import { startKahea, type KaheaProcess } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'

const M = 0x40
const ADDRESS = '127.0.63.1'
const SILENT_COUNT = 400
const RSS_BYTES_MAX = 500 << 20
const WAIT_MS = 20_000

const CFG = `debug=0
log_stderror=yes
children=1
listen=udp:${ADDRESS}:SIP
loadmodule "pv.so"
loadmodule "cdp.so"
loadmodule "cdp_avp.so"
loadmodule "ims_diameter_server.so"
modparam("cdp", "config_file", "FOLDER/peers.xml")
request_route { exit; }
event_route[diameter:request] { $diameter_response = '[{"avpCode":268,"vendorId":0,"Flags":64,"int32":2001}]'; }
`

/** It knows the working peer, three that it connects to in vain, and takes strangers. */
const xml = (port: number, hostile: readonly number[]): string => `<DiameterPeer FQDN="k1.test" Realm="test" Vendor_Id="10415" Product_Name="k"
  AcceptUnknownPeers="1" Tc="1" ConnectTimeout="2">
  <Peer FQDN="127.0.63.9" Realm="test" port="9"/>
  ${hostile.map((peerPort, index) => `<Peer FQDN="127.0.63.${index + 2}" Realm="test" port="${peerPort}"/>`).join('')}
  <Acceptor port="${port}" bind="${ADDRESS}"/>
  <Auth id="16777216" vendor="10415"/><SupportedVendor vendor="10415"/>
</DiameterPeer>`

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: ADDRESS, port }, () => {
      socket.off('error', reject)
      socket.on('error', () => undefined)
      resolve(socket)
    })
    socket.once('error', reject)
  })
}

const isOver = (socket: Socket): Promise<void> => new Promise((resolve) => {
  if (socket.closed) resolve()
  else socket.once('close', () => resolve())
})

/** Writes the same again and again, as fast as it is taken; others have their turn in between. */
function pour(socket: Socket, bytes: Buffer): void {
  if (!socket.destroyed) socket.write(bytes, () => { setImmediate(() => pour(socket, bytes)) })
}

function listen(port: number, host: string, serve: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      serve(socket)
    })
    server.listen({ port, host }, () => resolve(server))
  })
}

/** A peer that introduces itself, and whose later bytes are its own matter. */
async function introduced(name: string, port: number): Promise<readonly [DiameterTestPeer, Socket]> {
  const peer = new DiameterTestPeer({ name })
  const socket = await peer.connect(ADDRESS, port)
  await until(() => peer.heard.some((line) => line.startsWith('CEA')), () => `${name}: ${peer.heard.join('\n')}`, WAIT_MS)
  return [peer, socket]
}

describe('hostile Diameter peers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-hostile-'))
  const servers: Server[] = []
  const working = new DiameterTestPeer({ name: '127.0.63.9' })
  let kahea: KaheaProcess
  let port = 0
  let isAsking = true
  let asking: Promise<void> = Promise.resolve()
  let [asked, answered] = [0, 0]
  let filesBefore = 0
  const files = (): number => readdirSync(`/proc/${kahea.pid}/fd`).length
  const rssBytes = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${kahea.pid}/status`, 'latin1'))?.[1]) * 1024

  /** The working peer's next requests are answered. */
  const goesOn = async (): Promise<void> => {
    const before = answered
    await until(() => answered >= before + 5, () => `${asked} asked, ${answered} answered\n${working.heard.slice(-5).join("\n")}\n${kahea.output().slice(-2000)}`, WAIT_MS)
  }
  const isLeft = async (): Promise<void> => {
    await until(() => files() <= filesBefore + 3, () => `${files()} files open, ${filesBefore} before`, WAIT_MS)
    assert.ok(rssBytes() < RSS_BYTES_MAX, `${rssBytes()} bytes`)
    await goesOn()
  }

  before(async () => {
    port = await freePort(ADDRESS)
    const hostile: readonly ((socket: Socket) => void)[] = [
      () => undefined,
      (socket) => void socket.write(Buffer.alloc(70_000, 0x55)),
      (socket) => pour(socket, Buffer.concat(Array.from({ length: 1000 }, () => working.request(280, 0, working.origin, 0x80)))),
    ]
    const ports: number[] = []
    for (const [index, serve] of hostile.entries()) {
      const host = `127.0.63.${index + 2}`
      ports.push(await freePort(host))
      servers.push(await listen(ports[index] ?? 0, host, serve))
    }
    writeFileSync(join(folder, 'peers.xml'), xml(port, ports))
    writeFileSync(join(folder, 'kamailio.cfg'), CFG.replaceAll('FOLDER', folder).replace('SIP', String(await freePort(ADDRESS))))
    kahea = await startKahea(['run', join(folder, 'kamailio.cfg')])
    await working.connect(ADDRESS, port)
    await until(() => working.heard.some((line) => line.startsWith('CEA')), kahea.output)
    filesBefore = files()
    asking = (async () => {
      while (isAsking) {
        working.send(working.uar([textAvp(1, M, 'alice')]))
        asked++
        await until(() => working.messages.filter(({ commandCode }) => commandCode === 300).length === asked, kahea.output, WAIT_MS)
        answered++
        await new Promise((resolve) => { setTimeout(resolve, 10) })
      }
    })()
    // It is looked at in each test and at the end.
    asking.catch(() => undefined)
  })
  after(async () => {
    isAsking = false
    await asking.catch(() => undefined)
    await kahea.stop()
    await working.close()
    for (const server of servers) server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test('garbage, and lengths that lie', async () => {
    const message = (length: number, body: Buffer = Buffer.alloc(60)): Buffer => {
      const bytes = Buffer.concat([working.request(257, 0, [], 0x80), body])
      bytes.writeUIntBE(length, 1, 3)
      return bytes
    }
    const avp = (length: number): Buffer => {
      const bytes = working.request(257, 0, [textAvp(264, M, 'x.test'), textAvp(296, M, 'test')], 0x80)
      bytes.writeUIntBE(length, 25, 3)
      return bytes
    }
    const all = [
      Buffer.from('GET / HTTP/1.1\r\n\r\n'), Buffer.from('160301020001000000', 'hex'), Buffer.alloc(100_000), Buffer.alloc(300, 0xff),
      Buffer.from([1]), Buffer.from([1, 0xff, 0xff, 0xff]),
      ...[0, 1, 19, 21, 79, 81, 65_536, 65_537, 0xff_ffff].map((length) => message(length)),
      ...[0, 7, 8, 9, 0xffff, 0xff_ffff].map(avp),
      Buffer.concat(Array.from({ length: 500 }, () => avp(0))),
      Buffer.concat(Array.from({ length: 500 }, () => working.uar([]))),
    ]
    const sockets = await Promise.all([...all, ...all, ...all].map(async (bytes) => {
      const socket = await open(port)
      socket.write(bytes)
      socket.resume()
      return socket
    }))
    await Promise.all(sockets.map(isOver))
    await isLeft()
  })

  test('an introduction with as many applications and vendors as go into it, and a name of 60,000 bytes', async () => {
    const many = new DiameterTestPeer({
      name: 'many.test', applications: [
        cxApplication(), ...Array.from({ length: 2000 }, (_, index) => unsignedAvp(258, M, index)),
        ...Array.from({ length: 2000 }, (_, index) => unsignedAvp(265, M, index)),
      ],
    })
    await many.connect(ADDRESS, port)
    await until(() => many.heard.some((line) => line.startsWith('CEA')), kahea.output, WAIT_MS)
    await many.close()
    const long = new DiameterTestPeer({ name: 'x'.repeat(60_000) })
    await long.connect(ADDRESS, port)
    await until(() => long.heard.includes('closed'), kahea.output, WAIT_MS)
    assert.deepEqual(long.heard, ['closed'])
    await isLeft()
  })

  test('many that never say who they are, while somebody honest comes', async () => {
    const sockets = await Promise.all(Array.from({ length: SILENT_COUNT }, () => open(port)))
    for (const socket of sockets) socket.resume()
    const [honest] = await introduced('honest.test', port)
    await goesOn()
    await honest.close()
    await Promise.all(sockets.map(isOver))
    await isLeft()
  })

  test('peers that ask much and read nothing', async () => {
    // Proxy-Info comes back with the answer.
    const echoed: readonly Avp[] = [makeAvp(284, 0, M, Buffer.alloc(60_000))]
    const greedy = await Promise.all(Array.from({ length: 4 }, (_, index) => introduced(`greedy${index}.test`, port)))
    await Promise.all(greedy.map(async ([peer, socket]) => {
      socket.pause()
      pour(socket, peer.uar(echoed))
      await until(() => kahea.output().includes(`[${peer.options.name}]`), () => `${peer.options.name} is still there`, WAIT_MS)
      socket.destroy()
    }))
    await isLeft()
  })

  test('all of them were answered', async () => {
    isAsking = false
    await asking
    assert.equal(answered, asked)
    assert.ok(!working.heard.includes('closed'))
  })
})
