/** Path (RFC 3327): by which proxies a registration came, and requests go back. */
import { HeaderType } from '../../sip/header-name.ts'
import { parseNameAddrList } from '../../sip/headers/name-addr.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri, uriParam, type SipUri } from '../../sip/uri.ts'
import { withoutBrackets } from '../../base/address.ts'
import type { Registrar } from './state.ts'

const PATH_MAX = 256

export interface Path {
  /** All of it, as a Route; empty for none. */
  readonly text: string
  /** Where the first proxy says the registration came from. */
  readonly received: string
}

const NO_PATH: Path = { text: '', received: '' }

/** The Path of a registration; undefined when it cannot be read. */
export function readPath({ host, params }: Registrar, message: SipMessage): Path | undefined {
  let header = message.header(HeaderType.path)
  if (header === undefined) return NO_PATH
  let text = ''
  for (; header !== undefined; header = message.headerAfter(header)) {
    if (text.length + header.body.length + 1 >= PATH_MAX) {
      host.log.error('registrar', `Overall Path body exceeds max. length of ${PATH_MAX}`)
      return undefined
    }
    text += text === '' ? header.body : `,${header.body}`
  }
  if (text === '') return NO_PATH
  const first = firstHop(text)
  if (first === undefined) {
    host.log.error('registrar', 'failed to parse Path body, no head found')
    return undefined
  }
  const uri = parseUri(first)
  if (uri instanceof ParseError) {
    host.log.error('registrar', 'failed to parse the first Path URI')
    return undefined
  }
  if (uriParam(uri, 'lr') === undefined) {
    host.log.error('registrar', 'first Path URI is not a loose-router, not supported')
    return undefined
  }
  return { text, received: params.path_use_received === 0 ? '' : unescaped(uriParam(uri, 'received') ?? '') }
}

function unescaped(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)))
}

/** The URI of the first hop; undefined when there is none. */
export function firstHop(path: string): string | undefined {
  const hops = parseNameAddrList(path, 0, path.length)
  return hops instanceof ParseError ? undefined : hops[0]?.uri
}

/** Where a request to a contact goes first, and the path that it takes; `failed` when the path cannot be read. */
export interface NextHop {
  readonly path: string
  /** Empty where no hop is left. */
  readonly uri: string
}

/** With path_check_local, a first hop that is this server itself is left out. */
export function nextHop({ host, params }: Registrar, path: string): NextHop | undefined {
  const uri = firstHop(path)
  if (uri === undefined) {
    host.log.error('registrar', 'failed to get dst_uri for Path')
    return undefined
  }
  if (params.path_check_local <= 0) return { path, uri }
  const parsed = parseUri(uri)
  if (parsed instanceof ParseError) {
    host.log.error('registrar', 'failed to parse the Path URI')
    return undefined
  }
  if (!host.network.isMyself(withoutBrackets(parsed.host), 0)) return { path, uri }
  // Kamailio takes the first hop for `<uri>,` without a look.
  const rest = path.slice(uri.length + 3)
  if (rest === '') return { path, uri: '' }
  const second = firstHop(rest)
  if (second === undefined) {
    host.log.error('registrar', 'failed to get second dst_uri for Path')
    return undefined
  }
  return { path: rest, uri: second }
}

/** Whether the first Path says that its proxy keeps flows (;ob); undefined when it cannot be read. */
export function isOutboundPath(message: SipMessage): boolean | undefined {
  const header = message.header(HeaderType.path)
  const first = header === undefined ? undefined : firstHop(header.body)
  const uri: SipUri | ParseError | undefined = first === undefined ? undefined : parseUri(first)
  return uri === undefined || uri instanceof ParseError ? undefined : uriParam(uri, 'ob') !== undefined
}
