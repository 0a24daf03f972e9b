import { RpcFault, type RpcAnswer, type RpcCall, type RpcDef } from '../../define/define.ts'
import { decimals } from './metrics.ts'
import { userMetrics } from './report.ts'
import type { State } from './state.ts'

type Kind = 'counter' | 'gauge' | 'histogram'

/** The name of the metric, from the first argument. */
function nameOf(call: RpcCall, kind: Kind): string | RpcFault {
  const name = call.text(0)
  if (name === undefined) return new RpcFault(400, `required ${kind} identifier`)
  return name === '' ? new RpcFault(400, `invalid ${kind} identifier`) : name
}

/** Up to three labels; what is no text ends them. */
function labelsOf(call: RpcCall, from: number): readonly string[] {
  const labels: string[] = []
  for (let index = from; index < Math.min(call.count, from + 3); index++) {
    const label = call.text(index)
    if (label === undefined) break
    labels.push(label)
  }
  return labels
}

const noNumber = new RpcFault(400, 'required number argument')

function settle({ host }: State, problem: string | undefined, what: string, labels: readonly string[]): RpcAnswer {
  if (problem === undefined) return []
  host.log.error('xhttp_prom', problem)
  return new RpcFault(500, `Failed to ${what}${labels.length === 0 ? '' : ` (${labels.join(', ')})`}`)
}

function resetting(kind: 'counter' | 'gauge'): RpcDef<State> {
  return {
    summary: `Sets a ${kind} to 0.`,
    run(state, _params, call) {
      const name = nameOf(call, kind)
      if (name instanceof RpcFault) return name
      const labels = labelsOf(call, 1)
      return settle(state, state.metrics.set(kind, name, labels, 0, state.host.clock.now()), `reset ${kind}: ${name}`, labels)
    },
  }
}

export const promRpc: Readonly<Record<string, RpcDef<State>>> = {
  'xhttp_prom.counter_reset': resetting('counter'),
  'xhttp_prom.gauge_reset': resetting('gauge'),
  'xhttp_prom.counter_inc': {
    summary: 'Adds to a counter.',
    run(state, _params, call) {
      const name = nameOf(call, 'counter')
      if (name instanceof RpcFault) return name
      const number = call.int(1)
      if (number === undefined) return noNumber
      if (number < 0) {
        state.host.log.error('xhttp_prom', `a counter does not go down: ${number}`)
        return []
      }
      const labels = labelsOf(call, 2)
      const problem = state.metrics.add('counter', name, labels, number, state.host.clock.now())
      return settle(state, problem, `add ${number} to counter: ${name}`, labels)
    },
  },
  'xhttp_prom.gauge_set': {
    summary: 'Sets a gauge.',
    run(state, _params, call) {
      const name = nameOf(call, 'gauge')
      if (name instanceof RpcFault) return name
      const number = call.double(1)
      if (number === undefined) return noNumber
      const labels = labelsOf(call, 2)
      const problem = state.metrics.set('gauge', name, labels, number, state.host.clock.now())
      return settle(state, problem, `assign ${decimals(number)} gauge: ${name}`, labels)
    },
  },
  'xhttp_prom.histogram_observe': {
    summary: 'Adds an observation to a histogram.',
    run(state, _params, call) {
      const name = nameOf(call, 'histogram')
      if (name instanceof RpcFault) return name
      const number = call.double(1)
      if (number === undefined) return noNumber
      const labels = labelsOf(call, 2)
      const problem = state.metrics.observe(name, labels, number, state.host.clock.now())
      return settle(state, problem, `observe ${decimals(number)} in histogram: ${name}`, labels)
    },
  },
  'xhttp_prom.metric_list_print': {
    summary: 'All metrics of the script, as Prometheus gets them.',
    run: (state) => [userMetrics(state)],
  },
}
