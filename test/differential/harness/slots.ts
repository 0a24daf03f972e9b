/**
 * Cases name fixed loopback addresses (127.0.30.1 is the server, and so on). To run several at once, each takes a slot, and
 * slot K moves 127.0.30.N to 127.0.30.(N+20K) and [::1]:60NN to [::1]:(60NN+100K). The server under comparison and Kamailio
 * run one after the other in the same slot, so that every address, port and length is the same for both.
 */
import { createSocket } from 'node:dgram'
import type { Socket } from 'node:dgram'

const NET = '127.0.30.'
const SPAN = 20
const SLOTS = 12
const LOCK_PORT = 5999

export interface Slot {
  index: number
  release: () => void
}

const tryBind = (address: string, port: number): Promise<Socket | null> => new Promise((resolve) => {
  const socket = createSocket('udp4')
  socket.once('error', () => { resolve(null) })
  socket.bind({ address, port, exclusive: true }, () => { resolve(socket) })
})

/** Holds a slot. One where a server of an aborted run still listens is left alone: that server would answer instead. */
const tryLock = async (index: number): Promise<Socket | null> => {
  const lock = await tryBind(`${NET}${index * SPAN + 19}`, LOCK_PORT)
  if (lock === null) return null
  const probe = await tryBind(`${NET}${index * SPAN + 1}`, 5060)
  if (probe === null) {
    lock.close()
    return null
  }
  await new Promise<void>((resolve) => { probe.close(() => { resolve() }) })
  return lock
}

/** Takes a free slot; other test runs on this machine are seen by the port they hold. Waits at most a minute. */
export const takeSlot = async (): Promise<Slot> => {
  for (let round = 0; round < 600; round++) {
    for (let index = 0; index < SLOTS; index++) {
      const lock = await tryLock(index)
      if (lock !== null) return { index, release: () => { lock.close() } }
    }
    await new Promise((resolve) => { setTimeout(resolve, 100) })
  }
  throw new Error('no free slot for a differential case after a minute')
}

/** The text of a case as this slot runs it. */
export const intoSlot = (text: string, slot: number): string => slot === 0
  ? text
  : text
    .replace(/\b127\.0\.30\.(\d{1,3})\b/g, (whole, last) => (Number(last) < SPAN ? `${NET}${Number(last) + slot * SPAN}` : whole))
    .replace(/\[::1\]:(60\d\d)\b/g, (_whole, port) => `[::1]:${Number(port) + slot * 100}`)

/** What was seen in this slot, as it would read in slot 0. */
export const outOfSlot = (text: string, slot: number): string => slot === 0
  ? text
  : text
    .replace(/\b127\.0\.30\.(\d{1,3})\b/g, (whole, last) => {
      const number = Number(last) - slot * SPAN
      return number >= 0 && number < SPAN ? `${NET}${number}` : whole
    })
    .replace(/\[::1\]:(\d{4})\b/g, (whole, port) => {
      const number = Number(port) - slot * 100
      return number >= 6000 && number < 6100 ? `[::1]:${number}` : whole
    })
