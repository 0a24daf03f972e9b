import { isDbError } from '../../db/database.ts'
import { defineModule, SetupError } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { usrlocApi, type UsrlocApi } from './api.ts'
import { changeRecord, withRecord } from './change.ts'
import { eachContact } from './each.ts'
import { answered, takePingReply } from './keepalive.ts'
import { loadByRuid } from './load.ts'
import { aorHash } from './location-table.ts'
import { findContact } from './match.ts'
import { usrlocParams, type UsrlocParams } from './params.ts'
import { usrlocRpc } from './rpc.ts'
import { startUsrloc, stopUsrloc } from './start.ts'
import { DbMode, Usrloc } from './state.ts'

export default defineModule({
  name: 'usrloc',
  summary: 'Keeps who can be reached where, in memory and in a database.',
  area: 'routing',
  params: usrlocParams,
  setup(host: Host, params: UsrlocParams): Usrloc | SetupError {
    if (params.rm_expired_delay !== 0 && params.db_mode !== DbMode.only) {
      return new SetupError('rm expired delay feature is available for db only mode')
    }
    if (params.nat_bflag > 31) return new SetupError(`bflag index (${params.nat_bflag}) too big!`)
    if (params.handle_lost_tcp !== 0 && params.db_mode === DbMode.only) {
      host.log.warning('usrloc', 'handle_lost_tcp option makes nothing in DB_ONLY mode')
    }
    const usrloc = new Usrloc(host, params)
    host.statistics.counter('usrloc', 'registered_users').readFrom(() => usrloc.tables.reduce((sum, { users }) => sum + users, 0))
    host.provide(usrlocApi, apiOf(usrloc))
    if (params.ka_mode !== 0) {
      if (params.timer_procs > 1) usrloc.partitions = params.timer_procs
      host.onReply((context) => {
        takePingReply(usrloc, context)
        return false
      })
    }
    return usrloc
  },
  start: (usrloc) => startUsrloc(usrloc),
  stop: stopUsrloc,
  rpc: usrlocRpc,
  statistics: {
    registered_users: 'Addresses of record with contacts, in all tables.',
    location_users: 'Addresses of record with contacts, in the table `location`; so for each table.',
    location_contacts: 'Contacts in the table.',
    location_expires: 'Contacts of the table that have expired.',
  },
})

function apiOf(usrloc: Usrloc): UsrlocApi {
  const { params } = usrloc
  return {
    usesDomain: params.use_domain !== 0,
    dbMode: params.db_mode,
    matchingMode: params.matching_mode,
    natFlag: usrloc.natFlag,
    mayWait: params.db_mode !== DbMode.none,
    tables: usrloc.tables,
    attributesName: params.xavp_contact,
    table: (name) => usrloc.table(name),
    tableNamed: (name) => usrloc.tableNamed(name),
    now: () => usrloc.now(),
    hashOf: aorHash,
    setCaseSensitive(isSensitive) {
      usrloc.isCaseSensitive = isSensitive
    },
    read: (table, aor, use) => withRecord(usrloc, table, aor, use),
    readByRuid: (table, hash, ruid, use) =>
      usrloc.isDbOnly ? loadByRuid(usrloc, table, hash, ruid).then(use) : use(table.byRuid(hash, ruid)),
    change: (table, aor, work, finish) => changeRecord(usrloc, table, aor, work, finish),
    async deleteByRuid(table, ruid) {
      const where = [{ column: params.ruid_column, value: ruid }]
      const written = await usrloc.database?.write({ kind: 'delete', table: table.name, where })
      return isDbError(written) ? undefined : written
    },
    find: (record, uri, info) => findContact(params, record, uri, info, usrloc.now()),
    attributesOf: (context) => usrloc.attributesOf(context),
    on: (event, listener) => usrloc.listeners[event].push(listener),
    each: (options, take) => eachContact(usrloc, options, take),
    setKeepaliveTimeout(seconds) {
      usrloc.keepaliveTimeout = seconds
    },
    answered: (hash, ruid) => answered(usrloc, hash, ruid, 0),
    setPartitions(count) {
      usrloc.partitions = count
    },
  }
}
