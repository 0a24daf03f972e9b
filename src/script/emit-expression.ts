/**
 * Expressions as JavaScript. Each can be asked for in four ways: as a whole number (`intOf`), as a text (`textOf`), as
 * the value it has (`valueOf`), or as a truth (`truthOf`: is the number not 0). Which one is asked decides the result:
 * `"1" + "2"` is "12" as a value and 3 as a number, as in Kamailio.
 * A number that cannot be had is NaN, a text or value undefined; only where `canFail` says so must anyone look.
 */
import type { Binary, Expression, Unary } from './ast.ts'
import { isOperandComparison } from './check-type.ts'
import { callResult } from './emit-call.ts'
import type { Way } from './emit-facts.ts'
import { variableCode, type FunctionCode } from './emit-function.ts'
import { operandTruth } from './emit-operand.ts'

function isTruth(e: Expression): boolean {
  if (e.kind === 'unary') return e.operator === '!' || e.operator === 'defined' || e.operator === 'strempty'
  if (e.kind === 'call' || e.kind === 'actions') return true
  return e.kind === 'binary' && truthOperators.has(e.operator)
}

const truthOperators: ReadonlySet<string> = new Set([
  '||', '&&', '<', '<=', '>', '>=', '==', '!=', 'eq', 'ne', 'ieq', 'ine', '=~',
])

/** The condition of an `if`: a number above zero. A failure is logged and false. */
export function positiveOf(code: FunctionCode, e: Expression): string {
  if (code.emission.facts.canFail(e, 'int')) return `isPositive(context, ${intOf(code, e)}, ${code.emission.place(e.span)})`
  return isTruth(e) ? truthOf(code, e) : `${intOf(code, e)} > 0`
}

/** Is the number not 0? For expressions that cannot fail. */
export function truthOf(code: FunctionCode, e: Expression): string {
  if (isTooDeep(code, e)) return piece(code, e, 'truth')
  switch (e.kind) {
    case 'int':
      return e.value === 0 ? 'false' : 'true'
    case 'call':
    case 'actions':
      return `(${callResult(code, e)} > 0)`
    case 'unary':
      return unaryTruth(code, e)
    case 'binary':
      return binaryTruth(code, e)
    default:
      return `(${intOf(code, e)} !== 0)`
  }
}

function unaryTruth(code: FunctionCode, e: Unary): string {
  switch (e.operator) {
    case '!':
      return `!${truthOf(code, e.operand)}`
    case 'strempty':
      return `(${textOf(code, e.operand)} === '')`
    case 'defined':
      return isDefined(code, e.operand)
    default:
      return `(${intOf(code, e)} !== 0)`
  }
}

/** Only variables and selects can be undefined; anything else is not even looked at. */
function isDefined(code: FunctionCode, e: Expression): string {
  if (e.kind === 'variable' || e.kind === 'avp') return `(${variableCode(code.emission, e).get} !== null)`
  return e.kind === 'select' ? `(${selectCode(code, e)} !== null)` : 'true'
}

function selectCode(code: FunctionCode, e: Extract<Expression, { kind: 'select' }>): string {
  const plan = code.emission.program.selects.get(e)
  if (plan === undefined) return 'null'
  const state = plan.state === undefined ? 'undefined' : code.emission.constant(plan.state, 'state')
  return `${code.emission.constant(plan.get, 'select')}(context, ${state})`
}

function binaryTruth(code: FunctionCode, e: Binary): string {
  if (isOperandComparison(e)) return operandTruth(code, e)
  switch (e.operator) {
    case '&&':
    case '||':
      return `(${truthOf(code, e.left)} ${e.operator} ${truthOf(code, e.right)})`
    case '<':
    case '<=':
    case '>':
    case '>=':
      return `(${intOf(code, e.left)} ${e.operator} ${intOf(code, e.right)})`
    case 'ieq':
    case 'ine':
      return `(${intOf(code, e.left)} ${e.operator === 'ieq' ? '===' : '!=='} ${intOf(code, e.right)})`
    case 'eq':
    case 'ne':
      return `(${textOf(code, e.left)} ${e.operator === 'eq' ? '===' : '!=='} ${textOf(code, e.right)})`
    case '==':
      return equality(code, e)
    case '!=':
      return `!${equality(code, e)}`
    case '=~': {
      const matcher = code.emission.program.matchers.get(e.right)
      if (matcher === undefined) return `(${intOf(code, e)} !== 0)`
      return `${code.emission.constant(matcher, 'regex')}.test(${textOf(code, e.left)})`
    }
    default:
      return `(${intOf(code, e)} !== 0)`
  }
}

/** `==`: the left side's type decides; where it is known only when the script runs, so does the comparison. */
function equality(code: FunctionCode, e: Binary): string {
  const left = code.emission.facts.type(e.left)
  if (left === 'int') return `(${intOf(code, e.left)} === ${intOf(code, e.right)})`
  if (left === 'str') return `(${textOf(code, e.left)} === ${textOf(code, e.right)})`
  const value = valueOf(code, e.left)
  const right = code.emission.facts.type(e.right)
  if (right === 'int') return `equalsInt(${value}, ${intOf(code, e.right)})`
  const place = code.emission.place(e.right.span)
  if (right === 'str') return `equalsText(context, ${value}, ${textOf(code, e.right)}, ${place})`
  if (isPlainVariable(code, e.right)) return `equalsValue(context, ${value}, ${valueOf(code, e.right)}, ${place})`
  return `(${decided(code, value, e.right, {
    int: (temp, other) => `${temp} === ${other}`,
    text: (temp, other) => `${temp} === ${other}`,
    nothing: (other) => `equalsNothing(${other})`,
  })})`
}

/** A variable without a number beside its text: its value tells all. */
function isPlainVariable(code: FunctionCode, e: Expression): boolean {
  return (e.kind === 'variable' || e.kind === 'avp') && variableCode(code.emission, e).int === undefined
}

/** Code for each type that the left side may turn out to have; the right side is evaluated in one of them. */
function decided(
  code: FunctionCode,
  left: string,
  right: Expression,
  make: {
    readonly int: (temp: string, other: string) => string
    readonly text: (temp: string, other: string) => string
    readonly nothing: (other: string) => string
  },
): string {
  const temp = code.temp()
  return (
    `typeof (${temp} = ${left}) === 'number' ? ${make.int(temp, piece(code, right, 'int'))} : ` +
    `${temp} === null ? ${make.nothing(piece(code, right, 'value'))} : ${make.text(temp, piece(code, right, 'text'))}`
  )
}

/** An operand that stands in the code several times: a large one becomes a function, so that the code stays small. */
function piece(code: FunctionCode, e: Expression, way: Way): string {
  if (code.emission.facts.weight(e) <= 6) return inWay(code, e, way)
  const { emission } = code
  const known = emission.pieces.get(e) ?? new Map<string, string>()
  emission.pieces.set(e, known)
  const isAsync = emission.waiting.expression(e)
  let name = known.get(way)
  if (name === undefined) {
    name = emission.functionName(`piece_${e.span.line}_${way}`)
    known.set(way, name)
    const part = code.nested(name, isAsync)
    part.root = e
    part.finish(inWay(part, e, way), e.span)
  }
  return isAsync ? `(await ${name}(context))` : `${name}(context)`
}

function inWay(code: FunctionCode, e: Expression, way: Way): string {
  switch (way) {
    case 'int': return intOf(code, e)
    case 'text': return textOf(code, e)
    case 'value': return valueOf(code, e)
    case 'truth': return truthOf(code, e)
  }
}

/** Long chains are cut into functions, so that neither this compiler nor V8's comes to the end of its stack. */
function isTooDeep(code: FunctionCode, e: Expression): boolean {
  return e.kind === 'binary' && code.root !== e && code.emission.facts.depth(e) % 64 === 0
}

/** The whole number: 32 bits with sign, or NaN where it can fail. */
export function intOf(code: FunctionCode, e: Expression): string {
  if (isTooDeep(code, e)) return piece(code, e, 'int')
  if (code.emission.facts.canFail(e, 'int')) return checkedInt(code, e)
  switch (e.kind) {
    case 'int':
      return numberCode(e.value | 0)
    case 'variable':
    case 'avp': {
      const variable = variableCode(code.emission, e)
      return variable.int ?? `toInt(context, ${variable.get}, ${code.emission.place(e.span)})`
    }
    case 'unary':
      if (e.operator === '-') return `(-${intOf(code, e.operand)} | 0)`
      if (e.operator === '~') return `(~${intOf(code, e.operand)})`
      if (e.operator === 'strlen') return `${textOf(code, e.operand)}.length`
      return `(${truthOf(code, e)} ? 1 : 0)`
    case 'binary':
      if (code.emission.facts.isJoin(e)) return `textIntoInt(context, ${sumOf(code, e)}, ${code.emission.place(e.span)})`
      if (isTruth(e)) return `(${truthOf(code, e)} ? 1 : 0)`
      // A sum on the right may be wanted as a text elsewhere: its number stands in the code once.
      return arithmetic(e, intOf(code, e.left), code.emission.facts.type(e.right) === 'any' ? piece(code, e.right, 'int') : intOf(code, e.right))
    case 'call':
    case 'actions':
      return `(${truthOf(code, e)} ? 1 : 0)`
    case 'cast':
      if (e.to === 'int') return intOf(code, e.operand)
      return `toInt(context, ${valueOf(code, e.operand)}, ${code.emission.place(e.span)})`
    default:
      return `textIntoInt(context, ${textOf(code, e)}, ${code.emission.place(e.span)})`
  }
}

function numberCode(value: number): string {
  return value < 0 ? `(${value})` : String(value)
}

function arithmetic(e: Binary, left: string, right: string): string {
  switch (e.operator) {
    case '*':
      return `Math.imul(${left}, ${right})`
    case 'mod':
      return e.right.kind === 'int' && e.right.value !== 0 ? `(${left} % ${right} | 0)` : `modulo(context, ${left}, ${right})`
    case '/':
      return e.right.kind === 'int' && e.right.value !== 0 ? `(${left} / ${right} | 0)` : `divide(context, ${left}, ${right})`
    case '|':
    case '&':
    case '^':
    case '<<':
    case '>>':
      return `(${left} ${e.operator} ${right})`
    default:
      return `(${left} ${e.operator} ${right} | 0)`
  }
}

/** The text: numbers in decimal, what is undefined empty; undefined where it can fail. */
export function textOf(code: FunctionCode, e: Expression): string {
  switch (e.kind) {
    case 'string':
      return code.emission.constant(e.value, 'text')
    case 'int':
      return code.emission.constant(String(e.value | 0), 'text')
    case 'word':
    case 'address':
      return code.emission.constant(e.text, 'text')
    case 'cast':
      if (e.to === 'str') return textOf(code, e.operand)
  }
  const value = valueOf(code, e)
  if (!code.emission.facts.canFail(e, 'value')) return `valueToText(${value})`
  const temp = code.temp()
  return `((${temp} = ${value}) === undefined ? undefined : valueToText(${temp}))`
}

/** The value: a number, a text, or null where a variable is undefined; undefined where it can fail. */
export function valueOf(code: FunctionCode, e: Expression): string {
  if (isTooDeep(code, e)) return piece(code, e, 'value')
  switch (e.kind) {
    case 'variable':
    case 'avp':
      return variableCode(code.emission, e).get
    case 'select':
      return `(${selectCode(code, e)} ?? '')`
    case 'string':
    case 'word':
    case 'address':
      return textOf(code, e)
    case 'cast':
      if (e.to === 'str') return textOf(code, e)
      break
    case 'selval':
      return selvalOf(code, e)
    case 'binary':
      if (e.operator === '+' && code.emission.facts.type(e) !== 'int') return sumOf(code, e)
  }
  const number = intOf(code, e)
  return code.emission.facts.canFail(e, 'int') ? `definedInt(context, ${number}, ${code.emission.place(e.span)})` : number
}

/** selval gives a number or a text: what is undefined becomes the empty text. */
function selvalOf(code: FunctionCode, e: Extract<Expression, { kind: 'selval' }>): string {
  const choose = `(${positiveOf(code, e.condition)} ? ${valueOf(code, e.then)} : ${valueOf(code, e.otherwise)})`
  return `(${choose} ?? '')`
}

/** `+` whose left side is a text, or known only when the script runs. */
function sumOf(code: FunctionCode, e: Binary): string {
  if (code.emission.facts.canFail(e, 'value')) return checkedSum(code, e)
  if (code.emission.facts.type(e.left) === 'str') return `(${textOf(code, e.left)} + ${textOf(code, e.right)})`
  const temp = code.temp()
  return (
    `(typeof (${temp} = ${valueOf(code, e.left)}) === 'number' ? (${temp} + ${piece(code, e.right, 'int')}) | 0 : ` +
    `valueToText(${temp}) + ${piece(code, e.right, 'text')})`
  )
}

function checkedSum(code: FunctionCode, e: Binary): string {
  const [left, int, text] = [code.temp(), code.temp(), code.temp()]
  return (
    `((${left} = ${valueOf(code, e.left)}) === undefined ? undefined : typeof ${left} === 'number' ? ` +
    `((${int} = ${piece(code, e.right, 'int')}) !== ${int} ? undefined : (${left} + ${int}) | 0) : ` +
    `((${text} = ${piece(code, e.right, 'text')}) === undefined ? definedInt(context, NaN, ${code.emission.place(e.right.span)}) : ` +
    `valueToText(${left}) + ${text}))`
  )
}

/** A number that can fail: the parts are evaluated up to the first that does. */
function checkedInt(code: FunctionCode, e: Expression): string {
  const temp = code.temp()
  const ofInt = (inner: Expression, result: string): string =>
    `((${temp} = ${intOf(code, inner)}) !== ${temp} ? NaN : ${result})`
  const ofText = (inner: Expression, result: string): string =>
    `((${temp} = ${textOf(code, inner)}) === undefined ? NaN : ${result})`
  switch (e.kind) {
    case 'selval':
      return `selvalFails(context, 'selval int', ${code.emission.place(e.span)})`
    case 'cast':
      if (e.to === 'int') return intOf(code, e.operand)
      return `((${temp} = ${valueOf(code, e.operand)}) === undefined ? NaN : toInt(context, ${temp}, ${code.emission.place(e.span)}))`
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
      if (code.emission.facts.isJoin(e)) {
        return `((${temp} = ${sumOf(code, e)}) === undefined ? NaN : textIntoInt(context, ${temp}, ${code.emission.place(e.span)}))`
      }
      switch (e.operator) {
        case '&&':
          return ofInt(e.left, `${temp} === 0 ? 0 : (${other} = ${intOf(code, e.right)}) !== ${other} ? NaN : ${other} === 0 ? 0 : 1`)
        case '||':
          return ofInt(e.left, `${temp} !== 0 ? 1 : (${other} = ${intOf(code, e.right)}) !== ${other} ? NaN : ${other} === 0 ? 0 : 1`)
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
          const left = code.emission.facts.type(e.left)
          if (left === 'any') return checkedEquality(code, e)
          const result = `${temp} === ${other} ? ${e.operator === '==' ? '1 : 0' : '0 : 1'}`
          return left === 'int' ? both(result) : texts(result)
        }
        case '=~': {
          const matcher = code.emission.program.matchers.get(e.right)
          if (matcher !== undefined) return ofText(e.left, `${code.emission.constant(matcher, 'regex')}.test(${temp}) ? 1 : 0`)
          return texts(`matchComputed(context, patterns, ${temp}, ${other})`)
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
  return `(selvalFails(context, 'rval selval', ${code.emission.place(e.span)}), undefined)`
}
