/** The `.traffic` text beside a case's cfg, read into steps. The grammar is described in ../README.md. */

import type { AuthStep } from './digest-answer.ts'

/** One message as it stands in the file: lines without line ends, or raw text with escapes. */
export type Payload =
  | { kind: 'lines', lines: string[] }
  | { kind: 'raw', text: string }
  | { kind: 'fixture', path: string }

/** Which request is answered: the last one, the last of a method, or the n-th of it (from 1). */
export interface Asked {
  method: string | null
  count: number
}

export type Step =
  | { kind: 'send', socket: string, to: string | null, payload: Payload, of: number, auth: AuthStep | null, line: number }
  | { kind: 'answer', socket: string, asked: Asked, lines: string[], line: number }
  | { kind: 'wait', milliseconds: number, line: number }
  | { kind: 'close', socket: string, line: number }
  | { kind: 'rpc', over: 'rpc' | 'ctl', words: string[], document: string | null, line: number }

const isDirective = (line: string): boolean => /^(>>>|<<<|---)\s/.test(line)

/** Drops blank lines at the end: they only separate the message from the next directive. */
const withoutTrailingBlankLines = (lines: string[]): string[] => {
  let end = lines.length
  while (end > 0 && lines[end - 1] === '') end--
  return lines.slice(0, end)
}

/** `\r \n \t \0 \\ \xHH`, and `\{60000*A}` for a run of one text. Line ends of the file do not count. */
export const unescapeRaw = (text: string): string =>
  text.replace(/\\(r|n|t|0|\\|x[0-9a-fA-F]{2}|\{(\d+)\*([^}]*)\})/g, (_whole, code: string, count, piece) => {
    switch (code[0]) {
      case 'r': return '\r'
      case 'n': return '\n'
      case 't': return '\t'
      case '0': return '\0'
      case '\\': return '\\'
      case 'x': return String.fromCharCode(parseInt(code.slice(1), 16))
      default: return unescapeRaw(String(piece)).repeat(Number(count))
    }
  })

/** `auth USER PASSWORD of LINE name=value ...`, which ends the directive. */
const readAuth = (words: string[], line: number): AuthStep => {
  const [user, password, of, place, ...rest] = words
  if (user === undefined || password === undefined || of !== 'of' || place === undefined) {
    throw new Error(`line ${line}: auth needs USER PASSWORD of LINE`)
  }
  const options = Object.fromEntries(rest.map((word) => {
    const equals = word.indexOf('=')
    return equals < 0 ? [word, ''] : [word.slice(0, equals), word.slice(equals + 1).replaceAll('%20', ' ')]
  }))
  return { user, password: password === "''" ? '' : password, of: Number(place), options }
}

const readSend = (words: string[], lines: string[], line: number): Step => {
  const socket = words[0]
  if (socket === undefined) throw new Error(`line ${line}: >>> needs a socket name`)
  let to: string | null = null
  let of = line
  let auth: AuthStep | null = null
  let payload: Payload = { kind: 'lines', lines: withoutTrailingBlankLines(lines) }
  for (let index = 1; index < words.length; index++) {
    const word = words[index]
    if (word === 'to') to = words[++index] ?? null
    else if (word === 'of') of = Number(words[++index])
    else if (word === 'auth') {
      auth = readAuth(words.slice(index + 1), line)
      break
    } else if (word === 'raw') payload = { kind: 'raw', text: unescapeRaw(lines.join('')) }
    else if (word === 'fixture') payload = { kind: 'fixture', path: words[++index] ?? '' }
    else throw new Error(`line ${line}: unknown word "${word}" after >>>`)
  }
  return { kind: 'send', socket, to, payload, of, auth, line }
}

/** `>>> rpc METHOD ARGS`, `>>> ctl METHOD ARGS`; words in single quotes may hold blanks. `>>> rpc raw`: the document below. */
const readRpc = (over: 'rpc' | 'ctl', directive: string, lines: string[], line: number): Step => {
  const rest = directive.replace(/^>>>\s+\w+\s*/, '')
  const words = [...rest.matchAll(/(s:)?'([^']*)'|(\S+)/g)].map((match) => match[3] ?? `s:${match[2] ?? ''}`)
  const document = words[0] === 'raw' ? withoutTrailingBlankLines(lines).join('\n') : null
  return { kind: 'rpc', over, words, document, line }
}

const readStep = (directive: string, lines: string[], line: number): Step => {
  const [mark, ...words] = directive.trim().split(/\s+/)
  if (mark === '>>>' && (words[0] === 'rpc' || words[0] === 'ctl')) return readRpc(words[0], directive.trim(), lines, line)
  if (mark === '>>>') return readSend(words, lines, line)
  if (mark === '<<<') {
    const [socket, ...status] = words
    if (socket === undefined) throw new Error(`line ${line}: <<< needs a socket name`)
    const named = /^([A-Z]+)(?:#(\d+))?$/.exec(status[0] ?? '')
    if (named !== null) status.shift()
    const asked = { method: named?.[1] ?? null, count: Number(named?.[2] ?? 0) }
    const head = status.length > 0 ? [`SIP/2.0 ${status.join(' ')}`] : []
    return { kind: 'answer', socket, asked, lines: [...head, ...withoutTrailingBlankLines(lines)], line }
  }
  const [action, value] = words
  if (action === 'wait') return { kind: 'wait', milliseconds: Number(value), line }
  if (action === 'close' && value !== undefined) return { kind: 'close', socket: value, line }
  throw new Error(`line ${line}: cannot read "${directive}"`)
}

/** Reads the whole text. Lines before the first directive are comments. */
export const readTraffic = (text: string): Step[] => {
  const lines = text.split('\n')
  const steps: Step[] = []
  let index = 0
  while (index < lines.length && !isDirective(lines[index] ?? '')) index++
  while (index < lines.length) {
    const start = index
    index++
    while (index < lines.length && !isDirective(lines[index] ?? '')) index++
    const body = lines.slice(start + 1, index).filter((line) => !line.startsWith('# '))
    steps.push(readStep(lines[start] ?? '', body, start + 1))
  }
  return steps
}
