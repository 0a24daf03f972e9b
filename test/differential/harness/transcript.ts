/** What one server did with a case's traffic, as lines that can be compared and read. */
import type { Arrival } from './endpoints.ts'
import type { Case } from './case-file.ts'
import { readHep } from './hep.ts'
import { isScriptEntry, readLog, withoutPlace } from './log-lines.ts'
import { outOfSlot } from './slots.ts'

export interface StepRecord {
  title: string
  arrivals: Arrival[]
  stderr: string
}

/** Shows bytes that a terminal or an editor would hide. */
const visible = (text: string): string => text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g, (char) =>
  `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)

/** CRLF is the line end that is expected; a bare CR or LF is shown. */
const messageLines = (data: string): string[] => {
  const lines = data.split('\r\n').map((line) => visible(line).replace(/\r/g, '\\r').replace(/\n/g, '\\n'))
  const last = lines.pop()
  if (last !== undefined && last !== '') lines.push(`${last}\\`)
  return lines.map((line) => `    ${line}`)
}

/** Pieces that came over one connection in a step are one text: how they were cut into segments does not count. */
const joinStreams = (arrivals: Arrival[]): Arrival[] => {
  const joined: Arrival[] = []
  for (const arrival of arrivals) {
    const before = joined.findLast((other) => other.socket === arrival.socket)
    if (before !== undefined && arrival.transport === 'TCP' && before.transport === 'TCP'
      && before.data !== null && arrival.data !== null) before.data += arrival.data
    else joined.push({ ...arrival })
  }
  return joined.sort((one, two) => (one.socket < two.socket ? -1 : one.socket > two.socket ? 1 : 0))
}

const arrivalLines = (arrival: Arrival): string[] => {
  if (arrival.data === null) return [`  ${arrival.socket}: connection closed by the server`]
  const packets = readHep(arrival.data)
  if (packets.length > 0) {
    return packets.flatMap(({ head, payload }) => [
      `  ${arrival.socket} <- ${arrival.transport} ${arrival.from}, ${head[0] ?? ''}`,
      ...head.slice(1).map((line) => `      ${line}`), ...messageLines(payload),
    ])
  }
  return [`  ${arrival.socket} <- ${arrival.transport} ${arrival.from}, ${/^[^ \r\n]*/.exec(arrival.data)?.[0].slice(0, 20) ?? ''}`,
    ...messageLines(arrival.data)]
}

const logLines = (which: Case['log'], stderr: string): string[] => {
  if (which === 'none') return []
  return readLog(stderr).filter((entry) => which === 'all' || isScriptEntry(entry)).flatMap((entry) => {
    const [first = '', ...rest] = withoutPlace(entry.text).replace(/\n$/, '').split('\n')
    const unended = entry.text.endsWith('\n') ? '' : '\\'
    const lines = [`  log ${entry.level}: ${visible(first)}`, ...rest.map((line) => `    | ${visible(line)}`)]
    return [...lines.slice(0, -1), `${lines.at(-1) ?? ''}${unended}`]
  })
}

/** Gives every distinct value its number in order of appearance, so that "the same tag again" is still seen. */
const numbered = (): ((kind: string, value: string) => string) => {
  const known = new Map<string, string>()
  const counts = new Map<string, number>()
  return (kind, value) => {
    const key = `${kind} ${value}`
    const found = known.get(key)
    if (found !== undefined) return found
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    known.set(key, `<${kind} ${count}>`)
    return `<${kind} ${count}>`
  }
}

/** What counts down differs by the seconds that a server needed. */
const inTens = (seconds: number): number => Math.ceil(seconds / 10) * 10

/** Takes out what is random or names the product. */
const normalise = (lines: string[], ports: ReadonlyMap<string, string>, masks: RegExp[]): string[] => {
  const tag = numbered()
  let inStep = numbered()
  return lines.map((line) => {
    // Branches are counted in each step anew, so that one request more or less does not change the rest of the transcript.
    if (line.startsWith('== ')) inStep = numbered()
    let text = line
      .replace(/z9hG4bK[0-9a-f]{1,8}\.[0-9a-f]{16,32}\.(\d+)/g, (whole, branch) => `${inStep('branch', whole)}.${branch}`)
      .replace(/\b[0-9a-f]{32}[.-][0-9a-f]{8}\b/g, (whole) => tag('tag', whole))
      .replace(/((?:^ *|\\n)(?:Server|User-Agent): )(?:kamailio|kahea) \((?:[^()]|\([^()]*\))*\)/i, '$1<product>')
      .replace(/^( *Via: .*;i=)[0-9a-f]+/, '$1<connection>')
      .replace(/\b((?:next)?nonce|response|rspauth)=("?)([A-Za-z0-9+/=]{24,})\2/gi, (_whole, name, quote, value) =>
        `${name}=${quote}<${value.length} characters>${quote}`)
      .replace(/\bpid=\d+/g, 'pid=<pid>')
      .replace(/\bul(?:oc|cx)-(?:[0-9a-f]+-)?[0-9a-f]{8}-[0-9a-f]+-[0-9a-f]+/g, (whole) => tag('ruid', whole))
      .replace(/;expires=(\d+)/g, (_, seconds) => `;expires=${inTens(Number(seconds))}`)
    if (ports.size > 0) text = text.replace(/\b\d{4,5}\b/g, (whole) => ports.get(whole) ?? whole)
    for (const mask of masks) text = text.replace(mask, '<masked>')
    return text
  })
}

export const transcriptLines = (
  records: StepRecord[], item: Case, slot: number, ports: ReadonlyMap<string, string>,
): string[] => {
  const lines = records.flatMap((record) => [
    record.title,
    ...logLines(item.log, record.stderr),
    ...joinStreams(record.arrivals).flatMap(arrivalLines),
  ])
  return normalise(lines.map((line) => outOfSlot(line, slot)), ports, item.masks)
}
