/** Every kind of database that there is, for commands that run without a configuration. */
import { systemClock } from '../base/clock.ts'
import { createLog } from '../base/log.ts'
import type { Databases } from '../db/database.ts'
import { createDatabases } from '../db/databases.ts'
import { mongodbDriver } from '../db/mongodb/mongodb.ts'
import { mysqlDriver } from '../db/mysql/mysql.ts'
import { postgresDriver } from '../db/postgres/postgres.ts'
import { redisDriver } from '../db/redis/redis.ts'
import { readKeys } from '../db/redis/table-keys.ts'
import { sqliteDriver } from '../db/sqlite/sqlite.ts'
import { textDriver } from '../db/text/text.ts'
import { systemFiles } from './files.ts'

const CONNECT_MS = 5000
const ANSWER_MS = 60_000

export function allDatabases(): Databases {
  const databases = createDatabases()
  const files = systemFiles(undefined)
  // What goes wrong is in the answers.
  const common = {
    log: createLog(0, () => undefined), clock: systemClock, retries: 0, connectTimeoutMs: CONNECT_MS, queryTimeoutMs: ANSWER_MS,
  }
  databases.register(sqliteDriver())
  databases.register(mysqlDriver({
    ...common, readFile: (path) => files.read(path), pingIntervalMs: ANSWER_MS, serverTimezone: false, countFound: false, useTls: false,
  }))
  databases.register(postgresDriver({ ...common, keepAliveMs: 0, connection: {} }))
  databases.register(textDriver({
    ...common, delimiter: ':', emptyTexts: false, rowsMax: 100_000, isReread: false, folder: '/etc/kamailio',
  }))
  databases.register(mongodbDriver(common))
  const keys = readKeys([])
  databases.register(redisDriver({ ...common, keys: typeof keys === 'string' ? new Map() : keys, readSchema: () => undefined }))
  return databases
}
