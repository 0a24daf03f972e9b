/** The connections that `sqlcon` names. */
import { isDbError, type Database } from '../../db/database.ts'
import type { Host } from '../../runtime/host.ts'

export interface Connection {
  readonly name: string
  readonly url: string
  /** Undefined until `start`. */
  database: Database | undefined
  /** Whether it was reached once; from then on the driver sees to it. */
  isConnected: boolean
}

/** Reads `name=>url`; a text says what is wrong. */
export function readConnections(texts: readonly string[]): ReadonlyMap<string, Connection> | string {
  const connections = new Map<string, Connection>()
  for (const text of texts) {
    const [, name = '', url = ''] = /^\s*([^=\s]+)\s*=>\s*(.*)$/s.exec(text) ?? []
    if (name === '') return `invalid sqlops parameter [${text}]: sqlcon is "name=>url"`
    if (connections.has(name)) return `duplicate connection name ${name}`
    connections.set(name, { name, url, database: undefined, isConnected: false })
  }
  return connections
}

/** Opens all of them; with `mustConnect` one that cannot be reached is the answer. */
export async function openConnections(host: Host, connections: Iterable<Connection>, mustConnect: boolean): Promise<string | undefined> {
  for (const connection of connections) {
    const database = host.databases.open(connection.url)
    if (typeof database === 'string') return `connection ${connection.name}: ${database}`
    if (!database.hasSql) return `connection ${connection.name}: ${database.scheme} takes no SQL`
    connection.database = database
    const failure = await reach(connection)
    if (failure === undefined) continue
    if (mustConnect) return `failed to connect to the database [${connection.name}]: ${failure}`
    host.log.info('sqlops', `failed to connect to the database [${connection.name}] - trying next`)
  }
  return undefined
}

/** The reason why it cannot be reached, if so. */
export async function reach(connection: Connection): Promise<string | undefined> {
  if (connection.database === undefined) return 'the server has not started'
  const failure = await connection.database.connect()
  if (isDbError(failure)) return failure.reason
  connection.isConnected = true
  return undefined
}
