/** fix_nated_sdp(): the address in a session description becomes the one that the message came from, and more. */
import { HeaderType } from '../../sip/header-name.ts'
import type { SipMessage } from '../../sip/message.ts'
import { descriptionBody, type DescriptionBody } from '../../sip/sdp/description-body.ts'
import { refuse, type NatHelper } from './state.ts'

const Fix = { addDirection: 1, mediaAddress: 2, addMark: 4, originAddress: 8 } as const

/** 1 when an address was replaced, 2 when none was, -1 when there is no description or it cannot be read. */
export function fixSdp(state: NatHelper, message: SipMessage, flags: number, address: string | undefined): number {
  const body = descriptionBody(message)
  if (!('start' in body)) {
    for (const reason of body) refuse(state, reason)
    return refuse(state, 'cannot extract body from msg!')
  }
  if (!message.has(HeaderType.contentType)) {
    state.host.log.warning('nathelper', "the header Content-TYPE is absent!let's assume the content is text/plain ;-)")
  }
  if ((flags & Fix.addDirection) !== 0) addDirections(message, body)
  const mark = state.params.nortpproxy_str.replace(/[\r\n]+$/, '')
  if ((flags & Fix.addMark) !== 0 && mark !== '') message.edits.insert(body.end, `\r\n${mark}`)
  if ((flags & (Fix.mediaAddress | Fix.originAddress)) === 0) return 2
  const job = { state, message, body, address: address || message.received.sourceAddress }
  let count = replaceIn(job, 'a=rtcp')
  if (count >= 0 && (flags & Fix.mediaAddress) !== 0) count = added(count, replaceIn(job, 'c='))
  if (count >= 0 && (flags & Fix.originAddress) !== 0) count = added(count, replaceIn(job, 'o='))
  return count < 0 ? -1 : count > 0 ? 1 : 2
}

const added = (count: number, more: number): number => (more < 0 ? -1 : count + more)

/** Behind each stream, where the next one or the end of the description is. */
function addDirections({ text, edits }: SipMessage, { start, end }: DescriptionBody): void {
  const next = (from: number): number => {
    const found = text.indexOf('\r\nm=', from)
    return found >= 0 && found + 4 <= end ? found : -1
  }
  for (let at = next(start); at >= 0;) {
    const following = next(at + 4)
    edits.insert(following < 0 ? end : following, '\r\na=direction:active')
    at = following
  }
}

interface Job {
  readonly state: NatHelper
  readonly message: SipMessage
  readonly body: DescriptionBody
  readonly address: string
}

/** Replaces the address in each line of a kind: how many there were, or -1. Only a=rtcp may be without one. */
function replaceIn({ state, message, body, address }: Job, kind: string): number {
  const { text } = message
  let family = ''
  let count = 0
  for (let at = lineOf(text, kind, body.start, body.end); at >= 0;) {
    const found = addressIn(text, at + kind.length, body.end)
    if (found === undefined && kind !== 'a=rtcp') return refuse(state, `no \`IP[4|6]' in \`${kind}' field`)
    if (found !== undefined) {
      if (family !== '' && family !== found.family) return refuse(state, `mismatching address families in '${kind}' SDP`)
      family = found.family
      if (replaceAddress(state, message, body, found, address)) count++
    }
    at = lineOf(text, kind, found?.end ?? at + kind.length, body.end)
  }
  return count
}

/** Where the next line that begins so starts; -1 for none. */
function lineOf(text: string, kind: string, from: number, end: number): number {
  for (let at = text.indexOf(kind, from); at >= 0 && at + kind.length <= end; at = text.indexOf(kind, at + kind.length)) {
    const before = text.charCodeAt(at - 1)
    if (before === 10 || before === 13) return at
  }
  return -1
}

interface Found {
  readonly family: string
  readonly start: number
  readonly end: number
}

/** The word behind IP4 or IP6 in a line. */
function addressIn(text: string, from: number, limit: number): Found | undefined {
  const lineEnd = /[\r\n]|$/g
  lineEnd.lastIndex = from
  const end = Math.min(lineEnd.exec(text)?.index ?? limit, limit)
  let family = ''
  for (const match of text.slice(from, end).matchAll(/[^ \t]+/g)) {
    const start = from + match.index
    if (family !== '') return { family, start, end: start + match[0].length }
    if (match[0] === 'IP4' || match[0] === 'IP6') family = match[0].charAt(2)
  }
  return undefined
}

/** False where nothing is to be done: the address is the same, or none (a call on hold). */
function replaceAddress(
  { params }: NatHelper, { text, edits }: SipMessage, body: DescriptionBody, { family, start, end }: Found, address: string,
): boolean {
  const old = text.slice(start, end)
  if (old === address || old === '0.0.0.0' || (family === '6' && /^[0:]+$/.test(old))) return false
  if (params.append_sdp_oldmediaip !== 0) edits.insert(body.end, `\r\na=oldmediaip${family === '6' ? '6' : ''}:${old}`)
  edits.replace(start, end, address)
  return true
}
