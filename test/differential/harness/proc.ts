/**
 * What /proc tells of a server: whether its sockets are bound, whether something waits in them, whether a thread of it runs. It is asked hundreds of times
 * for each case, so files are read into one buffer, and those that cost most (/proc/net goes through tables of the whole machine) only when all else is quiet.
 */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs'

const buffer = Buffer.allocUnsafeSlow(1 << 20)

/** The text of a file of /proc, at most a megabyte; undefined when the process is gone. */
export const readProc = (path: string): string | undefined => {
  let file
  try {
    file = openSync(path, 'r')
  } catch {
    return undefined
  }
  try {
    let length = 0
    for (let read = 1; read > 0 && length < buffer.length; length += read) read = readSync(file, buffer, length, buffer.length - length, null)
    return buffer.toString('latin1', 0, length)
  } catch {
    return undefined
  } finally {
    closeSync(file)
  }
}

export interface Listener {
  transport: 'udp' | 'tcp'
  address: string
  port: number
}

/** `011E007F:13C4` for 127.0.30.1:5060, the way /proc/net/udp writes it. */
const procAddress = (address: string, port: number): string => {
  const hex = (value: number): string => value.toString(16).toUpperCase().padStart(2, '0')
  const bytes = address.includes(':')
    ? '00000000000000000000000001000000'
    : address.split('.').map(Number).reverse().map(hex).join('')
  return `${bytes}:${port.toString(16).toUpperCase().padStart(4, '0')}`
}

const tableOf = ({ transport, address }: Listener): string => `/proc/net/${transport}${address.includes(':') ? '6' : ''}`

/** The columns behind the local address, of sockets with that address: remote address, state, `sent:received` bytes that wait. */
const rowsOf = (listener: Listener, tables: Map<string, string>): string[][] => {
  const path = tableOf(listener)
  const table = tables.get(path) ?? readProc(path) ?? ''
  tables.set(path, table)
  const mark = ` ${procAddress(listener.address, listener.port)} `
  const rows: string[][] = []
  for (let at = table.indexOf(mark); at >= 0; at = table.indexOf(mark, at + 1)) {
    // The same words stand in the column of remote addresses as well.
    if (table[at - 1] === ':') rows.push(table.slice(at + mark.length, at + mark.length + 60).split(' '))
  }
  return rows
}

/** Datagrams first: the table of TCP is the dearest to read. */
export const areBound = (listeners: readonly Listener[]): boolean => {
  const tables = new Map<string, string>()
  return listeners.toSorted((one, two) => Number(one.transport === 'tcp') - Number(two.transport === 'tcp'))
    .every((listener) => rowsOf(listener, tables).some(([, state]) => listener.transport === 'udp' || state === '0A'))
}

export const haveQueuedInput = (listeners: readonly Listener[]): boolean => {
  const tables = new Map<string, string>()
  return listeners.some((listener) => rowsOf(listener, tables).some(([, , queues]) => queues?.endsWith(':00000000') === false))
}

const childrenOf = (pid: number): number[] =>
  (readProc(`/proc/${pid}/task/${pid}/children`) ?? '').trim().split(' ').filter(Boolean).map(Number)

export const descendantsOf = (pid: number): number[] => childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)])

/** The name of its program; empty when the process is gone. */
export const commandOf = (pid: number): string => readProc(`/proc/${pid}/comm`) ?? ''

const runs = (path: string): boolean => {
  const stat = readProc(path) ?? ''
  const state = stat[stat.lastIndexOf(')') + 2]
  return state === 'R' || state === 'D'
}

/** True when some thread of the process runs or waits for the disk. */
export const isBusy = (pid: number): boolean => {
  if (runs(`/proc/${pid}/stat`)) return true
  let threads: string[]
  try {
    threads = readdirSync(`/proc/${pid}/task`)
  } catch {
    return false
  }
  return threads.length > 1 && threads.some((thread) => runs(`/proc/${pid}/task/${thread}/stat`))
}
