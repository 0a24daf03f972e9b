import type { SqlDialect } from '../sql/build-sql.ts'

/** In backticks a name that there is none of is an error; in double quotes it would be a text. */
export const sqliteDialect: SqlDialect = {
  quote: (name) => `\`${name.replaceAll('`', '``')}\``,
  insert(onDuplicate, columns) {
    switch (onDuplicate) {
      case 'fail':
        return { verb: 'INSERT', suffix: '' }
      case 'ignore':
        return { verb: 'INSERT OR IGNORE', suffix: '' }
      case 'replace':
        return { verb: 'INSERT OR REPLACE', suffix: '' }
      case 'update':
        return { verb: 'INSERT', suffix: ` ON CONFLICT DO UPDATE SET ${columns.map((name) => `${name} = excluded.${name}`).join(', ')}` }
    }
  },
}
