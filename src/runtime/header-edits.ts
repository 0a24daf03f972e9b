/** Adding, removing and looking for headers. */
import type { TextMatcher } from '../define/arg.ts'
import type { RouteContext } from './context.ts'
import { headersEnd } from '../sip/build-request.ts'
import type { Header } from '../sip/header.ts'
import { headerType, HeaderType } from '../sip/header-name.ts'
import type { SipMessage } from '../sip/message.ts'

/** Adds a text behind the last header, or behind the last one of a name where there is one. */
export function appendHeader(context: RouteContext, text: string, hint: string | undefined): number {
  if (text === '') return -1
  const { message } = context
  const after = hint === undefined ? undefined : message.headersNamed(hint).at(-1)
  message.edits.insert(after ? after.end : headersEnd(message), text)
  return 1
}

/** Puts a text in front of the first header, or of the first one of a name where there is one. */
export function insertHeader(context: RouteContext, text: string, hint: string | undefined): number {
  if (text === '') return -1
  const { message } = context
  const before = hint === undefined ? undefined : message.headersNamed(hint)[0]
  message.edits.insert(before ? before.start : (message.headers()[0]?.start ?? message.headersStart), text)
  return 1
}

/** Removes every header that fits; 1 when there was one. */
export function removeHeaders(message: SipMessage, fits: (header: Header, index: number) => boolean): number {
  let result = -1
  let index = 0
  for (const header of message.headers()) {
    if (!fits(header, index)) continue
    index++
    message.edits.remove(header.start, header.end)
    result = 1
  }
  return result
}

/** What tells headers of a name, full or compact, in any case. */
export function named(name: string): (header: Header) => boolean {
  const type = headerType(name)
  if (type !== HeaderType.other) return (header) => header.type === type
  const lower = name.toLowerCase()
  return (header) => header.type === HeaderType.other && header.nameLength === lower.length && header.name.toLowerCase() === lower
}

/** Removes the header of a name at a place: 0 is the first, -1 the last. 2 when there is none, as in Kamailio. */
export function removeHeaderAt(message: SipMessage, name: string, index: number): number {
  const found = message.headersNamed(name)
  const header = found[index < 0 ? found.length + index : index]
  if (header === undefined) return 2
  message.edits.remove(header.start, header.end)
  return 1
}

export function isPresent(message: SipMessage, fits: (header: Header) => boolean): number {
  return message.headers().some(fits) ? 1 : -1
}

export function nameMatches(pattern: TextMatcher): (header: Header) => boolean {
  return (header) => pattern.test(header.name)
}

/** Removes headers whose name matches one pattern and not the other. */
export function removeExpression(message: SipMessage, matches: TextMatcher, skips: TextMatcher): number {
  return removeHeaders(message, (header) => matches.test(header.name) && !skips.test(header.name))
}

/** Removes headers of a name whose value matches: mode `=` is equal, `~` a regular expression. */
export function removeMatching(message: SipMessage, name: string, fits: (value: string) => boolean): number {
  const isNamed = named(name)
  return removeHeaders(message, (header) => isNamed(header) && fits(header.body))
}
