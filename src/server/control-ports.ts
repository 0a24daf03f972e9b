/** The system's sockets and pipes for RPC. */
import { spawnSync } from 'node:child_process'
import { type Stats, chmodSync, chownSync, constants, lstatSync, mkdirSync, openSync, readFileSync, unlinkSync } from 'node:fs'
import { createSocket } from 'node:dgram'
import { createServer, isIPv6, Socket } from 'node:net'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { NativeAddon } from '../net/native-addon.ts'
import type { ControlConnection, ControlHandlers, ControlListener, ControlPlace, ControlPorts } from '../runtime/control-ports.ts'

/** Connections of one listener at a time; further ones are closed at once. */
const CONNECTIONS_MAX = 200
/** What may wait for a slow reader before the server stops reading from it. */
const UNREAD_MAX = 1 << 20

type PathPlace = Extract<ControlPlace, { kind: 'path' }>

export function systemControlPorts(addon: NativeAddon | undefined): ControlPorts {
  return {
    listenStream,
    listenDatagram: (place, take) => (place.kind === 'path' ? listenUnix(addon, place, take) : listenUdp(place, take)),
    listenFifo,
    answerFifo,
  }
}

function listenStream(
  place: ControlPlace, accept: (connection: ControlConnection) => ControlHandlers,
): Promise<ControlListener | string> {
  const cleared = place.kind === 'path' ? clear(place, (stats) => stats.isSocket()) : undefined
  if (cleared !== undefined) return Promise.resolve(cleared)
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    if (open.size >= CONNECTIONS_MAX) {
      socket.destroy()
      return
    }
    open.add(socket)
    serve(socket, accept, () => open.delete(socket))
  })
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(error.message))
    server.once('listening', () => {
      const refused = place.kind === 'path' ? giveRights(place) : undefined
      resolve(refused ?? {
        close() {
          server.close()
          for (const socket of open) socket.destroy()
        },
      })
    })
    if (place.kind === 'address') server.listen(place.port, place.host)
    else withUmask(place, () => server.listen(place.path))
  })
}

function serve(socket: Socket, accept: (connection: ControlConnection) => ControlHandlers, onEnd: () => void): void {
  const handlers = accept({
    address: socket.remoteAddress ?? '',
    port: socket.remotePort ?? 0,
    write(bytes) {
      socket.write(bytes, 'latin1')
      if (socket.writableLength > UNREAD_MAX) socket.pause()
    },
    end: () => socket.end(),
  })
  socket.on('drain', () => socket.resume())
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    onEnd()
    handlers.onClose()
  })
  socket.on('data', (bytes: Buffer) => handlers.onBytes(bytes.toString('latin1')))
}

function listenUnix(
  addon: NativeAddon | undefined, place: PathPlace, take: (bytes: string, answer: (bytes: string) => void) => void,
): Promise<ControlListener | string> {
  if (addon === undefined) return Promise.resolve('Unix datagram sockets need the native add-on')
  const cleared = clear(place, (stats) => stats.isSocket())
  if (cleared !== undefined) return Promise.resolve(cleared)
  const socket = withUmask(place, () => addon.openUnix({ path: place.path }, (bytes, source) => {
    take(bytes, (answer) => {
      if (source !== '' && 'send' in socket) socket.send(answer, source)
    })
  }))
  if ('error' in socket) return Promise.resolve(`${place.path}: ${socket.text}`)
  const refused = giveRights(place)
  return Promise.resolve(refused ?? { close: () => closeAndRemove(socket, place.path) })
}

function closeAndRemove(socket: { close(): void }, path: string): void {
  socket.close()
  remove(path)
}

function listenUdp(
  { host, port }: Extract<ControlPlace, { kind: 'address' }>, take: (bytes: string, answer: (bytes: string) => void) => void,
): Promise<ControlListener | string> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4')
  socket.on('message', (bytes, from) => {
    take(bytes.toString('latin1'), (answer) => socket.send(Buffer.from(answer, 'latin1'), from.port, from.address, () => undefined))
  })
  return new Promise((resolve) => {
    socket.once('error', (error) => resolve(error.message))
    socket.bind(port, host, () => {
      socket.on('error', () => undefined)
      resolve({ close: () => socket.close() })
    })
  })
}

/** Opened for writing as well, so that it does not end when a writer leaves. */
function listenFifo(place: ControlPlace, take: (bytes: string) => void): Promise<ControlListener | string> {
  if (place.kind !== 'path') return Promise.resolve('a FIFO has a path')
  const cleared = clear(place, (stats) => stats.isFIFO())
  if (cleared !== undefined) return Promise.resolve(cleared)
  const made = spawnSync('mkfifo', ['-m', place.mode.toString(8), place.path], { encoding: 'utf8' })
  if (made.status !== 0) return Promise.resolve(made.error?.message ?? made.stderr.trim())
  const refused = giveRights(place)
  if (refused !== undefined) return Promise.resolve(refused)
  try {
    const pipe = new Socket({ fd: openSync(place.path, constants.O_RDWR | constants.O_NONBLOCK), readable: true, writable: false })
    pipe.on('data', (bytes: Buffer) => take(bytes.toString('latin1')))
    pipe.on('error', () => undefined)
    return Promise.resolve({
      close() {
        pipe.destroy()
        remove(place.path)
      },
    })
  } catch (error) {
    return Promise.resolve(error instanceof Error ? error.message : String(error))
  }
}

/** Somebody who asks by FIFO may open his own a moment later (Kamailio waits as long). */
const READER_TRIES = 5
const READER_WAIT_MS = 80
/** So long a reader may take for all of it. */
const READING_MS_MAX = 5000

async function answerFifo(path: string, bytes: string): Promise<true | string> {
  let file = openFifo(path)
  for (let tries = 1; typeof file === 'string' && tries < READER_TRIES; tries++) {
    await setTimeout(READER_WAIT_MS)
    file = openFifo(path)
  }
  if (typeof file === 'string') return file
  const pipe = new Socket({ fd: file, readable: false, writable: true })
  const tooSlow = AbortSignal.timeout(READING_MS_MAX)
  return new Promise((resolve) => {
    tooSlow.addEventListener('abort', () => pipe.destroy(new Error('the reader is too slow')))
    pipe.once('error', (error) => resolve(error.message))
    pipe.once('finish', () => {
      pipe.destroy()
      resolve(true)
    })
    pipe.end(Buffer.from(bytes, 'latin1'))
  })
}

/** Without waiting: nobody reading is an error, and what is no FIFO is left alone. */
function openFifo(path: string): number | string {
  try {
    if (!lstatSync(path).isFIFO()) return `${path} is no FIFO`
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Makes the folder where that is asked for, and removes what a server that crashed left behind. */
function clear({ path, makesFolder }: PathPlace, isOurs: (stats: Stats) => boolean): string | undefined {
  try {
    if (makesFolder) mkdirSync(dirname(path), { recursive: true, mode: 0o755 })
    const stats = lstatSync(path, { throwIfNoEntry: false })
    if (stats === undefined) return undefined
    if (!isOurs(stats)) return `${path} is there and is something else`
    unlinkSync(path)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Nobody gets in between the socket's birth and its rights. */
function withUmask<T>({ mode }: PathPlace, make: () => T): T {
  const before = process.umask(0o777 & ~mode)
  try {
    return make()
  } finally {
    process.umask(before)
  }
}

function giveRights({ path, mode, user, group }: PathPlace): string | undefined {
  try {
    chmodSync(path, mode)
    if (user === '' && group === '') return undefined
    const uid = idOf(user, '/etc/passwd')
    const gid = idOf(group, '/etc/group')
    if (uid === undefined) return `${path}: there is no user ${user}`
    if (gid === undefined) return `${path}: there is no group ${group}`
    chownSync(path, uid, gid)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** The number of a user or group; -1, which changes nothing, for an empty name. */
function idOf(name: string, file: string): number | undefined {
  if (name === '') return -1
  if (/^-?\d+$/.test(name)) return Number(name)
  for (const line of readFileSync(file, 'latin1').split('\n')) {
    const [each, , id] = line.split(':')
    if (each === name) return Number(id)
  }
  return undefined
}

function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Somebody else removed it.
  }
}
