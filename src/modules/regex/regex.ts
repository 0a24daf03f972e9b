import { ownText } from '../../base/own-text.ts'
import {
  arg, defineModule, fn, form, param, RpcFault, SetupError,
  type Arg, type ParamValues, type PrepareEnv, type Prepared, type TextMatcher,
} from '../../define/define.ts'
import type { RouteName } from '../../define/route-kind.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { compilePcre, type PcreOptions } from '../../runtime/regex.ts'
import { parseGroups, type Groups } from './group-file.ts'

const regexParams = {
  file: param.str('', 'File with groups of regular expressions; empty for none.'),
  max_groups: param.int(20, 'Most groups that the file may have.', { min: 0 }),
  group_max_size: param.int(8192, 'Longest group, in bytes.', { min: 0 }),
  pcre_caseless: param.int(0, 'Case does not count; this and the next ones need a file.'),
  pcre_multiline: param.int(0, '^ and $ stand at line ends.'),
  pcre_dotall: param.int(0, 'The dot stands for line ends as well.'),
  pcre_extended: param.int(0, 'White space does not count, and # begins a comment.'),
}

interface State {
  readonly host: Host
  readonly params: ParamValues<typeof regexParams>
  readonly known: Map<string, TextMatcher | string>
  /** Undefined without a file. */
  groups: Groups | undefined
}

const ROUTES: readonly RouteName[] = ['request', 'failure', 'onreply', 'branch', 'local']
const PATTERNS_MAX = 512
/** Patterns come from the network in the end. */
const LONGEST = 4096

function readGroups({ host, params }: Pick<State, 'host' | 'params'>): Groups | string {
  const text = host.files.read(params.file)
  if (text === undefined) return `could not open file '${params.file}'`
  return parseGroups(text, params, optionsOf(params))
}

/** As in Kamailio they count with a file only. */
function optionsOf({ file, pcre_caseless, pcre_multiline, pcre_dotall, pcre_extended }: State['params']): PcreOptions {
  if (file === '') return {}
  return { caseless: pcre_caseless !== 0, multiline: pcre_multiline !== 0, dotall: pcre_dotall !== 0, extended: pcre_extended !== 0 }
}

function patternOf({ known, params }: State, pattern: string): TextMatcher | string {
  if (pattern.length > LONGEST) return 'the pattern is too long'
  const found = known.get(pattern)
  if (found !== undefined) return found
  if (known.size >= PATTERNS_MAX) known.clear()
  const made = compilePcre(pattern, optionsOf(params))
  known.set(ownText(pattern), made)
  return made
}

function matchPattern(state: State, text: string, pattern: string): number {
  const matcher = patternOf(state, pattern)
  if (typeof matcher !== 'string') return matcher.test(text) ? 1 : -1
  state.host.log.error('regex', `pcre_re compilation of '${pattern}' failed: ${matcher}`)
  return -4
}

function matchGroup({ host, groups }: State, text: string, index: number): number {
  if (groups === undefined) {
    host.log.error('regex', 'group matching is disabled')
    return -2
  }
  if (index < groups.length) return groups[Math.max(index, 0)]?.test(text) === true ? 1 : -1
  host.log.error('regex', `invalid pcre index '${index}', there are ${groups.length} pcres`)
  return -4
}

/** What is no number is the first group. */
function prepareGroup(text: string, env: PrepareEnv): Prepared<number> | string {
  const read = (digits: string): number => Number.parseInt(digits, 10) || 0
  if (!text.includes('$')) return { fixed: read(text) }
  const format = env.format(text)
  return typeof format === 'string' ? format : { evaluate: (context: RouteContext) => read(format.evaluate(context)) }
}

const groupNumber: Arg<number> = arg.custom('group', 'Number of the group, from 0.', prepareGroup)

const text = arg.str('string', 'Text to look at.')

export default defineModule({
  name: 'regex',
  summary: 'Regular expressions in Perl\'s syntax, alone and in groups from a file.',
  area: 'text',
  params: regexParams,
  setup(host, params): State | SetupError {
    const state: State = { host, params, known: new Map(), groups: undefined }
    if (params.file === '') return state
    const groups = readGroups(state)
    if (typeof groups === 'string') return new SetupError(groups)
    state.groups = groups
    return state
  },
  functions: {
    pcre_match: fn({
      summary: 'Tells whether a text matches a regular expression.',
      returns: { 1: 'it does', [-1]: 'it does not', [-4]: 'the expression cannot be read' },
      routes: ROUTES,
      args: [text, arg.str('pcre_regex', 'The expression; a dollar sign is written twice.')],
      run: (_context, state: State, subject, pattern) => matchPattern(state, subject, pattern),
    }),
    pcre_match_group: {
      summary: 'Tells whether a text matches one of the expressions of a group.',
      returns: { 1: 'it does', [-1]: 'it does not', [-2]: 'there is no file', [-4]: 'there is no such group' },
      forms: [
        form({ routes: ROUTES, args: [text], run: (_context, state: State, subject) => matchGroup(state, subject, 0) }),
        form({
          routes: ROUTES,
          args: [text, groupNumber],
          run: (_context, state: State, subject, index) => matchGroup(state, subject, index),
        }),
      ],
    },
  },
  rpc: {
    'regex.reload': {
      summary: 'Reads the file again; the old groups stay when that fails.',
      run: (state) => {
        if (state.params.file === '') return new RpcFault(500, 'Group matching not enabled')
        const groups = readGroups(state)
        if (typeof groups === 'string') {
          state.host.log.error('regex', groups)
          return new RpcFault(500, 'Failed to reload')
        }
        state.groups = groups
        return []
      },
    },
  },
})
