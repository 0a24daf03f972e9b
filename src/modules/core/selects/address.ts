/** Headers with addresses: `@from.tag`, `@contact.q`, `@rr.uri.host`. */
import type { PvValue } from '../../../define/define.ts'
import type { RouteContext } from '../../../runtime/context.ts'
import { HeaderType } from '../../../sip/header-name.ts'
import { parseNameAddrList, type NameAddr } from '../../../sip/headers/name-addr.ts'
import { ParseError } from '../../../sip/parse-error.ts'
import { branches, filled, leaf, named, unquoted, type Resolver } from './path.ts'
import { uriSelect } from './uri.ts'

type AddressOf = (context: RouteContext) => NameAddr | undefined

const read =
  (of: AddressOf, part: (address: NameAddr) => PvValue) =>
  (context: RouteContext): PvValue => {
    const address = of(context)
    return address ? part(address) : null
  }

const paramsOf = (of: AddressOf): Resolver =>
  named((context, name) => unquoted(of(context)?.param(name.toLowerCase())))
const param = (of: AddressOf, name: string): Resolver => leaf(read(of, (address) => unquoted(address.param(name))))

const headerBody =
  (type: HeaderType) =>
  (context: RouteContext): PvValue =>
    context.message.value(type) ?? null

/** From, To and their like: one address. */
export function addressSelect(type: HeaderType): Resolver {
  const of: AddressOf = ({ message }) => {
    const address = message.address(type)
    return address instanceof ParseError ? undefined : address
  }
  return branches(
    {
      uri: uriSelect(read(of, (address) => address.uri)),
      tag: param(of, 'tag'),
      name: leaf(read(of, (address) => filled(address.display))),
      params: paramsOf(of),
    },
    headerBody(type),
  )
}

function addressesOf(context: RouteContext, type: HeaderType): readonly NameAddr[] {
  const header = context.message.header(type)
  if (header === undefined) return []
  const list = parseNameAddrList(context.message.text, header.bodyStart, header.bodyEnd)
  return list instanceof ParseError ? [] : list
}

/** The last address of the first Contact header. */
const contact: AddressOf = (context) => {
  const address = addressesOf(context, HeaderType.contact).at(-1)
  return address?.isStar ? undefined : address
}

export const contactSelect: Resolver = branches(
  {
    uri: uriSelect(read(contact, (address) => address.uri)),
    name: leaf(read(contact, (address) => address.display)),
    q: param(contact, 'q'),
    expires: param(contact, 'expires'),
    methods: param(contact, 'methods'),
    received: param(contact, 'received'),
    instance: param(contact, '+sip.instance'),
    params: paramsOf(contact),
  },
  headerBody(HeaderType.contact),
)

/** The first address of the first Record-Route header. */
const recordRoute: AddressOf = (context) => addressesOf(context, HeaderType.recordRoute)[0]

export const recordRouteSelect: Resolver = branches(
  {
    uri: uriSelect(read(recordRoute, (address) => address.uri)),
    // With the blanks before the bracket.
    name: leaf((context) => {
      const address = recordRoute(context)
      return address ? context.message.text.slice(address.start, context.message.text.lastIndexOf('<', address.uriStart)) : null
    }),
    params: paramsOf(recordRoute),
  },
  headerBody(HeaderType.recordRoute),
)
