/** `name=value;name="quoted";name` as it stands in xavp_params_explode. */

export interface TextParam {
  readonly name: string
  readonly value: string
}

/** More parameters than this are refused. */
const MOST_PARAMS = 1000

const isBlank = (char: string): boolean => char === ' ' || char === '\t' || char === '\r' || char === '\n'

/** Reads parameters up to the end or a comma outside quotes; undefined when the text is no list of parameters. */
export function parseParams(text: string, separator = ';'): TextParam[] | undefined {
  const params: TextParam[] = []
  let at = 0
  const skipBlanks = (): void => {
    while (at < text.length && isBlank(text.charAt(at))) at++
  }
  const token = (stops: string): string => {
    const start = at
    while (at < text.length && !isBlank(text.charAt(at)) && !stops.includes(text.charAt(at))) at++
    return text.slice(start, at)
  }
  while (params.length < MOST_PARAMS) {
    skipBlanks()
    const name = token(`=,${separator}`)
    if (name === '') return undefined
    skipBlanks()
    let value = ''
    if (text.charAt(at) === '=') {
      at++
      skipBlanks()
      const quote = text.charAt(at)
      if (quote === '"' || quote === "'") {
        const close = closingQuote(text, at, quote)
        if (close < 0) return undefined
        value = text.slice(at + 1, close)
        at = close + 1
      } else value = token(`,${separator}`)
      skipBlanks()
    }
    params.push({ name, value })
    if (at >= text.length || text.charAt(at) === ',') return params
    if (text.charAt(at) !== separator) return undefined
    at++
  }
  return undefined
}

function closingQuote(text: string, open: number, quote: string): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text.charAt(at) === '\\') at++
    else if (text.charAt(at) === quote) return at
  }
  return -1
}
