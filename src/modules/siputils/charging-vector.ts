/** P-Charging-Vector (RFC 7315 §5.6): read for `$pcv(...)`, taken away, made anew. */
import type { Host } from '../../runtime/host.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { Header } from '../../sip/header.ts'
import type { SipMessage } from '../../sip/message.ts'

export interface ChargingVector {
  readonly isGenerated: boolean
  /** The header's value; of a vector made here, the whole header line. */
  readonly all: string
  readonly value: string
  readonly genaddr: string
  readonly orig: string
  readonly term: string
}

/** What is known about the vector of the message at hand. */
export interface ChargingVectors {
  readonly host: Host
  messageId: number
  vector: ChargingVector | undefined
  /** The header that came, where it has not been taken away. */
  header: Header | undefined
  /** Counts the vectors made. */
  count: number
}

export function createChargingVectors(host: Host): ChargingVectors {
  return { host, messageId: -1, vector: undefined, header: undefined, count: 0 }
}

const ORIGIN = 'siputils'

/** The vector of a message; undefined when it has none with an icid-value. */
export function vectorOf(state: ChargingVectors, message: SipMessage): ChargingVector | undefined {
  if (state.messageId !== message.id) {
    state.messageId = message.id
    state.header = findHeader(state.host, message)
    state.vector = state.header && readVector(state.host, state.header.body)
  }
  return state.vector
}

export type VectorPart = 'all' | 'value' | 'genaddr' | 'orig' | 'term'

/** One part of the vector; null where it is not there. */
export function vectorPart(state: ChargingVectors, message: SipMessage, part: VectorPart): string | null {
  const vector = vectorOf(state, message)
  if (vector === undefined) return null
  if (vector[part] !== '') return vector[part]
  state.host.log.warning(ORIGIN, `No value for pseudo-var $pcv but status was ${vector.isGenerated ? 2 : 1}.`)
  return null
}

/** The first one with a value, or the last without. */
function findHeader(host: Host, message: SipMessage): Header | undefined {
  let empty: Header | undefined
  for (const header of message.headersOf(HeaderType.pChargingVector)) {
    if (header.body !== '') return header
    host.log.warning(ORIGIN, 'P-Charging-Vector header found but no value.')
    empty = header
  }
  return empty
}

function readVector(host: Host, text: string): ChargingVector | undefined {
  const value = fieldOf(text, 'icid-value=')
  if (value === undefined) {
    if (text !== '') host.log.error(ORIGIN, `P-Charging-Vector header found but failed to parse value [${text}].`)
    return undefined
  }
  const genaddr = fieldOf(text, 'icid-generated-at=')
  if (genaddr === undefined) host.log.warning(ORIGIN, `icid-generated-at is missing ${text}`)
  const orig = fieldOf(text, 'orig-ioi=')
  const term = fieldOf(text, 'term-ioi=')
  if (orig !== undefined) host.log.info(ORIGIN, `parsed P-Charging-Vector orig-ioi=${orig}`)
  if (term !== undefined) host.log.info(ORIGIN, `parsed P-Charging-Vector term-ioi=${term}`)
  return { isGenerated: false, all: text, value, genaddr: genaddr ?? '', orig: orig ?? '', term: term ?? '' }
}

const FIELD_ENDS = '\0 ;,\r\n'

function fieldOf(text: string, key: string): string | undefined {
  const at = text.indexOf(key)
  if (at < 0) return undefined
  let end = at + key.length
  while (end < text.length && !FIELD_ENDS.includes(text.charAt(end))) end++
  return text.slice(at + key.length, end)
}

/** `r` takes the vector away, `g` makes one where there is none, `f` makes one in any case. */
export function handleVector(state: ChargingVectors, message: SipMessage, flags: string): number {
  const letters = flags.toLowerCase()
  const isForced = letters.includes('f')
  vectorOf(state, message)
  if ((isForced || letters.includes('r')) && state.header !== undefined) {
    message.edits.remove(state.header.start, state.header.end)
    state.header = undefined
    state.vector = undefined
  }
  if (isForced || (letters.includes('g') && state.vector === undefined)) generate(state, message)
  return 1
}

function generate(state: ChargingVectors, message: SipMessage): void {
  const value = nextId(state)
  const genaddr = message.received.socket.address
  const line = `P-Charging-Vector: icid-value=${value}; icid-generated-at=${genaddr}\r\n`
  state.host.log.info(ORIGIN, `Generated PCV header ${line.trimEnd()}`)
  const headers = message.headers()
  message.edits.insert(headers[headers.length - 1]?.end ?? message.headersStart, line)
  state.vector = { isGenerated: true, all: line, value, genaddr, orig: '', term: '' }
}

/** 16 bytes in hexadecimal: `IVS`, an address of this machine, the process, the second, a count. */
function nextId(state: ChargingVectors): string {
  const { host } = state
  const address = host.network.interfaceAddresses().find((text) => text.includes('.') && !text.startsWith('127.'))
  const bytes = Buffer.alloc(16)
  bytes.write('IVS', 'latin1')
  const octets = (address ?? '127.0.0.1').split('.')
  for (let index = 0; index < 4; index++) bytes[3 + index] = Number(octets[index] ?? 0)
  bytes.writeUInt32LE(host.identity.pid >>> 0, 7)
  bytes[11] = Math.floor(host.clock.now() / 1000) & 0xff
  bytes.writeUInt32LE(state.count++ >>> 0, 12)
  return bytes.toString('hex').toUpperCase()
}
