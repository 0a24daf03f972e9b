/** What the parts of a conversion share. */
import type { FunctionForm } from '../define/module.ts'
import type { FunctionDef } from '../define/module.ts'
import type { Export } from '../kemi/derive.ts'
import { nativeNames } from '../kemi/kamailio-native-names.ts'
import { otherResults } from '../kemi/kamailio-results.ts'
import { exportsOf } from '../kemi/ksr-table.ts'
import type { Call, Expression, RouteKind, Span, Statement, Variable } from '../script/ast.ts'
import type { Program, RoutePlan } from '../script/compile-plan.ts'
import type { Diagnostic } from '../script/diagnostic.ts'
import type { Registry } from '../script/registry.ts'
import type { SupportName } from './support.ts'

export interface KsrName extends Export {
  readonly mayWait: boolean
}

export interface ConvertedRoute {
  readonly plan: RoutePlan
  /** Of its function. */
  readonly name: string
  /** What calls it looks at the number that it gives. */
  givesNumber: boolean
  isAsync: boolean
}

/** Why a file cannot be converted, as a diagnostic. */
export const CANNOT = 'KAH0390'

export class Conversion {
  readonly program: Program
  readonly registry: Registry
  /** `kind name` of routes. */
  readonly routes: ReadonlyMap<string, ConvertedRoute>
  readonly ksr: ReadonlyMap<FunctionForm<never>, readonly KsrName[]>
  /** `$rc` is read somewhere. */
  readonly keepsReturnCode: boolean
  /** Calls whose result `$rc` may be where it is read. */
  readonly keptCalls: ReadonlySet<Call>
  readonly keepsAllCodes: boolean
  readonly roundsMax: number
  /** The define that a literal was written as. */
  readonly constantAt: (e: Expression | undefined) => string | undefined
  readonly used = new Set<SupportName>()
  readonly constants = new Set<string>()
  readonly problems: Diagnostic[] = []
  /** In reply_route and onsend_route what a function ends by giving 0 is dropped. */
  dropsAtZero = false

  constructor(parts: Omit<Conversion, 'used' | 'constants' | 'problems' | 'use' | 'ender' | 'dropsAtZero' | 'cannot'>) {
    this.program = parts.program
    this.registry = parts.registry
    this.routes = parts.routes
    this.ksr = parts.ksr
    this.keepsReturnCode = parts.keepsReturnCode
    this.keptCalls = parts.keptCalls
    this.keepsAllCodes = parts.keepsAllCodes
    this.roundsMax = parts.roundsMax
    this.constantAt = parts.constantAt
  }

  use(name: SupportName): SupportName {
    this.used.add(name)
    return name
  }

  /** `ok` or `done` as the route that is written needs it. */
  ender(name: 'ok' | 'done'): SupportName {
    return this.use(this.dropsAtZero ? `${name}OrDrop` : name)
  }

  cannot(what: string, span: Span, hint?: string): void {
    this.problems.push({ code: CANNOT, severity: 'error', message: `${what} cannot be converted`, hint, span })
  }
}

export function routeKey(kind: RouteKind, name: string): string {
  return `${kind} ${name}`
}

/** Under which names KSR has the functions of the loaded modules. */
export function ksrNames(registry: Registry): ReadonlyMap<FunctionForm<never>, readonly KsrName[]> {
  const names = new Map<FunctionForm<never>, KsrName[]>()
  for (const { definition } of registry.modules.values()) {
    const own = new Set(Object.keys(definition.kemi ?? {}))
    for (const wanted of exportsOf(definition.name)) {
      const isOther = otherResults[definition.name]?.[wanted.name] !== undefined
      if (isOther || own.has(wanted.name) || own.has(`${wanted.module}.${wanted.name}`)) continue
      const native = nativeNames[definition.name]?.[wanted.name] ?? wanted.name
      const form = native.includes(' ') ? undefined : formOf(definition.functions ?? {}, wanted, native)
      if (form === undefined) continue
      const list = names.get(form) ?? []
      list.push({ ...wanted, mayWait: form.mayWait })
      names.set(form, list)
    }
  }
  return names
}

function formOf(functions: Readonly<Record<string, FunctionDef<never>>>, wanted: Export, native: string): FunctionForm<never> | undefined {
  const takes = ({ args }: FunctionForm<never>): boolean =>
    wanted.types.length <= args.length && wanted.types.length >= args.filter((arg) => !arg.optional).length
  const all = Object.entries(functions)
  for (const [, { forms }] of all) {
    const form = forms.find((each) => each.kemi === wanted.name && takes(each))
    if (form !== undefined) return form
  }
  for (const [name, { forms, aliases }] of all) {
    if (name !== native && aliases?.includes(native) !== true) continue
    const form = forms.find(takes)
    if (form !== undefined) return form
  }
  return undefined
}

const returnCode = /^\$(\(?)(?:rc|retcode|\?)(?![A-Za-z0-9_])/

/** A variable as KSR.pv takes it. */
export function variableText(conversion: Conversion, e: Variable): string {
  return renamed(conversion, oldAttribute(conversion, e))
}

/** `$rc` is kept in a variable of the script: functions of KSR leave the server's own alone. */
export function renamed({ keepsReturnCode }: Conversion, text: string): string {
  return keepsReturnCode ? text.replace(returnCode, '$$$1var(return_code)') : text
}

function oldAttribute({ registry }: Conversion, { text, mayBeAvp }: Variable): string {
  const name = /^\$([A-Za-z_][A-Za-z0-9_]*)$/.exec(text)?.[1]
  return mayBeAvp && name !== undefined && registry.variable(name) === undefined ? `$avp(${name})` : text
}

/** Everything that stands in a list of statements, from the outside in. */
export function* parts(statements: readonly Statement[]): Generator<Statement | Expression> {
  for (const s of statements) {
    yield s
    switch (s.kind) {
      case 'block':
        yield* parts(s.statements)
        break
      case 'if':
        yield* within(s.condition)
        yield* parts(s.then.statements)
        if (s.otherwise !== undefined) yield* parts([s.otherwise])
        break
      case 'while':
        yield* within(s.condition)
        yield* parts(s.body.statements)
        break
      case 'switch':
        yield* within(s.subject)
        for (const each of s.cases) yield* parts(each.body)
        break
      case 'assign':
        yield* within(s.value)
        break
      case 'flow':
        if (s.value !== undefined) yield* within(s.value)
        break
      case 'expression':
        yield* within(s.expression)
    }
  }
}

/** A call stands behind its arguments: these are read before it is made. */
export function* within(e: Expression): Generator<Statement | Expression> {
  if (e.kind !== 'call') yield e
  switch (e.kind) {
    case 'unary':
    case 'cast':
      yield* within(e.operand)
      break
    case 'binary':
      yield* within(e.left)
      yield* within(e.right)
      break
    case 'selval':
      yield* within(e.condition)
      yield* within(e.then)
      yield* within(e.otherwise)
      break
    case 'call':
      for (const argument of e.args) yield* within(argument)
      yield e
      break
    case 'actions':
      yield* parts(e.body.statements)
  }
}

export function isCall(part: Statement | Expression): part is Call {
  return part.kind === 'call'
}
