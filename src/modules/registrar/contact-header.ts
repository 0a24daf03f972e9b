/** The Contact header of a reply: all contacts that are registered now. */
import type { RouteContext } from '../../runtime/context.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { hasOptionTag } from '../../sip/headers/option-tags.ts'
import type { SipMessage } from '../../sip/message.ts'
import { Q_UNSET, withoutBrackets, type AorRecord, type Contact } from '../usrloc/api.ts'
import { noteRecord } from './record-attributes.ts'
import type { Registrar } from './state.ts'

/** With its line end; empty for none. `host` is that of the To URI. */
export function contactHeader(registrar: Registrar, context: RouteContext, record: AorRecord | undefined, host: string): string {
  const now = registrar.usrloc.now()
  const { params } = registrar
  let hasGruus: boolean | undefined
  let text = ''
  for (let at = record?.contacts; at !== undefined; at = at.next) {
    if (!at.isValid(now)) continue
    text += text === '' ? 'Contact: <' : ', <'
    text += `${at.uri}>${qParam(at)};expires=${at.expires - now}`
    if (params.received_param !== '' && at.received !== '') text += `;${params.received_param}="${at.received}"`
    if (at.instance !== '') {
      hasGruus ??= params.gruu_enabled === 1 && supportsGruu(context.message)
      if (hasGruus) text += gruuParams(at, host)
      text += `;+sip.instance="${at.instance}"`
    }
    if (at.regId > 0) text += `;reg-id=${at.regId}`
    if (params.xavp_rcd !== undefined) noteRecord(registrar, context, at)
  }
  return text === '' ? '' : `${text}\r\n`
}

function supportsGruu(message: SipMessage): boolean {
  return message.has(HeaderType.supported) && hasOptionTag(message, HeaderType.supported, 'gruu')
}

function qParam({ q }: Contact): string {
  return q === Q_UNSET ? '' : `;q=${qText(q)}`
}

/** q as texts write it: 500 is `0.5`. */
function qText(q: number): string {
  if (q <= 0) return '0'
  return q >= 1000 ? '1' : `0.${String(q).padStart(3, '0').replace(/0+$/, '')}`
}

/** RFC 5627 §5.2, §5.3. */
function gruuParams(contact: Contact, host: string): string {
  const { aor, hash } = contact.record
  const address = aor.includes('@') ? aor : `${aor}@${host}`
  return `;pub-gruu="sip:${address};gr=${withoutBrackets(contact.instance)}"` +
    `;temp-gruu="sip:${contact.ruid}-${reversedHex(hash)}@${host};gr"`
}

/** Digits from the lowest on, as Kamailio writes the hash and lookup() reads it. */
function reversedHex(hash: number): string {
  let text = ''
  for (let rest = hash >>> 0; rest !== 0; rest >>>= 4) text += (rest & 15).toString(16)
  return text
}
