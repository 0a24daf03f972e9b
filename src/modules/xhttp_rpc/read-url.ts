/** The URLs of the pages: `/ROOT`, `/ROOT/GROUP`, `/ROOT/GROUP/COMMAND` and `/ROOT/GROUP/COMMAND?arg=ARGUMENTS`. */
export interface Place {
  readonly group?: string
  readonly command?: string
  /** Absent: the command is shown, not run. */
  readonly args?: readonly string[]
}

/** What is wrong with a URL; `place` is how far it could be read. */
export class UrlError {
  readonly reason: string
  readonly place: Place
  constructor(reason: string, place: Place) {
    this.reason = reason
    this.place = place
  }
}

/** Commands by group: what stands in front of the dot. */
export type Groups = ReadonlyMap<string, readonly string[]>

export function readUrl(url: string, root: string, groups: Groups): Place | UrlError {
  const prefix = root === '' ? '' : `/${root}`
  const rest = url.slice(prefix.length)
  if (!url.startsWith(prefix) || (rest !== '' && !rest.startsWith('/'))) return new UrlError('Bad URL', {})
  if (rest === '' || rest === '/') return {}
  const slash = rest.indexOf('/', 1)
  const group = slash < 0 ? rest.slice(1) : rest.slice(1, slash)
  const commands = groups.get(group)
  if (commands === undefined) return new UrlError('Bad URL', {})
  if (slash < 0 || slash === rest.length - 1) return { group }
  const mark = rest.indexOf('?', slash)
  const command = mark < 0 ? rest.slice(slash + 1) : rest.slice(slash + 1, mark)
  if (!commands.includes(command)) return new UrlError('Bad URL', { group })
  if (mark < 0) return { group, command }
  if (!rest.startsWith('?arg=', mark)) return new UrlError('Bad URL', { group, command })
  const args = unescapeForm(rest.slice(mark + 5))
  if (args === undefined) return new UrlError('Bad arg in URL', { group, command })
  return { group, command, args: args.split(/[ \t\r\n]+/).filter((word) => word !== '') }
}

/** Undefined for an escape that is none. */
function unescapeForm(text: string): string | undefined {
  if (/%(?![0-9a-f]{2})/i.test(text)) return undefined
  return text.replace(/\+|%(..)/g, (_whole, hex?: string) => (hex === undefined ? ' ' : String.fromCharCode(parseInt(hex, 16))))
}

/** Commands whose names are not GROUP.COMMAND have no page, as in Kamailio. */
export function groupsOf(names: readonly string[]): Groups {
  const groups = new Map<string, string[]>()
  for (const name of names) {
    const dot = name.indexOf('.')
    if (dot <= 0 || dot === name.length - 1) continue
    const group = name.slice(0, dot)
    const known = groups.get(group)
    if (known === undefined) groups.set(group, [name])
    else known.push(name)
  }
  return groups
}
