/** PostgreSQL. */
import type { DbDriver } from '../database.ts'
import { ServerDatabase, type ServerOptions } from '../sql/server-database.ts'
import { PostgresLink, type PostgresOptions } from './link.ts'

export function postgresDriver(options: PostgresOptions & ServerOptions): DbDriver {
  return { schemes: ['postgres'], open: (url) => new ServerDatabase(url, new PostgresLink(url, options), options) }
}
