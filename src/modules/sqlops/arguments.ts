/** The arguments of the query functions, prepared once. */
import { arg, type Arg, type PrepareEnv, type Prepared, type VariableHandle } from '../../define/define.ts'
import { sqlTexts } from './literal.ts'
import { partsOf, templateOf, type Part, type Template } from './query-template.ts'
import { SqlOps } from './state.ts'

/** A query; how it is read depends on the kind of database. */
export class Query {
  readonly #parts: readonly Part[]
  readonly #templates = new Map<string, Template>()

  constructor(parts: readonly Part[]) {
    this.#parts = parts
  }

  template(scheme: string): Template {
    let template = this.#templates.get(scheme)
    if (template === undefined) {
      template = templateOf(this.#parts, sqlTexts(scheme))
      this.#templates.set(scheme, template)
    }
    return template
  }
}

export const connectionArg: Arg<string> = arg.custom('connection', 'Name of a connection (sqlcon).', (text, _env, state) => {
  const isKnown = !(state instanceof SqlOps) || state.connections.has(text)
  return isKnown ? { fixed: text } : `invalid connection [${text}]: no sqlcon has that name`
})

export function prepareQuery(text: string, env: PrepareEnv): Prepared<Query> | string {
  const parts = partsOf(text, env)
  return typeof parts === 'string' ? `invalid query string: ${parts}` : { fixed: new Query(parts) }
}

export const queryArg: Arg<Query> = arg.custom('query', 'The SQL; variables in it are bound, not pasted.', prepareQuery)

export const resultArg: Arg<string> = arg.custom('result', 'Name that $dbr(...) knows the rows by.', (text, _env, state) => {
  const isPossible = !(state instanceof SqlOps) || state.results.define(text)
  return isPossible ? { fixed: text } : `invalid result container [${text}]: results_maxsize allows no more`
})

export const variablesArg: Arg<readonly VariableHandle[]> = arg.custom(
  'variables', 'Variables for the columns, with commas, semicolons or blanks between: "$var(a), $avp(b)".',
  (text, env) => {
    const variables = variableList(text, env)
    return typeof variables === 'string' ? variables : { fixed: variables }
  },
)

/** A text answer is the error message. */
function variableList(text: string, env: PrepareEnv): readonly VariableHandle[] | string {
  const parts = partsOf(text, env)
  if (typeof parts === 'string') return `invalid result parameter: ${parts}`
  const variables: VariableHandle[] = []
  for (const part of parts) {
    if (typeof part === 'string') {
      if (/^[\s,;]*$/.test(part)) continue
      return `invalid result parameter [${text}]`
    }
    const variable = env.variable(part.text)
    if (typeof variable === 'string') return variable
    if ('writable' in variable && variable.writable === false) return `result variable [${variables.length + 1}] is read-only`
    variables.push(variable)
  }
  return variables.length === 0 ? 'there is no variable for the result' : variables
}
