/** Whose AVPs: a URI by user name, domain or both, or an identifier. */
import { arg, type Arg } from '../../define/define.ts'
import type { DbCell } from '../../db/database.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri } from '../../sip/uri.ts'
import { splitVariable } from './avp-name.ts'
import { withoutDatabase, type Avpops, type Columns } from './state.ts'

type Part = 'uri' | 'username' | 'domain' | 'uuid'

export interface Source {
  readonly part: Part
  read(context: RouteContext): string | number | null
}

/** A user, a domain, an identifier: what the message makes of a source. */
export interface Owner {
  readonly uuid: string
  readonly username: string | undefined
  readonly domain: string | undefined
}

/** Variables that hold a URI. */
const URI_VARIABLES = ['$ru', '$fu', '$tu', '$ou', '$(ru)', '$(fu)', '$(tu)', '$(ou)']

const isPart = (text: string): text is Part => text === 'uri' || text === 'username' || text === 'domain' || text === 'uuid'

const SOURCE = 'A variable or a text; behind a slash username, domain, uri or uuid.'

export const sourceArg: Arg<Source> = arg.custom('source', SOURCE, (text, env, state) => {
  const refused = withoutDatabase(state)
  if (refused !== undefined) return refused
  const split = splitVariable(text)
  if (split === undefined) {
    if (text.startsWith('$')) return `'${text}' is no variable`
    const [value = '', flag] = text.split('/', 2)
    const part = flag?.toLowerCase() ?? 'uuid'
    if (value === '' || !isPart(part)) return `'${text}' is no source`
    return { fixed: { part, read: () => value } }
  }
  const variable = env.variable(split.variable)
  if (typeof variable === 'string') return variable
  const part = split.rest?.toLowerCase() ?? (URI_VARIABLES.includes(split.variable) ? 'uri' : 'uuid')
  if (!isPart(part)) return `'${part}' is none of username, domain, uri and uuid`
  return { fixed: { part, read: (context) => variable.get(context) } }
})

/** Undefined, with a line in the log, when the source has nothing to go by. */
export function ownerOf(context: RouteContext, state: Avpops, source: Source): Owner | undefined {
  const value = source.read(context)
  if (value === null || value === '') {
    state.host.log.error('avpops', 'no value for first param')
    return undefined
  }
  const text = String(value)
  if (source.part === 'uuid') return { uuid: text, username: undefined, domain: undefined }
  const uri = parseUri(text)
  if (uri instanceof ParseError || uri.host === '' || (source.part !== 'domain' && uri.user === '')) {
    state.host.log.error('avpops', `failed to parse the uri <${text}>`)
    return undefined
  }
  const hasDomain = source.part === 'domain' || (source.part === 'uri' && state.params.use_domain !== 0)
  return { uuid: '', username: source.part === 'domain' ? undefined : uri.user, domain: hasDomain ? uri.host : undefined }
}

export function conditionsOf({ uuid, username, domain }: Owner, columns: Columns): DbCell[] {
  if (username === undefined && domain === undefined) return [{ column: columns.uuid, value: uuid }]
  const conditions: DbCell[] = []
  if (username !== undefined) conditions.push({ column: columns.username, value: username })
  if (domain !== undefined) conditions.push({ column: columns.domain, value: domain })
  return conditions
}
