import { arg, defineModule, form, param, SetupError } from '../../define/define.ts'
import type { RouteName } from '../../define/route-kind.ts'
import { connectDatabase } from '../../db/connect.ts'
import { findAlias, lookupAlias, parseAliasFlags, USUAL_MODE, type Aliases } from './aliases.ts'

const LOOKING: readonly RouteName[] = ['request', 'failure']
const FINDING: readonly RouteName[] = ['request', 'failure', 'onreply', 'branch', 'local']
const table = arg.str('table_name', 'Table with the aliases, such as dbaliases.')
const flags = arg.custom('flags', 'Letters: d without the domain, u with it, r from user to alias.', (text) => {
  const mode = parseAliasFlags(text)
  return typeof mode === 'string' ? mode : { fixed: mode }
})
const input = arg.variable('input', 'Variable with the alias, a URI.')
const output = arg.custom('output', 'AVP or $var for the address.', (text, env) => {
  const variable = env.variable(text.trim())
  if (typeof variable === 'string') return variable
  return /^\$\(?(avp|var)\(/.test(variable.text) ? { fixed: variable } : `${variable.text} is neither an AVP nor a $var`
})

export default defineModule({
  name: 'alias_db',
  summary: 'Aliases of users, kept in a database.',
  area: 'data',
  params: {
    db_url: param.str('mysql://kamailioro:kamailioro@localhost/kamailio', 'Database.'),
    user_column: param.str('username', 'Column with the user that an alias stands for.'),
    domain_column: param.str('domain', 'Column with that user\'s domain.'),
    alias_user_column: param.str('alias_username', 'Column with the user of the alias.'),
    alias_domain_column: param.str('alias_domain', 'Column with the domain of the alias.'),
    use_domain: param.int(0, 'Compare the domain as well.'),
    domain_prefix: param.str('', 'Left out of hosts that begin with it.'),
    append_branches: param.int(0, 'Take every address of an alias: the first one and branches.'),
  },
  setup: (host, params): Aliases => ({ host, params, database: undefined }),
  async start(aliases, host) {
    const database = await connectDatabase(host.databases, aliases.params.db_url)
    if (typeof database === 'string') return new SetupError(database)
    aliases.database = database
    return undefined
  },
  functions: {
    alias_db_lookup: {
      summary: 'Replaces an alias in the Request-URI by the address that it stands for.',
      returns: { 1: 'replaced', [-1]: 'it is no alias, or the database failed' },
      forms: [
        form({
          routes: LOOKING,
          mayWait: true,
          kemi: 'lookup',
          args: [table],
          run: (context, aliases: Aliases, name) => lookupAlias(aliases, context, name, USUAL_MODE),
        }),
        form({
          routes: LOOKING,
          mayWait: true,
          kemi: 'lookup_ex',
          args: [table, flags],
          run: (context, aliases: Aliases, name, mode) => lookupAlias(aliases, context, name, mode),
        }),
      ],
    },
    alias_db_find: {
      summary: 'Finds the address that an alias stands for.',
      returns: { 1: 'found', [-1]: 'it is no alias, or the database failed' },
      forms: [
        form({
          routes: FINDING,
          mayWait: true,
          args: [table, input, output],
          run: (context, aliases: Aliases, name, from, to) => findAlias(aliases, context, name, from, to, USUAL_MODE),
        }),
        form({
          routes: FINDING,
          mayWait: true,
          args: [table, input, output, flags],
          run: (context, aliases: Aliases, name, from, to, mode) => findAlias(aliases, context, name, from, to, mode),
        }),
      ],
    },
  },
})
