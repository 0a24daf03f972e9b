/** The letters by which a script says how a call is to go through a proxy. */
import type { ViaNumber } from './call.ts'

export interface ProxyFlags {
  readonly via: ViaNumber
  /** b: extra_id_pv stands behind the Call-ID. */
  hasExtraId: boolean
  /** t: the To tag is left out when a call ends. */
  ignoresToTag: boolean
  /** Letters for the proxy, in order. */
  options: string
  /** z and its digits. */
  repacketize: string
  /** r, a: the address in the description is the phone's own. */
  trustsAddress: boolean
  /** l: only looks the session up. */
  isLookup: boolean
  /** f: also where a proxy was at work already. */
  isForced: boolean
  /** c: the address of the session changes too. */
  changesCommon: boolean
  /** x: bridges between IPv4 and IPv6. */
  bridges: boolean
}

const PROXY_LETTERS: Readonly<Record<string, string>> = { a: 'A', i: 'I', e: 'E', w: 'S' }
const KNOWN = 'aieblfrcoxwzt'

/** A text is a letter that nobody knows. */
export function parseFlags(text: string, isReply: boolean): ProxyFlags | string {
  let via: ViaNumber = 0
  const flags: Omit<ProxyFlags, 'via'> = {
    hasExtraId: false, ignoresToTag: false, options: '', repacketize: '', trustsAddress: false, isLookup: false, isForced: false,
    changesCommon: false, bridges: false,
  }
  for (let at = 0; at < text.length; at++) {
    const letter = text.charAt(at)
    const lower = letter.toLowerCase()
    if (letter === '1' || letter === '2') via = letter === '1' ? 1 : 2
    else if (letter === '3') via = isReply ? 2 : 1
    else if (!KNOWN.includes(lower) || letter === 'B') return letter
    else if (lower === 'z') {
      const digits = /^[0-9]*/.exec(text.slice(at + 1))?.[0] ?? ''
      flags.repacketize += `Z${digits}`
      at += digits.length
    } else setFlag(flags, lower)
  }
  return { via, ...flags }
}

function setFlag(flags: Omit<ProxyFlags, 'via'>, letter: string): void {
  flags.options += PROXY_LETTERS[letter] ?? ''
  if (letter === 'a' || letter === 'r') flags.trustsAddress = true
  if (letter === 'b') flags.hasExtraId = true
  if (letter === 'l') flags.isLookup = true
  if (letter === 'f') flags.isForced = true
  if (letter === 'c') flags.changesCommon = true
  if (letter === 'x') flags.bridges = true
  if (letter === 't') flags.ignoresToTag = true
}
