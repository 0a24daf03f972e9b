import type { SqlDialect } from '../sql/build-sql.ts'

export const mysqlDialect: SqlDialect = {
  quote: (name) => `\`${name.replaceAll('`', '``')}\``,
  insert(onDuplicate, columns) {
    switch (onDuplicate) {
      case 'fail':
        return { verb: 'INSERT', suffix: '' }
      case 'ignore':
        return { verb: 'INSERT IGNORE', suffix: '' }
      case 'replace':
        return { verb: 'REPLACE', suffix: '' }
      case 'update':
        return { verb: 'INSERT', suffix: ` ON DUPLICATE KEY UPDATE ${columns.map((name) => `${name} = VALUES(${name})`).join(', ')}` }
    }
  },
}
