/** The list file: `setid uri [flags [priority [attributes]]]`, read as Kamailio does. */
import type { Entry } from './destination.ts'

/** The entries in order; a text is a line that is none. */
export function parseList(text: string): readonly (Entry | string)[] {
  const entries: (Entry | string)[] = []
  for (const line of text.split('\n')) {
    const entry = parseLine(line)
    if (entry !== undefined) entries.push(entry)
  }
  return entries
}

/** Undefined for an empty line or a comment; the line itself when it has no URI. Numbers that are left out are 0. */
function parseLine(line: string): Entry | string | undefined {
  const start = line.trimStart()
  if (start === '' || start.startsWith('#')) return undefined
  const found = /^([0-9]*)\s*([^\s#]*)\s*([0-9]*)\s*([0-9]*)\s*/.exec(start)
  const [fields = '', setId = '', uri = '', flags = '', priority = ''] = found ?? []
  if (uri === '') return line
  const [attributes = ''] = start.slice(fields.length).split(/\s/, 1)
  return {
    setId: toInt(setId), uri, flags: toInt(flags), priority: toInt(priority),
    // Within attributes a # is nothing special.
    attributes: attributes.startsWith('#') ? '' : attributes,
  }
}

/** Digits as C adds them up: beyond 32 bits only the lower ones count. */
function toInt(digits: string): number {
  return digits === '' ? 0 : Number(BigInt.asIntN(32, BigInt(digits.slice(-64))))
}
