import { arg, defineModule, fn, param, SetupError } from '../../define/define.ts'
import type { RouteName } from '../../define/route-kind.ts'
import { connectDatabase } from '../../db/connect.ts'
import { checkTableVersion } from '../../db/table-version.ts'
import { findGroups, isAvp, isUserIn, loadPatterns, prepareSource, type Groups } from './groups.ts'

const TABLE_VERSION = 2
const PATTERN_TABLE_VERSION = 1
const ROUTES: readonly RouteName[] = ['request', 'failure', 'branch', 'local']
const source = arg.custom('uri', 'Request-URI, To, From, Credentials, or an AVP with a URI.', prepareSource)
const target = arg.custom('avp', 'AVP for the numbers of groups.', (text, env) => {
  const variable = env.variable(text)
  if (typeof variable === 'string') return variable
  return isAvp(variable) ? { fixed: variable } : `bad AVP spec <${text}>`
})

export default defineModule({
  name: 'group',
  summary: 'Groups of users, kept in a database: by name, or by regular expressions over addresses.',
  area: 'data',
  params: {
    db_url: param.str('mysql://kamailioro:kamailioro@localhost/kamailio', 'Database.'),
    table: param.str('grp', 'Table with users and groups.'),
    user_column: param.str('username', 'Column with the user.'),
    domain_column: param.str('domain', 'Column with the domain.'),
    group_column: param.str('grp', 'Column with the group.'),
    use_domain: param.int(0, 'Compare the domain as well.'),
    re_table: param.str('', 'Table with regular expressions, such as re_grp; it is read at the start.'),
    re_exp_column: param.str('reg_exp', 'Column with the expression.'),
    re_gid_column: param.str('group_id', 'Column with the number of the group.'),
    multiple_gid: param.int(1, 'Find all groups of a user, not the first one.'),
  },
  setup: (host, params): Groups => ({ host, params, database: undefined, patterns: [] }),
  async start(groups, host) {
    const { params } = groups
    const database = await connectDatabase(host.databases, params.db_url)
    if (typeof database === 'string') return new SetupError(database)
    const problem = await checkTableVersion(database, params.table, TABLE_VERSION)
    if (problem !== undefined) return new SetupError(problem)
    groups.database = database
    if (params.re_table === '') return undefined
    const patternProblem = await checkTableVersion(database, params.re_table, PATTERN_TABLE_VERSION)
    if (patternProblem !== undefined) return new SetupError(patternProblem)
    const patterns = await loadPatterns(groups, database)
    if (typeof patterns === 'string') return new SetupError(`failed to load <${params.re_table}> table: ${patterns}`)
    groups.patterns = patterns
    return undefined
  },
  functions: {
    is_user_in: fn({
      summary: 'Tells whether a user is in a group.',
      returns: { 1: 'in it', [-1]: 'there is no user', [-5]: 'the database failed', [-6]: 'not in it' },
      routes: ROUTES,
      mayWait: true,
      args: [source, arg.literal('group', 'Name of the group, as written.')],
      run: (context, groups: Groups, from, group) => isUserIn(groups, context, from, group),
    }),
    get_user_group: fn({
      summary: 'Finds the groups whose regular expressions fit the user\'s address, and puts their numbers into an AVP.',
      returns: { 1: 'so many were found', [-1]: 'none' },
      routes: ROUTES,
      args: [source, target],
      run: (context, groups: Groups, from, avp) => findGroups(groups, context, from, avp),
    }),
  },
})
