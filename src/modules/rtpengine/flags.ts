/** The flags that scripts give: words, `key=value` and `key-value`, as a part of the question to an engine. */
import { BencodeDictionary, type Bencode } from './bencode.ts'
import type { Operation } from './operation.ts'

/** Where `via-branch` takes its text from. */
export type ViaBranch = 'none' | 'first' | 'second' | 'auto' | 'extra' | 'next' | 'auto-next' | 'auto-extra'

export interface EngineFlags {
  /** force-answer turns an offer into an answer. */
  operation: Operation
  /** What stands in the question by itself, in order. */
  readonly own: BencodeDictionary
  readonly words: string[]
  /** Lists by their key in the question, for offers and answers only. */
  readonly lists: ReadonlyMap<ListName, string[]> | undefined
  readonly codecs: Map<string, string[]>
  /** Bits of `Transport`. */
  transport: number
  via: ViaBranch
  callId: string | undefined
  fromTag: string | undefined
  toTag: string | undefined
  hasToTag: boolean
  isDirectional: boolean
}

export type ListName = 'direction' | 'replace' | 'rtcp-mux' | 'SDES' | 'T.38'
const LIST_NAMES: readonly ListName[] = ['direction', 'replace', 'rtcp-mux', 'SDES', 'T.38']

export const Transport = { srtp: 1, feedback: 2, dtls: 4, given: 256 } as const

const PROFILES: Readonly<Record<number, string>> = {
  0: 'RTP/AVP', 1: 'RTP/SAVP', 2: 'RTP/AVPF', 3: 'RTP/SAVPF', 4: 'UDP/TLS/RTP/SAVP', 6: 'UDP/TLS/RTP/SAVPF',
}

/** The protocol that flags ask for; undefined when they ask for none that has a name. */
export const transportProtocol = (transport: number): string | undefined =>
  ((transport & Transport.given) === 0 ? undefined : PROFILES[transport & 7])

/** Words that choose a whole profile. */
const PROFILE_WORDS: Readonly<Record<string, number>> =
  Object.fromEntries(Object.entries(PROFILES).map(([bits, name]) => [name, Number(bits) | Transport.given]))

/** Words that change one bit: what is set, and what is taken out. */
const BIT_WORDS: Readonly<Record<string, readonly [set: number, clear: number]>> = {
  RTP: [0, Transport.srtp], AVP: [0, Transport.feedback],
  SRTP: [Transport.srtp, 0], AVPF: [Transport.feedback, 0], DTLS: [Transport.dtls, 0],
}

const VIA_VALUES: Readonly<Record<string, ViaBranch>> = {
  auto: 'auto', extra: 'extra', next: 'next', 'auto-next': 'auto-next', 'next-auto': 'auto-next', 'auto-extra': 'auto-extra',
  'extra-auto': 'auto-extra',
}

/** Prefixes of words that go into a list; a value may stand behind `-` or `=`. */
const LIST_PREFIXES: readonly (readonly [prefix: string, list: ListName])[] = [
  ['replace', 'replace'], ['SDES', 'SDES'], ['T38', 'T.38'], ['T.38', 'T.38'], ['rtcp-mux', 'rtcp-mux'],
]

const CODEC_PREFIXES: readonly (readonly [prefix: string, list: string])[] = [
  ['transcode', 'transcode'], ['codec-transcode', 'transcode'], ['codec-strip', 'strip'], ['codec-offer', 'offer'], ['codec-mask', 'mask'],
  ['codec-set', 'set'], ['codec-except', 'except'],
]

interface Word {
  readonly key: string
  /** Undefined when there is no `=`. */
  readonly value: string | undefined
  /** The text from the value on, to its end. */
  readonly rest: string
}

/** A text says which flag is wrong, and why. */
export function parseFlags(text: string, operation: Operation): EngineFlags | string {
  const isDescribed = operation === 'offer' || operation === 'answer'
  const flags: EngineFlags = {
    operation,
    own: new BencodeDictionary(),
    words: [],
    lists: isDescribed ? new Map(LIST_NAMES.map((name) => [name, []])) : undefined,
    codecs: new Map(),
    transport: 0,
    via: 'none',
    callId: undefined,
    fromTag: undefined,
    toTag: undefined,
    hasToTag: operation !== 'delete',
    isDirectional: false,
  }
  for (const word of wordsOf(text)) {
    const problem = take(flags, word)
    if (problem !== undefined) return complaint(word, problem)
  }
  return flags
}

function* wordsOf(text: string): Generator<Word> {
  let at = 0
  for (;;) {
    while (text[at] === ' ') at++
    const match = /[^ =]*/y
    match.lastIndex = at
    const key = match.exec(text)?.[0] ?? ''
    if (key === '') return
    const isValued = text[at + key.length] === '='
    const start = at + key.length + (isValued ? 1 : 0)
    const blank = isValued ? text.indexOf(' ', start) : start
    const end = blank < 0 ? text.length : blank
    yield { key, value: isValued ? text.slice(start, end) : undefined, rest: text.slice(start) }
    at = end
  }
}

interface Problem {
  readonly reason: string
  /** What is shown as the value, where that is not the value. */
  readonly shown?: string
}

function complaint({ key, value }: Word, { reason, shown }: Problem): string {
  const of = value === undefined ? '' : ` (value '${shown ?? value}')`
  return `error processing flag \`${key}'${of}: ${reason}`
}

function take(flags: EngineFlags, word: Word): Problem | undefined {
  if (takeIntoList(flags, word)) return undefined
  const special = specialWords[word.key]
  const result = special === undefined ? false : special(flags, word)
  if (typeof result === 'object') return result
  if (result || takeTransport(flags, word)) return undefined
  const { key, value } = word
  if (value === undefined) flags.words.push(key)
  else flags.own.add(key, value)
  return undefined
}

function takeIntoList(flags: EngineFlags, word: Word): boolean {
  for (const [prefix, list] of LIST_PREFIXES) {
    const item = behindPrefix(word, prefix)
    if (item === undefined) continue
    flags.lists?.get(list)?.push(item)
    return true
  }
  for (const [prefix, list] of CODEC_PREFIXES) {
    const item = behindPrefix(word, prefix)
    if (item === undefined) continue
    flags.codecs.set(list, [...flags.codecs.get(list) ?? [], item])
    return true
  }
  return false
}

/** `item` of `prefix-item` and `prefix=item`. */
function behindPrefix({ key, value }: Word, prefix: string): string | undefined {
  if (key === prefix) return value === '' ? undefined : value
  return key.startsWith(`${prefix}-`) && key.length > prefix.length + 1 ? key.slice(prefix.length + 1) : undefined
}

function takeTransport(flags: EngineFlags, { key, value }: Word): boolean {
  if (value !== undefined) return false
  const profile = PROFILE_WORDS[key]
  if (profile !== undefined) flags.transport = profile
  const bits = BIT_WORDS[key]
  if (bits !== undefined) flags.transport = ((flags.transport | Transport.given | bits[0]) & ~bits[1])
  return profile !== undefined || bits !== undefined
}

const MISSING: Problem = { reason: 'missing value' }

/** Words with a meaning of their own: true when that is all, false when the word goes into the question as well. */
const specialWords: Readonly<Record<string, (flags: EngineFlags, word: Word) => boolean | Problem>> = {
  TOS(flags, { value }) {
    if (value !== undefined) flags.own.add('TOS', leadingInt(value))
    return value !== undefined
  },
  'to-tag'(flags, { value }) {
    if (value !== undefined) flags.toTag = value
    flags.hasToTag = true
    return true
  },
  'call-id'(flags, { value }) {
    flags.callId = value
    return value === undefined ? MISSING : true
  },
  'from-tag'(flags, { value }) {
    flags.fromTag = value
    flags.isDirectional = true
    return value === undefined ? MISSING : true
  },
  internal: takeDirection,
  external: takeDirection,
  direction(flags, { value }) {
    if (value !== undefined) flags.lists?.get('direction')?.push(value)
    return true
  },
  'via-branch'(flags, { value }) {
    if (value === undefined) return MISSING
    const via = value.startsWith('1') ? 'first' : value.startsWith('2') ? 'second' : VIA_VALUES[value]
    if (via === undefined) return { reason: 'invalid value' }
    flags.via = via
    return true
  },
  repacketize(flags, { value, rest }) {
    if (value === undefined) return MISSING
    const digits = /^[0-9]*/.exec(value)?.[0] ?? ''
    const size = Number(digits) | 0
    // Kamailio shows as many bytes as the value has, from behind its digits on.
    if (size === 0) return { reason: 'invalid value', shown: rest.slice(digits.length, digits.length + value.length) }
    flags.own.add('repacketize', size)
    return true
  },
  directional(flags) {
    flags.isDirectional = true
    return true
  },
  'force-answer'(flags) {
    if (flags.operation !== 'offer') return { reason: 'cannot force answer in non-offer command' }
    flags.operation = 'answer'
    return true
  },
  /** The number, and the word as well. */
  'delete-delay'(flags, { value }) {
    if (value !== undefined) flags.own.add('delete delay', leadingInt(value))
    return false
  },
}

function takeDirection(flags: EngineFlags, { key }: Word): boolean {
  flags.lists?.get('direction')?.push(key)
  return true
}

const leadingInt = (text: string): number => Number.parseInt(text, 10) | 0

/** Adds the lists and what else is gathered, in the order that engines get it. */
export function addGathered(question: BencodeDictionary, flags: EngineFlags): void {
  const { lists } = flags
  const add = (key: string, items: readonly Bencode[] | undefined): void => {
    if (items !== undefined && items.length > 0) question.add(key, items)
  }
  add('direction', lists?.get('direction'))
  add('flags', flags.words)
  add('replace', lists?.get('replace'))
  if (lists !== undefined && flags.codecs.size > 0) {
    const codecs = new BencodeDictionary()
    for (const [name, items] of flags.codecs) codecs.add(name, items)
    question.add('codec', codecs)
  }
  const protocol = transportProtocol(flags.transport)
  if (protocol !== undefined) question.add('transport-protocol', protocol)
  for (const name of ['rtcp-mux', 'SDES', 'T.38'] as const) add(name, lists?.get(name))
}
