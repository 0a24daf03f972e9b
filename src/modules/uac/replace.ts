/** Other URIs and display names in From and To, and their way back in later requests of the dialog (uac_replace_from() ...). */
import { RouteMask } from '../../define/route-kind.ts'
import type { AvpName } from '../../runtime/avp.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { NameAddr } from '../../sip/headers/name-addr.ts'
import type { SipMessage } from '../../sip/message.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { editReplies, partyText } from './restore-reply.ts'
import type { Uac } from './state.ts'
import { otherUri, readStoreParam, storeParam } from './store-param.ts'

export type Party = 'from' | 'to'

/** Kamailio's longest URI. */
const URI_MAX = 1024

export const flagOf = (party: Party): number => (party === 'from' ? MessageFlag.useUacFrom : MessageFlag.useUacTo)

const avpOf = (uac: Uac, party: Party): AvpName | undefined => (party === 'from' ? uac.fromAvp : uac.toAvp)

const paramOf = ({ params }: Uac, party: Party): string =>
  party === 'from' ? params.rr_from_store_param : params.rr_to_store_param

function fail(uac: Uac, problem: string): -1 {
  uac.host.log.error('uac', problem)
  return -1
}

function addressOf(message: SipMessage, party: Party): NameAddr | undefined {
  const address = party === 'from' ? message.from() : message.to()
  return address instanceof ParseError ? undefined : address
}

/** Puts a display name, where one is given (an empty one takes it out), and a URI, unless it is empty, into From or To. */
export function replaceParty(uac: Uac, context: RouteContext, party: Party, display: string | undefined, uri: string): number {
  const { message } = context
  const address = addressOf(message, party)
  if (address === undefined) return fail(uac, party === 'from' ? 'failed to find/parse FROM hdr' : 'failed to parse TO hdr')
  if (context.routeType === RouteMask.request && (message.msgFlags & flagOf(party)) !== 0) {
    return fail(uac, `called uac_replace_${party}() multiple times on the message`)
  }
  if (uac.restoreMode === 'auto' && uri !== '') {
    const to = addressOf(message, 'to')
    if (to === undefined) return fail(uac, 'failed to parse TO hdr')
    if (to.tag !== undefined && to.tag !== '') {
      return fail(uac, 'decline FROM replacing in sequential request in auto mode (has TO tag)')
    }
  }
  keepForReplies(uac, context, party, address)
  if (display !== undefined) replaceDisplay(message, address, display)
  if (uri === '') return 1
  message.edits.replace(address.uriStart, address.uriEnd, uri)
  if (uac.restoreMode === 'none') return 1
  return store(uac, context, party, address.uri, uri)
}

function replaceDisplay(message: SipMessage, address: NameAddr, display: string): void {
  const { edits } = message
  if (address.displayStart >= 0) {
    const removed = edits.remove(address.displayStart, address.displayStart + address.display.length)
    if (display !== '') removed.addAfter(display)
    return
  }
  if (display === '') return
  if (address.hasBrackets) {
    edits.anchor(message.text.lastIndexOf('<', address.uriStart - 1)).addAfter(`${display} `)
    return
  }
  edits.anchor(address.uriEnd).addAfter('>')
  edits.anchor(address.uriStart).addAfter(`${display} <`)
}

/** Lets later requests find the way back in Record-Route, and replies in the transaction. */
function store(uac: Uac, context: RouteContext, party: Party, old: string, uri: string): number {
  const { message } = context
  if (uac.rr?.marksDirection !== true) {
    return fail(uac, "'append_fromtag' RR param is not enabled! - required by AUTO restore mode")
  }
  if (Math.max(old.length, uri.length) > URI_MAX) {
    const name = party === 'from' ? 'From' : 'To'
    return fail(uac, `${old.length > uri.length ? 'old' : 'new'} ${name} uri too long`)
  }
  uac.rr.addParam(message, `;${paramOf(uac, party)}=${storeParam(old, uri, uac.params.restore_passwd)}`)
  if ((message.msgFlags & (MessageFlag.useUacFrom | MessageFlag.useUacTo)) === 0) editReplies(uac, context)
  message.msgFlags |= flagOf(party)
  const transaction = uac.tm.transactionOf(context)
  if (transaction !== undefined) transaction.request.msgFlags |= flagOf(party)
  return 1
}

/** restore_from_avp, restore_to_avp: the address as it came. */
function keepForReplies(uac: Uac, context: RouteContext, party: Party, address: NameAddr): void {
  const avp = avpOf(uac, party)
  if (avp !== undefined) context.avps.add(avp, partyText(context.message.text, address))
}

/**
 * Puts the other URI into a later request: which header it belongs into depends on the direction. `party` is the one that
 * was replaced in the first request.
 */
export function restoreParty(uac: Uac, context: RouteContext, party: Party): number {
  const { message } = context
  const { rr } = uac
  const name = paramOf(uac, party)
  const value = rr?.routeParam(message, name)
  if (rr === undefined || value === undefined) return -1
  if (value === '') uac.host.log.error('uac', 'empty src')
  const stored = value === '' ? undefined : readStoreParam(value, uac.params.restore_passwd)
  if (stored === undefined) {
    if (value !== '') uac.host.log.error('uac', `invalid base64 string"${value}"`)
    return fail(uac, 'failed to decode uri')
  }
  rr.addParam(message, `;${name}=${value}`)
  const isUpstream = rr.directionOf(message) === 'upstream'
  const where: Party = isUpstream === (party === 'from') ? 'to' : 'from'
  const address = addressOf(message, where)
  if (address === undefined) return fail(uac, where === 'to' ? 'failed to parse TO hdr' : 'failed to find/parse FROM hdr')
  const avp = avpOf(uac, party)
  if (avp !== undefined) keepForReplies(uac, context, where, address)
  if (stored.length < address.uri.length) return fail(uac, `new URI [${shown(stored)}] shorter than old URI [${address.uri}]`)
  const uri = otherUri(stored, address.uri)
  if (uri === '') return fail(uac, 'new URI got 0 len')
  if (!isPrintable(uac, uri)) return -1
  message.edits.replace(address.uriStart, address.uriEnd, uri)
  message.msgFlags |= flagOf(where)
  return 1
}

/** Bytes for the log, up to the first NUL. */
const shown = (bytes: string): string => bytes.split('\0', 1)[0] ?? ''

/** Phones that change the URIs of a dialog leave nothing to be read. */
function isPrintable({ host }: Uac, uri: string): boolean {
  const at = uri.search(/[^\x20-\x7e]/)
  if (at < 0) return true
  host.log.warning('uac', `invalid char found in the new uri at pos ${at} (${uri.charAt(at)}) [${shown(uri)}]`)
  host.log.warning('uac', 'this can happen when URI values are altered by end points - skipping the update')
  return false
}

/** restore_mode auto: every request that follows its Route. */
export function restoreBoth(uac: Uac, context: RouteContext): void {
  const from = restoreParty(uac, context, 'from')
  const to = restoreParty(uac, context, 'to')
  if (from > 0 || to > 0) editReplies(uac, context)
}
