import type { CfgEngine, DeclaredFlag, FlagsDeclaration, Item, LoadModule, LoadPath, ModParam, Route, RouteKind, Value } from './ast.ts'
import { nearest } from './nearest.ts'
import { isCoreFunction } from './parse-core-call.ts'
import { failUnknownParameter, isGlobalParameter, parseCustom, parseGlobal, parseInt32 } from './parse-global.ts'
import { isRouteKeyword, parseActions } from './parse-block.ts'
import { skipLostComment } from './parse-statement.ts'
import {
  accept, advance, current, describe, error, expect, fail, failOnce, isOnNextLine, isOperator, looksDefined,
  ParseFailure, peek, previous, type Parser,
} from './parser.ts'
import { joinSpans, spanAfter } from './source.ts'
import type { Token } from './token.ts'

const routeKinds: ReadonlyMap<string, RouteKind> = new Map([
  ['route', 'request'], ['request_route', 'request'], ['reply_route', 'reply'], ['onreply_route', 'onreply'],
  ['failure_route', 'failure'], ['branch_route', 'branch'], ['onsend_route', 'onsend'], ['event_route', 'event'],
])
const topWords = [
  ...routeKinds.keys(), 'loadmodule', 'loadmodulex', 'loadpath', 'mpath', 'modparam', 'modparamx', 'cfgengine', 'flags',
  'avpflags', 'include_file', 'import_file',
]
const statementWords = new Set(['if', 'else', 'while', 'switch', 'case', 'drop', 'exit', 'return', 'break'])

/** Everything in the file; after an error it goes on with the next line that can begin something. */
export function parseItems(p: Parser): Item[] {
  const items: Item[] = []
  while (current(p).kind !== 'end') {
    const start = p.index
    p.openBlocks.length = 0
    p.suspectBlock = undefined
    p.isUnclosed = false
    p.callDepth = 0
    p.depth = 0
    try {
      const item = parseItem(p)
      if (item !== undefined) items.push(item)
    } catch (thrown) {
      if (!(thrown instanceof ParseFailure)) throw thrown
      skipItem(p, start)
    }
  }
  return items
}

/** Skips to the next line that begins something at the top, past blocks that stand in between. */
function skipItem(p: Parser, start: number): void {
  if (p.index === start) advance(p)
  let depth = 0
  while (current(p).kind !== 'end') {
    const token = current(p)
    const startsLine = isOnNextLine(token, previous(p))
    const isItem = token.kind === 'word' || token.kind === 'keyword' || token.kind === 'subst'
    if (startsLine && isItem && (depth === 0 || (isRouteKeyword(token) && token.span.column === 1))) return
    if (isOperator(token, '{')) depth++
    else if (isOperator(token, '}') && depth > 0) depth--
    else if (isOperator(token, '}') && startsLine) {
      advance(p)
      return
    }
    advance(p)
  }
}

function parseItem(p: Parser): Item | undefined {
  const token = current(p)
  switch (token.kind) {
    case 'subst':
      advance(p)
      return undefined
    case 'operator':
      if (accept(p, ';')) return undefined
      if (token.text === '}') {
        const hint = p.suspectBrace === undefined ? 'there may be one too many before it'
          : `the one in line ${p.suspectBrace.span.line} may be one too many`
        error(p, 'KAH0204', "this '}' closes nothing", token.span, hint)
        advance(p)
        return undefined
      }
      if (skipLostComment(p, token)) return undefined
      break
    case 'word':
      return parseWordItem(p, token)
    case 'keyword':
      return parseKeywordItem(p, token)
  }
  return fail(p, 'KAH0220', `nothing at the top of the file begins with ${describe(token)}`, token.span)
}

function parseKeywordItem(p: Parser, token: Token): Item {
  if (isGlobalParameter(token)) return parseGlobal(p)
  if (isRouteKeyword(token)) return parseRoute(p)
  switch (token.text) {
    case 'loadmodule': case 'loadmodulex': return parseLoadModule(p)
    case 'loadpath': return parseLoadPath(p)
    case 'modparam': case 'modparamx': return parseModParam(p)
    case 'cfgengine': return parseCfgEngine(p)
    case 'flags': case 'avpflags': return parseFlags(p)
    case 'kemi': case 'default': return parseCustom(p)
  }
  if (statementWords.has(token.text) || isCoreFunction(token.text)) {
    failOutside(p, token)
  }
  if (isOperator(peek(p), '=') || isOperator(peek(p), '.')) {
    fail(p, 'KAH0207', `${token.written} is no global parameter, but a reserved word`, token.span)
  }
  return failTopWord(p, token)
}

function parseWordItem(p: Parser, token: Token): Item | undefined {
  const next = peek(p)
  if (isOperator(next, '.') || (isOperator(next, '[') && isOperator(peek(p, 4), '.'))) return parseCustom(p)
  if (isOperator(next, '=')) return failUnknownParameter(p)
  const isMisspelt = nearest(token.text, topWords) !== undefined
  if (!isMisspelt && skipLostComment(p, token)) return undefined
  return failTopWord(p, token)
}

function failOutside(p: Parser, token: Token): never {
  const hint = p.suspectBrace === undefined ? 'statements belong into request_route { ... }'
    : `the '}' in line ${p.suspectBrace.span.line} may be one too many`
  const call = token.kind === 'word' ? `${token.text}()` : describe(token)
  return fail(p, 'KAH0220', `${call} stands outside of a route`, token.span, hint)
}

function failTopWord(p: Parser, token: Token): never {
  const next = peek(p)
  const meant = nearest(token.written, topWords)
  const isSameLine = next.span.line === token.span.line && next.kind !== 'end'
  if (meant !== undefined) {
    return fail(
      p, 'KAH0220', `${describe(token)} is not known at the top of the file`, token.span, `did you mean ${meant}?`,
    )
  }
  if (isSameLine && isOperator(next, '(')) {
    return failOutside(p, token)
  }
  return fail(p, 'KAH0220', `${describe(token)} is not known at the top of the file`, token.span)
}

function takeString(p: Parser, what: string): Token {
  const token = current(p)
  if (token.kind === 'string') return advance(p)
  const isMissing = isOnNextLine(token, previous(p)) || token.kind === 'end'
  const hint = token.kind === 'word' || token.kind === 'keyword' ? `write "${token.written}"` : undefined
  return fail(p, 'KAH0201', `expected ${what} in quotes, found ${describe(token)}`, isMissing ? spanAfter(previous(p).span) : token.span,
    isMissing ? undefined : hint)
}

function parseLoadModule(p: Parser): LoadModule {
  const start = advance(p)
  if (isOperator(current(p), '(')) {
    fail(
      p, 'KAH0221', `${start.text} with parentheses came after Kamailio 5.6`, current(p).span,
      `write ${start.text} "module.so"`,
    )
  }
  const name = takeString(p, "a module's name")
  return {
    kind: 'loadmodule', name: name.text, options: undefined, evaluate: start.text === 'loadmodulex',
    span: joinSpans(start.span, name.span),
  }
}

function parseLoadPath(p: Parser): LoadPath {
  const start = advance(p)
  accept(p, '=')
  const path = takeString(p, 'a path')
  return { kind: 'loadpath', path: path.text, span: joinSpans(start.span, path.span) }
}

function parseCfgEngine(p: Parser): CfgEngine {
  const start = advance(p)
  accept(p, '=')
  const name = takeString(p, "an engine's name")
  return { kind: 'cfgengine', name: name.text, options: undefined, span: joinSpans(start.span, name.span) }
}

/** `modparam("module", "name", value)`. */
function parseModParam(p: Parser): ModParam {
  const start = advance(p)
  expect(p, '(', `after ${start.text}`)
  const module = takeString(p, "a module's name")
  expect(p, ',', "after the module's name")
  const name = takeString(p, "a parameter's name")
  expect(p, ',', "after the parameter's name")
  const token = current(p)
  const isEvaluated = start.text === 'modparamx'
  let value: Value
  if (token.kind === 'number' || (isOperator(token, '-') && peek(p).kind === 'number')) value = parseInt32(p)
  else if (token.kind === 'string') value = { type: 'string', value: advance(p).text, span: token.span }
  else if (isEvaluated && token.kind === 'variable') value = { type: 'word', value: advance(p).text, span: token.span }
  else {
    if (token.kind === 'word' && looksDefined(token.text)) {
      failOnce(
        p, token.text, 'KAH0201', `'${token.text}' is not defined`, token.span,
        `write #!define ${token.text} ... before it`,
      )
    }
    const hint = token.kind === 'word' ? `write "${token.text}", or define it: #!define ${token.text} ...`
      : token.kind === 'variable' ? 'modparamx reads variables' : undefined
    return fail(
      p, 'KAH0201', `the value of ${name.text} is a number or a string, not ${describe(token)}`, token.span, hint,
    )
  }
  const close = expect(p, ')', `after the value of ${name.text}`)
  return { kind: 'modparam', module: module.text, name: name.text, value, evaluate: isEvaluated, span: joinSpans(start.span, close.span) }
}

/** `flags NAME:number, NAME` and `avpflags NAME, NAME`. */
function parseFlags(p: Parser): FlagsDeclaration {
  const start = advance(p)
  const isMessage = start.text === 'flags'
  const table = isMessage ? p.flags : p.avpFlags
  const flags: DeclaredFlag[] = []
  do {
    const token = current(p)
    if (token.kind !== 'word' && token.kind !== 'string') {
      fail(p, 'KAH0219', `expected the name of a flag, found ${describe(token)}`, token.span)
    }
    advance(p)
    let wanted: number | undefined
    if (isMessage && accept(p, ':')) {
      if (current(p).kind !== 'number') {
        fail(p, 'KAH0219', `expected the number of the flag, found ${describe(current(p))}`, current(p).span)
      }
      wanted = advance(p).value
    }
    const number = table.declare(token.text, wanted)
    if (typeof number === 'string') error(p, 'KAH0219', number, token.span)
    else flags.push({ name: token.text, number, span: joinSpans(token.span, previous(p).span) })
  } while (accept(p, ','))
  return { kind: 'flags', table: isMessage ? 'flags' : 'avpflags', flags, span: joinSpans(start.span, previous(p).span) }
}

function parseRoute(p: Parser): Route {
  const start = advance(p)
  const route = routeKinds.get(start.text) ?? 'request'
  let name: string | undefined
  let nameToken: Token | undefined
  if (isOperator(current(p), '[')) {
    if (start.text === 'request_route' || start.text === 'reply_route') {
      const named = start.text === 'request_route' ? 'route' : 'onreply_route'
      fail(p, 'KAH0212', `${start.text} takes no name`, current(p).span, `a named one is ${named}[NAME]`)
    }
    advance(p)
    nameToken = current(p)
    name = parseRouteName(p, start, nameToken)
    expect(p, ']', `after the name of the ${start.text}`)
  } else if (route === 'event') {
    fail(
      p, 'KAH0212', 'event_route needs the name of an event', current(p).span,
      'for example event_route[tm:local-request]',
    )
  }
  checkDuplicate(p, start, name, nameToken)
  if (!isOperator(current(p), '{')) {
    const hint = isOperator(current(p), '(') ? 'a route is called inside of another one' : undefined
    fail(p, 'KAH0201', `expected '{' to open the ${start.text}, found ${describe(current(p))}`, current(p).span, hint)
  }
  const body = parseActions(p)
  return { kind: 'route', route, name, body, span: joinSpans(start.span, body.span) }
}

/** `undefined` for `0`, which is the unnamed route. */
function parseRouteName(p: Parser, start: Token, token: Token): string | undefined {
  if (start.text === 'event_route') {
    if (token.kind !== 'event-name') {
      fail(
        p, 'KAH0212', `the name of an event is module:event, not ${describe(token)}`, token.span,
        'for example tm:local-request',
      )
    }
    return advance(p).text
  }
  if (token.kind === 'number' && /^\d/.test(token.written)) {
    advance(p)
    return token.value === 0 ? undefined : String(token.value)
  }
  if (token.kind === 'word' || token.kind === 'string') return advance(p).text
  const hint = token.kind === 'keyword' || token.kind === 'operator' ? `'${token.written}' is a reserved word: write "${token.written}"`
    : token.kind === 'numword' ? `write "${token.text}"` : undefined
  return fail(p, 'KAH0212', `${describe(token)} cannot name a route`, token.span, hint)
}

/** Unnamed routes may be written in parts, named ones only once. */
function checkDuplicate(p: Parser, start: Token, name: string | undefined, nameToken: Token | undefined): void {
  const key = `${routeKinds.get(start.text) ?? ''}[${name ?? ''}]`
  const before = p.routes.get(key)
  const mayRepeat = nameToken === undefined || (name === undefined && start.text === 'onreply_route')
  if (before !== undefined && !mayRepeat) {
    error(
      p, 'KAH0211', `${start.text}[${nameToken.text}] is defined twice`, nameToken.span,
      `the other one is at ${before.file}:${before.line}`,
    )
    return
  }
  if (before === undefined) p.routes.set(key, nameToken?.span ?? start.span)
}
