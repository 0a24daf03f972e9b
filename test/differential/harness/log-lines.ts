/** Cuts what a server wrote to stderr into log entries: ` 1(4711) ERROR: <script>: text`. A text may hold line ends. */

export interface LogEntry {
  level: string
  /** All behind the level: log prefix, origin and text. */
  text: string
}

const ENTRY = / ?\d{1,3}\(\d+\) (ALERT|BUG|CRITICAL|ERROR|WARNING|NOTICE|INFO|DEBUG): /g

export const readLog = (stderr: string): LogEntry[] => {
  const entries: LogEntry[] = []
  const starts = [...stderr.matchAll(ENTRY)]
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1]?.index ?? stderr.length
    entries.push({ level: start[1] ?? '', text: stderr.slice(start.index + start[0].length, end) })
  }
  return entries
}

/** An entry that the script made, by xlog and its kin. */
export const isScriptEntry = (entry: LogEntry): boolean => entry.text.includes('<script>: ')

/** The entry without the place in the source that Kamailio's own lines carry: `tm [tm.c:1]: f(): text` is `tm: text`. */
export const withoutPlace = (text: string): string => text.replace(/ \[[^\]\s]+:\d+\]: \w+\(\):/, ':')
