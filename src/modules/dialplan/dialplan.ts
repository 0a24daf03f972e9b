import { arg, defineModule, fn, form, SetupError, type FunctionDef } from '../../define/define.ts'
import { connectDatabase } from '../../db/connect.ts'
import { checkTableVersion } from '../../db/table-version.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { dialplanId, isScriptVariable, ways, type Ways } from './arguments.ts'
import { dialplanRpc } from './rpc.ts'
import { loadRules } from './rules.ts'
import { dialplanParams, type Dialplan } from './state.ts'
import { apply, fail, reload } from './translate.ts'

const TABLE_VERSION = 2
const RESULTS: FunctionDef['returns'] = { 1: 'a rule matched', [-1]: 'none did', [-2]: 'there is no such dialplan' }
const dpid = arg.int('dpid', 'The dialplan.')
const input = arg.str('inval', 'Text to match.')

/** dp_translate(): from variable to variable. */
function translateVariable(state: Dialplan, context: RouteContext, id: number | undefined, { source, destination }: Ways): number {
  const missing = (what: string): number => {
    fail(state, 'no AVP, XAVP or SCRIPTVAR found (error in scripts)')
    return fail(state, what)
  }
  if (id === undefined) return missing('no dpid value')
  const value = source.get(context)
  if (value === null) return missing('invalid param 2')
  return apply(state, context, id, String(value), true, destination)
}

export default defineModule({
  name: 'dialplan',
  summary: 'Rules of a table that match texts and rewrite them: numbers, prefixes, names.',
  area: 'routing',
  params: dialplanParams,
  setup: (host, params): Dialplan =>
    ({ host, params, database: undefined, rules: new Map(), attributes: undefined, requestUser: undefined, reloadedAt: 0 }),
  async start(state, host) {
    const { params } = state
    if (params.attrs_pvar !== '') {
      const attributes = host.prepare.variable(params.attrs_pvar)
      if (typeof attributes === 'string' || !isScriptVariable(attributes)) {
        return new SetupError(`attrs_pvar: invalid pvar name ${params.attrs_pvar}`)
      }
      state.attributes = attributes
    }
    const user = host.prepare.variable('$rU')
    if (typeof user !== 'string') state.requestUser = { source: user, destination: user }
    const database = await connectDatabase(host.databases, params.db_url)
    if (typeof database === 'string') return new SetupError(database)
    state.database = database
    const problem = await checkTableVersion(database, params.table_name, TABLE_VERSION) ?? await loadRules(state)
    return problem === undefined ? undefined : new SetupError(problem)
  },
  functions: {
    dp_translate: {
      summary: 'Matches a variable and puts what the rule makes of it into another one.',
      returns: RESULTS,
      forms: [
        form({
          routes: 'any',
          args: [dialplanId],
          run: (context, state: Dialplan, id) =>
            state.requestUser === undefined ? -1 : translateVariable(state, context, id, state.requestUser),
        }),
        form({
          routes: 'any',
          kemi: 'dp_translate_vars',
          args: [dialplanId, ways],
          run: (context, state: Dialplan, id, given) => translateVariable(state, context, id, given),
        }),
      ],
    },
    dp_match: fn({
      summary: 'Matches a text; the attributes of the rule go into attrs_pvar.',
      returns: RESULTS,
      routes: 'any',
      args: [dpid, input],
      run: (context, state: Dialplan, id, text) => apply(state, context, id, text, false, undefined),
    }),
    dp_replace: fn({
      summary: 'Matches a text and puts what the rule makes of it into a variable.',
      returns: RESULTS,
      routes: 'any',
      args: [dpid, input, arg.variable('outvar', 'Gets the result.')],
      run: (context, state: Dialplan, id, text, destination) => apply(state, context, id, text, true, destination),
    }),
    dp_reload: fn({
      summary: 'Reads the table again, at most once in reload_delta seconds.',
      routes: 'any',
      mayWait: true,
      args: [],
      run: async (_context, state: Dialplan) => {
        const problem = await reload(state)
        return problem === undefined ? 1 : fail(state, problem)
      },
    }),
  },
  rpc: dialplanRpc,
})
