import { mysqlDriver } from '../../db/mysql/mysql.ts'
import { defineModule, param } from '../../define/define.ts'

/** Kamailio counts timeout_interval three times. */
const TIMES = 3
const SECOND_MS = 1000
const SSL_DISABLED = 1

export default defineModule({
  name: 'db_mysql',
  summary: 'Lets modules keep their tables in MySQL or MariaDB: mysql://user:password@host/database.',
  area: 'data',
  params: {
    ping_interval: param.int(300, 'Seconds after which idle connections are looked after.', { min: 1 }),
    connect_timeout: param.int(2, 'Seconds for connecting; timeout_interval counts where it is longer.', { min: 0 }),
    send_timeout: param.int(0, 'Seconds for sending; the time for an answer covers it.', { min: 0 }),
    receive_timeout: param.int(0, 'Seconds for an answer, where timeout_interval is not to count.', { min: 0 }),
    retries: param.int(1, 'How often a statement is sent again whose connection broke.', { min: 0 }),
    server_timezone: param.int(0, '1: the server converts dates in its own time zone (FROM_UNIXTIME).'),
    timeout_interval: param.int(2, 'Seconds that count three times: for connecting, and for an answer.', { min: 0 }),
    auto_reconnect: param.int(1, '0: a statement whose connection broke is not sent again.'),
    insert_delayed: param.int(0, 'Of older servers; today they insert at once, and so is done here.'),
    update_affected_found: param.int(0, '1: UPDATE counts rows that match, not those that changed.'),
    unsigned_type: param.int(0, 'Unsigned columns have their whole range here in any case.'),
    opt_ssl_mode: param.int(0, '0 or 1: no TLS; 2 to 5: TLS.', { min: 0, max: 5 }),
  },
  setup(host, params) {
    const intervalMs = TIMES * params.timeout_interval * SECOND_MS
    const driverErrors = host.statistics.counter('mysql', 'driver_errors')
    host.databases.register(mysqlDriver({
      log: host.log,
      clock: host.clock,
      readFile: (path) => host.files.read(path),
      retries: params.auto_reconnect === 0 ? 0 : params.retries,
      connectTimeoutMs: Math.max(params.connect_timeout * SECOND_MS, intervalMs),
      queryTimeoutMs: params.receive_timeout > 0 ? params.receive_timeout * SECOND_MS : intervalMs,
      pingIntervalMs: params.ping_interval * SECOND_MS,
      serverTimezone: params.server_timezone !== 0,
      countFound: params.update_affected_found !== 0,
      onBroken: () => driverErrors.increment(),
      useTls: params.opt_ssl_mode > SSL_DISABLED,
    }))
    return {}
  },
  statistics: { driver_errors: 'Statements whose connection broke or could not be made.' },
})
