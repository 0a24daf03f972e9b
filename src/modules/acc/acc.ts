import { LogLevel } from '../../base/log.ts'
import { arg, defineModule, fn, SetupError, type FormatText } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { rrApi } from '../rr/api.ts'
import { tmApi } from '../tm/api.ts'
import { accApi } from './api.ts'
import { parseExtras, parseLegs } from './extra.ts'
import { accParams } from './params.ts'
import { accountInBoth, accountInDatabase, accountInLog } from './requests.ts'
import { RowQueue } from './row-queue.ts'
import type { Acc, TableName } from './state.ts'
import { watchTransactions } from './transactions.ts'

const FACILITY = /^LOG_(KERN|USER|MAIL|DAEMON|AUTH|SYSLOG|LPR|NEWS|UUCP|CRON|AUTHPRIV|FTP|LOCAL[0-7])$/
const FLAG_MAX = 31
const FLAGS = ['failed_transaction_flag', 'log_flag', 'log_missed_flag'] as const
const DB_FLAGS = ['db_flag', 'db_missed_flag'] as const

const comment = arg.str('comment', 'Status and reason, such as `404 Not Found`, or any text.')
const filledComment = arg.custom<string>('comment', comment.summary, (text, env) => {
  if (text === '') return 'the comment is empty'
  const format = text.includes('$') ? env.format(text) : undefined
  if (format === undefined) return { fixed: text }
  return typeof format === 'string' ? format : { evaluate: (context) => format.evaluate(context) }
})
const table = arg.custom<TableName>('table', 'Table; may hold variables.', (text, env) => {
  if (!text.includes('$')) return { fixed: text }
  const format: FormatText | string = env.format(text)
  return typeof format === 'string' ? format : { fixed: format }
})

export default defineModule({
  name: 'acc',
  summary: 'Accounts requests and calls in the log and in a database.',
  area: 'operations',
  params: accParams,
  setup(host, params): Acc | SetupError {
    for (const name of params.db_url === '' ? FLAGS : [...FLAGS, ...DB_FLAGS]) {
      if (params[name] > FLAG_MAX || params[name] < -1) return new SetupError(`${name} set to invalid value: flags are 0 to ${FLAG_MAX}`)
    }
    if (params.cdr_enable !== 0) {
      return new SetupError('cdr_enable needs dialogs, and this server has no module dialog: account transactions with log_flag or db_flag')
    }
    if (params.log_facility !== '' && !FACILITY.test(params.log_facility)) return new SetupError('invalid log facility configured')
    const failedFilter = parseFilter(params.failed_filter)
    if (failedFilter === undefined) return new SetupError('failed_filter is a list of statuses from 300 to 999, separated by commas')
    const level = Object.values(LogLevel).find((known) => known === Math.max(LogLevel.alert, Math.min(LogLevel.dbg, params.log_level)))
    const withoutDatabase = params.db_url === '' ? { db_flag: -1, db_missed_flag: -1 } : {}
    const acc: Acc = {
      host, params: { ...params, ...withoutDatabase }, failedFilter, level: level ?? LogLevel.notice, engines: [], showsLocalTags: false,
      facility: params.log_facility === '' ? undefined : params.log_facility,
      tm: undefined, rr: undefined, logExtra: [], dbExtra: [], legs: [], rows: undefined,
      accTable: params.db_table_acc, missedTable: params.db_table_missed_calls,
    }
    host.provide(accApi, {
      logRequest: (context, text) => accountInLog(acc, context, text),
      databaseRequest: (context, text, name) => accountInDatabase(acc, context, text, name),
      request: (context, text, name) => accountInBoth(acc, context, text, name),
      register: (engine) => void acc.engines.push(engine),
    })
    return acc
  },
  start: (acc, host) => begin(acc, host),
  stop: (acc) => acc.rows?.drain(),
  functions: {
    acc_log_request: fn({
      summary: 'Accounts the request in the log.',
      routes: 'any',
      args: [filledComment],
      run: (context, acc: Acc, text) => accountInLog(acc, context, text),
    }),
    acc_db_request: fn({
      summary: 'Accounts the request in a table of the database.',
      routes: 'any',
      args: [filledComment, table],
      mayWait: true,
      run: (context, acc: Acc, text, name) => accountInDatabase(acc, context, text, name),
    }),
    acc_request: fn({
      summary: 'Accounts the request in the log and, where a database is used, in a table.',
      routes: 'any',
      args: [comment, table],
      mayWait: true,
      run: (context, acc: Acc, text, name) => accountInBoth(acc, context, text, name),
    }),
  },
  statistics: {
    db_queued: 'Rows on their way to the database.',
    db_written: 'Rows that were written.',
    db_failed: 'Rows that the database refused.',
    db_dropped: 'Rows that found no room in the queue.',
  },
})

function parseFilter(text: string): ReadonlySet<number> | undefined {
  if (text === '') return new Set()
  return /^[3-9]\d\d(,[3-9]\d\d){0,14}$/.test(text) ? new Set(text.split(',').map(Number)) : undefined
}

async function begin(acc: Acc, host: Host): Promise<SetupError | undefined> {
  const { params } = acc
  acc.tm = host.api(tmApi)
  acc.rr = host.api(rrApi)
  if (acc.tm === undefined) return new SetupError('it needs the module tm: loadmodule "tm.so" before it')
  if (params.detect_direction !== 0 && acc.rr?.marksDirection !== true) {
    return new SetupError('detect_direction needs the module rr, with append_fromtag on')
  }
  const failure = prepareExtras(acc, host)
  if (failure !== undefined) return new SetupError(failure)
  if (params.db_url !== '') {
    const database = host.databases.open(params.db_url)
    if (typeof database === 'string') return new SetupError(database)
    const refused = await database.connect()
    if (refused !== undefined) return new SetupError(`unable to connect to the database: ${refused.reason}`)
    acc.rows = new RowQueue(database, host.clock, host.log, host.statistics)
  }
  watchTransactions(acc)
  return undefined
}

function prepareExtras(acc: Acc, host: Host): string | undefined {
  const { params } = acc
  const logExtra = params.log_extra === '' ? [] : parseExtras(host, params.log_extra, params.acc_extra_size)
  if (typeof logExtra === 'string') return `log_extra: ${logExtra}`
  const dbExtra = params.db_extra === '' || params.db_url === '' ? [] : parseExtras(host, params.db_extra, params.acc_extra_size)
  if (typeof dbExtra === 'string') return `db_extra: ${dbExtra}`
  const legs = params.multi_leg_info === '' ? [] : parseLegs(host, params.multi_leg_info)
  if (typeof legs === 'string') return `multi_leg_info: ${legs}`
  const accTable = tableName(host, params.db_table_acc)
  const missedTable = tableName(host, params.db_table_missed_calls)
  if (accTable === undefined || missedTable === undefined) return 'db_table_acc or db_table_missed_calls: a variable that there is not'
  Object.assign(acc, { logExtra, dbExtra, legs, accTable, missedTable })
  return undefined
}

function tableName(host: Host, text: string): TableName | undefined {
  if (!text.includes('$')) return text
  const format = host.prepare.format(text)
  return typeof format === 'string' ? undefined : format
}
