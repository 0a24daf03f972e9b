import { sqliteDriver } from '../../db/sqlite/sqlite.ts'
import { defineModule, param, SetupError } from '../../define/define.ts'
import { fileOptions } from './file-options.ts'

export default defineModule({
  name: 'db_sqlite',
  summary: 'Lets modules keep their tables in SQLite files: sqlite:////path/to/kamailio.db.',
  area: 'data',
  params: {
    db_set_readonly: param.list('Path of a file that is opened for reading only.'),
    db_set_journal_mode: param.list('A file and its journal mode, as /path/kamailio.db=WAL.'),
  },
  setup(host, params) {
    const options = fileOptions(params.db_set_readonly.map(String), params.db_set_journal_mode.map(String))
    if (typeof options === 'string') return new SetupError(options)
    host.databases.register(sqliteDriver((path) => options.get(path) ?? {}, (text) => host.log.warning('db_sqlite', text)))
    return {}
  },
})
