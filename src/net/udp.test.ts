import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { createServer, Socket } from 'node:net'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { loadAddon, type NativeAddon } from './native-addon.ts'
import { isUdpError, openUdpSocket, type UdpError, type UdpOptions, type UdpSocket } from './udp.ts'

interface Packet {
  readonly text: string
  readonly address: string
  readonly port: number
}

interface Opened {
  readonly socket: UdpSocket
  readonly packets: Packet[]
  readonly errors: { readonly error: UdpError; readonly address: string; readonly port: number }[]
  /** Waits until that many packets have come. */
  received(count: number): Promise<void>
}

async function open(addon: NativeAddon | undefined, options: Partial<UdpOptions> = {}): Promise<Opened> {
  const packets: Packet[] = []
  const errors: Opened['errors'] = []
  const socket = await openUdpSocket(
    { address: '127.0.20.1', port: 0, family: 4, ...options },
    {
      onDatagram: (text, address, port) => { packets.push({ text, address, port }) },
      onError: (error, address, port) => { errors.push({ error, address, port }) },
    },
    addon,
  )
  if (isUdpError(socket)) throw new Error(socket.reason)
  const received = async (count: number): Promise<void> => {
    for (let round = 0; round < 200 && packets.length < count; round++) {
      await new Promise((resolve) => { setTimeout(resolve, 5) })
    }
    assert.equal(packets.length, count)
  }
  return { socket, packets, errors, received }
}

const loaded = loadAddon({})
const bodies: readonly { readonly name: string; readonly addon: NativeAddon | undefined }[] = [
  ...(typeof loaded === 'string' ? [] : [{ name: 'add-on', addon: loaded }]),
  { name: 'dgram', addon: undefined },
]

test('the add-on loads on a machine with a compiler', { skip: process.platform !== 'linux' && 'Linux only' }, () => {
  assert.notEqual(typeof loaded, 'string', String(loaded))
})

test('the add-on stays out when KAHEA_NO_ADDON is 1', () => {
  assert.equal(loadAddon({ KAHEA_NO_ADDON: '1' }), 'KAHEA_NO_ADDON is set')
})

for (const { name, addon } of bodies) {
  const families = [
    { family: 4, address: '127.0.20.1' },
    { family: 6, address: '::1' },
  ] as const
  for (const { family, address } of families) {
    test(`${name}: packets go to and fro over IPv${family}, every byte kept`, async () => {
      const left = await open(addon, { family, address })
      const right = await open(addon, { family, address })
      const every = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('')
      assert.equal(left.socket.send(every, address, right.socket.port), true)
      await right.received(1)
      assert.deepEqual(right.packets[0], { text: every, address, port: left.socket.port })
      assert.equal(right.socket.send('back', address, left.socket.port), true)
      await left.received(1)
      assert.equal(left.packets[0]?.text, 'back')
      assert.equal(left.socket.counters().receivedPackets, 1)
      assert.equal(left.socket.counters().sentBytes, 256)
      await Promise.all([left.socket.close(), right.socket.close()])
    })
  }

  test(`${name}: packets of every size up to the largest arrive whole`, async () => {
    const left = await open(addon, { receiveBufferBytes: 1 << 20 })
    const right = await open(addon, { receiveBufferBytes: 1 << 20 })
    const sizes = [0, 1, 19, 1300, 1472, 1500, 8000, 65000, 65507]
    for (const size of sizes) {
      assert.equal(left.socket.send('x'.repeat(size), '127.0.20.1', right.socket.port), true)
      left.socket.flush()
    }
    await right.received(sizes.length)
    assert.deepEqual(right.packets.map((packet) => packet.text.length), sizes)
    await Promise.all([left.socket.close(), right.socket.close()])
  })

  test(`${name}: a thousand packets sent in one turn arrive in order`, async () => {
    const left = await open(addon)
    const right = await open(addon, { receiveBufferBytes: 4 << 20 })
    const answers = new Set<string>()
    for (let index = 0; index < 1000; index++) {
      const taken = left.socket.send(`packet ${index}`, '127.0.20.1', right.socket.port)
      answers.add(taken === true ? 'taken' : taken.reason)
    }
    await right.received(1000).catch(() => undefined)
    assert.deepEqual([...answers], ['taken'])
    const numbers = right.packets.map((packet) => Number(packet.text.slice(7)))
    // The kernel may have granted a small buffer: what came is in order, and what did not come is counted.
    assert.deepEqual(numbers, numbers.toSorted((a, b) => a - b))
    const { kernelDrops } = right.socket.counters()
    if (kernelDrops >= 0) assert.equal(numbers.length + kernelDrops, 1000)
    await Promise.all([left.socket.close(), right.socket.close()])
  })

  const refusals = [
    { title: 'a message too long for a packet', size: 65508, address: '127.0.20.1', port: 5060, code: 'EMSGSIZE' },
    { title: 'port 0', size: 5, address: '127.0.20.1', port: 0, code: 'EINVAL' },
    { title: 'an address of another family', size: 5, address: '::1', port: 5060, code: 'EAFNOSUPPORT' },
    { title: 'a name', size: 5, address: 'example.com', port: 5060, code: 'EAFNOSUPPORT' },
  ]
  for (const { title, size, address, port, code } of refusals) {
    test(`${name}: ${title} is refused at once`, async () => {
      const { socket } = await open(addon)
      const result = socket.send('x'.repeat(size), address, port)
      assert.equal(result === true ? 'taken' : result.code, code)
      await socket.close()
      const later = socket.send('x', '127.0.20.1', 5060)
      assert.equal(later === true ? 'taken' : later.code, 'EBADF')
    })
  }

  test(`${name}: an address in use is an error that says what to do`, async () => {
    const { socket } = await open(addon)
    const handlers = { onDatagram() {}, onError() {} }
    const second = await openUdpSocket({ address: '127.0.20.1', port: socket.port, family: 4 }, handlers, addon)
    assert.ok(isUdpError(second))
    assert.equal(second.code, 'EADDRINUSE')
    assert.match(second.reason, /^cannot listen on udp:127\.0\.20\.1:\d+: address already in use \(another program/)
    await socket.close()
  })

  test(`${name}: an address of another machine is an error`, async () => {
    const handlers = { onDatagram() {}, onError() {} }
    const opened = await openUdpSocket({ address: '198.51.100.1', port: 0, family: 4 }, handlers, addon)
    assert.ok(isUdpError(opened))
    assert.equal(opened.code, 'EADDRNOTAVAIL')
  })
}

if (typeof loaded !== 'string') {
  test('add-on: an unreachable destination is refused by the send itself', async () => {
    const { socket } = await open(loaded)
    // Loopback has no way out, so the kernel says so for an address that only routing could reach.
    const result = socket.send('hello', '198.51.100.1', 5060)
    assert.notEqual(result, true)
    assert.equal(socket.counters().sendErrors, 1)
    await socket.close()
  })

  test('add-on: two sockets share a port with reusePort', async () => {
    const first = await open(loaded, { reusePort: true })
    const second = await open(loaded, { reusePort: true, port: first.socket.port })
    assert.equal(second.socket.port, first.socket.port)
    await Promise.all([first.socket.close(), second.socket.close()])
  })

  test('add-on: freeBind takes an address that this machine has not', async () => {
    const { socket } = await open(loaded, { address: '198.51.100.1', freeBind: true })
    assert.ok(socket.port > 0)
    await socket.close()
  })

  test('add-on: an exception in a handler is an uncaught exception and the socket goes on', async () => {
    const right = await open(loaded)
    let packets = 0
    const left = await openUdpSocket({ address: '127.0.20.1', port: 0, family: 4 }, {
      onDatagram() {
        packets++
        throw new Error('from the handler')
      },
      onError() {},
    }, loaded)
    assert.ok(!isUdpError(left))
    const caught: unknown[] = []
    const previous = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.on('uncaughtException', (error) => { caught.push(error.message) })
    for (let index = 0; index < 2; index++) {
      right.socket.send('x', '127.0.20.1', left.port)
      for (let round = 0; round < 100 && packets === index; round++) {
        await new Promise((resolve) => { setTimeout(resolve, 5) })
      }
    }
    process.removeAllListeners('uncaughtException')
    for (const listener of previous) process.on('uncaughtException', listener)
    assert.deepEqual(caught, ['from the handler', 'from the handler'])
    await Promise.all([left.close(), right.socket.close()])
  })

  test('add-on: many sources and destinations keep their addresses apart', async () => {
    const right = await open(loaded, { address: '127.0.20.1' })
    const senders: Opened[] = []
    for (let last = 10; last < 60; last++) senders.push(await open(loaded, { address: `127.0.20.${last}` }))
    for (const { socket } of senders) socket.send(socket.address, '127.0.20.1', right.socket.port)
    await right.received(senders.length)
    for (const packet of right.packets) assert.equal(packet.address, packet.text)
    for (const packet of right.packets) right.socket.send(`to ${packet.address}`, packet.address, packet.port)
    for (const sender of senders) {
      await sender.received(1)
      assert.equal(sender.packets[0]?.text, `to ${sender.socket.address}`)
    }
    await Promise.all([right, ...senders].map(({ socket }) => socket.close()))
  })

  test('add-on: destinations beyond the table of 4096 are still reached', async () => {
    const left = await open(loaded, { address: '0.0.0.0' })
    const right = await open(loaded)
    let refused = 0
    for (let index = 0; index < 5000; index++) {
      if (left.socket.send('x', `127.1.${index >> 8}.${index & 255}`, 9) !== true) refused++
    }
    assert.equal(left.socket.send('last', '127.0.20.1', right.socket.port), true)
    await right.received(1)
    assert.equal(refused, 0)
    await Promise.all([left.socket.close(), right.socket.close()])
  })

  test('add-on: worker threads with open sockets end in good order', async () => {
    const here = JSON.stringify(import.meta.url)
    const root = JSON.stringify(fileURLToPath(new URL('../../', import.meta.url)))
    const code = `
      import { createRequire } from 'node:module'
      import { parentPort } from 'node:worker_threads'
      const addon = createRequire(${here})('node-gyp-build')(${root})
      const socket = addon.openUdp({ address: '127.0.20.1', port: 0, family: 4 }, () => {}, () => {})
      addon.openUnix({}, () => {})
      parentPort.postMessage(socket.port)`
    for (let round = 0; round < 3; round++) {
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`))
      const port = await new Promise((resolve, reject) => {
        worker.once('message', resolve)
        worker.once('error', reject)
      })
      assert.ok(Number(port) > 0)
      assert.equal(await worker.terminate(), 1)
    }
  })

  test('add-on: the routing table says which address a packet leaves from', () => {
    assert.equal(loaded.localAddressFor('127.0.20.1'), '127.0.0.1')
    assert.equal(loaded.localAddressFor('::1'), '::1')
    assert.equal(loaded.localAddressFor('nonsense'), undefined)
  })

  test('add-on: a connection to this machine stands, or is refused, at once', async (t) => {
    const server = createServer()
    await new Promise<void>((resolve) => { server.listen(0, '127.0.20.1', resolve) })
    t.after(() => server.close())
    const place = server.address()
    assert.ok(typeof place === 'object' && place !== null)
    const made = loaded.connectTcp('127.0.20.1', place.port, '127.0.20.2')
    assert.ok(made !== undefined && 'fd' in made)
    const socket = new Socket({ fd: made.fd, readable: true, writable: true })
    assert.equal(socket.localAddress, '127.0.20.2')
    socket.destroy()
    const refused = loaded.connectTcp('127.0.20.3', place.port, '')
    assert.ok(refused !== undefined && 'code' in refused)
    assert.equal(refused.code, 'ECONNREFUSED')
    const elsewhere = loaded.connectTcp('127.0.20.1', place.port, '192.0.2.1')
    assert.ok(elsewhere !== undefined && 'code' in elsewhere)
    assert.equal(elsewhere.code, 'EADDRNOTAVAIL')
    const bad = loaded.connectTcp('nonsense', 1, '')
    assert.ok(bad !== undefined && 'code' in bad)
    assert.equal(bad.code, 'EINVAL')
  })
}

for (const { name, addon } of bodies) {
  test(`${name}: a socket may be closed by its own handler in the middle of a batch`, async () => {
    const sender = await open(addon)
    let packets = 0
    const handlers = {
      onDatagram(text: string, address: string, port: number) {
        packets++
        if (isUdpError(receiver)) return
        receiver.send(text, address, port)
        void receiver.close()
      },
      onError() {},
    }
    const receiver: UdpSocket | UdpError = await openUdpSocket(
      { address: '127.0.20.1', port: 0, family: 4 }, handlers, addon,
    )
    assert.ok(!isUdpError(receiver))
    for (let index = 0; index < 30; index++) sender.socket.send('x', '127.0.20.1', receiver.port)
    sender.socket.flush()
    for (let round = 0; round < 100 && packets === 0; round++) {
      await new Promise((resolve) => { setTimeout(resolve, 5) })
    }
    await receiver.close()
    assert.equal(packets, 1)
    await sender.socket.close()
  })
}

if (typeof loaded !== 'string') {
  test('add-on: what waits is sent when the socket is closed', async () => {
    const left = await open(loaded)
    const right = await open(loaded)
    for (let index = 0; index < 5; index++) left.socket.send(`${index}`, '127.0.20.1', right.socket.port)
    await left.socket.close()
    await right.received(5)
    await right.socket.close()
  })

  test('add-on: opening and closing many sockets leaves no descriptor behind', async () => {
    const count = (): number => readdirSync('/proc/self/fd').length
    const before = count()
    for (let round = 0; round < 50; round++) {
      const { socket } = await open(loaded)
      await socket.close()
    }
    assert.ok(count() <= before + 5)
  })
}
