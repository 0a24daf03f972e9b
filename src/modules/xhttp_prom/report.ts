/** What a scrape gets. */
import type { Counter } from '../../base/statistics.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { xhttpApi } from '../xhttp/api.ts'
import type { State } from './state.ts'

const TYPE = 'text/plain; version=0.0.4'
/** A third of Kamailio's private memory of 8 MB. */
const REPORT_BYTES_MAX = 2796202

export function userMetrics({ host, params, metrics }: State): string {
  const heading = metrics.isEmpty ? '# NO User defined metrics' : '# User defined metrics'
  return `${heading}\n${metrics.text(params.xhttp_prom_beginning, host.clock.now())}`
}

/** The server's statistics that `xhttp_prom_stats` names; undefined when there is no such one. */
function serverStatistics({ host, params }: State): string | undefined {
  const wanted = params.xhttp_prom_stats
  if (wanted === '') return ''
  const all = host.statistics.all()
  const prefix = params.xhttp_prom_beginning
  const nowMs = host.clock.now()
  const lines = (counters: readonly Counter[]): string => counters
    .map(({ group, name, value }) => `${prefix}${`${group}_${name}`.replaceAll('-', '_')} ${value} ${nowMs}\n`)
    .join('')
  if (wanted === 'all') return `\n# Kamailio whole internal statistics\n${lines(sorted(all))}`
  if (wanted.endsWith(':')) {
    const group = wanted.slice(0, -1)
    return `\n# Kamailio statistics for group: ${wanted}\n${lines(sorted(all.filter((counter) => counter.group === group)))}`
  }
  const named = host.statistics.named(wanted)
  return named && `\n# Kamailio statistics for: ${wanted}\n${lines([named])}`
}

function sorted(counters: readonly Counter[]): readonly Counter[] {
  const key = ({ group, name }: Counter): string => `${group}.${name}`
  return [...counters].sort((one, two) => (key(one) < key(two) ? -1 : 1))
}

/** prom_dispatch(): 0, which ends the route, for an HTTP request; 1 for others. */
export function dispatch(context: RouteContext, state: State): number {
  const { host, params } = state
  const http = host.api(xhttpApi)
  if (http === undefined || !http.isRequest(context)) return 1
  const statistics = serverStatistics(state)
  const text = statistics === undefined ? undefined : userMetrics(state) + statistics
  if (text !== undefined && text.length < (params.xhttp_prom_buf_size || REPORT_BYTES_MAX)) http.reply(context, 200, 'OK', TYPE, text)
  else {
    host.log.error('xhttp_prom', text === undefined
      ? `xhttp_prom_stats: there is no statistic ${params.xhttp_prom_stats}`
      : `the metrics have ${text.length} bytes: xhttp_prom_buf_size is too small`)
    http.reply(context, 500, 'Internal Server Error', TYPE, 'Internal Server Error')
  }
  return 0
}

/** prom_check_uri(): whether Prometheus asks. */
export function isScrape(context: RouteContext, { host }: State): boolean {
  return context.message.requestUri === '/metrics' && host.api(xhttpApi)?.isRequest(context) === true
}
