import { RE2JS } from 're2js'

/** What the values of substdef and the replacements of subst may read while the file is being read. */
export interface SubstScope {
  readonly environment: ReadonlyMap<string, string>
  readonly defines: ReadonlyMap<string, string | undefined>
}

/** Characters of a text that a rule has written into. */
const MAX_TEXT = 65_535
const MAX_RULE = 4096
/** A match takes as long as looking at some thirty characters. */
const MATCH_COST = 30

/** One `#!subst` rule: every string of the file goes through it. */
export interface SubstRule {
  readonly pattern: RE2JS
  /** Every match, not the first one only. */
  readonly isGlobal: boolean
  readonly replacement: readonly SubstPart[]
}

type SubstPart = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'group'; readonly group: number }

/** The three parts of `/expression/replacement/flags`, cut at the separator that the rule begins with. */
interface SubstParts {
  readonly expression: string
  readonly replacement: string
  readonly flags: string
}

function indexOfSeparator(rule: string, separator: string, from: number): number {
  for (let at = from; at < rule.length; at++) {
    if (rule[at] === separator && rule[at - 1] !== '\\') return at
  }
  return -1
}

function splitRule(rule: string): SubstParts | string {
  const separator = rule[0]
  if (separator === undefined || rule.length < 3) return 'the rule is too short'
  if (rule.length > MAX_RULE) return `the rule has more than ${MAX_RULE} characters`
  if (separator === '\\') return 'a backslash cannot separate the parts'
  const middle = indexOfSeparator(rule, separator, 1)
  if (middle === -1) return `no second '${separator}' ends the expression`
  const end = indexOfSeparator(rule, separator, middle + 1)
  if (end === -1) return `no third '${separator}' ends the replacement`
  return { expression: rule.slice(1, middle), replacement: rule.slice(middle + 1, end), flags: rule.slice(end + 1) }
}

const classes: ReadonlyMap<string, string> = new Map([
  ['alpha', 'A-Za-z'], ['digit', '0-9'], ['alnum', 'A-Za-z0-9'], ['upper', 'A-Z'], ['lower', 'a-z'],
  ['space', ' \\t\\n\\r\\f\\v'], ['blank', ' \\t'], ['xdigit', '0-9A-Fa-f'], ['punct', '!-\\/:-@\\[-`{-~'],
  ['cntrl', '\\x00-\\x1f\\x7f'], ['print', ' -~'], ['graph', '!-~'],
])

/** A POSIX extended expression in JavaScript's notation: bracket expressions are where the two differ. */
function toRegExpSource(expression: string): string {
  let out = ''
  for (let at = 0; at < expression.length; at++) {
    const char = expression[at] ?? ''
    if (char === '\\') {
      out += char + (expression[++at] ?? '\\')
      continue
    }
    if (char !== '[') {
      out += char
      continue
    }
    let inside = '['
    at++
    if (expression[at] === '^') inside += expression[at++]
    for (let first = true; at < expression.length; at++, first = false) {
      const member = expression[at] ?? ''
      if (member === ']' && !first) break
      const end = member === '[' && expression[at + 1] === ':' ? expression.indexOf(':]', at) : -1
      if (end !== -1) {
        inside += classes.get(expression.slice(at + 2, end)) ?? ''
        at = end + 1
      } else inside += member === '\\' || member === '[' || member === ']' ? `\\${member}` : member
    }
    out += `${inside}]`
  }
  return out
}

/** `$env(NAME)`, `$def(NAME)`, `$defn(NAME)` and `$defs(NAME)` in a text; other variables have no value yet. */
function readScope(text: string, scope: SubstScope): string {
  if (!text.includes('$')) return text
  return text.replace(/\$(env|defn?|defs)\(([^()]*)\)/g, (whole, kind: string, name: string) => {
    const value = kind === 'env' ? scope.environment.get(name) : scope.defines.get(name)
    if (value === undefined) return whole
    return kind === 'defs' ? value.replace(/^(["'])(.*)\1$/s, '$2') : value
  })
}

function parseReplacement(replacement: string, scope: SubstScope): SubstPart[] {
  const parts: SubstPart[] = []
  let text = ''
  const controls: Record<string, string> = { n: '\n', r: '\r', t: '\t' }
  for (let at = 0; at < replacement.length; at++) {
    const char = replacement[at] ?? ''
    if (char !== '\\' || at + 1 >= replacement.length) {
      text += char
      continue
    }
    const escaped = replacement[++at] ?? ''
    if (escaped < '0' || escaped > '9') {
      text += controls[escaped] ?? escaped
      continue
    }
    parts.push({ kind: 'text', text: readScope(text, scope) }, { kind: 'group', group: Number(escaped) })
    text = ''
  }
  parts.push({ kind: 'text', text: readScope(text, scope) })
  return parts
}

/** Reads `/expression/replacement/flags`; flags: `i` any case, `g` everywhere, `s` one line. A string is the error. */
export function parseSubst(rule: string, scope: SubstScope): SubstRule | string {
  const parts = splitRule(rule)
  if (typeof parts === 'string') return parts
  let flags = RE2JS.MULTILINE
  let isGlobal = false
  for (const flag of parts.flags) {
    if (flag === 'i') flags |= RE2JS.CASE_INSENSITIVE
    else if (flag === 'g') isGlobal = true
    else if (flag === 's') flags = (flags & ~RE2JS.MULTILINE) | RE2JS.DOTALL
    else return `'${flag}' is not a flag: i, g and s are`
  }
  try {
    // An engine without backtracking: no expression takes for ever on any text.
    const pattern = RE2JS.compile(toRegExpSource(parts.expression), flags)
    return { pattern, isGlobal, replacement: parseReplacement(parts.replacement, scope) }
  } catch {
    return `'${parts.expression}' is not a regular expression`
  }
}

/** What a substdef defines besides its rule: the name and its value. A string is the error. */
export function parseSubstDefine(rule: string, scope: SubstScope): { name: string; value: string } | string {
  const parts = splitRule(rule)
  if (typeof parts === 'string') return parts
  if (parts.expression === '') return 'the name is empty'
  return { name: parts.expression, value: readScope(parts.replacement, scope) }
}

/** What rules may still cost: `left` falls by each character that a rule looks at, and by `MATCH_COST` for each match. */
export interface SubstBudget {
  left: number
}

/** A text after all rules, each applied to what the one before it left; undefined when it grows too long or the budget is used up. */
export function applySubsts(text: string, rules: readonly SubstRule[], budget: SubstBudget): string | undefined {
  let result = text
  for (const rule of rules) {
    const replaced = applySubst(result, rule, budget)
    if (replaced === undefined) return undefined
    result = replaced
  }
  return result
}

function applySubst(text: string, rule: SubstRule, budget: SubstBudget): string | undefined {
  budget.left -= text.length
  const matcher = rule.pattern.matcher(text)
  let out = ''
  let last = 0
  while (matcher.find()) {
    out += text.slice(last, matcher.start())
    for (const part of rule.replacement) {
      if (part.kind === 'text') out += part.text
      else if (part.group <= matcher.groupCount()) out += matcher.group(part.group) ?? ''
    }
    budget.left -= MATCH_COST
    if (out.length > MAX_TEXT || budget.left < 0) return undefined
    last = matcher.end()
    if (!rule.isGlobal) break
  }
  return budget.left < 0 ? undefined : out + text.slice(last)
}
