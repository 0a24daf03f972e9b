import { arg, defineModule, fn, SetupError, type FunctionDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { checkCountry, checkDestination, checkMessage, checkParty, checkSource, checkText, checkUserAgent } from './checks.ts'
import { Counters } from './counters.ts'
import { Lists, openLists } from './lists.ts'
import { secfilterParams } from './params.ts'
import type { PartyName } from './parties.ts'
import { secfilterRpc } from './rpc.ts'
import type { Secfilter } from './state.ts'

const FOUND: FunctionDef['returns'] = { 1: 'in no list', 2: 'allowed', [-2]: 'blocked' }

const checking = (summary: string, run: (secfilter: Secfilter, context: RouteContext) => number): FunctionDef<Secfilter> => fn({
  summary, returns: FOUND, routes: 'any', args: [], run: (context, secfilter: Secfilter) => run(secfilter, context),
})

const checkingParty = (which: PartyName, header: string): FunctionDef<Secfilter> => fn({
  summary: `Looks up the display name, the user and the domain of ${header} by their beginnings; names and users are one list.`,
  returns: {
    1: 'in no list, or there is no such header', 2: 'user allowed', 3: 'domain allowed', 4: 'name allowed',
    [-2]: 'user blocked', [-3]: 'domain blocked', [-4]: 'name blocked',
  },
  routes: 'any',
  args: [],
  run: (context, secfilter: Secfilter) => checkParty(secfilter, context, which),
})

export default defineModule({
  name: 'secfilter',
  summary: 'Blocks and allows by user agent, address, country, user, domain and number called; looks for SQL in headers.',
  area: 'security',
  params: secfilterParams,
  setup: (host, params): Secfilter =>
    ({ host, params, database: undefined, lists: new Lists(), reading: undefined, counters: new Counters() }),
  async start(secfilter) {
    const problem = await openLists(secfilter)
    return problem === undefined ? undefined : new SetupError(problem)
  },
  functions: {
    secf_check_ip: checking('Looks up the source address by its beginning.', checkSource),
    secf_check_ua: checking('Looks up User-Agent by its beginning.', checkUserAgent),
    secf_check_country: fn({
      summary: 'Looks up a country.',
      returns: FOUND,
      routes: 'any',
      args: [arg.literal('country', 'The country, as $gip2(src=>cc) without quotes gives it.')],
      run: (_context, secfilter: Secfilter, country) => checkCountry(secfilter, country),
    }),
    secf_check_from_hdr: checkingParty('from', 'From'),
    secf_check_to_hdr: checkingParty('to', 'To'),
    secf_check_contact_hdr: checkingParty('contact', 'the first Contact header (no name; of several contacts the last)'),
    secf_check_dst: fn({
      summary: 'Looks up a number called among the destinations.',
      returns: { 1: 'not blocked', [-2]: 'blocked' },
      routes: 'any',
      args: [arg.literal('number', 'The number, such as $rU without quotes.')],
      run: (_context, secfilter: Secfilter, number) => checkDestination(secfilter, number),
    }),
    secf_check_sqli_hdr: fn({
      summary: 'Looks for marks of SQL in a text: quotes, --, %24, %27, %60.',
      returns: { 1: 'there are none', [-1]: 'there are some' },
      routes: 'any',
      args: [arg.literal('text', 'The text, such as $ua without quotes.')],
      kemi: 'secf_sqli_hdr',
      run: (_context, secfilter: Secfilter, text) => checkText(secfilter, text),
    }),
    secf_check_sqli_all: fn({
      summary: 'Looks for marks of SQL in User-Agent, From, To and Contact. Where there are some, the script ends.',
      returns: { 1: 'there are none', 0: 'there are some: the message is dropped' },
      routes: 'any',
      args: [],
      run: (context, secfilter: Secfilter) => checkMessage(secfilter, context),
    }),
  },
  rpc: secfilterRpc,
})
