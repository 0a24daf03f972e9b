/** Statements. `tail` says what falling off the end of a list means to whoever called. */
import type { Assign, Block, Expression, Flow, If, Span, Statement, Switch, While } from '../script/ast.ts'
import { isConstant } from '../script/check-type.ts'
import { constantValue, simplify } from '../script/compile-simplify.ts'
import { callStatement, called, numberOfCall, truthOfCall } from './call.ts'
import type { Comments } from './comments.ts'
import { variableText, type ConvertedRoute, type Conversion } from './conversion.ts'
import { numberOf, positiveOf, textOf, truthOf, typeOf, valueOf } from './expression.ts'
import { regexLiteral, textLiteral } from './literals.ts'

/** Nothing; the number of the last statement; or, for reply_route, whether that number drops the reply. */
export type Tail = 'nothing' | 'number' | 'reply'

type Real = Exclude<Statement, { kind: 'empty' } | Block>

const COLUMNS_MAX = 120

export class StatementPrinter {
  readonly lines: string[] = []
  readonly #conversion: Conversion
  readonly #comments: Comments
  readonly #route: ConvertedRoute
  #indent = 1
  #line: number
  #loops = 0

  constructor(conversion: Conversion, comments: Comments, route: ConvertedRoute) {
    this.#conversion = conversion
    this.#comments = comments
    this.#route = route
    this.#line = route.plan.span.line
  }

  /** A list up to `end`, where the comments of its last lines stand. */
  list(statements: readonly Statement[], tail: Tail, end: Span | undefined): void {
    const list = flatten(statements)
    if (list.length === 0 && tail === 'number') this.#print('return 1')
    for (const [index, statement] of list.entries()) {
      const isLast = this.#indent === 1 && index === list.length - 1
      if (isLast && tail === 'nothing' && isPlainReturn(statement) && !this.#route.givesNumber) break
      const next = list[index + 1]
      this.#commentsBefore(statement.span)
      this.#statement(statement, next === undefined ? tail : 'nothing', next?.kind === 'flow' && next.action === 'exit')
      this.#line = Math.max(this.#line, statement.span.endLine)
      // What stands behind is never reached.
      if (statement.kind === 'flow') break
    }
    if (end !== undefined) for (const text of this.#comments.between(end.file, this.#line, end.endLine)) this.#print(text)
  }

  #commentsBefore({ file, line }: Span): void {
    for (const text of this.#comments.between(file, this.#line, line)) this.#print(text)
    this.#line = Math.max(this.#line, line)
  }

  #print(text: string, span?: Span): void {
    const behind = span === undefined ? '' : this.#comments.behind(span)
    const line = `${'  '.repeat(this.#indent)}${text}`
    if (behind !== '' && line.length + behind.length > COLUMNS_MAX) {
      this.lines.push(`${'  '.repeat(this.#indent)}${behind.trim()}`, line)
    } else this.lines.push(line + behind)
  }

  #nested(statements: readonly Statement[], tail: Tail, end: Span): void {
    this.#indent++
    this.list(statements, tail, end)
    this.#indent--
  }

  #statement(s: Real, tail: Tail, isEnd: boolean): void {
    switch (s.kind) {
      case 'if': return this.#if(s, tail)
      case 'while': return this.#while(s, tail)
      case 'switch': return this.#switch(s, tail)
      case 'assign': return this.#assign(s, tail)
      case 'flow': return this.#flow(s)
      case 'expression': return this.#expression(s.expression, s.span, tail, isEnd)
    }
  }

  #expression(e: Expression, span: Span, tail: Tail, isEnd: boolean): void {
    const conversion = this.#conversion
    if (e.kind !== 'call') {
      this.#print(`void (${numberOf(conversion, simplify(e))})`, span)
      if (tail === 'number') this.#print('return 1')
      return
    }
    const gives = called(conversion, e).gives
    if (tail === 'number' && gives !== 'none') this.#print(`return ${numberOfCall(conversion, e)}`, span)
    else if (tail === 'reply' && gives !== 'none') this.#print(`if (!(${truthOfCall(conversion, e)})) KSR.x.drop()`, span)
    else {
      this.#print(callStatement(conversion, e, isEnd), span)
      if (tail === 'number') this.#print('return 1')
    }
  }

  #if(s: If, tail: Tail): void {
    this.#print(`if (${positiveOf(this.#conversion, simplify(s.condition))}) {`, headSpan(s))
    this.#branches(s, tail)
    if (tail === 'number' && !hasElse(s)) this.#print('return 1')
  }

  #branches(s: If, tail: Tail): void {
    this.#line = Math.max(this.#line, s.condition.span.endLine)
    this.#nested(s.then.statements, tail, s.then.span)
    this.#line = Math.max(this.#line, s.then.span.endLine)
    const { otherwise } = s
    if (otherwise === undefined) {
      this.#print('}')
    } else if (otherwise.kind === 'if') {
      this.#print(`} else if (${positiveOf(this.#conversion, simplify(otherwise.condition))}) {`, headSpan(otherwise))
      this.#branches(otherwise, tail)
    } else {
      const only = onlyIf(otherwise)
      if (only !== undefined) {
        this.#print(`} else if (${positiveOf(this.#conversion, simplify(only.condition))}) {`, headSpan(only))
        this.#branches(only, tail)
        return
      }
      this.#print('} else {')
      this.#nested(otherwise.statements, tail, otherwise.span)
      this.#print('}')
    }
  }

  #while(s: While, tail: Tail): void {
    const conversion = this.#conversion
    const condition = truthOf(conversion, simplify(s.condition))
    const most = conversion.roundsMax
    if (most > 0) {
      this.#print(`for (let rounds = 1; ${condition}; rounds++) {`, headSpan(s))
      this.#indent++
      this.#print(`if (rounds > ${most}) {`)
      this.#print(`  KSR.err('runaway while: more then ${most} loops\\n')`)
      this.#print('  break')
      this.#print('}')
      this.#indent--
    } else this.#print(`while (${condition}) {`, headSpan(s))
    this.#loops++
    this.#nested(s.body.statements, 'nothing', s.body.span)
    this.#loops--
    this.#print('}')
    if (tail === 'number') this.#print('return 1')
  }

  #switch(s: Switch, tail: Tail): void {
    const conversion = this.#conversion
    const subject = simplify(s.subject)
    const labels = s.cases.flatMap(({ match }) =>
      (match.kind === 'regex' ? [match.pattern] : match.kind === 'expression' ? [constantValue(match.value) ?? ''] : []))
    const hasRegex = s.cases.some(({ match }) => match.kind === 'regex')
    const isText = hasRegex || typeof labels[0] === 'string'
    const code = isText ? textOf(conversion, subject) : numberOf(conversion, subject)
    if (hasRegex) this.#print(`const subject${s.span.line} = ${code}`)
    this.#print(hasRegex ? 'switch (true) {' : `switch (${code}) {`, headSpan(s))
    this.#loops++
    this.#indent++
    for (const each of s.cases) {
      this.#commentsBefore(each.span)
      this.#print(this.#label(each.match, hasRegex ? `subject${s.span.line}` : undefined, isText, each.span))
      this.#nested(each.body, 'nothing', { ...each.span, endLine: each.span.endLine + 1 })
    }
    this.#indent--
    this.#loops--
    this.#print('}')
    if (tail === 'number') this.#print('return 1')
  }

  #label(match: Switch['cases'][number]['match'], subject: string | undefined, isText: boolean, span: Span): string {
    if (match.kind === 'default') return 'default:'
    if (match.kind === 'regex') {
      const literal = regexLiteral(match.pattern)
      if (literal === undefined) this.#conversion.cannot(`the regular expression ${match.pattern}`, span)
      return `case /${literal ?? ''}/is.test(${subject ?? ''}):`
    }
    const value = constantValue(match.value)
    const number = this.#conversion.constantAt(match.value) ?? String(typeof value === 'number' ? value : 0)
    const label = isText ? textLiteral(String(value ?? '')) : number
    return subject === undefined ? `case ${label}:` : `case ${subject} === ${label}:`
  }

  #assign(s: Assign, tail: Tail): void {
    const conversion = this.#conversion
    if (s.target.kind === 'avp') {
      conversion.cannot('an attribute of SER', s.target.span)
      return
    }
    const target = textLiteral(variableText(conversion, s.target))
    const value = simplify(s.value)
    const code = valueOf(conversion, value)
    const type = value.kind === 'call' ? 'int' : typeOf(value)
    if (code === 'null') this.#print(`KSR.pv.unset(${target})`, s.span)
    else if (type === 'int') this.#print(`KSR.pv.seti(${target}, ${code})`, s.span)
    else if (type === 'str') this.#print(`KSR.pv.sets(${target}, ${code})`, s.span)
    else this.#print(`${conversion.use('set')}(${target}, ${code})`, s.span)
    if (tail === 'number') this.#print('return 1')
  }

  #flow(s: Flow): void {
    const conversion = this.#conversion
    const { givesNumber, plan } = this.#route
    const value = s.value === undefined ? undefined : simplify(s.value)
    const known = value !== undefined && isConstant(value) ? constantValue(value) : undefined
    const number = typeof known === 'number' ? known : undefined
    switch (s.action) {
      case 'break':
        this.#print(this.#loops > 0 ? 'break' : givesNumber ? 'return 0' : 'return', s.span)
        return
      case 'exit':
      case 'drop':
        if (value !== undefined && number === undefined) this.#print(`void (${numberOf(conversion, value)})`)
        this.#print(s.action === 'drop' || this.#dropsBy(number) ? 'KSR.x.drop()' : 'KSR.x.exit()', s.span)
        return
      case 'return':
        if (value === undefined) this.#print(givesNumber ? 'return 1' : 'return', s.span)
        else if (this.#dropsBy(number)) this.#print('KSR.x.drop()', s.span)
        else if (number === 0) this.#print('KSR.x.exit()', s.span)
        else if (number !== undefined) this.#print(givesNumber ? `return ${conversion.constantAt(value) ?? number}` : 'return', s.span)
        else if (plan.kind === 'onreply' && plan.name === '') {
          this.#print(`if (${numberOf(conversion, value)} <= 0) KSR.x.drop()`, s.span)
          this.#print('return')
        } else if (givesNumber) this.#print(`return ${conversion.ender('done')}(${numberOf(conversion, value)})`, s.span)
        else {
          this.#print(`${conversion.ender('done')}(${numberOf(conversion, value)})`, s.span)
          this.#print('return')
        }
    }
  }

  /** reply_route drops the reply by giving 0 or less, onsend_route and the route of on_sl_reply by 0, the first of all by less. */
  #dropsBy(number: number | undefined): boolean {
    const { kind, name } = this.#route.plan
    if (name === 'core:msg-received') return number !== undefined && number < 0
    if (number === undefined) return false
    if (name !== '') return number === 0 && this.#conversion.dropsAtZero
    return kind === 'onsend' ? number === 0 : kind === 'onreply' && number <= 0
  }
}

function headSpan({ span }: { readonly span: Span }): Span {
  return { ...span, endLine: span.line, endColumn: span.column }
}

function flatten(statements: readonly Statement[]): readonly Real[] {
  return statements.flatMap((s) => (s.kind === 'empty' ? [] : s.kind === 'block' ? flatten(s.statements) : [s]))
}

/** Whether one of its branches is always taken. */
function hasElse(s: If): boolean {
  const { otherwise } = s
  if (otherwise === undefined) return false
  if (otherwise.kind === 'if') return hasElse(otherwise)
  const only = onlyIf(otherwise)
  return only === undefined || hasElse(only)
}

const isPlainReturn = (s: Real): boolean => s.kind === 'flow' && s.action === 'return' && s.value === undefined

/** `else { if ... }` in one line is an `else if`. */
function onlyIf(block: Block): If | undefined {
  const [only, second] = flatten(block.statements)
  return only?.kind === 'if' && second === undefined && block.span.line === only.span.line ? only : undefined
}
