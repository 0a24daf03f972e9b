/**
 * Expressions. As in the compiler each can be asked for as a number, a text, a value or a truth, since that decides the result. What
 * comes out needs no parentheses around it as an argument; as an operand it has them where it is more than one thing.
 */
import { parseNetwork } from '../runtime/expression-operand.ts'
import type { Binary, Expression } from '../script/ast.ts'
import { isConstant, isOperandComparison, staticType } from '../script/check-type.ts'
import { constantValue } from '../script/compile-simplify.ts'
import { numberOfCall, truthOfCall } from './call.ts'
import { variableText, type Conversion } from './conversion.ts'
import { regexLiteral, textLiteral } from './literals.ts'

/** Variables that hold a number, if anything. */
const holdsNumber = /^\$(?:(?:rs|sp|Rp|ml|mf|mi|sf|bf|Ts|TS|T_reply_code|var\(return_code\))|\(.*\{s\.(?:len|int)\}\))$/

/** Variables that hold a text or nothing, never a number. */
const TEXTS = new Set(('rm ru rU rd ou oU od du dd fu fU fd fn ft tu tU td tn tt ci ua si Ri ct cT au aU ar ad rr rb mb di dir duri nh ' +
  'rt rc_text pr proto Rn Ru def hdr').split(' '))
/** Variables that hold a number. */
const NUMBERS = new Set('sp rp Rp rs cs mf sf bf ml mi pp TS Ts Tm bs T_reply_code branch'.split(' '))

function nameOf(text: string): string {
  return /^\$\(?([A-Za-z_0-9]+)/.exec(text)?.[1] ?? ''
}

const isPlain = (text: string): boolean => !text.includes('{') && !text.includes('[')

const holdsText = (text: string): boolean => isPlain(text) && TEXTS.has(nameOf(text))

export function typeOf(e: Expression): 'int' | 'str' | 'any' {
  return staticType(e)
}

function isSimple(code: string): boolean {
  return /^(?:[\w$.]+|[\w$.]+\([^()]*(?:\([^()]*\)[^()]*)*\)|'[^']*'|`[^`]*`|\(.*\)|!?[\w$.]+\([^()]*\))$/s.test(code) && balanced(code)
}

/** Whether the first parenthesis closes at the end only. */
function balanced(code: string): boolean {
  let depth = 0
  for (const [index, char] of [...code].entries()) {
    if (char === '(') depth++
    else if (char === ')' && --depth === 0 && index < code.length - 1) return false
  }
  return depth === 0
}

const grouped = (code: string): string => (isSimple(code) ? code : `(${code})`)

/** Is it true, as the condition of an `if`: a number above 0? */
export function positiveOf(conversion: Conversion, e: Expression): string {
  if (isTruth(e)) return truthOf(conversion, e)
  return `${grouped(numberOf(conversion, e))} > 0`
}

const truthOperators: ReadonlySet<string> = new Set(['||', '&&', '<', '<=', '>', '>=', '==', '!=', 'eq', 'ne', 'ieq', 'ine', '=~'])

function isTruth(e: Expression): boolean {
  if (e.kind === 'unary') return e.operator === '!' || e.operator === 'defined' || e.operator === 'strempty'
  if (e.kind === 'call' || e.kind === 'actions') return true
  return e.kind === 'binary' && truthOperators.has(e.operator)
}

/** Is the number not 0? */
export function truthOf(conversion: Conversion, e: Expression): string {
  switch (e.kind) {
    case 'int':
      return e.value === 0 ? 'false' : 'true'
    case 'call':
      return truthOfCall(conversion, e)
    case 'actions':
      conversion.cannot('a block within an expression', e.span, 'put it in front of the statement')
      return 'false'
    case 'unary':
      switch (e.operator) {
        case '!': return notOf(truthOf(conversion, e.operand))
        case 'strempty': return `${textOf(conversion, e.operand)} === ''`
        case 'defined': return definedOf(conversion, e.operand)
      }
      break
    case 'binary':
      return binaryTruth(conversion, e)
  }
  return `${grouped(numberOf(conversion, e))} !== 0`
}

function notOf(truth: string): string {
  const opposite = /^([^&|]*) (===|!==) ([^&|]*)$/.exec(truth)
  if (opposite !== null && balanced(`(${truth})`) && !/[()]/.test(opposite[3] ?? '')) {
    return `${opposite[1]} ${opposite[2] === '===' ? '!==' : '==='} ${opposite[3]}`
  }
  const above = /^(.*) > 0$/.exec(truth)?.[1]
  if (above !== undefined && isSimple(above)) return `${above} <= 0`
  if (truth.startsWith('!') && isSimple(truth.slice(1))) return truth.slice(1)
  return `!${grouped(truth)}`
}

function definedOf(conversion: Conversion, e: Expression): string {
  if (e.kind === 'variable') return `!KSR.pv.is_null(${textLiteral(variableText(conversion, e))})`
  if (e.kind === 'select') return `!KSR.pv.is_null(${textLiteral(selectText(e.text))})`
  if (e.kind === 'avp') return notConverted(conversion, e)
  return 'true'
}

const selectText = (text: string): string => `$sel(${text.slice(1)})`

function notConverted(conversion: Conversion, e: Expression): string {
  conversion.cannot(e.kind === 'avp' ? 'an attribute of SER' : `this (${e.kind})`, e.span)
  return 'false'
}

function binaryTruth(conversion: Conversion, e: Binary): string {
  if (isOperandComparison(e)) return operandTruth(conversion, e)
  switch (e.operator) {
    case '&&':
    case '||': {
      const side = (operand: Expression): string => {
        const code = truthOf(conversion, operand)
        const isChain = operand.kind === 'binary' && (operand.operator === '&&' || operand.operator === '||')
        const isOther = isChain && operand.operator !== e.operator
        return isOther ? `(${code})` : code
      }
      return `${side(e.left)} ${e.operator} ${side(e.right)}`
    }
    case '<':
    case '<=':
    case '>':
    case '>=':
      return `${grouped(numberOf(conversion, e.left))} ${e.operator} ${grouped(numberOf(conversion, e.right))}`
    case 'ieq':
    case 'ine':
      return `${grouped(numberOf(conversion, e.left))} ${e.operator === 'ieq' ? '===' : '!=='} ${grouped(numberOf(conversion, e.right))}`
    case 'eq':
    case 'ne':
      return `${grouped(textOf(conversion, e.left))} ${e.operator === 'eq' ? '===' : '!=='} ${grouped(textOf(conversion, e.right))}`
    case '==':
      return equality(conversion, e)
    case '!=':
      return notOf(equality(conversion, e))
    case '=~':
      return matching(conversion, textOf(conversion, e.left), e.right)
  }
  return `${grouped(numberOf(conversion, e))} !== 0`
}

function equality(conversion: Conversion, e: Binary): string {
  const left = typeOf(e.left)
  if (left === 'int') return `${grouped(numberOf(conversion, e.left))} === ${grouped(numberOf(conversion, e.right))}`
  if (left === 'str') return `${grouped(textOf(conversion, e.left))} === ${grouped(textOf(conversion, e.right))}`
  const right = isConstant(e.right) ? constantValue(e.right) : undefined
  if (e.left.kind === 'variable') {
    const text = variableText(conversion, e.left)
    if (holdsText(text) && typeof right === 'string' && right !== '') {
      return `KSR.pv.get(${textLiteral(text)}) === ${conversion.constantAt(e.right) ?? textLiteral(right)}`
    }
    if (holdsText(text) && right === '') return `${conversion.use('text')}(${textLiteral(text)}) === ''`
    if (isPlain(text) && NUMBERS.has(nameOf(text)) && typeof right === 'number' && right !== 0) {
      return `KSR.pv.get(${textLiteral(text)}) === ${conversion.constantAt(e.right) ?? right}`
    }
  }
  return `${conversion.use('same')}(${valueOf(conversion, e.left)}, ${valueOf(conversion, e.right)})`
}

function matching(conversion: Conversion, text: string, right: Expression): string {
  const pattern = isConstant(right) ? constantValue(right) : undefined
  if (pattern === undefined) return `${conversion.use('matches')}(${text}, ${textOf(conversion, right)})`
  const literal = regexLiteral(String(pattern))
  if (literal === undefined) {
    conversion.cannot(`the regular expression ${String(pattern)}`, right.span, 'JavaScript has no simple one that matches the same texts')
    return 'false'
  }
  return `/${literal}/${/[^\\]\.|^\./.test(literal) ? 'is' : 'i'}.test(${text})`
}

const protocols: Readonly<Record<string, string>> = { udp: 'UDP', tcp: 'TCP', tls: 'TLS', sctp: 'SCTP', ws: 'WS', wss: 'WSS' }
const ownTests: Readonly<Record<string, string>> = {
  uri: 'is_myself_ruri', from_uri: 'is_myself_furi', to_uri: 'is_myself_turi', src_ip: 'is_myself_srcip',
}
const operandTexts: Readonly<Record<string, string>> = { uri: '$ru', status: '$rs', from_uri: '$fu', to_uri: '$tu', method: '$rm' }
const operandNumbers: Readonly<Record<string, string>> = { src_port: '$sp', dst_port: '$Rp', 'msg:len': '$ml', to_port: '$sndto(port)' }
const operandAddresses: Readonly<Record<string, string>> = { src_ip: '$si', dst_ip: '$Ri', to_ip: '$sndto(ip)', snd_ip: '$sndfrom(ip)' }

/** What SER compared before there were variables. */
function operandTruth(conversion: Conversion, e: Binary): string {
  if (e.left.kind !== 'operand') return notConverted(conversion, e)
  const { name } = e.left
  const isNot = e.operator === '!=' || e.operator === 'ne'
  const answer = (truth: string): string => (isNot ? notOf(truth) : truth)
  const { right } = e
  if (right.kind === 'operand') {
    const test = ownTests[name]
    if (test !== undefined) return answer(`KSR.${test}()`)
    return name === 'dst_ip' ? answer(`KSR.is_myself(${conversion.use('text')}('$Ri'))`) : notConverted(conversion, e)
  }
  const written = right.kind === 'word' || right.kind === 'address' ? right.text : undefined
  const constant = written ?? (isConstant(right) ? String(constantValue(right) ?? '') : undefined)
  const variable = operandTexts[name]
  if (variable !== undefined) {
    const own = `${conversion.use('text')}(${textLiteral(variable)})`
    if (e.operator === '=~') return matching(conversion, own, right)
    if (name === 'method' && constant !== undefined) return answer(`KSR.is_method(${textLiteral(constant)})`)
    const other = constant === undefined ? `${grouped(textOf(conversion, right))}.toLowerCase()` : textLiteral(constant.toLowerCase())
    return answer(`${own}.toLowerCase() === ${other}`)
  }
  const address = operandAddresses[name]
  if (address !== undefined) return answer(inNetwork(conversion, address, constant, e))
  if (name === 'proto' && constant !== undefined && protocols[constant.toLowerCase()] !== undefined) {
    return answer(`KSR.is_${protocols[constant.toLowerCase()]}()`)
  }
  if (name === 'af' && constant !== undefined && /^inet6?$/i.test(constant)) return answer(`KSR.is_IPv${/6/.test(constant) ? 6 : 4}()`)
  const number = operandNumbers[name]
  if (number === undefined) return notConverted(conversion, e)
  const operator = e.operator === '==' || e.operator === 'eq' ? '===' : isNot ? '!==' : e.operator
  return `KSR.pv.geti(${textLiteral(number)}) ${operator} ${grouped(numberOf(conversion, right))}`
}

function inNetwork(conversion: Conversion, variable: string, text: string | undefined, e: Binary): string {
  const network = text === undefined ? undefined : parseNetwork(text)
  if (network === undefined || network.address.kind() !== 'ipv4') {
    conversion.cannot('a comparison with this address', e.span, 'is_in_subnet() of module ipops compares with any')
    return 'false'
  }
  const own = `${conversion.use('text')}(${textLiteral(variable)})`
  const whole = network.address.toString()
  if (network.bits === 32) return `${own} === ${textLiteral(whole)}`
  return `${conversion.use('isInNetwork')}(${own}, ${textLiteral(whole)}, ${network.bits})`
}

/** KSR.pv.geti() gives 0 for texts, where the cfg reads the number that stands in them. */
function numberIn(conversion: Conversion, variable: string): string {
  const text = textLiteral(variable)
  return holdsNumber.test(variable) ? `KSR.pv.geti(${text})` : `${conversion.use('int')}(${text})`
}

/** The whole number: 32 bits with sign. */
export function numberOf(conversion: Conversion, e: Expression): string {
  switch (e.kind) {
    case 'int':
      return conversion.constantAt(e) ?? String(e.value | 0)
    case 'variable':
      return numberIn(conversion, variableText(conversion, e))
    case 'unary':
      if (e.operator === '-') return `-${grouped(numberOf(conversion, e.operand))} | 0`
      if (e.operator === '~') return `~${grouped(numberOf(conversion, e.operand))}`
      if (e.operator === 'strlen') return lengthOf(conversion, e.operand)
      return `${grouped(truthOf(conversion, e))} ? 1 : 0`
    case 'binary':
      if (e.operator === '+' && typeOf(e.left) === 'str') break
      if (truthOperators.has(e.operator)) return `${grouped(truthOf(conversion, e))} ? 1 : 0`
      return arithmetic(conversion, e)
    case 'call':
      return `${grouped(truthOf(conversion, e))} ? 1 : 0`
    case 'cast':
      if (e.operand.kind === 'variable') return numberOf(conversion, e.operand)
      if (typeOf(e.operand) === 'int') return numberOf(conversion, e.operand)
      return `${conversion.use('number')}(${valueOf(conversion, e.operand)})`
    case 'selval':
      conversion.cannot('selval() where a number is wanted', e.span, 'it fails in Kamailio 5.6.3')
      return '0'
  }
  return `${conversion.use('number')}(${textOf(conversion, e)})`
}

function lengthOf(conversion: Conversion, e: Expression): string {
  // In bytes, as in the cfg.
  if (e.kind === 'variable' && isPlain(e.text) && e.text !== '$null') {
    const inner = variableText(conversion, e).replace(/^\$\(?/, '').replace(/\)$/, (end) => (e.text.startsWith('$(') ? '' : end))
    return `KSR.pv.geti(${textLiteral(`$(${inner}{s.len})`)})`
  }
  return `Buffer.byteLength(${textOf(conversion, e)})`
}

function arithmetic(conversion: Conversion, e: Binary): string {
  const left = grouped(numberOf(conversion, e.left))
  const right = grouped(numberOf(conversion, e.right))
  switch (e.operator) {
    case '*': return `Math.imul(${numberOf(conversion, e.left)}, ${numberOf(conversion, e.right)})`
    case '/':
    case 'mod':
      if (!(e.right.kind === 'int' && e.right.value !== 0)) {
        conversion.cannot('a division by what may be 0', e.span, 'the statement fails in the cfg then; say in TypeScript what is to happen')
      }
      return e.operator === '/' ? `Math.trunc(${left} / ${right})` : `${left} % ${right}`
    case '|':
    case '&':
    case '^':
    case '<<':
    case '>>':
      return `${left} ${e.operator} ${right}`
  }
  return `(${left} ${e.operator} ${right}) | 0`
}

/** The text: numbers in decimal, nothing is empty. */
export function textOf(conversion: Conversion, e: Expression): string {
  switch (e.kind) {
    case 'string':
      return conversion.constantAt(e) ?? textLiteral(e.value)
    case 'int':
      return textLiteral(String(e.value | 0))
    case 'word':
    case 'address':
      return textLiteral(e.text)
    case 'variable':
      return `${conversion.use('text')}(${textLiteral(variableText(conversion, e))})`
    case 'select':
      return `${conversion.use('text')}(${textLiteral(selectText(e.text))})`
    case 'cast':
      if (e.to === 'str') return textOf(conversion, e.operand)
      break
    case 'binary':
      if (e.operator === '+' && typeOf(e.left) === 'str') return joined(conversion, e)
      if (e.operator === '+' && typeOf(e.left) === 'any') {
        // What is on the left decides when the script runs; it is a text wherever one is wanted of it here.
        if (e.left.kind === 'variable' && holdsText(variableText(conversion, e.left))) return joined(conversion, e)
        return `String(${valueOf(conversion, e)})`
      }
      break
    case 'selval':
      return `String(${valueOf(conversion, e)})`
    case 'avp':
      return notConverted(conversion, e)
  }
  return `String(${numberOf(conversion, e)})`
}

function joined(conversion: Conversion, e: Binary): string {
  const left = textOf(conversion, e.left)
  const isChain = e.left.kind === 'binary' && e.left.operator === '+' && typeOf(e.left) === 'str'
  return `${isChain ? left : grouped(left)} + ${grouped(textOf(conversion, e.right))}`
}

/** The value: a number, a text, or nothing. */
export function valueOf(conversion: Conversion, e: Expression): string {
  switch (e.kind) {
    case 'variable':
      if (/^\$\(?null\)?$/.test(e.text)) return 'null'
      return `KSR.pv.get(${textLiteral(variableText(conversion, e))})`
    case 'select':
    case 'string':
    case 'word':
    case 'address':
      return textOf(conversion, e)
    case 'cast':
      return e.to === 'str' ? textOf(conversion, e) : numberOf(conversion, e)
    case 'selval': {
      const [one, other] = [valueOf(conversion, e.then), valueOf(conversion, e.otherwise)]
      return `(${grouped(positiveOf(conversion, e.condition))} ? ${one} : ${other}) ?? ''`
    }
    case 'call':
      return numberOfCall(conversion, e)
    case 'avp':
    case 'actions':
      return notConverted(conversion, e)
    case 'binary':
      if (e.operator === '+' && typeOf(e.left) === 'str') return joined(conversion, e)
      if (e.operator === '+' && typeOf(e.left) === 'any') return sum(conversion, e)
  }
  return numberOf(conversion, e)
}

/** `+` whose left side tells only at run time whether it joins. */
function sum(conversion: Conversion, e: Binary): string {
  if (e.left.kind === 'variable' && holdsText(variableText(conversion, e.left))) return joined(conversion, e)
  return `${conversion.use('plus')}(${valueOf(conversion, e.left)}, ${valueOf(conversion, e.right)})`
}
