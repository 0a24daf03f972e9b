import { postgresDriver } from '../../db/postgres/postgres.ts'
import { defineModule, param, SetupError } from '../../define/define.ts'

const SECOND_MS = 1000
const CONNECT_MS = 10_000

export default defineModule({
  name: 'db_postgres',
  summary: 'Lets modules keep their tables in PostgreSQL: postgres://user:password@host/database.',
  area: 'data',
  params: {
    retries: param.int(2, 'How often a statement is sent again whose connection broke.', { min: 0 }),
    timeout: param.int(0, 'Seconds for an answer, and for connecting where con_param does not say it; 0: as long as it takes.', { min: 0 }),
    tcp_keepalive: param.int(0, 'Seconds after which an idle connection is probed; 0 for none.', { min: 0 }),
    lockset: param.int(4, 'Size of a set of locks in Kamailio; replacing a row is one statement here.'),
    bytea_output_escape: param.int(1, 'How Kamailio wants bytea written; here it comes as bytes in any case.'),
    con_param: param.list('More of the connection, as libpq has it: "connect_timeout=15;application_name=proxy".'),
  },
  setup(host, params) {
    const connection = readConnection(params.con_param.map(String).join(';'))
    if (typeof connection === 'string') return new SetupError(connection)
    const timeoutMs = params.timeout * SECOND_MS
    const connectMs = Number(connection['connect_timeout'] ?? 0) * SECOND_MS
    host.databases.register(postgresDriver({
      log: host.log,
      clock: host.clock,
      retries: params.retries,
      connectTimeoutMs: connectMs || timeoutMs || CONNECT_MS,
      queryTimeoutMs: timeoutMs,
      keepAliveMs: params.tcp_keepalive * SECOND_MS,
      connection,
    }))
    return {}
  },
})

/** `a=1;b=2`; a text says what is wrong. */
function readConnection(text: string): Readonly<Record<string, string>> | string {
  const pairs: Record<string, string> = {}
  for (const piece of text.split(';').filter((part) => part.trim() !== '')) {
    const [, name = '', value = ''] = /^\s*(\w+)\s*=\s*(.*?)\s*$/.exec(piece) ?? []
    if (name === '') return `con_param "${piece}" is no name=value`
    pairs[name] = value
  }
  return pairs
}
