/** Kamailio 5.6's tables: all of them but those of the ims_* modules, which belong into databases of their own. */
import { callsTables } from './calls.ts'
import { readTables, type SchemaTable } from './notation.ts'
import { presenceTables } from './presence.ts'
import { routingTables } from './routing.ts'
import { uidTables } from './uid.ts'
import { usersTables } from './users.ts'

const versionTable = `
group standard
table version 1
  id serial
  table_name varchar(32)
  table_version int unsigned = 0
  unique table_name_idx: table_name
`

/** The table `version` first. */
export const schemaTables: readonly SchemaTable[] =
  [versionTable, usersTables, callsTables, routingTables, presenceTables, uidTables].flatMap(readTables)

/** Groups that `kahea db create` makes when none is named: those of the modules that most servers load. */
export const usualGroups: readonly string[] = [
  'standard', 'acc', 'alias_db', 'auth_db', 'avpops', 'dialog', 'dialplan', 'dispatcher', 'domain', 'drouting', 'group', 'htable', 'lcr',
    'msilo', 'mtree',
  'permissions', 'registrar', 'rtpengine', 'rtpproxy', 'siptrace', 'speeddial', 'topos', 'uac', 'uri_db', 'usrloc',
]

export const schemaGroups: readonly string[] = [...new Set(schemaTables.map(({ group }) => group))]
