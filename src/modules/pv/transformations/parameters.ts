/** Parameters of transformations: `{s.substr,1,$var(n)}`. Each transformation reads its own, as in Kamailio. */
import type { PrepareEnv, PvValue, Transform, TransformationDef, VariableHandle } from '../../../define/define.ts'
import type { RouteContext } from '../../../runtime/context.ts'
import { intOf, locateVariable } from '../../../runtime/variable-spec.ts'

/** Kamailio's buffers for transformations hold that many bytes; what does not fit fails. */
export const BYTES_MAX = 65535

/** A number for each message; NaN when its variable holds none. */
export type IntParameter = (context: RouteContext) => number
/** A text for each message; null when its variable holds none or an empty one. */
export type TextParameter = (context: RouteContext) => string | null

const isBlank = (char: string): boolean => char === ' ' || char === '\t' || char === '\n'

/** Reads parameters one after the other; `error` is the first thing that was wrong. */
export class ParameterReader {
  readonly #raw: string
  readonly #env: PrepareEnv
  #at = 0
  error: string | undefined = undefined

  /** `raw` starts at the first comma; it is empty when there are no parameters. */
  constructor(raw: string, env: PrepareEnv) {
    this.#raw = raw
    this.#env = env
  }

  get hasMore(): boolean {
    return this.#at < this.#raw.length
  }

  /** A whole number (a sign and blanks may stand before the digits) or a variable that holds one. */
  int(): IntParameter {
    this.#comma()
    this.#skipBlanks()
    const variable = this.#variable()
    if (variable) return (context) => intOf(variable, context) ?? Number.NaN
    const digits = /([+-]?)[ \t\n]*([0-9]*)/y
    digits.lastIndex = this.#at
    const [all = '', sign = '', number = ''] = digits.exec(this.#raw) ?? []
    if (sign === '' && number === '') this.#fail('a whole number is missing')
    this.#at += all.length
    this.#skipBlanks()
    if (this.hasMore && this.#raw.charAt(this.#at) !== ',') this.#fail('a whole number is followed by something else')
    const value = sign === '-' ? -(Number(number) | 0) : Number(number) | 0
    return () => value
  }

  /** A whole number that is not below zero when it is written out. */
  count(): IntParameter {
    const before = this.#raw.slice(this.#at + 1).trimStart()
    const value = this.int()
    if (/^-[ \t\n]*0*[1-9]/.test(before)) this.#fail('a number below zero')
    return value
  }

  /** The text up to the next comma, without blanks in front; or a variable. */
  text(): TextParameter {
    this.#comma()
    this.#skipBlanks()
    const variable = this.#variable()
    if (variable) return (context) => textOf(variable.get(context))
    const comma = this.#raw.indexOf(',', this.#at)
    const text = this.#raw.slice(this.#at, comma < 0 ? undefined : comma)
    this.#at += text.length
    return () => text
  }

  /** The first character of a text; where there is none, the comma or brace that follows stands for it. */
  character(): TextParameter {
    const text = this.text()
    this.#skipBlanks()
    const following = this.hasMore ? ',' : '}'
    if (this.#raw.charAt(this.#at) === ',') this.#at++
    return (context) => {
      const value = text(context)
      return value === null ? null : value === '' ? following : value.charAt(0)
    }
  }

  /** One character as it stands, blanks too; `\\`, `\n`, `\r` and `\t` are escapes. */
  separator(): string {
    this.#comma()
    const char = this.#raw.charAt(this.#at++)
    if (char === '') this.#fail('the separator is missing')
    if (char !== '\\') return char
    const escaped = ESCAPES[this.#raw.charAt(this.#at++)]
    if (escaped === undefined) this.#fail('an unknown escape')
    return escaped ?? ''
  }

  /** One character that must be the last one. */
  lastSeparator(): string {
    this.#comma()
    const char = this.#raw.slice(this.#at)
    if (char.length !== 1) this.#fail('the separator must be one character')
    this.#at = this.#raw.length
    return char
  }

  /** The same, or a variable whose first character counts. */
  separatorOrVariable(): TextParameter {
    if (!/^,\$./.test(this.#raw.slice(this.#at))) {
      const char = this.lastSeparator()
      return () => char
    }
    const text = this.text()
    return (context) => text(context)?.charAt(0) ?? null
  }

  /** Nothing but blanks may be left. */
  end(): void {
    this.#skipBlanks()
    if (this.hasMore) this.#fail(`${this.#raw.slice(this.#at)} is too much`)
  }

  #comma(): void {
    this.#skipBlanks()
    if (this.#raw.charAt(this.#at) === ',') this.#at++
    else this.#fail('a parameter is missing')
  }

  #variable(): VariableHandle | undefined {
    if (this.#raw.charAt(this.#at) !== '$') return undefined
    const end = locateVariable(this.#raw, this.#at)
    const variable = end < 0 ? 'a dollar sign that starts no variable' : this.#env.variable(this.#raw.slice(this.#at, end))
    if (typeof variable === 'string') {
      this.#fail(variable)
      return undefined
    }
    this.#at = end
    this.#skipBlanks()
    if (this.hasMore && this.#raw.charAt(this.#at) !== ',') this.#fail('a variable is followed by something else')
    return variable
  }

  #skipBlanks(): void {
    while (this.hasMore && isBlank(this.#raw.charAt(this.#at))) this.#at++
  }

  #fail(reason: string): void {
    this.error ??= reason
  }
}

const ESCAPES: Readonly<Record<string, string | undefined>> = { '\\': '\\', n: '\n', r: '\r', t: '\t' }

function textOf(value: PvValue): string | null {
  return value === null || value === '' ? null : String(value)
}

/** Says in the log that a transformation has no value for its parameter, and fails. */
export function parameterMissing(context: RouteContext): null {
  context.host.log.error('pv', 'a parameter of a transformation has no value\n')
  return null
}

/** A transformation of texts; whole numbers come as their decimal digits. */
export function ofText(
  summary: string,
  run: (text: string, context: RouteContext) => PvValue,
  number?: (text: string) => number,
): TransformationDef {
  const transform: Transform = (value, context) => {
    if (value === null) return null
    return bounded(run(typeof value === 'number' ? String(value) : value, context), context)
  }
  return { summary, params: [], number, bind: (params, _env, raw) => (noParameters(params.length, raw) ?? transform) }
}

function noParameters(count: number, raw: string): string | undefined {
  return count > 0 || raw !== '' ? 'the transformation takes no parameters' : undefined
}

/** The same for classes that refuse empty texts. */
export function ofFilledText(
  summary: string,
  run: (text: string, context: RouteContext) => PvValue,
  number?: (text: string) => number,
): TransformationDef {
  return ofText(summary, (text, context) => (text === '' ? null : run(text, context)), number)
}

/** A transformation of texts with parameters: `read` takes them from the reader and answers what runs for each message. */
export function withParameters(
  summary: string,
  params: readonly string[],
  read: (reader: ParameterReader) => (text: string, context: RouteContext) => PvValue,
): TransformationDef {
  return {
    summary,
    params,
    bind(_params, env, raw) {
      const reader = new ParameterReader(raw, env)
      const run = read(reader)
      reader.end()
      if (reader.error !== undefined) return reader.error
      return (value, context) => {
        if (value === null) return null
        return bounded(run(typeof value === 'number' ? String(value) : value, context), context)
      }
    },
  }
}

function bounded(value: PvValue, context: RouteContext): PvValue {
  if (typeof value !== 'string' || value.length < BYTES_MAX) return value
  context.host.log.error('pv', `value too large: ${value.length}\n`)
  return null
}
