/** Vias: `$via0(...)`, `$via1(...)`, `$viaZ(...)`; where a reply goes: `$rpl(...)`. */
import { variableFamily, type PvValue, type VariableDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { paramValue } from '../../sip/headers/params.ts'
import type { Via } from '../../sip/headers/via.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { withBrackets } from '../../base/address.ts'
import { TRANSPORT_IDS } from './socket-text.ts'
import type { PvState } from './state.ts'

const textOrNull = (text: string | undefined): PvValue => (text === undefined || text === '' ? null : text)

function transportOf(via: Via): { readonly name: string; readonly id: number } {
  const lower = via.transport.toLowerCase()
  for (const [name, id] of Object.entries(TRANSPORT_IDS)) if (name === lower) return { name, id }
  return { name: 'udp', id: 0 }
}

const READ: Readonly<Record<string, (via: Via) => PvValue>> = {
  host: (via) => (via.isIpv6Reference ? withBrackets(via.host) : via.host),
  port: (via) => via.port || 5060,
  proto: (via) => via.transport,
  protoid: (via) => transportOf(via).id,
  branch: (via) => textOrNull(via.branch),
  rport: (via) => textOrNull(via.rport),
  received: (via) => textOrNull(via.receivedParam),
  i: (via) => textOrNull(paramValue(via.params, 'i')),
}

function viaFamily(summary: string, pick: (vias: readonly Via[]) => Via | undefined): VariableDef<PvState> {
  return variableFamily<PvState>(summary, { inner: 'required' }, (inner) => {
    const read = READ[inner ?? '']
    if (!read) return `a Via has no ${inner}: ${Object.keys(READ).join(', ')}`
    return {
      get({ message }) {
        const vias = message.vias()
        const via = pick(vias)
        return via ? read(via) : null
      },
    }
  })
}

/** What a reply's second Via says about where the reply goes: received before host, rport before port. */
const DESTINATION: Readonly<Record<string, (via: Via) => PvValue>> = {
  duri: (via) => `sip:${hostOf(via)}:${portOf(via)};transport=${transportOf(via).name}`,
  dhost: hostOf,
  dport: portOf,
  dproto: (via) => transportOf(via).name,
  dprotoid: (via) => transportOf(via).id,
}

function hostOf(via: Via): string {
  return via.receivedParam ?? (via.isIpv6Reference ? withBrackets(via.host) : via.host)
}

function portOf(via: Via): number {
  return Number(via.rport || 0) || via.port || 5060
}

/** One of `duri`, `dhost`, `dport`, `dproto`, `dprotoid` of a reply; `$null` when it has no second Via. */
export function viaAttribute({ message }: RouteContext, name: string): PvValue {
  const via = message.via(1)
  return via ? (DESTINATION[name]?.(via) ?? null) : null
}

function countVias({ message }: RouteContext): number {
  const vias = message.vias()
  return vias.length
}

function countRecordRoutes({ message }: RouteContext): PvValue {
  const routes = message.addresses(HeaderType.recordRoute)
  return routes instanceof ParseError ? null : routes.length
}

export const viaVariables: Readonly<Record<string, VariableDef<PvState>>> = {
  via0: viaFamily('The first Via: host, port, proto, protoid, branch, rport, received, i.', (vias) => vias[0]),
  via1: viaFamily('The second Via.', (vias) => vias[1]),
  viaZ: viaFamily('The last Via.', (vias) => vias[vias.length - 1]),
  rpl: variableFamily<PvState>(
    'Where a reply goes: duri, dhost, dport, dproto, dprotoid; cntvia and cntrr count Vias and Record-Routes.',
    { inner: 'required' },
    (inner) => {
      const name = inner ?? ''
      const read =
        name === 'cntvia'
          ? countVias
          : name === 'cntrr'
            ? countRecordRoutes
            : Object.hasOwn(DESTINATION, name)
              ? (context: RouteContext) => viaAttribute(context, name)
              : undefined
      if (!read) return `$rpl is one of ${[...Object.keys(DESTINATION), 'cntvia', 'cntrr'].join(', ')}, not ${name}`
      const get = (context: RouteContext): PvValue => (context.message.isRequest ? null : read(context))
      if (name !== 'dproto') return { get }
      const id = (context: RouteContext): number => Number(viaAttribute(context, 'dprotoid') ?? Number.NaN)
      return { get, int: (context) => (context.message.isRequest ? Number.NaN : id(context)) }
    },
  ),
}
