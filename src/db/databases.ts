import type { Database, Databases, DbDriver } from './database.ts'
import { parseDbUrl } from './db-url.ts'

/** No databases yet; the modules `db_*` bring the drivers. */
export function createDatabases(): Databases {
  const drivers = new Map<string, DbDriver>()
  const opened = new Map<string, Database>()
  return {
    register(driver) {
      for (const scheme of driver.schemes) drivers.set(scheme, driver)
    },
    open(text) {
      const known = opened.get(text)
      if (known !== undefined) return known
      const url = parseDbUrl(text)
      if (url === undefined) return `"${text}" is no database URL such as mysql://user:password@host/database`
      const driver = drivers.get(url.scheme)
      if (driver === undefined) return `no module for databases of the kind ${url.scheme} is loaded: loadmodule "db_${url.scheme}.so"`
      const database = driver.open(url)
      if (typeof database !== 'string') opened.set(text, database)
      return database
    },
    async close() {
      const all = [...opened.values()]
      opened.clear()
      await Promise.all(all.map((database) => database.close()))
    },
  }
}
