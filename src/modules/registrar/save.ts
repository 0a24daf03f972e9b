/** save(): what a REGISTER wants is done with the contacts of its address, and answered. */
import { RouteMask } from '../../define/route-kind.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { hasOptionTag } from '../../sip/headers/option-tags.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { ContactFlag, type AorChange, type LocationTable, type WriteFailure } from '../usrloc/api.ts'
import { aorOf } from './aor.ts'
import { contactHeader } from './contact-header.ts'
import { Failures, type Failure } from './failure.ts'
import { isOutboundPath } from './path.ts'
import { replyTo } from './reply.ts'
import { contactParam, readContacts, type RequestContacts } from './request.ts'
import { insertContacts, markMemoryOnly, Saved, updateContacts, type Saving } from './save-contacts.ts'
import { registrationOf, type Registrar } from './state.ts'

/** Flags of save(). */
export const SaveFlag = { memoryOnly: 1, noReply: 2, replace: 4, exactExpires: 8, prepareReply: 16 } as const

export function save(
  registrar: Registrar, context: RouteContext, table: LocationTable, flags: number, uri?: string,
): number | Promise<number> {
  const { message } = context
  registrationOf(registrar, message).failure = undefined
  const to = message.to()
  const toUri = to === undefined || to instanceof ParseError ? undefined : to.parsedUri()
  if (to === undefined || to instanceof ParseError || toUri === undefined || toUri instanceof ParseError) {
    return refuse(registrar, context, flags, Failures.untold)
  }
  const contacts = readContacts(registrar, message)
  if ('status' in contacts) return refuse(registrar, context, flags, contacts)
  const outbound = checkOutbound(registrar, context, contacts)
  if (typeof outbound !== 'boolean') return refuse(registrar, context, flags, outbound)
  const aor = uri === undefined ? aorOf(registrar, to.uri, toUri) : aorOf(registrar, uri)
  if ('status' in aor) {
    registrar.host.log.error('registrar', 'failed to extract Address Of Record')
    return refuse(registrar, context, flags, aor)
  }
  const saving: Saving = {
    registrar, context, contacts: contacts.list, host: toUri.host, aor: aor.text, usesRegId: outbound,
    flags: (flags & SaveFlag.memoryOnly) !== 0 ? ContactFlag.memoryOnly : 0,
    replaces: (flags & SaveFlag.replace) !== 0, isExact: (flags & SaveFlag.exactExpires) !== 0,
  }
  if (contacts.list.length > 0) return saveContacts(saving, table, flags)
  return contacts.isStar ? removeAll(saving, table, flags) : listContacts(saving, table, flags)
}

function saveContacts(saving: Saving, table: LocationTable, flags: number): number | Promise<number> {
  const { registrar, context, aor, host } = saving
  const work = (change: AorChange): number | Failure =>
    change.record === undefined ? insertContacts(saving, change) : updateContacts(saving, change)
  return registrar.usrloc.change(table, aor, work, (result, failed, change) => {
    const problem = typeof result === 'number' ? failureOf(failed) : result
    if (failed === 'insert' && saving.isNew) change.abandon()
    const registration = registrationOf(registrar, context.message)
    if (problem === undefined || !saving.isNew) registration.contacts = contactHeader(registrar, context, change.record, host)
    change.close()
    return problem === undefined ? accept(registrar, context, flags, typeof result === 'number' ? result : Saved.error)
      : refuse(registrar, context, flags, problem)
  })
}

function failureOf(failed: WriteFailure | undefined): Failure | undefined {
  switch (failed) {
    case undefined: return undefined
    case 'insert': return Failures.insert
    case 'update': return Failures.update
    case 'delete': return Failures.delete
    case 'delete record': return Failures.deleteRecord
  }
}

/** `Contact: *` */
function removeAll(saving: Saving, table: LocationTable, flags: number): number | Promise<number> {
  const { registrar, context, aor, host } = saving
  return registrar.usrloc.change(table, aor, (change) => {
    markMemoryOnly(change, saving.flags)
    change.removeAll()
  }, (_, failed, change) => {
    if (failed === undefined) return accept(registrar, context, flags, Saved.deleted)
    registrar.host.log.error('registrar', 'failed to remove record from usrloc')
    registrationOf(registrar, context.message).contacts = contactHeader(registrar, context, change.record, host)
    return refuse(registrar, context, flags, Failures.deleteRecord)
  })
}

/** Without Contact a registration asks what there is. */
function listContacts(saving: Saving, table: LocationTable, flags: number): number | Promise<number> {
  const { registrar, context, aor, host } = saving
  return registrar.usrloc.read(table, aor, (record) => {
    registrationOf(registrar, context.message).contacts = contactHeader(registrar, context, record, host)
    return accept(registrar, context, flags, Saved.returned)
  })
}

/** Whether reg-id counts (RFC 5626 §6); a failure where phone and server do not agree. */
function checkOutbound({ params, host }: Registrar, { message }: RouteContext, { list }: RequestContacts): boolean | Failure {
  const { log } = host
  const isSupported = message.has(HeaderType.supported) && hasOptionTag(message, HeaderType.supported, 'outbound')
  if (params.outbound_mode === 2 && message.has(HeaderType.supported) && !isSupported) {
    log.warning('registrar', 'Outbound required by server and not supported by UAC')
    return Failures.outboundUnsupported
  }
  if (params.outbound_mode === 0) {
    if (!message.has(HeaderType.require) || !hasOptionTag(message, HeaderType.require, 'outbound')) return true
    log.warning('registrar', 'Outbound required by UAC and not supported by server')
    return Failures.outboundRequired
  }
  if (!message.has(HeaderType.contact) || message.secondVia() === undefined) return true
  const isKept = message.has(HeaderType.path) ? isOutboundPath(message) : false
  if (isKept === undefined) {
    log.error('registrar', 'Failed to parse Path: header body')
    return Failures.untold
  }
  const [first] = list
  if (first === undefined) {
    log.error('registrar', 'empty Contact:')
    return Failures.untold
  }
  if (isKept || params.regid_mode !== 0) return true
  if (!isSupported || contactParam(first, 'reg-id') === undefined) return false
  log.warning('registrar', 'Outbound used by UAC but not supported by edge proxy')
  return Failures.outboundEdge
}

function accept(registrar: Registrar, context: RouteContext, flags: number, result: number): number {
  registrar.accepted.increment()
  const isRequest = (context.routeType & (RouteMask.request | RouteMask.failure)) !== 0
  let isDone = true
  if ((flags & SaveFlag.noReply) === 0) isDone = !isRequest || replyTo(registrar, context)
  else if ((flags & SaveFlag.prepareReply) !== 0) isDone = replyTo(registrar, context, false)
  if (!isDone) return Saved.error
  if (registrar.params.use_path !== 0 && registrar.params.path_mode !== 0) context.message.pathVector = undefined
  return result
}

function refuse(registrar: Registrar, context: RouteContext, flags: number, failure: Failure): number {
  registrar.rejected.increment()
  registrationOf(registrar, context.message).failure = failure === Failures.untold ? undefined : failure
  if ((context.routeType & RouteMask.request) !== 0 && (flags & SaveFlag.noReply) === 0) replyTo(registrar, context)
  return failure === Failures.tooMany ? Saved.tooMany : Saved.error
}
