/** Expressions that can fail while the script runs: their parts are evaluated up to the first that does. */
import type { Binary, Expression } from './ast.ts'
import { arithmetic, intOf, isSameNumber, piece, sumOf, textOf, valueOf } from './emit-expression.ts'
import type { FunctionCode } from './emit-function.ts'

/** `+` as a value, undefined when a side fails; each level tells the log of it. */
export function checkedSum(code: FunctionCode, e: Binary): string {
  const [left, int, text] = [code.temp(), code.temp(), code.temp()]
  const failed = (side: Expression): string => `definedInt(context, NaN, ${code.place(side)})`
  const failedInt = `definedInt(context, NaN, ${code.emission.place(e.span, ': could not evaluate right side to int')})`
  return (
    `((${left} = ${valueOf(code, e.left)}) === undefined ? ${failed(e.left)} : typeof ${left} === 'number' ? ` +
    `((${int} = ${piece(code, e.right, 'int')}) !== ${int} ? ${failedInt} : (${left} + ${int}) | 0) : ` +
    `((${text} = ${piece(code, e.right, 'text')}) === undefined ? ${failed(e.right)} : valueToText(${left}) + ${text}))`
  )
}

/** The number, NaN when a part fails. */
export function checkedInt(code: FunctionCode, e: Expression): string {
  const temp = code.temp()
  const ofInt = (inner: Expression, result: string): string =>
    `((${temp} = ${intOf(code, inner)}) !== ${temp} ? NaN : ${result})`
  const ofText = (inner: Expression, result: string): string =>
    `((${temp} = ${textOf(code, inner)}) === undefined ? NaN : ${result})`
  switch (e.kind) {
    case 'selval':
      return `selvalFails(context, 'selval int', ${code.place(e)})`
    case 'cast':
      if (isSameNumber(code, e)) return intOf(code, e.operand)
      return `((${temp} = ${valueOf(code, e.operand)}) === undefined ? NaN : toInt(context, ${temp}, ${code.place(e)}))`
    case 'unary':
      if (e.operator === '!') return ofInt(e.operand, `${temp} === 0 ? 1 : 0`)
      if (e.operator === '-') return ofInt(e.operand, `-${temp} | 0`)
      if (e.operator === '~') return ofInt(e.operand, `~${temp}`)
      return ofText(e.operand, e.operator === 'strlen' ? `${temp}.length` : `${temp} === '' ? 1 : 0`)
    case 'binary': {
      const other = code.temp()
      const both = (result: string): string =>
        ofInt(e.left, `(${other} = ${intOf(code, e.right)}) !== ${other} ? NaN : ${result}`)
      const texts = (result: string): string =>
        ofText(e.left, `(${other} = ${textOf(code, e.right)}) === undefined ? NaN : ${result}`)
      if (code.facts.isJoin(e)) {
        const place = code.place(e)
        return `((${temp} = ${sumOf(code, e)}) === undefined ? NaN : textIntoInt(context, ${temp}, ${place}))`
      }
      switch (e.operator) {
        case '&&':
        case '||': {
          const decided = e.operator === '&&' ? `${temp} === 0 ? 0` : `${temp} !== 0 ? 1`
          const second = `(${other} = ${intOf(code, e.right)}) !== ${other} ? NaN : ${other} === 0 ? 0 : 1`
          return ofInt(e.left, `${decided} : ${second}`)
        }
        case '<':
        case '<=':
        case '>':
        case '>=':
          return both(`${temp} ${e.operator} ${other} ? 1 : 0`)
        case 'ieq':
        case 'ine':
          return both(`${temp} === ${other} ? ${e.operator === 'ieq' ? '1 : 0' : '0 : 1'}`)
        case 'eq':
        case 'ne':
          return texts(`${temp} === ${other} ? ${e.operator === 'eq' ? '1 : 0' : '0 : 1'}`)
        case '==':
        case '!=': {
          const left = code.facts.type(e.left)
          if (left === 'any') return checkedEquality(code, e)
          const result = `${temp} === ${other} ? ${e.operator === '==' ? '1 : 0' : '0 : 1'}`
          return left === 'int' ? both(result) : texts(result)
        }
        case '=~': {
          const matcher = code.emission.program.matchers.get(e.right)
          if (matcher === undefined) return texts(`matchComputed(context, patterns, ${temp}, ${other})`)
          return ofText(e.left, `${code.emission.constant(matcher, 'regex')}.test(${temp}) ? 1 : 0`)
        }
        default:
          return both(arithmetic(e, temp, other))
      }
    }
    default:
      return intOf(code, e)
  }
}

function checkedEquality(code: FunctionCode, e: Binary): string {
  const [yes, no] = e.operator === '==' ? [1, 0] : [0, 1]
  const [left, right] = [code.temp(), code.temp()]
  // What selval gives cannot be compared in Kamailio 5.6.3.
  const value = e.left.kind === 'selval' ? definedFailing(code, e.left) : valueOf(code, e.left)
  return (
    `((${left} = ${value}) === undefined ? NaN : typeof ${left} === 'number' ? ` +
    `((${right} = ${piece(code, e.right, 'int')}) !== ${right} ? NaN : ${left} === ${right} ? ${yes} : ${no}) : ` +
    `${left} === null ? (equalsNothing(${piece(code, e.right, 'value')}) ? ${yes} : ${no}) : ` +
    `((${right} = ${piece(code, e.right, 'text')}) === undefined ? NaN : ${left} === ${right} ? ${yes} : ${no}))`
  )
}

function definedFailing(code: FunctionCode, e: Expression): string {
  return `(selvalFails(context, 'rval selval', ${code.place(e)}), undefined)`
}
