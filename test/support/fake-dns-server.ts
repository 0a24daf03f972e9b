/** A DNS server on loopback whose records and faults a test chooses. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { createServer, type Server } from 'node:net'
import { decode, encode, type Answer, type Packet } from 'dns-packet'

/** What goes wrong with the answers for a name. */
export type DnsFault =
  | 'silence'
  | 'server failure'
  /** The answer does not fit a packet: the asker is to come by TCP. */
  | 'truncated'
  | 'garbage first'
  | 'wrong id first'
  | 'other name first'
  | 'first lost'

export interface FakeDnsServer {
  readonly port: number
  /** `TYPE name` of each question, TCP ones with `tcp ` in front. */
  readonly questions: string[]
  readonly faults: Map<string, DnsFault>
  close(): Promise<void>
}

/** `records` are the whole zone: a name in none of them does not exist. Port 0 is any; rejects when it cannot be had. */
export async function startFakeDnsServer(
  address: string, records: readonly Answer[], wantedPort = 0,
): Promise<FakeDnsServer> {
  const questions: string[] = []
  const faults = new Map<string, DnsFault>()
  const asked = new Map<string, number>()

  function respond(query: Packet): Packet {
    const question = query.questions?.[0] ?? { name: '', type: 'A' }
    const name = question.name.toLowerCase()
    const own = records.filter((record) => record.name === name && record.type === question.type)
    const alias = records.find((record) => record.name === name && record.type === 'CNAME')
    const aliased = records.filter((record) => alias && record.name === alias.data && record.type === question.type)
    const isKnown = records.some((record) => record.name === name)
    const rcode = faults.get(name) === 'server failure' ? 2 : isKnown ? 0 : 3
    const answers = rcode === 0 ? [...(alias ? [alias] : []), ...own, ...aliased] : []
    return { type: 'response', id: query.id ?? 0, flags: 0x180 | rcode, questions: [question], answers }
  }

  function answerPacket(bytes: Buffer, source: RemoteInfo): void {
    const query = decode(bytes)
    const question = query.questions?.[0] ?? { name: '', type: 'A' }
    const name = question.name.toLowerCase()
    questions.push(`${question.type} ${question.name}`)
    const count = (asked.get(name) ?? 0) + 1
    asked.set(name, count)
    const send = (packet: Uint8Array): void => { udp.send(packet, source.port, source.address) }
    const response = respond(query)
    const fault = faults.get(name)
    if (fault === 'silence' || (fault === 'first lost' && count === 1)) return
    if (fault === 'garbage first') send(Buffer.from([1, 2, 3]))
    if (fault === 'wrong id first') send(encode({ ...response, id: ((query.id ?? 0) + 1) & 0xffff }))
    if (fault === 'other name first') send(encode({ ...response, questions: [{ ...question, name: 'other.test' }] }))
    if (fault === 'truncated') send(encode({ ...response, flags: 0x380, answers: [] }))
    else send(encode(response))
  }

  const udp: Socket = createSocket('udp4', answerPacket)
  await new Promise<void>((resolve, reject) => {
    udp.once('error', reject)
    udp.bind({ address, port: wantedPort }, resolve)
  })
  const { port } = udp.address()
  const tcp: Server = createServer((stream) => {
    stream.on('error', () => undefined)
    stream.once('data', (bytes: Buffer) => {
      const query = decode(bytes.subarray(2))
      questions.push(`tcp ${query.questions?.[0]?.type} ${query.questions?.[0]?.name}`)
      const response = encode(respond(query))
      const prefix = Buffer.alloc(2)
      prefix.writeUInt16BE(response.length)
      // In two pieces, since TCP promises no more than bytes in order.
      stream.write(Buffer.concat([prefix, response.subarray(0, 5)]))
      setImmediate(() => { stream.end(response.subarray(5)) })
    })
  })
  await new Promise<void>((resolve) => { tcp.listen({ host: address, port }, resolve) })
  return {
    port,
    questions,
    faults,
    async close() {
      await Promise.all([
        new Promise<void>((resolve) => { udp.close(resolve) }),
        new Promise<void>((resolve) => { tcp.close(() => resolve()) }),
      ])
    },
  }
}
