/** Searching and replacing by regular expression in the whole message, its headers or its body. */
import type { TextMatcher } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { findReplacements, substitute, type SubstExpression } from '../../runtime/subst-expression.ts'
import { headersEnd } from '../../sip/build-request.ts'
import type { Header } from '../../sip/header.ts'
import type { SipMessage } from '../../sip/message.ts'

const MATCHES_MAX = 1000

/** Which part of a message is meant. The first line belongs to none but `whole`. */
export type Part = 'whole' | 'message' | 'headers' | 'body'

function bounds(message: SipMessage, part: Part): readonly [from: number, to: number] {
  switch (part) {
    case 'whole':
      return [0, message.text.length]
    case 'message':
      return [message.headersStart, message.text.length]
    case 'headers':
      return [message.headersStart, message.isComplete ? headersEnd(message) : message.text.length]
    case 'body':
      return [message.bodyStart, message.text.length]
  }
}

/** True when there is a body, or the part is not the body. */
function hasPart(message: SipMessage, part: Part): boolean {
  return part !== 'body' || message.bodyStart < message.text.length
}

export function search(message: SipMessage, pattern: TextMatcher, part: Part): number {
  if (!hasPart(message, part)) return -1
  const [from, to] = bounds(message, part)
  return pattern.test(message.text.slice(from, to)) ? 1 : -1
}

/** Puts a text behind the first match. */
export function searchAppend(message: SipMessage, pattern: TextMatcher, text: string, part: Part): number {
  if (!hasPart(message, part)) return -1
  const [from, to] = bounds(message, part)
  const match = pattern.exec(message.text.slice(from, to))
  if (match === null) return -1
  message.edits.insert(from + (match[1] ?? 0), text)
  return 1
}

/** Replaces the first match, or all of them. */
export function replace(message: SipMessage, pattern: TextMatcher, text: string, part: Part, isAll: boolean): number {
  if (!hasPart(message, part)) return -1
  const [from, to] = bounds(message, part)
  const searched = message.text.slice(from, to)
  let result = -1
  let at = 0
  for (let count = 0; count < MATCHES_MAX && at <= searched.length; count++) {
    const match = pattern.exec(searched, at)
    if (match === null) break
    const start = match[0] ?? 0
    const end = match[1] ?? start
    message.edits.replace(from + start, from + end, text)
    result = 1
    if (!isAll) break
    at = end > start ? end : end + 1
  }
  return result
}

/** Replaces a plain text: mode `f` the first, any other all. */
export function replaceText(message: SipMessage, wanted: string, text: string, mode: string, part: Part): number {
  if (!hasPart(message, part) || wanted === '') return -1
  const [from, to] = bounds(message, part)
  const searched = message.text.slice(from, to)
  let result = -1
  let at = searched.indexOf(wanted)
  while (at >= 0) {
    message.edits.replace(from + at, from + at + wanted.length, text)
    result = 1
    if (mode.startsWith('f')) break
    at = searched.indexOf(wanted, at + wanted.length)
  }
  return result
}

export function substMessage(context: RouteContext, subst: SubstExpression, part: Part): number {
  const { message } = context
  if (!hasPart(message, part)) return -1
  const [from, to] = bounds(message, part)
  const found = findReplacements(context, subst, message.text, from, to)
  for (const { start, end, text } of found) message.edits.replace(start, end, text)
  return found.length > 0 ? 1 : -1
}

/** Replaces in the values of headers of a name: flag `a` all headers, `l` the last, `f` (or none) the first. */
export function substHeader(context: RouteContext, name: string, subst: SubstExpression, flags: string): number {
  const { message } = context
  let result = -1
  for (const header of chosen(message.headersNamed(name), flags)) {
    for (const { start, end, text } of findReplacements(context, subst, message.text, header.bodyStart, header.bodyEnd)) {
      message.edits.replace(start, end, text)
      result = 1
    }
  }
  return result
}

export function searchHeader(message: SipMessage, name: string, pattern: TextMatcher, flags: string): number {
  return chosen(message.headersNamed(name), flags).some((header) => pattern.test(header.body)) ? 1 : -1
}

function chosen(headers: readonly Header[], flags: string): readonly Header[] {
  if (flags.includes('a')) return headers
  return flags.includes('l') ? headers.slice(-1) : headers.slice(0, 1)
}

export function substUri(context: RouteContext, subst: SubstExpression): number {
  const { message } = context
  const changed = substitute(context, subst, message.uri)
  if (changed === undefined) return -1
  message.setUri(changed)
  return 1
}
