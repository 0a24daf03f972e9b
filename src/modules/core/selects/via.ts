/** `@via.host`, `@via[2].params.maddr`: values of Via, counted from 1 over all headers. */
import type { PvValue } from '../../../define/define.ts'
import type { RouteContext } from '../../../runtime/context.ts'
import type { Via } from '../../../sip/headers/via.ts'
import { paramValue } from '../../../sip/headers/params.ts'
import { branches, filled, leaf, named, unquoted, type Resolver } from './path.ts'

/** A negative number is the last one, whichever it is. */
function viaAt(context: RouteContext, number: number): Via | undefined {
  const vias = context.message.vias()
  return number < 0 ? vias.at(-1) : vias[number - 1]
}

/** The value as written, with the comma that follows. */
function whole(context: RouteContext, via: Via): string {
  const { text } = context.message
  const end = via.header.bodyEnd
  const vias = context.message.vias()
  const next = vias[vias.indexOf(via) + 1]
  if (next?.header !== via.header) return text.slice(via.start, end)
  return text.slice(via.start, text.lastIndexOf(',', next.start) + 1)
}

function comment(context: RouteContext, via: Via): PvValue {
  return filled(/\(([^()]*)\)[ \t\r\n]*$/.exec(whole(context, via))?.[1])
}

function select(number: number): Resolver {
  const part = (read: (via: Via, context: RouteContext) => PvValue): Resolver =>
    leaf((context) => {
      const via = viaAt(context, number)
      return via ? read(via, context) : null
    })
  const param = (name: string): Resolver => part((via) => unquoted(paramValue(via.params, name)))
  return branches(
    {
      name: part(() => 'SIP'),
      version: part(() => '2.0'),
      transport: part((via) => via.transport),
      host: part((via) => (via.isIpv6Reference ? `[${via.host}]` : via.host)),
      port: part((via) => (via.port === 0 ? null : String(via.port))),
      comment: part((via, context) => comment(context, via)),
      branch: param('branch'),
      received: param('received'),
      rport: param('rport'),
      i: param('i'),
      alias: param('alias'),
      params: named((context, name) => unquoted(paramValue(viaAt(context, number)?.params ?? [], name.toLowerCase()))),
    },
    (context) => {
      const via = viaAt(context, number)
      return via ? whole(context, via) : null
    },
  )
}

export const viaSelect: Resolver = (rest) => {
  const [number] = rest
  return typeof number === 'number' ? select(number)(rest.slice(1)) : select(1)(rest)
}
