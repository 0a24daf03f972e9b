/** `name=value;name="quoted";name` as it stands in URIs: read as strictly as Kamailio does, with offsets. */

export interface ListParam {
  readonly name: string
  /** Without its quotes; empty for a parameter without a value. */
  readonly value: string
  /** Of the name. */
  readonly start: number
  /** Behind the value (and its closing quote), or behind the name where there is no value. */
  readonly end: number
}

const PARAMS_MAX = 256

/**
 * The parameters of a text, in order; undefined when it is no such list: a name missing behind the last semicolon, a
 * value missing before the next one, or something else behind a value. The list ends at a comma or `>`.
 */
export function parseParamList(text: string): readonly ListParam[] | undefined {
  const params: ListParam[] = []
  const limit = text.length
  if (limit === 0) return params
  let at = 0
  while (params.length < PARAMS_MAX) {
    const start = at
    while (at < limit && !endsToken(text.charCodeAt(at)) && text.charCodeAt(at) !== 61) at++
    const name = text.slice(start, at)
    let end = at
    let value = ''
    at = skipBlanks(text, at)
    if (text.charCodeAt(at) === 61) {
      at = skipBlanks(text, at + 1)
      end = at
      const quote = text.charCodeAt(at)
      if (quote === 34 || quote === 39) {
        const close = closingQuote(text, at, quote)
        if (close < 0) return undefined
        value = text.slice(at + 1, close)
        end = close + 1
      } else if (at < limit) {
        while (end < limit && !endsToken(text.charCodeAt(end))) end++
        if (end === at) return undefined
        value = text.slice(at, end)
      }
      at = skipBlanks(text, end)
    }
    params.push({ name, value, start, end })
    if (at >= limit) return params
    const code = text.charCodeAt(at)
    if (code === 44 || code === 62) return params
    if (code !== 59) return undefined
    at = skipBlanks(text, at + 1)
    if (at >= limit) return undefined
  }
  return undefined
}

/** The last parameter of that name: where a name stands twice, Kamailio takes the last. */
export function lastParam(params: readonly ListParam[], name: string, ignoresCase: boolean): ListParam | undefined {
  const wanted = ignoresCase ? name.toLowerCase() : name
  for (let index = params.length - 1; index >= 0; index--) {
    const param = params[index]
    if (param === undefined || param.name.length !== wanted.length) continue
    if ((ignoresCase ? param.name.toLowerCase() : param.name) === wanted) return param
  }
  return undefined
}

function skipBlanks(text: string, start: number): number {
  let at = start
  while (at < text.length && isBlank(text.charCodeAt(at))) at++
  return at
}

function closingQuote(text: string, open: number, quote: number): number {
  for (let at = open + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 92) at++
    else if (code === quote) return at
  }
  return -1
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9 || code === 13 || code === 10
}

/** Blank, comma or semicolon. */
function endsToken(code: number): boolean {
  return isBlank(code) || code === 44 || code === 59
}
