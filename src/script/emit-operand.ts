/** Comparisons of core operands: `method == "INVITE"`, `src_ip == 10.0.0.0/8`, `uri == myself`. */
import type { Binary, Expression } from './ast.ts'
import { intOf, textOf } from './emit-expression.ts'
import type { FunctionCode } from './emit-function.ts'

const textOperands: ReadonlySet<string> = new Set(['method', 'uri', 'status', 'from_uri', 'to_uri'])

/** The comparison as a truth. */
export function operandTruth(code: FunctionCode, e: Binary): string {
  if (e.left.kind !== 'operand') throw new Error('an operand stands on the left')
  const { emission } = code
  const name = emission.constant(e.left.name, 'text')
  const not = e.operator === '!=' || e.operator === 'ne' ? '!' : ''
  // The parser moves `myself` to the right.
  if (e.right.kind === 'operand') return `${not}isOwn(context, ${name})`
  if (textOperands.has(e.left.name)) {
    if (e.operator === '=~') return match(code, `operandText(context, ${name})`, e.right)
    return `${not}isSameText(operandText(context, ${name}), ${textOf(code, e.right)})`
  }
  if (e.left.name.endsWith('_ip')) return not + address(code, e, name)
  const number = e.right.kind === 'word' ? String(emission.support.protocolNumber(e.right.text)) : intOf(code, e.right)
  const operator = e.operator === '==' || e.operator === 'eq' ? '===' : not ? '!==' : e.operator
  return `(operandNumber(context, ${name}) ${operator} ${number})`
}

function match(code: FunctionCode, text: string, right: Expression): string {
  const matcher = code.emission.program.matchers.get(right)
  if (matcher !== undefined) return `matchesOperand(${text}, ${code.emission.constant(matcher, 'regex')})`
  return `matchesOperandBy(${text}, patterns, ${textOf(code, right)})`
}

function address(code: FunctionCode, e: Binary, name: string): string {
  const { emission } = code
  const own = `operandAddress(context, ${name})`
  const { right } = e
  const isWord = right.kind === 'word' || right.kind === 'address'
  const text = isWord ? right.text : right.kind === 'string' ? right.value : undefined
  const network = text === undefined ? undefined : emission.support.parseNetwork(text)
  if (network !== undefined) return `isInNetwork(${own}, ${emission.constant(network, 'net')})`
  // What looks like an address and is none: the parser has complained.
  if (right.kind === 'address') return 'false'
  if (e.operator === '=~') return match(code, own, right)
  const temp = code.temp()
  const found = `isAddressOf(context, ${own}, ${textOf(code, right)})`
  return `(typeof (${temp} = ${found}) === 'boolean' ? ${temp} : await ${temp})`
}
