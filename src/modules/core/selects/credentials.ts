/** `@authorization["realm"].username`: credentials of a realm (RFC 7616). */
import type { PvValue } from '../../../define/define.ts'
import type { RouteContext } from '../../../runtime/context.ts'
import type { HeaderType } from '../../../sip/header-name.ts'
import { parseDigestCredentials, type DigestCredentials, type DigestField } from '../../../sip/headers/digest-credentials.ts'
import { ParseError } from '../../../sip/parse-error.ts'
import { branches, leaf, unknownSelect, type Resolver } from './path.ts'

interface Credentials {
  readonly body: string
  readonly fields: DigestCredentials
}

/** Those of the realm, in any case of letters; none when one in front of them cannot be read. */
function credentialsOf(context: RouteContext, type: HeaderType, realm: string): Credentials | undefined {
  for (const header of context.message.headersOf(type)) {
    const fields = parseDigestCredentials(header.body)
    if (fields instanceof ParseError) return undefined
    if (fields?.realm?.toLowerCase() === realm.toLowerCase()) return { body: header.body, fields }
  }
  return undefined
}

export function credentialsSelect(type: HeaderType): Resolver {
  return (rest) => {
    const [realm] = rest
    if (typeof realm !== 'string') return unknownSelect(rest)
    const read =
      (part: (credentials: Credentials) => PvValue) =>
      (context: RouteContext): PvValue => {
        const credentials = credentialsOf(context, type, realm)
        return credentials ? part(credentials) : null
      }
    const field = (name: DigestField): Resolver => leaf(read(({ fields }) => fields[name] ?? null))
    return branches(
      {
        username: branches(
          {
            user: leaf(read(({ fields }) => (fields.username === undefined ? null : fields.user))),
            domain: leaf(read(({ fields }) => (fields.hasDomain ? fields.domain : null))),
          },
          read(({ fields }) => fields.username ?? null),
        ),
        realm: field('realm'),
        nonce: field('nonce'),
        uri: field('uri'),
        cnonce: field('cnonce'),
        nc: field('nc'),
        response: field('response'),
        opaque: field('opaque'),
        algorithm: field('algorithm'),
        qop: field('qop'),
      },
      read(({ body }) => body),
    )(rest.slice(1))
  }
}
