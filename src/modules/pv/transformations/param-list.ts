/** Lists of parameters, `name=value;name="quoted";name`, as Kamailio's core reads them. */

export interface ListedParam {
  readonly name: string
  /** Without quotes; empty where there is none. */
  readonly value: string
}

const PARAMS_MAX = 1000
const isBlank = (char: string): boolean => char === ' ' || char === '\t' || char === '\r' || char === '\n'

/**
 * Reads parameters up to the end or a comma. One separator at the end is left out. Null when the text is no such list:
 * blanks in front, no value behind `=`, an open quote, something else where a separator should stand.
 */
export function parseParamList(text: string, separator: string): ListedParam[] | null {
  const limit = text.endsWith(separator) ? text.length - 1 : text.length
  if (limit === 0) return null
  const params: ListedParam[] = []
  let at = 0
  const skipBlanks = (): void => {
    while (at < limit && isBlank(text.charAt(at))) at++
  }
  const token = (stop: string): string => {
    const start = at
    for (; at < limit; at++) {
      const char = text.charAt(at)
      if (isBlank(char) || char === ',' || char === separator || char === stop) break
    }
    return text.slice(start, at)
  }
  while (params.length < PARAMS_MAX) {
    const name = token('=')
    let value = ''
    skipBlanks()
    if (at < limit && text.charAt(at) === '=') {
      at++
      skipBlanks()
      const quote = text.charAt(at)
      if (at >= limit) value = ''
      else if (quote === '"' || quote === "'") {
        const close = text.indexOf(quote, at + 1)
        if (close < 0 || close >= limit) return null
        value = text.slice(at + 1, close)
        at = close + 1
      } else {
        value = token(separator)
        if (value === '') return null
      }
      skipBlanks()
    }
    params.push({ name, value })
    if (at >= limit || text.charAt(at) === ',') return params
    if (text.charAt(at) !== separator) return null
    at++
    skipBlanks()
    if (at >= limit) return null
  }
  return null
}

/** The last parameter of that name, in any case of letters. */
export function findParam(params: readonly ListedParam[], name: string): ListedParam | undefined {
  const wanted = name.toLowerCase()
  for (let index = params.length - 1; index >= 0; index--) {
    const param = params[index]
    if (param && param.name.length === wanted.length && param.name.toLowerCase() === wanted) return param
  }
  return undefined
}
