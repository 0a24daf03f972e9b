/** MySQL and MariaDB. */
import type { DbDriver } from '../database.ts'
import { ServerDatabase, type ServerOptions } from '../sql/server-database.ts'
import { MysqlLink, type MysqlOptions } from './link.ts'
import { withOptionFile } from './option-file.ts'

export function mysqlDriver(options: MysqlOptions & ServerOptions & { readonly readFile: (path: string) => string | undefined }): DbDriver {
  return {
    schemes: ['mysql'],
    open(url) {
      const place = withOptionFile(url, options.readFile)
      return typeof place === 'string' ? place : new ServerDatabase(url, new MysqlLink(place, options), options)
    },
  }
}
