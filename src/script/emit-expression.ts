/**
 * Expressions as JavaScript. Each can be asked for in four ways: as a whole number (`intOf`), as a text (`textOf`), as
 * the value it has (`valueOf`), or as a truth (`truthOf`: is the number not 0). Which one is asked decides the result:
 * `"1" + "2"` is "12" as a value and 3 as a number, as in Kamailio.
 * A number that cannot be had is NaN, a text or value undefined; only where `canFail` says so must anyone look.
 */
import type { AvpRef, Binary, Cast, Expression, Unary, Variable } from './ast.ts'
import { isOperandComparison } from './check-type.ts'
import { callResult } from './emit-call.ts'
import { checkedInt, checkedSum } from './emit-failing.ts'
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
  if (code.facts.canFail(e, 'int')) return `isPositive(context, ${intOf(code, e)}, ${code.place(e)})`
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
  if (isVariable(e)) return `(${variableCode(code.emission, e).get} !== null)`
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
  const left = code.facts.type(e.left)
  if (left === 'int') return `(${intOf(code, e.left)} === ${intOf(code, e.right)})`
  if (left === 'str') return `(${textOf(code, e.left)} === ${textOf(code, e.right)})`
  const value = valueOf(code, e.left)
  const right = code.facts.type(e.right)
  if (right === 'int') return `equalsInt(${value}, ${intOf(code, e.right)})`
  const place = code.place(e.right)
  if (right === 'str') return `equalsText(context, ${value}, ${textOf(code, e.right)}, ${place})`
  if (isPlainVariable(code, e.right)) return `equalsValue(context, ${value}, ${valueOf(code, e.right)}, ${place})`
  return `(${decided(code, value, e.right, {
    int: (temp, other) => `${temp} === ${other}`,
    text: (temp, other) => `${temp} === ${other}`,
    nothing: (other) => `equalsNothing(${other})`,
  })})`
}

function isVariable(e: Expression): e is Variable | AvpRef {
  return e.kind === 'variable' || e.kind === 'avp'
}

/** A variable without a number beside its text: its value tells all. */
function isPlainVariable(code: FunctionCode, e: Expression): boolean {
  return isVariable(e) && variableCode(code.emission, e).int === undefined
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
export function piece(code: FunctionCode, e: Expression, way: Way): string {
  if (code.facts.weight(e) <= 6) return inWay(code, e, way)
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

function inPlace(code: FunctionCode, e: Expression): string {
  return code.facts.type(e) === 'any' ? piece(code, e, 'int') : intOf(code, e)
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
  return e.kind === 'binary' && code.root !== e && code.facts.depth(e) % 64 === 0
}

/** The whole number: 32 bits with sign, or NaN where it can fail. */
export function intOf(code: FunctionCode, e: Expression): string {
  if (isTooDeep(code, e)) return piece(code, e, 'int')
  if (code.facts.canFail(e, 'int')) return checkedInt(code, e)
  switch (e.kind) {
    case 'int':
      return numberCode(e.value | 0)
    case 'variable':
    case 'avp': {
      const variable = variableCode(code.emission, e)
      return variable.int ?? `toInt(context, ${variable.get}, ${code.place(e)})`
    }
    case 'unary':
      if (e.operator === '-') return `(-${intOf(code, e.operand)} | 0)`
      if (e.operator === '~') return `(~${intOf(code, e.operand)})`
      if (e.operator === 'strlen') return `${textOf(code, e.operand)}.length`
      return `(${truthOf(code, e)} ? 1 : 0)`
    case 'binary':
      if (code.facts.isJoin(e)) return `textIntoInt(context, ${sumOf(code, e)}, ${code.place(e)})`
      if (isTruth(e)) return `(${truthOf(code, e)} ? 1 : 0)`
      // A sum on the right may be wanted as a text elsewhere: its number stands in the code once.
      return arithmetic(e, intOf(code, e.left), inPlace(code, e.right))
    case 'call':
    case 'actions':
      return `(${truthOf(code, e)} ? 1 : 0)`
    case 'cast':
      // A variable keeps its own number beside its text even so: (str)$rm.
      if (isSameNumber(code, e)) return intOf(code, e.operand)
      return `toInt(context, ${valueOf(code, e.operand)}, ${code.place(e)})`
    default:
      return `textIntoInt(context, ${textOf(code, e)}, ${code.place(e)})`
  }
}

function numberCode(value: number): string {
  return value < 0 ? `(${value})` : String(value)
}

export function arithmetic(e: Binary, left: string, right: string): string {
  const isSafe = e.right.kind === 'int' && e.right.value !== 0
  switch (e.operator) {
    case '*':
      return `Math.imul(${left}, ${right})`
    case 'mod':
      return isSafe ? `(${left} % ${right} | 0)` : `modulo(context, ${left}, ${right})`
    case '/':
      return isSafe ? `(${left} / ${right} | 0)` : `divide(context, ${left}, ${right})`
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
      if (e.to === 'str') return castToText(code, e.operand)
  }
  const value = valueOf(code, e)
  if (!code.facts.canFail(e, 'value')) return `valueToText(${value})`
  const temp = code.temp()
  return `((${temp} = ${value}) === undefined ? undefined : valueToText(${temp}))`
}

/** Is the number of a cast that of what it casts? A text that is joined first may have another. */
export function isSameNumber(code: FunctionCode, e: Cast): boolean {
  return e.to === 'int' || isVariable(e.operand) || code.facts.type(e.operand) === 'int'
}

function castToText(code: FunctionCode, operand: Expression): string {
  const text = textOf(code, operand)
  if (!code.facts.canFail(operand, 'value')) return text
  const temp = code.temp()
  return `((${temp} = ${text}) === undefined ? definedInt(context, NaN, ${code.place(operand)}) : ${temp})`
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
      if (e.operator === '+' && code.facts.type(e) !== 'int') return sumOf(code, e)
  }
  const number = intOf(code, e)
  return code.facts.canFail(e, 'int') ? `definedInt(context, ${number}, ${code.place(e)})` : number
}

/** selval gives a number or a text: what is undefined becomes the empty text. */
function selvalOf(code: FunctionCode, e: Extract<Expression, { kind: 'selval' }>): string {
  const choose = `(${positiveOf(code, e.condition)} ? ${valueOf(code, e.then)} : ${valueOf(code, e.otherwise)})`
  return `(${choose} ?? '')`
}

/** `+` whose left side is a text, or known only when the script runs. */
export function sumOf(code: FunctionCode, e: Binary): string {
  if (code.facts.canFail(e, 'value')) return checkedSum(code, e)
  if (code.facts.type(e.left) === 'str') return `(${textOf(code, e.left)} + ${textOf(code, e.right)})`
  const temp = code.temp()
  return (
    `(typeof (${temp} = ${valueOf(code, e.left)}) === 'number' ? (${temp} + ${piece(code, e.right, 'int')}) | 0 : ` +
    `valueToText(${temp}) + ${piece(code, e.right, 'text')})`
  )
}
