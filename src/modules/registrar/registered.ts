/** registered(): whether a user has a contact, or a certain one. */
import type { RouteContext } from '../../runtime/context.ts'
import { ParseError } from '../../sip/parse-error.ts'
import type { AorRecord, Contact, LocationTable } from '../usrloc/api.ts'
import { XavpTree } from '../../runtime/xavp.ts'
import { aorOf } from './aor.ts'
import { noteRecord } from './record-attributes.ts'
import type { Registrar } from './state.ts'

/** Bits of the match options, and of the match actions. */
const MatchOption = { callId: 1, received: 2, contact: 4 } as const
const MatchAction = { giveAttributes: 1, noRecord: 2 } as const

export function registered(
  registrar: Registrar, context: RouteContext, table: LocationTable, uri: string | undefined, options: number, actions: number,
): number | Promise<number> {
  const text = uri ?? ownUri(context)
  const aor = text === undefined ? undefined : aorOf(registrar, text)
  if (aor === undefined || 'status' in aor) {
    registrar.host.log.error('registrar', 'failed to extract address of record')
    return -1
  }
  return registrar.usrloc.read(table, aor.text, (record) => {
    const contact = record === undefined ? undefined : match(registrar, context, record, options)
    if (contact === undefined) return -1
    if ((actions & MatchAction.noRecord) === 0) noteRecord(registrar, context, contact)
    if ((actions & MatchAction.giveAttributes) !== 0) giveAttributes(registrar, context, contact)
    return 1
  })
}

/** The Request-URI; the URI in To of a reply. */
function ownUri({ message }: RouteContext): string | undefined {
  if (message.isRequest) return message.uri
  const to = message.to()
  return to === undefined || to instanceof ParseError ? undefined : to.uri
}

function match(registrar: Registrar, context: RouteContext, record: AorRecord, options: number): Contact | undefined {
  const wanted = (option: number, name: string): string | undefined =>
    (options & option) === 0 ? undefined : registrar.textOf(context, name)
  const callId = wanted(MatchOption.callId, 'match_callid')
  const received = wanted(MatchOption.received, 'match_received')
  const uri = wanted(MatchOption.contact, 'match_contact')
  const now = registrar.usrloc.now()
  for (let at = record.contacts; at !== undefined; at = at.next) {
    if (!at.isValid(now) && registrar.params.use_expired_contacts === 0) continue
    if (callId !== undefined && callId !== at.callId) continue
    if (received !== undefined && received !== at.received) continue
    if (uri === undefined || uri === at.uri) return at
  }
  return undefined
}

function giveAttributes({ usrloc }: Registrar, { xavps }: RouteContext, contact: Contact): void {
  const name = usrloc.attributesName
  if (name !== undefined && contact.xavp instanceof XavpTree) xavps.xavp.add(name, contact.xavp.copy())
}
