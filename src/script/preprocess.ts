import type { Span } from './ast.ts'
import type { Diagnostic } from './diagnostic.ts'
import { applySubsts, parseSubst, parseSubstDefine, type SubstRule } from './subst.ts'

const MAX_DEFINES = 512
const MAX_IFDEFS = 512
const MAX_RULES = 512
/** Characters that the replacement rules may look at for all strings together, one or two seconds: what multiplies itself stops here. */
const MAX_SUBSTITUTION = 50_000_000

/** How a define treats a name that has a value already. */
export type DefineMode = 'define' | 'try' | 'redefine'

interface Conditional {
  readonly directive: string
  readonly span: Span
  isTaken: boolean
  hasElse: boolean
}

/** The preprocessor's memory while files are read: defines, open conditionals, replacement rules. */
export class Preprocessor {
  readonly defines = new Map<string, string | undefined>()
  readonly environment: ReadonlyMap<string, string>
  readonly #report: (diagnostic: Diagnostic) => void
  readonly #conditionals: Conditional[] = []
  readonly #rules: SubstRule[] = []
  readonly #substitution = { left: MAX_SUBSTITUTION }

  constructor(environment: ReadonlyMap<string, string>, report: (diagnostic: Diagnostic) => void) {
    this.environment = environment
    this.#report = report
  }

  /** False while text is thrown away because a conditional around it does not hold. */
  get isTaken(): boolean {
    return this.#conditionals.every((conditional) => conditional.isTaken)
  }

  define(name: string, value: string | undefined, mode: DefineMode, span: Span): void {
    if (this.defines.size >= MAX_DEFINES && !this.defines.has(name)) {
      this.#error('KAH0115', `there are more than ${MAX_DEFINES} defines`, span)
      return
    }
    if (this.defines.has(name)) {
      if (mode === 'try') return
      if (mode === 'define') {
        this.#error(
          'KAH0114', `${name} is already defined`, span, `#!redefine ${name} changes it, #!trydef ${name} keeps it`,
        )
        return
      }
    }
    this.defines.set(name, value)
  }

  openConditional(directive: 'ifdef' | 'ifndef', name: string | undefined, span: Span): void {
    if (this.#conditionals.length >= MAX_IFDEFS) {
      this.#error('KAH0115', `more than ${MAX_IFDEFS} conditionals are open`, span)
      return
    }
    const isDefined = name !== undefined && this.defines.has(name)
    this.#conditionals.push({ directive, span, isTaken: isDefined === (directive === 'ifdef'), hasElse: false })
  }

  elseConditional(span: Span): void {
    const open = this.#conditionals.at(-1)
    if (open === undefined) {
      this.#report({
        code: 'KAH0111', severity: 'warning', message: '#!else stands without an #!ifdef and does nothing', span,
      })
      return
    }
    if (open.hasElse) {
      this.#report({
        code: 'KAH0111', severity: 'warning', span,
        message: `a second #!else for the #!${open.directive} of line ${open.span.line}: it takes turns again`,
      })
    }
    open.hasElse = true
    open.isTaken = !open.isTaken
  }

  closeConditional(span: Span): void {
    if (this.#conditionals.pop() === undefined) this.#error('KAH0111', '#!endif stands without an #!ifdef', span)
  }

  /** Reports the conditionals that are still open at the end of everything. */
  finish(): void {
    for (const open of this.#conditionals) {
      this.#error('KAH0110', `this #!${open.directive} has no #!endif`, open.span)
    }
  }

  /** `#!subst`, `#!substdef` and `#!substdefs`, and their command line forms. */
  addSubst(directive: 'subst' | 'substdef' | 'substdefs', rule: string, span: Span): void {
    if (this.#rules.length >= MAX_RULES) {
      this.#error('KAH0115', `there are more than ${MAX_RULES} replacement rules`, span)
      return
    }
    const parsed = parseSubst(rule, this)
    if (typeof parsed === 'string') {
      this.#error('KAH0120', `#!${directive} cannot read '${rule}': ${parsed}`, span, 'write "/old/new/g"')
      return
    }
    this.#rules.push(parsed)
    if (directive === 'subst') return
    const defined = parseSubstDefine(rule, this)
    if (typeof defined === 'string') {
      this.#error('KAH0120', `#!${directive} cannot read '${rule}': ${defined}`, span, 'write "!NAME!value!g"')
      return
    }
    this.define(defined.name, directive === 'substdefs' ? `"${defined.value}"` : defined.value, 'define', span)
  }

  /** A string of the file, at `span`, after the replacement rules. Rules that let it grow beyond all bounds are reported and given up. */
  substitute(text: string, span: Span): string {
    if (this.#rules.length === 0) return text
    const substituted = applySubsts(text, this.#rules, this.#substitution)
    if (substituted !== undefined) return substituted
    this.#rules.length = 0
    this.#error('KAH0115', 'the replacement rules make too much of this', span, 'does a rule put in again what it replaces?')
    return text
  }

  /** `#!defenv NAME` or `#!defenv NAME=VARIABLE`; `isQuoted` for the form with an s, `isOptional` for the try form. */
  defineFromEnvironment(argument: string, isQuoted: boolean, isOptional: boolean, span: Span): void {
    const equals = argument.indexOf('=')
    const name = equals === -1 ? argument : argument.slice(0, equals)
    const variable = equals === -1 ? argument : argument.slice(equals + 1)
    const value = this.environment.get(variable)
    if (value === undefined) {
      if (!isOptional) {
        this.#error(
          'KAH0121', `the environment variable ${variable} is not set`, span, '#!trydefenv goes on without it',
        )
      }
      return
    }
    this.define(name, isQuoted ? `"${value}"` : value, 'define', span)
  }

  #error(code: string, message: string, span: Span, hint?: string): void {
    this.#report({ code, severity: 'error', message, hint, span })
  }
}
