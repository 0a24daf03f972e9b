import { SetupError } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { parseDefinition, type Definition, type Kind } from './definition.ts'
import { Metrics } from './metrics.ts'

export interface Params {
  readonly xhttp_prom_buf_size: number
  readonly xhttp_prom_timeout: number
  readonly xhttp_prom_stats: string
  readonly xhttp_prom_beginning: string
  readonly prom_counter: readonly (string | number)[]
  readonly prom_gauge: readonly (string | number)[]
  readonly prom_histogram: readonly (string | number)[]
}

export interface State {
  readonly host: Host
  readonly params: Params
  readonly metrics: Metrics
}

export function setUp(host: Host, params: Params): State | SetupError {
  if (!host.hasModule('xhttp')) return new SetupError('module xhttp_prom needs module xhttp')
  if (params.xhttp_prom_timeout < 0) return new SetupError(`xhttp_prom_timeout is ${params.xhttp_prom_timeout} minutes: at least 0`)
  const definitions: Definition[] = []
  const kinds: readonly Kind[] = ['counter', 'gauge', 'histogram']
  for (const kind of kinds) {
    for (const text of params[`prom_${kind}`]) {
      const definition = parseDefinition(kind, String(text))
      if (typeof definition === 'string') return new SetupError(definition)
      definitions.push(definition)
    }
  }
  return { host, params, metrics: new Metrics(definitions, params.xhttp_prom_timeout * 60_000) }
}
