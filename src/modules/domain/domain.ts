import { arg, defineModule, fn, form, param, RpcFault, SetupError, type FunctionDef } from '../../define/define.ts'
import { RouteMask, type RouteName } from '../../define/route-kind.ts'
import { connectDatabase } from '../../db/connect.ts'
import { checkTableVersion } from '../../db/table-version.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { fromUri } from '../../runtime/party-uri.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri } from '../../sip/uri.ts'
import { domainApi } from './api.ts'
import { dumpDomains, isLocal, lookupDomain, NO_DOMAINS, reload, type Domains } from './domains.ts'

const DOMAIN_VERSION = 2
const ATTRIBUTES_VERSION = 1
const ROUTES: readonly RouteName[] = ['request', 'branch', 'failure', 'local']
const LOCAL: FunctionDef['returns'] = { 1: 'it is', [-1]: 'it is not' }
const name = arg.str('domain', 'Name of the domain.')

/** is_uri_host_local(): of the Request-URI, in a failure route of the first new branch. */
function isUriHostLocal(context: RouteContext, domains: Domains): number {
  const { message, host } = context
  const fail = (problem: string): number => {
    host.log.error('domain', problem)
    return -1
  }
  if (context.routeType !== RouteMask.failure) {
    const uri = message.parsedUri()
    return uri instanceof ParseError ? fail('error while parsing R-URI') : isLocal(domains, uri.host)
  }
  const branch = context.hasBranches ? context.branches.list[0] : undefined
  if (branch === undefined) return fail('branch is missing, error in script')
  const uri = parseUri(branch.uri)
  return uri instanceof ParseError ? fail('error while parsing branch URI') : isLocal(domains, uri.host)
}

export default defineModule({
  name: 'domain',
  summary: 'The domains that are served here, kept in a database, with attributes.',
  area: 'data',
  params: {
    db_url: param.str('mysql://kamailioro:kamailioro@localhost/kamailio', 'Database.'),
    domain_table: param.str('domain', 'Table with the domains.'),
    domain_attrs_table: param.str('domain_attrs', 'Table with their attributes.'),
    did_col: param.str('did', 'Column with the identifier of a domain, in both tables.'),
    domain_col: param.str('domain', 'Column with the name.'),
    name_col: param.str('name', 'Column with an attribute\'s name.'),
    type_col: param.str('type', 'Column with an attribute\'s type: 0 number, 2 text.'),
    value_col: param.str('value', 'Column with an attribute\'s value.'),
    register_myself: param.int(0, 'Take the domains for own names: myself, is_myself().'),
  },
  setup(host, params): Domains {
    const domains: Domains = { host, params, database: undefined, table: NO_DOMAINS, reading: undefined }
    if (params.register_myself !== 0) host.network.addOwnNameCheck((name) => isLocal(domains, name) > 0)
    host.provide(domainApi, { isLocal: (name) => isLocal(domains, name) > 0 })
    return domains
  },
  async start(domains, host) {
    const { params } = domains
    const database = await connectDatabase(host.databases, params.db_url)
    if (typeof database === 'string') return new SetupError(database)
    domains.database = database
    const problem = await checkTableVersion(database, params.domain_table, DOMAIN_VERSION)
      ?? await checkTableVersion(database, params.domain_attrs_table, ATTRIBUTES_VERSION)
      ?? await reload(domains)
    return problem === undefined ? undefined : new SetupError(problem)
  },
  functions: {
    is_from_local: fn({
      summary: 'Tells whether the host in From is a local domain.',
      returns: { ...LOCAL, [-2]: 'From cannot be read' },
      routes: ROUTES,
      args: [],
      run: (context, domains: Domains) => {
        const uri = fromUri(context)
        if (uri !== undefined) return isLocal(domains, uri.host)
        domains.host.log.error('domain', 'Error while parsing From header')
        return -2
      },
    }),
    is_uri_host_local: fn({
      summary: 'Tells whether the host of the Request-URI is a local domain; in a failure route, of the first new branch.',
      returns: LOCAL,
      routes: ROUTES,
      args: [],
      run: isUriHostLocal,
    }),
    is_domain_local: fn({
      summary: 'Tells whether a domain is local.',
      returns: LOCAL,
      routes: ROUTES,
      args: [name],
      run: (_context, domains: Domains, domain) => isLocal(domains, domain),
    }),
    lookup_domain: {
      summary: 'Tells whether a domain is local, and puts its attributes and its identifier (did) into AVPs.',
      returns: LOCAL,
      forms: [
        form({ routes: ROUTES, args: [name], run: (context, domains: Domains, domain) => lookupDomain(domains, context, domain, '') }),
        form({
          routes: ROUTES,
          kemi: 'lookup_domain_prefix',
          args: [name, arg.str('prefix', 'Put in front of the AVPs\' names.')],
          run: (context, domains: Domains, domain, prefix) => lookupDomain(domains, context, domain, prefix),
        }),
      ],
    },
  },
  rpc: {
    'domain.reload': {
      summary: 'Reads both tables again; the old domains stay when that fails.',
      run: async (domains) => {
        const problem = await reload(domains)
        if (problem === undefined) return []
        domains.host.log.error('domain', problem)
        return new RpcFault(400, 'Reload of domain tables failed')
      },
    },
    'domain.dump': {
      summary: 'Domains with their identifiers, and the attributes of each identifier.',
      run: (domains) => [dumpDomains(domains)],
    },
  },
})
