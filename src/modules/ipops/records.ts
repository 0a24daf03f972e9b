/** SRV and NAPTR records as scripts get them: in order, no more than 32, texts of at most 64 bytes. */
import type { Random } from '../../base/random.ts'
import type { PointerRecord, ServiceRecord } from '../../runtime/host.ts'

const RECORDS_MAX = 32
const TEXT_MAX = 64

type Warn = (text: string) => void

/**
 * By priority. Within one, records are drawn by chance in proportion to their weights (RFC 2782); only in the last
 * priority the heaviest is always the first, as in Kamailio.
 */
export function orderedServices(found: readonly ServiceRecord[], random: Random, warn: Warn): readonly ServiceRecord[] {
  const sorted = found.toSorted((a, b) => a.priority - b.priority || b.weight - a.weight)
  const records = firstOf(sorted, 'srv_query', warn)
  const ordered: ServiceRecord[] = []
  while (ordered.length < records.length) {
    const priority = records[ordered.length]?.priority
    const group = records.filter((record) => record.priority === priority)
    const isLast = ordered.length + group.length === records.length
    ordered.push(...(isLast ? group : drawn(group, random)))
  }
  return ordered.map((record) => ({ ...record, target: shortened(record.target, 'srv_query target', warn) }))
}

/** Those without a weight stand in front, so that they have a small chance of being the first. */
function drawn(group: readonly ServiceRecord[], random: Random): readonly ServiceRecord[] {
  const waiting = group.toSorted((a, b) => Math.sign(a.weight) - Math.sign(b.weight))
  const ordered: ServiceRecord[] = []
  while (waiting.length > 0) {
    const total = waiting.reduce((sum, record) => sum + record.weight, 0)
    let left = random.integer(total + 1)
    const at = waiting.findIndex((record) => (left -= record.weight) <= 0)
    ordered.push(...waiting.splice(at, 1))
  }
  return ordered
}

/** By order and preference. */
export function orderedPointers(found: readonly PointerRecord[], warn: Warn): readonly PointerRecord[] {
  return firstOf(found, 'naptr_query', warn)
    .toSorted((a, b) => a.order - b.order || a.preference - b.preference)
    .map((record) => ({
      ...record,
      flags: shortened(record.flags, 'naptr_query flags', warn),
      services: shortened(record.services, 'naptr query services', warn),
      regexp: shortened(record.regexp, 'naptr query regexp', warn),
      replacement: shortened(record.replacement, 'naptr query replace', warn),
    }))
}

function firstOf<T>(records: readonly T[], query: string, warn: Warn): readonly T[] {
  if (records.length <= RECORDS_MAX) return records
  warn(`truncating ${query} list to ${RECORDS_MAX} records!`)
  return records.slice(0, RECORDS_MAX)
}

function shortened(text: string, what: string, warn: Warn): string {
  if (text.length <= TEXT_MAX) return text
  warn(`truncating ${what} (${text})!`)
  return text.slice(0, TEXT_MAX)
}
