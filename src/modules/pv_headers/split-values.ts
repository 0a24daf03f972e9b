/** The values of a header that commas separate, blanks around them kept; commas in quotes do not count, nor do empty values. */
export function splitValues(text: string): readonly string[] {
  if (text === '') return ['']
  const values: string[] = []
  let start = 0
  let isQuoted = false
  for (let at = 0; at <= text.length; at++) {
    const char = text.charAt(at)
    if (isQuoted && char === '\\') at++
    else if (char === '"') isQuoted = !isQuoted
    else if (char === '' || (char === ',' && !isQuoted)) {
      if (at > start) values.push(text.slice(start, at))
      start = at + 1
    }
  }
  return values
}
