/** handle_ruri_alias() and set_alias_to_pv(): where an alias parameter says a contact can be reached. */
import type { VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { parseContacts } from '../../sip/headers/contact.ts'
import { TRANSPORT_NUMBERS } from '../../sip/endpoint.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import type { SipUri } from '../../sip/uri.ts'
import { refuse, type NatHelper } from './state.ts'

const NO_ALIAS = 2
/** `1~2~3` at least. */
const SHORTEST_VALUE = 5

/** Takes the first (or the last) alias out of the Request-URI, and sends there. 1 done, 2 there is none. */
export function handleUriAlias(state: NatHelper, message: SipMessage, takesLast: boolean): number {
  const uri = message.isRequest ? message.parsedUri() : undefined
  if (uri === undefined || uri instanceof ParseError) return refuse(state, 'while parsing Request-URI')
  const { text } = uri
  const paramsStart = uri.hostPortEnd
  const starts = aliasStarts(uri.params, state.alias)
  const start = takesLast ? starts.at(-1) : starts[0]
  if (start === undefined) return NO_ALIAS
  const value = uri.params.slice(start + state.alias.length)
  const first = value.indexOf('~')
  if (first < 0) return refuse(state, "no '~' in alias param value")
  const second = value.indexOf('~', first + 1)
  if (second < 0) return faulty(state, message, uri, start + first, "no second '~' in alias param value")
  const digit = value.charAt(second + 1)
  if (digit === '' || digit === ';') return faulty(state, message, uri, start + first, 'no proto in alias param')
  const transport = transportNamed(digit.charCodeAt(0) - 48)
  if (transport === undefined) return faulty(state, message, uri, start + first, 'unknown proto in alias param')
  const next = value.charAt(second + 2)
  if (next !== '' && next !== ';') return faulty(state, message, uri, start + first, 'invalid alias param value')
  const suffix = transport === 'udp' ? '' : `;transport=${transport}`
  message.setDestination(`sip:${value.slice(0, first)}:${value.slice(first + 1, second)}${suffix}`)
  const from = paramsStart + start
  message.setUri(text.slice(0, from) + text.slice(from + 1 + state.alias.length + second + 2))
  return 1
}

/** Kamailio's names: both kinds of WebSocket are `ws` in a URI. */
function transportNamed(number: number): string | undefined {
  const name = TRANSPORT_NUMBERS[number]
  return name === 'wss' ? 'ws' : name
}

/** The first ~ is a colon by then, as in Kamailio. */
function faulty(state: NatHelper, message: SipMessage, { text, hostPortEnd }: SipUri, tilde: number, reason: string): number {
  const at = hostPortEnd + 1 + state.alias.length + tilde
  message.newUri = `${text.slice(0, at)}:${text.slice(at + 1)}`
  return refuse(state, reason)
}

/** Where alias parameters start among the parameters of a URI. */
function aliasStarts(params: string, alias: string): readonly number[] {
  const starts: number[] = []
  for (let at = 0; at >= 0 && params.length - at > alias.length + SHORTEST_VALUE - 1;) {
    if (params.startsWith(alias, at)) starts.push(at)
    const semicolon = params.indexOf(';', at)
    at = semicolon < 0 ? -1 : semicolon + 1
  }
  return starts
}

/** Puts the alias of the only contact into a variable, as a URI. */
export function aliasToVariable(state: NatHelper, context: RouteContext, target: VariableHandle): number {
  const { message } = context
  const header = message.header(HeaderType.contact)
  if (header === undefined) return -1
  const contacts = parseContacts(message.text, header)
  const [contact] = contacts instanceof ParseError ? [] : contacts
  if (contact === undefined || contact.isStar || contacts instanceof ParseError || contacts.length > 1) {
    return refuse(state, "Couldn't parse Contact Header")
  }
  const text = message.text.slice(contact.start, contact.end)
  const start = text.indexOf(`;${state.alias}`)
  if (start < 0 || start >= text.length - state.alias.length - 1 - SHORTEST_VALUE) return refuse(state, "Alias sign couldn't be found")
  const value = text.slice(start + 1 + state.alias.length)
  const first = value.indexOf('~')
  if (first < 0) return refuse(state, 'No alias parameter found for host')
  const second = value.indexOf('~', first + 1)
  if (second < 0) return refuse(state, "Alias sign couldn't be found for proto")
  const transport = transportNamed(Number.parseInt(value.slice(second + 1), 10) || 0) ?? ''
  target.set(context, `sip:${value.slice(0, first)}:${value.slice(first + 1, second)};transport=${transport}`)
  return 1
}
