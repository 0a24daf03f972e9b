/** lookup(): the contacts of the user in the Request-URI become its destinations. */
import type { RouteContext } from '../../runtime/context.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { paramIn } from '../../sip/uri.ts'
import { withoutBrackets, type AorRecord, type Contact, type LocationTable } from '../usrloc/api.ts'
import { aorOf } from './aor.ts'
import { nextHop } from './path.ts'
import { noteRecord } from './record-attributes.ts'
import type { Registrar } from './state.ts'

export const Found = { yes: 1, none: -1, methodUnknown: -2, error: -3 } as const

/** Bits of lookup_filter_mode. */
const Filter = { branchFlags: 1, connection: 2 } as const

interface Search {
  readonly registrar: Registrar
  readonly context: RouteContext
  readonly now: number
  /** Of a public GRUU; empty for none. */
  readonly instance: string
  /** Branch flags of which a contact must have one; 0 for any. */
  readonly branchFlags: number
  /** Whether only further branches are made. */
  readonly isForBranches: boolean
}

export function lookup(
  registrar: Registrar, context: RouteContext, table: LocationTable, uri: string | undefined, isForBranches: boolean,
): number | Promise<number> {
  const { log } = registrar.host
  const aor = aorOf(registrar, uri ?? context.message.uri)
  if ('status' in aor) {
    log.error('registrar', 'failed to extract address of record')
    return Found.error
  }
  const gruu = paramIn(aor.uri.params, 'gr')
  const search: Search = {
    registrar, context, now: registrar.usrloc.now(), instance: gruu ?? '', isForBranches,
    branchFlags: (registrar.params.lookup_filter_mode & Filter.branchFlags) === 0 ? 0 : registrar.numberOf(context, 'rlf_bflags') ?? 0,
  }
  if (gruu !== '') return registrar.usrloc.read(table, aor.text, (record) => destinationsOf(search, record))
  const temporary = temporaryGruu(aor.uri.user)
  if (temporary === undefined) {
    log.error('registrar', 'failed to extract temp gruu - invalid format')
    return Found.error
  }
  return registrar.usrloc.readByRuid(table, temporary.hash, temporary.ruid, (contact) => temporaryDestination(search, contact))
}

/** `ruid-hash` with the digits of the hash from the lowest on. */
function temporaryGruu(user: string): { readonly ruid: string; readonly hash: number } | undefined {
  const dash = user.lastIndexOf('-')
  const digits = user.slice(dash + 1)
  if (dash < 0 || !/^[0-9a-f]*$/i.test(digits)) return undefined
  let hash = 0
  for (let at = digits.length - 1; at >= 0; at--) hash = (hash << 4) + parseInt(digits.charAt(at), 16)
  return { ruid: user.slice(0, dash), hash }
}

function temporaryDestination(search: Search, contact: Contact | undefined): number {
  if (contact === undefined || !isAlive(search, contact)) return Found.none
  if (!knowsMethod(search, contact)) return Found.methodUnknown
  return search.isForBranches ? Found.yes : useAsRequestUri(search, contact)
}

function destinationsOf(search: Search, record: AorRecord | undefined): number {
  if (record === undefined) return Found.none
  let result: number = Found.none
  let contact = record.contacts
  while (contact !== undefined) {
    if (isAlive(search, contact)) {
      if (!knowsMethod(search, contact)) result = Found.methodUnknown
      else if (search.instance === '' ? passesFilter(search, contact) : isSameInstance(contact.instance, search.instance)) break
    }
    contact = contact.next
  }
  if (contact === undefined) return result
  if (!search.isForBranches) {
    const used = useAsRequestUri(search, contact)
    if (used !== Found.yes) return used
    contact = contact.next
  }
  if (search.instance === '' && search.registrar.params.append_branches !== 0) addBranches(search, contact)
  return Found.yes
}

function isSameInstance(one: string, other: string): boolean {
  return withoutBrackets(one) === withoutBrackets(other)
}

function isAlive({ registrar, now }: Search, contact: Contact): boolean {
  return contact.isValid(now) || registrar.params.use_expired_contacts !== 0
}

function knowsMethod({ registrar, context }: Search, contact: Contact): boolean {
  return registrar.params.method_filtering === 0 || (context.message.methodId & contact.methods) !== 0 || hasToTag(context.message)
}

function hasToTag(message: SipMessage): boolean {
  const to = message.to()
  return to !== undefined && !(to instanceof ParseError) && Boolean(to.tag)
}

function passesFilter({ registrar, branchFlags }: Search, contact: Contact): boolean {
  if (branchFlags !== 0 && (branchFlags & contact.cflags) === 0) return false
  if ((registrar.params.lookup_filter_mode & Filter.connection) === 0 || contact.connectionId <= 0) return true
  return registrar.host.network.hasConnection(contact.connectionId)
}

/** Rewrites the request: URI, next hop and path, socket, flags and what the contact is known by. */
function useAsRequestUri({ registrar, context }: Search, contact: Contact): number {
  const { message } = context
  message.setUri(contact.uri)
  message.setDestination(undefined)
  noteRecord(registrar, context, contact)
  const hop = contact.path === '' ? undefined : nextHop(registrar, contact.path)
  if (contact.path !== '' && hop === undefined) return Found.error
  if (hop !== undefined && hop.uri !== '') {
    message.pathVector = hop.path
    message.setDestination(hop.uri)
  } else if (contact.received !== '') message.setDestination(contact.received)
  if (contact.instance !== '') message.instance = contact.instance
  message.regId = contact.regId
  message.ruid = contact.ruid
  if (contact.userAgent !== '') message.locationUserAgent = contact.userAgent
  context.branches.requestUriQ = contact.q
  message.branchFlags |= contact.cflags
  if (contact.socket !== undefined) message.forceSocket = contact.socket
  if (contact.xavp !== undefined) giveAttributes(registrar, context, contact, 0)
  return Found.yes
}

/** What the script kept with the contact comes back, at the index of the branch. */
export function giveAttributes({ usrloc }: Registrar, { xavps }: RouteContext, contact: Contact, index: number): void {
  const name = usrloc.attributesName
  if (name !== undefined && contact.xavp !== undefined) xavps.xavp.insert(name, contact.xavp.copy(), index)
}

function addBranches(search: Search, first: Contact | undefined): void {
  const { registrar, context } = search
  for (let at = first; at !== undefined; at = at.next) {
    if (!isAlive(search, at) || !knowsMethod(search, at) || !passesFilter(search, at)) continue
    const hop = at.path === '' ? undefined : nextHop(registrar, at.path)
    if (at.path !== '' && hop === undefined) continue
    if (!addBranch(search, at, hop?.uri ?? '', hop?.path ?? '')) {
      registrar.host.log.error('registrar', 'failed to append a branch')
      continue
    }
    if (at.xavp !== undefined) giveAttributes(registrar, context, at, context.branches.list.length)
  }
}

function addBranch({ registrar, context }: Search, contact: Contact, hop: string, path: string): boolean {
  const { max_branches } = registrar.host.settings
  return context.branches.append({
    uri: contact.uri,
    dstUri: hop === '' ? contact.received : hop,
    path: hop === '' ? '' : path,
    q: contact.q,
    socket: contact.socket,
    flags: contact.cflags,
    instance: contact.instance,
    regId: contact.instance === '' ? 0 : contact.regId,
    ruid: contact.ruid,
    locationUserAgent: contact.userAgent,
    connectionId: Math.max(0, contact.connectionId),
  }, max_branches)
}
