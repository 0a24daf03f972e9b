/** The types of expressions as far as they are known before a message comes, and the clashes Kamailio refuses. */
import type { BinaryOperator, Expression } from './ast.ts'
import type { Diagnostic } from './diagnostic.ts'

/** `any`: a variable's value decides when the script runs. */
export type StaticType = 'int' | 'str' | 'any'

const intOperators: ReadonlySet<BinaryOperator> = new Set<BinaryOperator>([
  '||', '&&', '|', '&', '^', '<<', '>>', '<', '<=', '>', '>=', '-', '*', '/', 'mod', 'ieq', 'ine',
])
const textOperators: ReadonlySet<BinaryOperator> = new Set<BinaryOperator>(['eq', 'ne', '=~'])

export function staticType(e: Expression): StaticType {
  switch (e.kind) {
    case 'int':
    case 'call':
    case 'actions':
    case 'operand':
    case 'unary':
      return 'int'
    case 'string':
    case 'select':
    case 'word':
    case 'address':
      return 'str'
    case 'variable':
    case 'avp':
    case 'selval':
      return 'any'
    case 'cast':
      return e.to
    case 'binary':
      // `+` is of its left side's type.
      return e.operator === '+' ? staticType(e.left) : 'int'
  }
}

/** Is this made of literals alone? */
export function isConstant(e: Expression): boolean {
  switch (e.kind) {
    case 'int':
    case 'string':
      return true
    case 'unary':
    case 'cast':
      return isConstant(e.operand)
    case 'binary':
      return isConstant(e.left) && isConstant(e.right)
    case 'selval':
      return isConstant(e.condition) && isConstant(e.then) && isConstant(e.otherwise)
    default:
      return false
  }
}

/** A comparison of a core operand (`method == INVITE`): rules of its own, always a number. */
export function isOperandComparison(e: Expression): boolean {
  return e.kind === 'binary' && (e.left.kind === 'operand' || e.right.kind === 'operand')
}

/** `x == $null` asks whether x is undefined. */
export function isNull(e: Expression): boolean {
  return e.kind === 'variable' && (e.text === '$null' || e.text === '$(null)')
}

const equalities: ReadonlySet<BinaryOperator> = new Set<BinaryOperator>(['==', '!=', 'eq', 'ne', 'ieq', 'ine'])

/** Does this compare with `$null` on its right side? */
export function isNullTest(e: Expression): boolean {
  return e.kind === 'binary' && equalities.has(e.operator) && isNull(e.right)
}

/** Reports every clash of types in an expression, the innermost first. */
export function checkTypes(e: Expression, report: (diagnostic: Diagnostic) => void): void {
  switch (e.kind) {
    case 'unary': {
      checkTypes(e.operand, report)
      const wanted = e.operator === '!' || e.operator === '-' || e.operator === '~' ? 'int' : 'str'
      wantType(e.operand, wanted, `'${e.operator}'`, report)
      return
    }
    case 'cast':
      return checkTypes(e.operand, report)
    case 'selval':
      for (const part of [e.condition, e.then, e.otherwise]) checkTypes(part, report)
      return
    case 'call':
      for (const argument of e.args) checkTypes(argument, report)
      return
    case 'binary':
      checkTypes(e.left, report)
      checkTypes(e.right, report)
      // A comparison with $null asks whether the left side is defined; a number always is, and is refused.
      if (isNullTest(e)) wantType(e.left, 'str', `'${e.operator} $null'`, report)
      else if (!isOperandComparison(e)) checkSides(e, report)
      return
    default:
      return
  }
}

function checkSides(e: Extract<Expression, { kind: 'binary' }>, report: (diagnostic: Diagnostic) => void): void {
  const name = `'${e.operator}'`
  if (intOperators.has(e.operator)) {
    wantType(e.left, 'int', name, report)
    wantType(e.right, 'int', name, report)
    return
  }
  if (staticType(e.left) === 'int' && staticType(e.right) === 'str') {
    const hint = e.operator === '+' ? 'the left side decides: begin with a string, or convert with (int)'
      : 'convert with (int) or (str)'
    report(clash(e.right, `${name} has a number on its left side and a string on its right side`, hint))
    return
  }
  if (textOperators.has(e.operator)) wantType(e.left, 'str', name, report)
}

function wantType(e: Expression, wanted: 'int' | 'str', name: string, report: (diagnostic: Diagnostic) => void): void {
  const type = staticType(e)
  if (type === 'any' || type === wanted) return
  const [is, want] = type === 'int' ? ['a number', 'a string'] : ['a string', 'a number']
  report(clash(e, `${name} takes ${want}, and this is ${is}`, `convert it: (${wanted})...`))
}

function clash(e: Expression, message: string, hint: string): Diagnostic {
  return { code: 'KAH0340', severity: 'error', message, hint, span: e.span }
}
