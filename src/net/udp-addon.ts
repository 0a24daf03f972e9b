/** UDP through the native add-on: recvmmsg and sendmmsg, texts in and out. */
import { ownText } from '../base/own-text.ts'
import { constants } from 'node:os'
import { getSystemErrorName } from 'node:util'
import { ipv4Text, ipv6Text } from '../base/address.ts'
import { Scan } from '../sip/scan.ts'
import type { NativeAddon, NativeFailure, NativeUdpSocket } from './native-addon.ts'
import { listenFailure, systemText } from './socket-error.ts'
import type { UdpError, UdpHandlers, UdpOptions, UdpSocket } from './udp.ts'

const SOURCE_WORDS = 8
const DESTINATION_SLOTS = 4096

/** Places in the add-on's `counters`; native/udp-socket.h names the same. */
const Count = {
  receivedPackets: 0,
  receivedBytes: 1,
  receiveErrors: 3,
  sentPackets: 4,
  sentBytes: 5,
  sendErrors: 7,
  sendBlocked: 8,
  sendRefused: 9,
} as const

/** A peer under the number that the add-on knows it by. */
interface Destination {
  readonly address: string
  readonly slot: number
}

function isFailure(value: NativeUdpSocket | NativeFailure): value is NativeFailure {
  return 'step' in value
}

function sourceText(sources: Uint32Array, base: number, family: 4 | 6): string {
  const word0 = sources[base + 4] ?? 0
  if (family === 4) return ipv4Text(word0)
  return ipv6Text(word0, sources[base + 5] ?? 0, sources[base + 6] ?? 0, sources[base + 7] ?? 0)
}

function sendError(negativeErrno: number): UdpError {
  const code = getSystemErrorName(negativeErrno)
  return { code, reason: systemText(code) }
}

/** Opens a socket. Packets are sent together at the end of each received batch, or before the loop waits again. */
export function openAddonSocket(addon: NativeAddon, options: UdpOptions, handlers: UdpHandlers): UdpSocket | UdpError {
  const { family } = options
  let isOpen = true
  /** Texts of source addresses under the numbers that the add-on gives them: one text serves all packets of a peer. */
  const sourceTexts: string[] = []

  function onBatch(...texts: string[]): void {
    for (let index = 0; index < texts.length && isOpen; index++) {
      const base = index * SOURCE_WORDS
      const slot = sources[base + 1] ?? 0
      let address = sourceTexts[slot]
      if (address === undefined || sources[base + 2] !== 0) {
        address = sourceText(sources, base, family)
        sourceTexts[slot] = address
      }
      handlers.onDatagram(texts[index] ?? '', address, sources[base] ?? 0, scan.turnTo(index))
    }
  }

  const opened = addon.openUdp(options, onBatch, (failure, address, port) => {
    handlers.onError({ code: failure.code, reason: failure.text.toLowerCase() }, address, port)
  })
  if (isFailure(opened)) {
    return { code: opened.code, reason: listenFailure('udp', options.address, options.port, opened.code) }
  }
  const native = opened
  const sources = native.sources
  const scan = new Scan(native.scans)
  const destinations = new Map<string, Destination>()

  /** The one that was sent to last: looked at first, since a comparison costs less than a hash. */
  let last: Destination = { address: '', slot: -1 }

  function newDestination(address: string): Destination | number {
    if (destinations.size >= DESTINATION_SLOTS) destinations.clear()
    const slot = destinations.size
    const result = native.setDestination(slot, address)
    if (result !== 0) return result
    // The address may be a slice of a packet: the map would keep the packet alive.
    const destination = { address: ownText(address), slot }
    destinations.set(destination.address, destination)
    return destination
  }

  return {
    body: 'add-on',
    address: options.address,
    port: native.port,
    family,
    send(text, address, port) {
      if (last.address !== address) {
        const known = destinations.get(address) ?? newDestination(address)
        if (typeof known === 'number') return sendError(known)
        last = known
      }
      // A port that is none must not become another slot.
      const result = port === (port & 0xffff) ? native.queue(text, last.slot * 65536 + port) : -constants.errno.EINVAL
      return result === undefined ? true : sendError(result)
    },
    flush() {
      native.flush()
    },
    counters() {
      const figure = (place: number): number => native.counters[place] ?? 0
      return {
        receivedPackets: figure(Count.receivedPackets),
        receivedBytes: figure(Count.receivedBytes),
        receiveErrors: figure(Count.receiveErrors),
        kernelDrops: native.kernelDrops(),
        sentPackets: figure(Count.sentPackets),
        sentBytes: figure(Count.sentBytes),
        sendErrors: figure(Count.sendErrors),
        sendBlocked: figure(Count.sendBlocked),
        sendRefused: figure(Count.sendRefused),
      }
    },
    async close() {
      if (!isOpen) return
      isOpen = false
      native.close()
      await new Promise<void>((resolve) => { setImmediate(resolve) })
    },
  }
}
