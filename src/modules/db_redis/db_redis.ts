import { join } from 'node:path'
import { redisDriver } from '../../db/redis/redis.ts'
import { readKeys } from '../../db/redis/table-keys.ts'
import { defineModule, param, SetupError } from '../../define/define.ts'

export default defineModule({
  name: 'db_redis',
  summary: 'Lets modules keep their tables in Redis: redis://user@host:port/5.',
  area: 'data',
  params: {
    keys: param.list('Keys of tables: "location=entry:ruid&usrdom:username,domain;acc=entry:callid,time_hires".'),
    schema_path: param.str('/usr/share/kamailio/db_redis/kamailio',
      'Folder with a file for each table; without one Kamailio 5.6\'s own columns count.'),
    verbosity: param.int(1, 'How much Kamailio logs about schemas.'),
  },
  setup(host, params) {
    const keys = readKeys(params.keys.map(String))
    if (typeof keys === 'string') return new SetupError(keys)
    host.databases.register(redisDriver({
      log: host.log, clock: host.clock, keys, readSchema: (table) => host.files.read(join(params.schema_path, table)),
    }))
    return {}
  },
})
