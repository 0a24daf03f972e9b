/** Serial forking: the branches in the order of their q, one group after the other (t_load_contacts(), t_next_contacts()). */
import type { RouteContext } from '../../runtime/context.ts'
import { ownBranch, type Branch } from '../../runtime/branches.ts'
import { XavpTree, type Xavp, type XavpValue } from '../../runtime/xavp.ts'
import { MessageFlag } from '../../sip/message-flag.ts'
import { parseSocketName } from '../../runtime/socket-name.ts'
import { withBrackets } from '../../base/address.ts'
import type { ListenSocket } from '../../sip/endpoint.ts'
import type { Tm } from './state.ts'

/** In q_flag: the next contact has another q. */
const Q_FLAG = 4

/** Results beside 1: none left, and an xavp that is no contact. */
/** Flows are left, of other phones. */
const NOT_OF_THIS_PHONE = -1
const NONE_LEFT = -2
const WRONG_TYPE = -3

/** Puts Request-URI and branches into the xavp, the highest q first. With mode 1 their order is drawn by lot, weighted by q. */
export function loadContacts(tm: Tm, context: RouteContext, mode: number): number {
  const { log, random } = tm.host
  const { contacts_avp } = tm.params
  if (contacts_avp === '') {
    log.error('tm', 'feature disabled - contacts_avp is not set')
    return -1
  }
  if (!context.hasBranches && mode !== 1) return 1
  const { message, branches } = context
  const all = [...((message.msgFlags & MessageFlag.uriIsTaken) === 0 ? [ownBranch(context)] : []), ...branches.list]
  if (all.length <= 1) return 1
  const attributes = takeAttributes(tm, context, all)
  const ordered = mode === 1 ? drawn(all, (bound) => random.integer(bound)) : sorted(all)
  store(tm, context, contacts_avp, { list: ordered, attributes, isEachAlone: mode === 1 })
  branches.clear()
  message.msgFlags |= MessageFlag.uriIsTaken
  return 1
}

/** Highest q first; of one q, the one added last. */
function sorted(all: readonly Branch[]): readonly Branch[] {
  return [...all].reverse().sort((left, right) => right.q - left.q)
}

function drawn(all: readonly Branch[], integer: (bound: number) => number): readonly Branch[] {
  const left = [...all]
  const order: Branch[] = []
  while (left.length > 0) {
    const total = left.reduce((sum, { q }) => sum + Math.max(q, 1), 0)
    let ticket = integer(total)
    const index = left.findIndex(({ q }) => (ticket -= Math.max(q, 1)) < 0)
    order.push(...left.splice(Math.max(0, index), 1))
  }
  return order
}

interface Stored {
  readonly list: readonly Branch[]
  readonly attributes: Attributes
  /** Each contact is a group of its own. */
  readonly isEachAlone: boolean
}

/** Of contacts, what xavp_contact held for them. */
type Attributes = ReadonlyMap<Branch, XavpValue>

/** Takes all values of xavp_contact: the newest is that of the Request-URI, the following ones are those of the branches. */
function takeAttributes({ params }: Tm, context: RouteContext, all: readonly Branch[]): Attributes {
  const found = new Map<Branch, XavpValue>()
  const { xavp_contact } = params
  if (xavp_contact === '') return found
  const { xavp } = context.xavps
  for (const branch of all) {
    const entry = xavp.extract(xavp_contact)
    if (entry !== undefined) found.set(branch, entry.value)
  }
  xavp.removeAll(xavp_contact)
  return found
}

function store({ params }: Tm, context: RouteContext, name: string, { list, attributes, isEachAlone }: Stored): void {
  const { xavp } = context.xavps
  xavp.removeAll(name)
  for (let index = list.length - 1; index >= 0; index--) {
    const branch = list[index]
    if (branch === undefined) continue
    const following = list[index + 1]
    const isLastOfGroup = following !== undefined && (isEachAlone || following.q !== branch.q)
    const fields = fieldsOf(branch, isLastOfGroup)
    const own = attributes.get(branch)
    if (own !== undefined) fields.add(params.xavp_contact, own)
    xavp.add(name, fields)
  }
}

function fieldsOf(branch: Branch, isLastOfGroup: boolean): XavpTree {
  const fields = new XavpTree()
  fields.add('uri', branch.uri)
  if (branch.dstUri !== '') fields.add('dst_uri', branch.dstUri)
  if (branch.path !== '') fields.add('path', branch.path)
  if (branch.socket !== undefined) fields.add('sock', socketText(branch.socket))
  if (branch.instance !== '') fields.add('instance', branch.instance)
  fields.add('flags', branch.flags)
  fields.add('q_flag', isLastOfGroup ? Q_FLAG : 0)
  if (branch.ruid !== '') fields.add('ruid', branch.ruid)
  if (branch.locationUserAgent !== '') fields.add('ua', branch.locationUserAgent)
  return fields
}

function socketText({ transport, address, port }: ListenSocket): string {
  return `${transport}:${withBrackets(address)}:${port}`
}

/**
 * Takes the next group out of the xavp: its first contact becomes the Request-URI, the others branches. Of several flows of one
 * phone (+sip.instance) the first goes with them, the rest wait for t_next_contact_flow().
 */
export function nextContacts(tm: Tm, context: RouteContext): number {
  const { contacts_avp, contact_flows_avp } = tm.params
  if (contacts_avp === '') {
    tm.host.log.error('tm', 'feature disabled - contacts_avp is not set')
    return -1
  }
  const { xavp } = context.xavps
  let entry = xavp.get(contacts_avp)
  if (entry === undefined) return NONE_LEFT
  context.branches.clear()
  xavp.removeAll(contact_flows_avp)
  const instances = new Set<string>()
  for (let index = 0; entry !== undefined; index++) {
    const contact = contactOf(tm, entry)
    if (contact === undefined) return WRONG_TYPE
    xavp.remove(entry)
    const { instance } = contact.branch
    if (index > 0 && instances.has(instance)) {
      // What xavp_contact held stays with the flow until its turn comes.
      xavp.add(contact_flows_avp, entry.value)
      if (contact.isLastOfGroup) break
      entry = xavp.get(contacts_avp)
      index--
      continue
    }
    giveAttributes(tm, context, entry, index)
    if (index === 0) useAsDestination(context, contact.branch)
    else context.branches.append(contact.branch, tm.host.settings.max_branches)
    if (instance !== '') instances.add(instance)
    if (contact.isLastOfGroup) break
    entry = xavp.get(contacts_avp)
  }
  return 1
}

/** In a branch failure route: the next flow of the phone whose flow has failed becomes a branch. */
export function nextContactFlow(tm: Tm, context: RouteContext): number {
  const { contact_flows_avp } = tm.params
  if (contact_flows_avp === '') {
    tm.host.log.error('tm', 'feature disabled - contact_flows_avp is not set')
    return -1
  }
  const { xavp } = context.xavps
  const instance = context.transaction?.armed.winner?.instance ?? context.message.instance
  const first = xavp.get(contact_flows_avp)
  if (first === undefined) return NONE_LEFT
  for (let entry: Xavp | undefined = first; entry !== undefined; entry = xavp.next(entry)) {
    const contact = contactOf(tm, entry)
    if (contact === undefined) return WRONG_TYPE
    if (contact.branch.instance !== instance) continue
    xavp.remove(entry)
    giveAttributes(tm, context, entry, 0)
    context.branches.append(contact.branch, tm.host.settings.max_branches)
    return 1
  }
  return NOT_OF_THIS_PHONE
}

/** What xavp_contact held for the contact is there again, at the place of its branch. */
function giveAttributes({ params }: Tm, { xavps }: RouteContext, { value }: Xavp, index: number): void {
  if (params.xavp_contact === '' || !(value instanceof XavpTree)) return
  const own = value.get(params.xavp_contact)
  if (own !== undefined) xavps.xavp.insert(params.xavp_contact, own.value, index)
}

function useAsDestination({ message }: RouteContext, branch: Branch): void {
  message.setUri(branch.uri)
  message.setDestination(branch.dstUri === '' ? undefined : branch.dstUri)
  message.pathVector = branch.path === '' ? undefined : branch.path
  if (branch.socket !== undefined) message.forceSocket = branch.socket
  message.branchFlags = branch.flags
  message.instance = branch.instance
  message.ruid = branch.ruid
  message.locationUserAgent = branch.locationUserAgent
}

function contactOf(tm: Tm, entry: Xavp): { readonly branch: Branch; readonly isLastOfGroup: boolean } | undefined {
  if (!(entry.value instanceof XavpTree)) return undefined
  const fields = entry.value
  const text = (name: string): string => {
    const value = fields.get(name)?.value
    return typeof value === 'string' ? value : ''
  }
  const number = (name: string): number => {
    const value = fields.get(name)?.value
    return typeof value === 'number' ? value : 0
  }
  const socket = parseSocketName(text('sock'))
  const branch: Branch = {
    uri: text('uri'), dstUri: text('dst_uri'), path: text('path'), q: -1,
    socket: socket === undefined ? undefined : tm.host.network.socketOf(socket.host, socket.port, socket.transport),
    flags: number('flags'), instance: text('instance'), regId: 0, ruid: text('ruid'), locationUserAgent: text('ua'),
  }
  return { branch, isLastOfGroup: number('q_flag') !== 0 }
}
