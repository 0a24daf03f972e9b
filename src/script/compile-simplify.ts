/**
 * The rewritings that Kamailio makes when it loads an expression. They are done here because scripts can see them:
 * `$x == ""` becomes strempty($x), which a number 0 is not; `f() && 0` never calls f; `$x && 1` is `(int)$x`.
 */
import { textToInt } from '../define/coerce.ts'
import type { Binary, BinaryOperator, Expression, IntLiteral, StringLiteral } from './ast.ts'
import { isConstant, isNullTest, isOperandComparison, staticType } from './check-type.ts'

type Literal = IntLiteral | StringLiteral

/** The same expression, simpler. What a constant expression cannot compute (a division by zero) stays as it is. */
export function simplify(e: Expression): Expression {
  switch (e.kind) {
    case 'unary':
      return fold({ ...e, operand: simplify(e.operand) })
    case 'cast':
      return fold({ ...e, operand: simplify(e.operand) })
    case 'selval':
      return fold({
        ...e, condition: simplify(e.condition), then: simplify(e.then), otherwise: simplify(e.otherwise),
      })
    case 'binary':
      return simplifyBinary(e)
    default:
      return e
  }
}

function simplifyBinary(e: Binary): Expression {
  if (isOperandComparison(e)) return e
  if (isNullTest(e)) {
    const defined: Expression = { kind: 'unary', operator: 'defined', operand: simplify(e.left), span: e.span }
    const isEqual = e.operator === '==' || e.operator === 'eq' || e.operator === 'ieq'
    return fold(isEqual ? { kind: 'unary', operator: '!', operand: defined, span: e.span } : defined)
  }
  const both: Binary = { ...e, left: simplify(e.left), right: simplify(e.right) }
  if (isConstant(both)) return fold(both)
  if (isLiteral(both.right)) return withConstant(both, both.right, both.left, true)
  if (isLiteral(both.left)) return withConstant(both, both.left, both.right, false)
  return both
}

function isLiteral(e: Expression): e is Literal {
  return e.kind === 'int' || e.kind === 'string'
}

/** One side is a literal, the other is not. */
function withConstant(e: Binary, literal: Literal, other: Expression, isRight: boolean): Expression {
  if (literal.kind === 'string') {
    const isEquality = e.operator === '==' || e.operator === 'eq'
    if (!isEquality || literal.value !== '') return e
    return { kind: 'unary', operator: 'strempty', operand: other, span: e.span }
  }
  const asInt = (): Expression =>
    staticType(other) === 'int' ? other : { kind: 'cast', to: 'int', operand: other, span: e.span }
  const number = (value: number): Expression => ({ kind: 'int', value, span: e.span })
  const zero = literal.value === 0
  const one = literal.value === 1
  switch (e.operator) {
    case '+':
      return zero && staticType(e.left) === 'int' ? asInt() : e
    case '-':
      return zero && isRight ? asInt() : e
    case '*':
      return zero ? number(0) : one ? asInt() : e
    case '/':
      return isRight ? (one ? asInt() : e) : zero ? number(0) : e
    case 'mod':
      return !isRight && zero ? number(0) : e
    case '&':
      return zero ? number(0) : e
    case '|':
      return zero ? asInt() : e
    case '&&':
      return zero ? number(0) : one ? asInt() : e
    case '||':
      return one ? number(1) : zero ? asInt() : e
    default:
      return e
  }
}

/** Replaces an expression of literals by its value. */
function fold(e: Expression): Expression {
  if (!isConstant(e)) return e
  const value = constantValue(e)
  if (value === undefined) return e
  return typeof value === 'number' ? { kind: 'int', value, span: e.span } : { kind: 'string', value, span: e.span }
}

/** The value of an expression of literals; undefined when it has none (division by zero, `=~`). */
export function constantValue(e: Expression): number | string | undefined {
  switch (e.kind) {
    case 'int':
      return e.value | 0
    case 'string':
      return e.value
    case 'cast': {
      const value = constantValue(e.operand)
      if (value === undefined) return undefined
      return e.to === 'int' ? intOf(value) : String(value)
    }
    case 'selval': {
      const condition = constantValue(e.condition)
      if (condition === undefined) return undefined
      return constantValue(intOf(condition) > 0 ? e.then : e.otherwise)
    }
    case 'unary': {
      const value = constantValue(e.operand)
      if (value === undefined) return undefined
      switch (e.operator) {
        case '!': return intOf(value) === 0 ? 1 : 0
        case '-': return (0 - intOf(value)) | 0
        case '~': return ~intOf(value)
        case 'defined': return 1
        case 'strlen': return String(value).length
        case 'strempty': return String(value) === '' ? 1 : 0
      }
      return undefined
    }
    case 'binary': {
      const left = constantValue(e.left)
      const right = constantValue(e.right)
      return left === undefined || right === undefined ? undefined : constantBinary(e.operator, left, right)
    }
    default:
      return undefined
  }
}

function intOf(value: number | string): number {
  return typeof value === 'number' ? value | 0 : textToInt(value) || 0
}

function constantBinary(
  operator: BinaryOperator,
  left: number | string,
  right: number | string,
): number | string | undefined {
  if (typeof left === 'string') {
    if (operator === '+') return left + String(right)
    if (operator === '==' || operator === 'eq') return left === String(right) ? 1 : 0
    if (operator === '!=' || operator === 'ne') return left !== String(right) ? 1 : 0
  }
  if (operator === '=~') return undefined
  const a = intOf(left)
  const b = intOf(right)
  switch (operator) {
    case '+': return (a + b) | 0
    case '-': return (a - b) | 0
    case '*': return Math.imul(a, b)
    case '/': return b === 0 ? undefined : (a / b) | 0
    case 'mod': return b === 0 ? undefined : (a % b) | 0
    case '|': return a | b
    case '&': return a & b
    case '^': return a ^ b
    case '<<': return a << b
    case '>>': return a >> b
    case '&&': return a !== 0 && b !== 0 ? 1 : 0
    case '||': return a !== 0 || b !== 0 ? 1 : 0
    case '<': return a < b ? 1 : 0
    case '<=': return a <= b ? 1 : 0
    case '>': return a > b ? 1 : 0
    case '>=': return a >= b ? 1 : 0
    case '==':
    case 'eq':
    case 'ieq': return a === b ? 1 : 0
    case '!=':
    case 'ne':
    case 'ine': return a !== b ? 1 : 0
  }
}
