/** Homer's encapsulation (HEP 1, 2 and 3) as lines that can be compared: addresses as texts, times left out, the payload as it is. */

const UDP_MIN = 16

/** What chunks of HEP 3 are (vendor 0). */
const ADDRESS_CHUNKS: readonly number[] = [3, 4, 5, 6]
const PORT_CHUNKS: readonly number[] = [7, 8]
const TIME_CHUNKS: readonly number[] = [9, 10]
const PAYLOAD_CHUNK = 15
const TEXT_CHUNKS: readonly number[] = [14, 17]

const addressText = (bytes: Buffer): string => bytes.length === 4
  ? [...bytes].join('.')
  : [0, 2, 4, 6, 8, 10, 12, 14].map((at) => bytes.readUInt16BE(at).toString(16)).join(':')

const chunkText = (type: number, data: Buffer): string => {
  if (ADDRESS_CHUNKS.includes(type)) return addressText(data)
  if (PORT_CHUNKS.includes(type) && data.length === 2) return String(data.readUInt16BE())
  if (TIME_CHUNKS.includes(type)) return `<time of ${data.length} bytes>`
  if (TEXT_CHUNKS.includes(type)) return JSON.stringify(data.toString('latin1'))
  return data.toString('hex')
}

export interface Hep { head: string[], payload: string }

/** Head lines and payload of HEP packets, several of HEP 3 one behind the other; none for what is no HEP. */
export const readHep = (text: string): Hep[] => {
  const bytes = Buffer.from(text, 'latin1')
  if (text.startsWith('HEP3')) return packets(bytes).map(readHep3)
  const version = bytes[0] ?? 0
  return bytes.length >= UDP_MIN && (version === 1 || version === 2) ? [readHep1(bytes, version)] : []
}

const packets = (bytes: Buffer): Buffer[] => {
  const found: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const length = at + 6 <= bytes.length && bytes.toString('latin1', at, at + 4) === 'HEP3' ? bytes.readUInt16BE(at + 4) : 0
    const end = length < 6 ? bytes.length : at + length
    found.push(bytes.subarray(at, end))
    at = end
  }
  return found
}

const readHep3 = (bytes: Buffer): Hep => {
  if (bytes.length < 6) return { head: ['a piece'], payload: bytes.toString('latin1') }
  const head = [`HEP3, length ${bytes.readUInt16BE(4) === bytes.length ? 'that of the packet' : bytes.readUInt16BE(4)}`]
  let payload = ''
  for (let at = 6; at + 6 <= bytes.length;) {
    const [vendor, type, length] = [bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2), bytes.readUInt16BE(at + 4)]
    const data = bytes.subarray(at + 6, at + length)
    if (vendor === 0 && type === PAYLOAD_CHUNK) {
      head.push(`${vendor}/${type}: the payload`)
      payload = data.toString('latin1')
    } else head.push(`${vendor}/${type}: ${chunkText(type, data)}`)
    if (length < 6) break
    at += length
  }
  return { head, payload }
}

const readHep1 = (bytes: Buffer, version: number): Hep => {
  const size = (bytes[1] ?? 0) > 16 ? 16 : 4
  const end = 8 + 2 * size
  const head = [
    `HEP${version}, head of ${bytes[1]} bytes, family ${bytes[2]}, protocol ${bytes[3]}`,
    `from ${addressText(bytes.subarray(8, 8 + size))} port ${bytes.readUInt16BE(4)}`,
    `to ${addressText(bytes.subarray(8 + size, end))} port ${bytes.readUInt16BE(6)}`,
  ]
  if (version === 1) return { head, payload: bytes.toString('latin1', end) }
  // Behind the time and the number of the agent there are two bytes that nobody writes.
  return { head: [...head, `time of 8 bytes, agent ${bytes.readUInt16LE(end + 8)}`], payload: bytes.toString('latin1', end + 12) }
}
