/**
 * Statements as JavaScript. `r` holds the result of the last statement, as Kamailio keeps it: it is what a route gives
 * when it ends without `return`. Ending the script is a return with the EXIT bit set in `context.flow`.
 */
import type { Assign, Block, Case, Flow, If, Statement, Switch, While } from './ast.ts'
import { callResult, emitCall, hasCall } from './emit-call.ts'
import { intOf, positiveOf, textOf, truthOf, valueOf } from './emit-expression.ts'
import { variableCode, type FunctionCode } from './emit-function.ts'
import { constantValue, simplify } from './compile-simplify.ts'
import { ActionType, lineOfIf, traceAction, traceSetter, traceSwitch } from './emit-trace.ts'

/** Emits a list; `wanted`: the result of its last statement counts. */
export function emitBlock(code: FunctionCode, statements: readonly Statement[], wanted: boolean): void {
  const list = flatten(statements)
  if (list.length === 0 && wanted) code.line('r = 1')
  const { lineBehind } = code
  for (const [index, statement] of list.entries()) {
    code.lineBehind = list[index + 1]?.span.line ?? lineBehind
    emitStatement(code, statement, wanted && index === list.length - 1)
    code.lineBehind = lineBehind
    if (statement.kind === 'flow') return
  }
}

function flatten(statements: readonly Statement[]): readonly Exclude<Statement, { kind: 'empty' } | Block>[] {
  return statements.flatMap((s) => (s.kind === 'empty' ? [] : s.kind === 'block' ? flatten(s.statements) : [s]))
}

function emitStatement(code: FunctionCode, s: Exclude<Statement, { kind: 'empty' } | Block>, wanted: boolean): void {
  const { emission } = code
  code.span = s.span
  // A call counts as standing on its last line, a block on its first.
  const line = s.kind === 'expression' || s.kind === 'assign' ? s.span.endLine : s.span.line
  code.line(`context.line = ${line}`)
  if (s.span.file !== code.file) {
    code.file = s.span.file
    code.line(`context.file = ${emission.constant(s.span.file, 'text')}`)
  }
  if (emission.keepsErrors && !readsError(code, s)) code.line('context.errorCode = 0')
  switch (s.kind) {
    case 'if':
      traceAction(code, ActionType.if, 'if', lineOfIf(s, code.lineBehind))
      return emitIf(code, s, wanted)
    case 'while':
      traceAction(code, ActionType.while, 'while', s.span.endLine)
      return emitWhile(code, s)
    case 'switch':
      traceSwitch(code, s)
      return emitSwitch(code, s, wanted)
    case 'assign':
      traceAction(code, ActionType.assign, 'assign', s.span.endLine)
      return emitAssign(code, s)
    case 'flow':
      traceAction(code, ActionType.flow, s.action === 'break' ? 'exit' : s.action, s.span.endLine)
      return emitFlow(code, s)
    case 'expression': {
      const { expression } = s
      if (expression.kind === 'call') return emitCall(code, expression)
      code.line(`void ${intOf(code, simplify(expression))}`)
      if (hasCall(expression)) endCheck(code, '0')
      if (wanted) code.line('r = 1')
    }
  }
}

function readsError({ emission }: FunctionCode, s: Statement): boolean {
  return s.kind === 'expression' && s.expression.kind === 'call' && emission.program.calls.get(s.expression)?.form.readsError === true
}

/** Leaves when the script has ended in an expression. */
function endCheck(code: FunctionCode, result: string): void {
  code.line(`if ((context.flow & 1) !== 0) return ${result}`)
}

function emitIf(code: FunctionCode, s: If, wanted: boolean): void {
  const condition = simplify(s.condition)
  let test = positiveOf(code, condition)
  if (hasCall(condition)) {
    const temp = code.temp()
    code.line(`${temp} = ${test}`)
    endCheck(code, '0')
    test = temp
  }
  if (wanted) code.line('r = 1')
  code.line(`if (${test}) {`)
  const { file } = code
  emitNested(code, s.then.statements, wanted, s.then.span.endLine)
  if (s.otherwise) {
    code.line('} else {')
    code.file = file
    if (s.otherwise.kind === 'block') emitNested(code, s.otherwise.statements, wanted, s.otherwise.span.endLine)
    else emitNested(code, [s.otherwise], wanted, code.lineBehind)
  }
  code.line('}')
}

function emitNested(code: FunctionCode, statements: readonly Statement[], wanted: boolean, endLine: number): void {
  const { lineBehind } = code
  code.nesting++
  code.lineBehind = endLine
  emitBlock(code, statements, wanted)
  code.lineBehind = lineBehind
  code.nesting--
}

function emitWhile(code: FunctionCode, s: While): void {
  const condition = simplify(s.condition)
  const label = code.label()
  const rounds = code.temp()
  code.line('r = 1')
  code.line(`${rounds} = 0`)
  code.line(`${label}: for (;;) {`)
  const test = code.facts.canFail(condition, 'int') ? intOf(code, condition) : truthOf(code, condition)
  if (hasCall(condition)) {
    const temp = code.temp()
    code.line(`${temp} = ${test}`)
    endCheck(code, 'r')
    code.line(`if (!${temp}) break`)
  } else code.line(`if (!${test}) break`)
  const place = code.emission.constant(`${s.condition.span.line}, ${s.condition.span.column}`, 'text')
  const most = 'context.host.settings.max_while_loops'
  code.line(`if (${most} > 0 && ++${rounds} > ${most}) {`)
  code.line(`context.line = ${s.span.line}`)
  code.line(`r = runaway(context, ${place})`)
  code.line('break')
  code.line('}')
  code.labels.push(label)
  emitNested(code, s.body.statements, true, s.body.span.endLine)
  code.labels.pop()
  code.line('}')
}

function emitSwitch(code: FunctionCode, s: Switch, wanted: boolean): void {
  const subject = simplify(s.subject)
  const first = s.cases.find((item) => item.match.kind !== 'default')
  if (first === undefined) {
    // Without labels only what the subject calls counts, and the default when there is one.
    code.line(`void ${intOf(code, subject)}`)
    if (hasCall(subject)) endCheck(code, '0')
    if (wanted) code.line('r = 1')
    if (s.cases.length === 0) return
  }
  const match = first?.match
  const isText = match !== undefined && (match.kind === 'regex' ||
    (match.kind === 'expression' && typeof constantValue(match.value) === 'string'))
  const temp = code.temp()
  const failing = code.facts.canFail(subject, 'int')
  code.line(`${temp} = ${first === undefined ? '0' : isText ? textOf(code, subject) : intOf(code, subject)}`)
  if (hasCall(subject)) endCheck(code, '0')
  code.line(failing ? `r = ${temp} === ${temp} && ${temp} !== undefined ? 1 : -1` : 'r = 1')
  const label = code.label()
  code.line(`${label}: switch (${isText ? caseNumber(code, s.cases, temp) : temp}) {`)
  code.labels.push(label)
  code.nesting++
  const { file } = code
  for (const [index, item] of s.cases.entries()) {
    code.span = item.span
    code.line(`${caseLabel(item, index, isText)}:`)
    code.file = file
    // A label without statements changes nothing, the result neither.
    const { lineBehind } = code
    code.lineBehind = s.cases[index + 1]?.span.line ?? s.span.endLine
    if (flatten(item.body).length > 0) emitBlock(code, item.body, true)
    code.lineBehind = lineBehind
    code.outdent()
  }
  code.nesting--
  code.labels.pop()
  code.line('}')
}

function caseLabel(item: Case, index: number, isText: boolean): string {
  if (item.match.kind === 'default') return 'default'
  if (isText || item.match.kind === 'regex') return `case ${index}`
  const value = constantValue(item.match.value)
  return `case ${typeof value === 'number' ? value : 0}`
}

/** Which label a text fits, by position; texts and regular expressions are tried in order. */
function caseNumber(code: FunctionCode, cases: readonly Case[], text: string): string {
  const { emission } = code
  const tests = cases.flatMap((item, index) => {
    const { match } = item
    if (match.kind === 'default') return []
    if (match.kind === 'regex') {
      const matcher = emission.program.matchers.get(item)
      return matcher === undefined ? [] : [`${emission.constant(matcher, 'regex')}.test(${text}) ? ${index} : `]
    }
    return [`${text} === ${emission.constant(String(constantValue(match.value) ?? ''), 'text')} ? ${index} : `]
  })
  return `${text} === undefined ? -1 : ${tests.join('')}-1`
}

function emitAssign(code: FunctionCode, s: Assign): void {
  const value = simplify(s.value)
  const place = code.place(s.value)
  const target = variableCode(code.emission, s.target)
  const stored = (given: string): string => `${target.set(given)} ? 1 : refused(context, ${place})`
  if (code.emission.isTraced) traceSetter(code, s.target.text)
  if (value.kind === 'call' || value.kind === 'actions') {
    // A call alone gives its own number; as a part of an expression it is 1 or 0.
    code.line(`r = ${stored(callResult(code, value))}`)
  } else if (code.facts.canFail(value, 'value')) {
    const temp = code.temp()
    code.line(`${temp} = ${valueOf(code, value)}`)
    code.line(`r = ${temp} === undefined ? unassigned(context, ${place}) : ${stored(temp)}`)
  } else code.line(`r = ${stored(valueOf(code, value))}`)
  const handle = code.emission.isTraced ? code.emission.program.variables.get(s.target) : undefined
  if (handle !== undefined) code.line(`if (r === 1) traceAssigned(context, ${code.emission.constant(handle, 'pv')})`)
  if (hasCall(value)) endCheck(code, 'r')
}

function emitFlow(code: FunctionCode, s: Flow): void {
  const label = code.labels.at(-1)
  if (s.action === 'break') {
    code.line(label === undefined ? 'return 0' : 'r = 0')
    if (label !== undefined) code.line(`break ${label}`)
    return
  }
  const bits = s.action === 'drop' ? 5 : 1
  if (s.value === undefined) {
    const result = s.action === 'drop' ? 0 : 1
    code.line(s.action === 'return' ? 'return 1' : `return (context.flow |= ${bits}, ${result})`)
    return
  }
  const value = simplify(s.value)
  code.line(`r = ${intOf(code, value)}`)
  if (code.facts.canFail(value, 'int')) code.line('if (r !== r) r = unreturnable(context)')
  if (s.action === 'return') code.line('if (r === 0) context.flow |= 1')
  else code.line(`context.flow |= ${bits}`)
  code.line('return r')
}
