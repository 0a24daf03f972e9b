import type { Assign, Expression, Statement, Switch } from './ast.ts'
import { checkCall } from './check-call.ts'
import type { Checker, Place } from './check.ts'
import { checkExpression, resolveVariable } from './check-expression.ts'
import { checkTypes, isConstant, staticType } from './check-type.ts'
import { constantValue } from './compile-simplify.ts'

export function checkStatements(checker: Checker, statements: readonly Statement[], place: Place): void {
  for (const statement of statements) checkStatement(checker, statement, place)
}

function checkStatement(checker: Checker, s: Statement, place: Place): void {
  switch (s.kind) {
    case 'empty':
      return
    case 'block':
      return checkStatements(checker, s.statements, place)
    case 'if':
      checkCondition(checker, s.condition, place, 'if')
      checkStatements(checker, s.then.statements, place)
      if (s.otherwise) checkStatement(checker, s.otherwise, place)
      return
    case 'while':
      checkCondition(checker, s.condition, place, 'while')
      checkStatements(checker, s.body.statements, place)
      return
    case 'switch':
      return checkSwitch(checker, s, place)
    case 'assign':
      return checkAssign(checker, s, place)
    case 'flow':
      if (s.value) checkNumber(checker, s.value, place, `the value of ${s.action}`)
      return
    case 'expression':
      if (s.expression.kind === 'call') {
        checkTypes(s.expression, checker.report)
        checkCall(checker, s.expression, place)
      } else checkWhole(checker, s.expression, place)
  }
}

/** An expression with its types. */
function checkWhole(checker: Checker, e: Expression, place: Place): void {
  checkTypes(e, checker.report)
  checkExpression(checker, e, place)
}

/** An expression that must not be a string. */
function checkNumber(checker: Checker, e: Expression, place: Place, what: string): void {
  checkWhole(checker, e, place)
  if (staticType(e) !== 'str') return
  checker.error('KAH0340', `${what} must be a number, and this is a string`, e.span, 'convert it: (int)...')
}

/** Conditions that never change are accepted, and told; so does Kamailio. */
function checkCondition(checker: Checker, e: Expression, place: Place, word: 'if' | 'while'): void {
  if (word === 'while') checkNumber(checker, e, place, 'the condition of while')
  else checkWhole(checker, e, place)
  if (word === 'if' && staticType(e) === 'str') {
    const hint = 'compare it, or convert it with (int)'
    checker.warn('KAH0334', 'the condition of this if is a string: it counts as the number it holds', e.span, hint)
  }
  // `while (1)` is how endless loops are written.
  if (!isConstant(e) || (word === 'while' && e.kind === 'int')) return
  const value = constantValue(e)
  const isTrue = typeof value === 'number' && value > 0
  const hint = 'a variable is written $var(name)'
  checker.warn('KAH0333', `the condition of this ${word} is always ${isTrue ? 'true' : 'false'}`, e.span, hint)
}

function checkSwitch(checker: Checker, s: Switch, place: Place): void {
  checkWhole(checker, s.subject, place)
  const seen = new Set<string | number>()
  let labels = 0
  for (const item of s.cases) {
    if (item.match.kind === 'regex') {
      labels++
      const regex = checker.env.regex(item.match.pattern, { ignoreCase: false })
      if (typeof regex === 'string') {
        checker.error('KAH0323', regex, item.span)
      } else checker.matchers.set(item, regex)
    } else if (item.match.kind === 'expression') {
      labels++
      const value = constantValue(item.match.value)
      if (value !== undefined && seen.has(value)) {
        checker.error('KAH0332', `case ${value} is there twice`, item.match.value.span)
      }
      if (value !== undefined) seen.add(value)
    }
    checkStatements(checker, item.body, place)
  }
  if (labels === 0 && s.cases.length > 0 && !isConstant(s.subject)) {
    checker.error('KAH0331', 'this switch has a default and no case', s.span, 'write its statements without the switch')
  }
}

function checkAssign(checker: Checker, s: Assign, place: Place): void {
  checkWhole(checker, s.value, place)
  const handle = resolveVariable(checker, s.target)
  if (handle === undefined) return
  if ('direct' in handle && handle.direct === undefined) {
    checker.error('KAH0321', `${s.target.text} has a transformation: it can be read only`, s.target.span)
  } else if ('writable' in handle && handle.writable === false) {
    checker.error('KAH0321', `${s.target.text} can be read only`, s.target.span)
  }
}
