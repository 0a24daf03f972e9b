const PARAM = /^[ \t]*([^=\s;]+)[ \t]*(?:=[ \t]*(?:["']([^"']*)["']?|([^\s;]*)))?/

/**
 * A parameter of the own Route, as modules find again what they put into Record-Route: the first of exactly that name; an
 * empty text where it has no value.
 */
export function routeParam(params: string, name: string): string | undefined {
  let at = 0
  while (at <= params.length) {
    // At the end, what is shorter than a name with one letter behind its equals sign counts as none.
    if (params.length - at < name.length + (at === 0 ? 3 : 2)) return undefined
    const end = endOfParam(params, at)
    const [, found, quoted, plain = ''] = PARAM.exec(params.slice(at, end)) ?? []
    if (found === name) return quoted ?? plain
    at = end + 1
  }
  return undefined
}

/** A semicolon within quotes ends nothing. */
function endOfParam(params: string, start: number): number {
  let isQuoted = false
  for (let at = start; at < params.length; at++) {
    const letter = params.charAt(at)
    if ((letter === '"' || letter === "'") && params.charAt(at - 1) !== '\\') isQuoted = !isQuoted
    else if (letter === ';' && !isQuoted) return at
  }
  return params.length
}
