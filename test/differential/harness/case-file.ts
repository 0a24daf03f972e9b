/** A case: a `.cfg` with a comment head of directives, and a `.traffic` beside it. See ../README.md for both. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { readTraffic } from './traffic.ts'
import type { Step } from './traffic.ts'

export interface Case {
  /** `area/sentence`. */
  name: string
  path: string
  cfg: string
  steps: Step[]
  /** Which log lines are compared: those of the script, all with their level, or none. */
  log: 'script' | 'all' | 'none'
  args: string[]
  /** Patterns whose matches are random and shown as `<masked>`. */
  masks: RegExp[]
  knownDifference: string | null
  /** FIFOs and Unix sockets that are made in the server's working directory. */
  fifos: string[]
  unixSockets: string[]
  /** Kamailio's scripts whose tables `kamailio.db` in the working directory has (`usrloc`, `auth_db`); none for no database. */
  tables: string[]
  /** Queries whose rows are compared once the server has stopped. */
  dumps: string[]
  /** Files beside the case that are put into the server's working directory, beside its configuration. */
  files: string[]
  /** Canned answers of the HTTP server at 127.0.30.4:8088; none for no server. */
  http: string[]
  /** A folder, relative to the project, without which the case is skipped. */
  needs: string | null
  /** A file beside the case that the server under comparison runs in place of the cfg. */
  other: string | null
}

/** What most cases start with; `# preamble: none` leaves it out. */
export const preamble = `debug=0
log_stderror=yes
children=1
tcp_children=1
auto_aliases=no
listen=udp:127.0.30.1:5060
listen=tcp:127.0.30.1:5060
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "pv.so"
loadmodule "xlog.so"
`

const defaultTraffic = `>>> client fixture test/fixtures/sip/invite.sip
`

const directives = (cfg: string): Map<string, string[]> => {
  const found = new Map<string, string[]>()
  for (const line of cfg.split('\n')) {
    if (!line.startsWith('#') && line.trim() !== '') break
    const match = /^# (log|args|mask|known-difference|preamble|needs|fifo|unix|tables|dump|file|http|other): (.*)$/.exec(line)
    if (match === null) continue
    const key = match[1] ?? ''
    found.set(key, [...found.get(key) ?? [], (match[2] ?? '').trim()])
  }
  return found
}

const splitArgs = (text: string): string[] =>
  [...text.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')

/** A case from texts: what the files hold, or what a test made up. */
export const caseFromText = (name: string, path: string, cfg: string, traffic: string | null): Case => {
  const found = directives(cfg)
  const log = found.get('log')?.[0]
  const usesPreamble = found.get('preamble')?.[0] !== 'none'
  const firstLines = /^(?:#!(?:KAMAILIO|OPENSER|SER|MAXCOMPAT|ALL)\n)/.exec(cfg)?.[0] ?? ''
  return {
    name,
    path,
    cfg: usesPreamble ? firstLines + preamble + cfg.slice(firstLines.length) : cfg,
    steps: readTraffic(traffic ?? defaultTraffic),
    log: log === 'all' || log === 'none' ? log : 'script',
    args: (found.get('args') ?? []).flatMap(splitArgs),
    masks: (found.get('mask') ?? []).map((pattern) => new RegExp(pattern, 'g')),
    knownDifference: found.get('known-difference')?.[0] ?? null,
    fifos: found.get('fifo') ?? [],
    unixSockets: found.get('unix') ?? [],
    tables: (found.get('tables') ?? []).flatMap((names) => names.split(/\s+/)),
    dumps: found.get('dump') ?? [],
    files: found.get('file') ?? [],
    http: found.get('http') ?? [],
    needs: found.get('needs')?.[0] ?? null,
    other: found.get('other')?.[0] ?? null,
  }
}

export const readCase = (path: string): Case => {
  const traffic = path.replace(/\.cfg$/, '.traffic')
  const name = `${basename(dirname(path))}/${basename(path, '.cfg')}`
  const text = existsSync(traffic) ? readFileSync(traffic, 'latin1') : null
  return caseFromText(name, path, readFileSync(path, 'latin1'), text)
}
