/** `mysql://[group]host/db`: what my.cnf says of a group, and of [client]. */
import type { DbUrl } from '../database.ts'

/** Where the client library looks, in its order. */
const FILES = ['/etc/my.cnf', '/etc/mysql/my.cnf', '/etc/mysql/mariadb.cnf']

export interface MysqlPlace {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  readonly socket: string
}

/** A text says what is wrong. */
export function withOptionFile(url: DbUrl, readFile: (path: string) => string | undefined): MysqlPlace | string {
  const { user, password, port, database } = url
  const [, group, host = ''] = /^\[([^\]]*)\](.*)$/.exec(url.host) ?? [undefined, undefined, url.host]
  const options = new Map<string, string>()
  if (group !== undefined) {
    for (const path of FILES) readGroups(readFile(path) ?? '', ['client', group], options)
    if (options.size === 0) return `no my.cnf has a group [${group}]`
  }
  return {
    host: host || (options.get('host') ?? ''),
    port: port || Number(options.get('port') ?? 0),
    user: user || (options.get('user') ?? ''),
    password: password || (options.get('password') ?? ''),
    database,
    socket: options.get('socket') ?? '',
  }
}

/** The last one counts. */
function readGroups(text: string, groups: readonly string[], options: Map<string, string>): void {
  let isWanted = false
  for (const line of text.split('\n')) {
    const group = /^\s*\[([^\]]*)\]/.exec(line)?.[1]
    if (group !== undefined) isWanted = groups.includes(group)
    const [, name = '', value = ''] = /^\s*([\w-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (isWanted && name !== '') options.set(name, value.replace(/^(["'])(.*)\1$/, '$2'))
  }
}
