/** A media engine that keeps what it was asked, and answers as rtpengine does or as a test wants, over UDP. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BencodeDictionary, decodeDictionary, encode, type Bencode } from '../../src/modules/rtpengine/bencode.ts'

const recorded = (name: string): string => {
  const text = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'rtpengine', `${name}.txt`), 'latin1')
  return text.slice(text.indexOf(' ') + 1)
}

/** The answer to a question, of which it is the so-manieth that is no ping; null says nothing. Undefined is the usual answer. */
export type EngineReply = (command: string, count: number, question: BencodeDictionary) => string | null | undefined

export class FakeRtpEngine {
  /** Questions in a form to read, without cookies. */
  questions: string[] = []
  count = 0
  reply: EngineReply = () => undefined
  /** False: it hears and says nothing. */
  answers = true
  #socket: Socket | undefined = undefined
  readonly #address: string
  readonly #port: number

  constructor(address: string, port: number) {
    this.#address = address
    this.#port = port
  }

  open(): Promise<void> {
    const socket = createSocket(this.#address.includes(':') ? 'udp6' : 'udp4')
    this.#socket = socket
    socket.on('message', (bytes, from) => this.#take(bytes.toString('latin1'), from))
    return new Promise((resolve) => void socket.bind(this.#port, this.#address, resolve))
  }

  close(): void {
    this.#socket?.close()
    this.#socket = undefined
  }

  #take(text: string, from: RemoteInfo): void {
    const cookie = text.slice(0, text.indexOf(' '))
    const answer = this.answerTo(text.slice(cookie.length + 1))
    if (answer !== null) this.#socket?.send(Buffer.from(`${cookie} ${answer}`, 'latin1'), from.port, from.address)
  }

  /** The answer to a question without its cookie; null for none. */
  answerTo(text: string): string | null {
    const question = decodeDictionary(text)
    if (question === undefined || encode(question) !== text) {
      this.questions.push(`unreadable: ${text}`)
      return null
    }
    const command = question.text('command') ?? ''
    this.questions.push(shown(question))
    const wanted = this.reply(command, command === 'ping' ? this.count : ++this.count, question)
    if (!this.answers || wanted === null) return null
    return wanted ?? usualAnswer(command, question)
  }
}

/** `key=value` in their order. */
export function shown(value: Bencode): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return String(value)
  if (value instanceof BencodeDictionary) return `{${value.entries.map(([key, item]) => `${key}=${shown(item)}`).join(' ')}}`
  return `[${value.map(shown).join(' ')}]`
}

/** Where media go instead. */
export const moved = (sdp: string): string => sdp.replace(/(c=IN IP[46] )\S+/g, '$1192.0.2.77').replace(/m=audio \d+/g, 'm=audio 30000')

export const ok = (...entries: readonly (readonly [string, Bencode])[]): string => {
  const answer = new BencodeDictionary()
  for (const [key, value] of entries) answer.add(key, value)
  return encode(answer.add('result', 'ok'))
}

function usualAnswer(command: string, question: BencodeDictionary): string {
  switch (command) {
    case 'ping': return 'd6:result4:ponge'
    case 'offer':
    case 'answer': return ok(['sdp', moved(question.text('sdp') ?? '')])
    case 'delete': return recorded('delete')
    case 'query': return recorded('query')
    case 'play media': return ok(['duration', 4500])
    default: return ok()
  }
}
