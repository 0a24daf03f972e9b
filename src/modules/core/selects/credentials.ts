/** `@authorization["realm"].username`: credentials of a realm (RFC 7616). */
import type { PvValue } from '../../../define/define.ts'
import type { RouteContext } from '../../../runtime/context.ts'
import type { HeaderType } from '../../../sip/header-name.ts'
import { branches, filled, leaf, unknownSelect, type Resolver } from './path.ts'

interface Credentials {
  readonly body: string
  readonly fields: ReadonlyMap<string, string>
}

const FIELDS_MAX = 40

function readFields(body: string): Map<string, string> {
  const fields = new Map<string, string>()
  const pair = /[\s,]*([^\s=,]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))/sy
  pair.lastIndex = /^\S+\s*/.exec(body)?.[0].length ?? 0
  while (fields.size < FIELDS_MAX) {
    const found = pair.exec(body)
    if (!found) break
    const [, name = '', quoted, plain = ''] = found
    fields.set(name.toLowerCase(), quoted ?? plain)
  }
  return fields
}

function credentialsOf(context: RouteContext, type: HeaderType, realm: string): Credentials | undefined {
  for (const header of context.message.headersOf(type)) {
    const fields = readFields(header.body)
    if (fields.get('realm') === realm) return { body: header.body, fields }
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
    const field = (name: string): Resolver => leaf(read(({ fields }) => filled(fields.get(name))))
    const username = (part: (text: string, at: number) => string): Resolver =>
      leaf(
        read(({ fields }) => {
          const text = fields.get('username') ?? ''
          return filled(part(text, text.indexOf('@')))
        }),
      )
    return branches(
      {
        username: branches(
          {
            user: username((text, at) => (at < 0 ? text : text.slice(0, at))),
            domain: username((text, at) => (at < 0 ? '' : text.slice(at + 1))),
          },
          read(({ fields }) => filled(fields.get('username'))),
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
