import type { VariableHandle } from '../define/arg.ts'
import type { AvpRef, Expression, Variable } from './ast.ts'
import { checkCall } from './check-call.ts'
import { checkStatements } from './check-statement.ts'
import { explain } from './check-owner.ts'
import type { Checker, Place } from './check.ts'
import { isConstant, isOperandComparison } from './check-type.ts'
import { findSelect } from './compile-select.ts'
import { constantValue } from './compile-simplify.ts'

/** Resolves every name in an expression. */
export function checkExpression(checker: Checker, e: Expression, place: Place): void {
  switch (e.kind) {
    case 'variable':
    case 'avp':
      resolveVariable(checker, e)
      return
    case 'select': {
      const found = findSelect(e.text, checker.registry)
      // Kamailio starts with a select that nobody has and finds it undefined each time.
      if (typeof found === 'string') {
        checker.warn('KAH0322', `${found}: it is always undefined`, e.span)
      } else checker.selects.set(e, found)
      return
    }
    case 'unary':
    case 'cast':
      return checkExpression(checker, e.operand, place)
    case 'selval':
      for (const part of [e.condition, e.then, e.otherwise]) checkExpression(checker, part, place)
      return
    case 'binary':
      checkExpression(checker, e.left, place)
      checkExpression(checker, e.right, place)
      if (e.operator === '=~') checkPattern(checker, e)
      else if ((e.operator === '/' || e.operator === 'mod') && isConstant(e.right) && constantValue(e.right) === 0) {
        checker.warn('KAH0335', 'a division by zero fails each time', e.span)
      }
      return
    case 'call':
      return checkCall(checker, e, place)
    case 'actions':
      return checkStatements(checker, e.body.statements, place)
    default:
      return
  }
}

/** A constant right side of `=~` is compiled once; a wrong one fails the configuration. */
function checkPattern(checker: Checker, e: Extract<Expression, { kind: 'binary' }>): void {
  const pattern = isConstant(e.right) ? constantValue(e.right) : e.right.kind === 'word' ? e.right.text : undefined
  if (pattern === undefined) return
  if (typeof pattern === 'number' && !isOperandComparison(e)) {
    checker.error('KAH0323', "the right side of '=~' is a regular expression in quotes", e.right.span)
    return
  }
  const regex = checker.env.regex(String(pattern))
  if (typeof regex === 'string') checker.error('KAH0323', regex, e.right.span)
  else checker.matchers.set(e.right, regex)
}

/** What stands behind a variable; reports and gives undefined when there is nothing. */
export function resolveVariable(checker: Checker, e: Variable | AvpRef): VariableHandle | undefined {
  const known = checker.variables.get(e)
  if (known !== undefined) return known
  let handle = checker.env.variable(e.kind === 'avp' ? avpText(e.text) : e.text)
  if (typeof handle === 'string' && e.kind === 'variable' && e.mayBeAvp && !isKnown(checker, e.text)) {
    const avp = checker.env.variable(avpText(e.text))
    if (typeof avp !== 'string') handle = avp
  }
  if (typeof handle !== 'string') {
    checker.variables.set(e, handle)
    return handle
  }
  const { message, hint } = explain(checker, handle)
  checker.error('KAH0320', message, e.span, hint)
  return undefined
}

function nameIn(text: string): string {
  return /^\$\(?([A-Za-z0-9_.?]+)/.exec(text)?.[1] ?? text
}

function isKnown(checker: Checker, text: string): boolean {
  return checker.registry.variable(nameIn(text)) !== undefined
}

/** SER's notation of an attribute as `$avp(...)` writes it: `%name`, `$f.name[2]`. */
function avpText(text: string): string {
  const found = /^[%$](.*?)(\[[^\]]*\])?$/.exec(text)
  const name = found?.[1] ?? ''
  const index = found?.[2]
  if (index === undefined) return `$avp(${name})`
  return `$(avp(${name})${index === '[]' ? '[*]' : index})`
}
