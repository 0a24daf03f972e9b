import type { Counter } from '../../base/statistics.ts'
import { arg, defineModule, fn, param, SetupError, type VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'

class Statistics {
  readonly host: Host

  constructor(host: Host) {
    this.host = host
  }
}

const GROUP = 'script'
const DIGITS_MAX = 5

/** A number with a sign: five digits, kept in 16 bits as in Kamailio. */
function stepOf(text: string): number | undefined {
  const digits = /^[+-]?(\d*)$/.exec(text)?.[1]
  if (digits === undefined || digits.length > DIGITS_MAX) return undefined
  const value = Number(digits) & 0xffff
  return text.startsWith('-') ? -value : value
}

/** A statistic by its name, whatever its group; or a variable with the name. */
type Named = Counter | VariableHandle | undefined

const statistic = arg.custom<Named>('name', 'Name of the statistic, or a variable with it.', (text, env, state) => {
  if (text.startsWith('$')) {
    const found = env.variable(text)
    return typeof found === 'string' ? found : { fixed: found }
  }
  // While a file is only checked there are no statistics yet.
  if (!(state instanceof Statistics)) return { fixed: undefined }
  const found = state.host.statistics.named(text)
  return found === undefined ? `variable <${text}> not defined` : { fixed: found }
})

const step = arg.custom<number | VariableHandle>('value', 'What is added: `+1`, `-2`; or a variable with it.', (text, env) => {
  if (text.startsWith('$')) {
    const found = env.variable(text)
    return typeof found === 'string' ? found : { fixed: found }
  }
  const value = stepOf(text)
  if (value === undefined) return `bad update number <${text}>`
  return value === 0 ? 'update with 0 has no sense' : { fixed: value }
})

function counterOf({ host }: Statistics, context: RouteContext, named: Named): Counter | undefined {
  if (named === undefined || 'increment' in named) return named
  const name = named.get(context)
  if (name === null) {
    host.log.error('statistics', 'failed to get pv string value')
    return undefined
  }
  const found = host.statistics.named(String(name))
  if (found === undefined) host.log.error('statistics', `variable <${name}> not defined`)
  return found
}

function update(state: Statistics, context: RouteContext, named: Named, value: number | VariableHandle): number {
  let by = value
  if (typeof by !== 'number') {
    const given = by.get(context)
    if (given === null) {
      state.host.log.error('statistics', 'failed to get pv string value')
      return -1
    }
    by = stepOf(String(given)) ?? 0
  }
  const counter = counterOf(state, context, named)
  counter?.increment(by)
  return counter === undefined ? -1 : 1
}

export default defineModule({
  name: 'statistics',
  summary: 'Statistics that the script counts.',
  area: 'operations',
  params: { variable: param.list('Name of a statistic; `name/no_reset` for one that is never set to 0.') },
  setup(host, params): Statistics | SetupError {
    for (const text of params.variable.map(String)) {
      const slash = text.indexOf('/')
      const name = slash < 0 ? text : text.slice(0, slash)
      if (name === '') return new SetupError('empty parameter')
      const flag = slash < 0 ? undefined : text.slice(slash + 1)
      if (flag !== undefined && flag.toLowerCase() !== 'no_reset') return new SetupError(`unsupported flag <${flag}>`)
      host.statistics.counter(GROUP, name).isKept = slash >= 0
    }
    return new Statistics(host)
  },
  functions: {
    update_stat: fn({
      summary: 'Adds to a statistic.',
      routes: 'any',
      args: [statistic, step],
      run: (context, state: Statistics, name, value) => update(state, context, name, value),
    }),
    reset_stat: fn({
      summary: 'Sets a statistic to 0.',
      routes: ['request', 'branch', 'failure', 'onreply', 'local'],
      args: [statistic],
      run: (context, state: Statistics, name) => {
        const counter = counterOf(state, context, name)
        counter?.reset()
        return counter === undefined ? -1 : 1
      },
    }),
  },
})
