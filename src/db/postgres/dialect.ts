import type { SqlDialect } from '../sql/build-sql.ts'

/** The key's columns are needed to replace or update a row that is there. */
export const postgresDialect: SqlDialect = {
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  insert(onDuplicate, columns, key) {
    const changes = columns.map((name) => `${name} = EXCLUDED.${name}`).join(', ')
    switch (onDuplicate) {
      case 'fail':
        return { verb: 'INSERT', suffix: '' }
      case 'ignore':
        return { verb: 'INSERT', suffix: ' ON CONFLICT DO NOTHING' }
      case 'replace':
      case 'update':
        return { verb: 'INSERT', suffix: key.length === 0 ? '' : ` ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${changes}` }
    }
  },
}
