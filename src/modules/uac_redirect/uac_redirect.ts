import { arg, defineModule, form, param, SetupError, type FunctionDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { accApi, type AccApi } from '../acc/api.ts'
import { tmApi, type TmApi } from '../tm/api.ts'
import { FilterList, isAccepted } from './filters.ts'
import { takeContacts } from './redirects.ts'

export interface Redirect {
  readonly host: Host
  readonly params: {
    readonly bflags: number
    readonly flags_hdr_mode: number
    readonly q_value: number
    readonly acc_function: string
    readonly acc_db_table: string
  }
  readonly acceptsByDefault: boolean
  readonly accept: FilterList
  readonly deny: FilterList
  /** There from `start` on. */
  tm: TmApi | undefined
  acc: AccApi | undefined
}

/** `max_total[:max_branch]`, each a number or `*`; 0 for no limit. */
function prepareLimits(text: string): { readonly fixed: { readonly total: number; readonly branch: number } } | string {
  const parts = /^(\d+|\*)(?::(\d+|\*))?$/.exec(text)
  if (parts === null) return `${text} is no limit: write total, or total:branch, each a number or *`
  const limit = (digits: string | undefined): number => (digits === undefined || digits === '*' ? 0 : Number(digits))
  return { fixed: { total: limit(parts[1]), branch: limit(parts[2]) } }
}

/** What accounts a contact that is followed; undefined for nothing. */
function accounting({ acc, params }: Redirect, context: RouteContext, reason: string | undefined): (() => void) | undefined {
  if (acc === undefined || !reason) return undefined
  switch (params.acc_function) {
    case 'acc_log_request':
      return () => void acc.logRequest(context, reason)
    case 'acc_db_request':
      return () => void acc.databaseRequest(context, reason, params.acc_db_table)
    case 'acc_request':
      return () => void acc.request(context, reason, params.acc_db_table)
    default:
      return undefined
  }
}

const limits = arg.custom('max', 'How many contacts in all, and of each branch: `6:2`; * for all.', prepareLimits)

const filtering = (which: 'accept' | 'deny'): FunctionDef<Redirect> => ({
  summary: which === 'accept' ? 'Adds a filter for contacts to take.' : 'Adds a filter for contacts to leave.',
  forms: [
    form({
      routes: ['failure'],
      args: [
        arg.regex('filter', 'Regular expression for the URI.'),
        arg.literal('flags', 'reset_all, reset_default, reset_added or nothing.'),
      ],
      run: (context: RouteContext, state: Redirect, pattern, flags) => (state[which].add(context, pattern, flags) ? 1 : -1),
    }),
  ],
})

export default defineModule({
  name: 'uac_redirect',
  summary: 'Follows redirections: the contacts of 3xx replies become branches.',
  area: 'routing',
  params: {
    default_filter: param.str('accept', 'What becomes of contacts that no filter matches: accept or deny.'),
    deny_filter: param.str('', 'Regular expression of URIs that are not followed.'),
    accept_filter: param.str('', 'Regular expression of URIs that are followed.'),
    acc_function: param.str('acc_log_request', 'Function of module acc that logs each redirection.'),
    acc_db_table: param.str('acc', 'Table of that.'),
    bflags: param.int(0, 'Branch flags of the new branches.'),
    flags_hdr_mode: param.int(0, 'Take branch flags from a flags parameter of Contact: 0 no, 1 in place of bflags, 2 beside them.'),
    q_value: param.int(10, 'q in thousandths of contacts that have none.'),
  },
  setup(host, params): Redirect | SetupError {
    const accept = FilterList.of(params.accept_filter)
    const deny = FilterList.of(params.deny_filter)
    if (typeof accept === 'string') return new SetupError(`accept_filter: ${accept}`)
    if (typeof deny === 'string') return new SetupError(`deny_filter: ${deny}`)
    if (params.default_filter !== 'accept' && params.default_filter !== 'deny') return new SetupError('default_filter is accept or deny')
    return { host, params, acceptsByDefault: params.default_filter === 'accept', accept, deny, tm: undefined, acc: undefined }
  },
  start(state, host) {
    state.tm = host.api(tmApi)
    state.acc = host.api(accApi)
  },
  functions: {
    set_accept_filter: filtering('accept'),
    set_deny_filter: filtering('deny'),
    get_redirects: {
      summary: 'Adds the contacts of all 3xx replies as branches, those with the highest q first.',
      returns: { 1: 'added', [-1]: 'there is none to add' },
      forms: [
        form({
          routes: ['failure'],
          args: [limits, arg.optional(arg.str('reason', 'For the accounting record.'))],
          run: (context, state: Redirect, { total, branch }, reason) =>
            takeContacts(state, context, total, branch, (uri) => isAccepted(state, context, uri), accounting(state, context, reason)),
        }),
      ],
    },
  },
})
