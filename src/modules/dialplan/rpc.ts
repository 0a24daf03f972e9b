import { RpcFault, RpcNamedList, RpcStruct, type RpcAnswer, type RpcCall, type RpcDef } from '../../define/define.ts'
import { sourceOf, translate } from './rule.ts'
import { findRule } from './rules.ts'
import type { Dialplan } from './state.ts'
import { fail, reload } from './translate.ts'

const notMatched = new RpcFault(500, 'Dialplan ID not matched')
/** What is empty counts as not set. */
const shown = (text: string): string | null => (text === '' ? null : text)

function noDialplan(state: Dialplan, dpid: number): RpcFault {
  fail(state, `no information available for dpid ${dpid}`)
  return notMatched
}

function dump(state: Dialplan, _params: unknown, call: RpcCall): RpcAnswer {
  const dpid = call.int(0)
  if (dpid === undefined) return new RpcFault(500, 'Missing parameter')
  const lengths = state.rules.get(dpid)
  if (lengths === undefined) return noDialplan(state, dpid)
  const entries = new RpcNamedList()
  for (const rule of lengths.flatMap(({ rules }) => rules)) {
    entries.add('ENTRY', new RpcStruct()
      .add('PRIO', rule.priority).add('MATCHOP', rule.matchOp)
      .add('MATCHEXP', shown(sourceOf(rule.match, rule.matchExp))).add('MATCHLEN', rule.matchLength)
      .add('SUBSTEXP', shown(sourceOf(rule.subst, rule.substExp))).add('REPLEXP', shown(rule.replExp))
      .add('ATTRS', shown(rule.attrs)))
  }
  return [new RpcStruct().add('DPID', dpid).add('ENTRIES', entries)]
}

function translateText(state: Dialplan, _params: unknown, call: RpcCall): RpcAnswer {
  const dpid = call.int(0)
  const text = dpid === undefined ? undefined : call.text(1)
  if (dpid === undefined || text === undefined) return new RpcFault(500, 'Invalid parameters')
  const lengths = state.rules.get(dpid)
  if (lengths === undefined) return noDialplan(state, dpid)
  if (text === '') {
    fail(state, 'empty input parameter')
    return new RpcFault(500, 'Empty input parameter')
  }
  const rule = findRule(lengths, text, undefined)
  const output = rule && translate(rule, text, undefined)
  if (rule === undefined || output === undefined) return new RpcFault(500, 'No translation')
  return [new RpcStruct().add('Output', output).add('Attributes', shown(rule.attrs))]
}

export const dialplanRpc: Readonly<Record<string, RpcDef<Dialplan>>> = {
  'dialplan.dump': { summary: 'Shows the rules of a dialplan.', run: dump },
  'dialplan.translate': { summary: 'Shows what a dialplan makes of a text: dialplan, text.', run: translateText },
  'dialplan.reload': {
    summary: 'Reads the table again; the old rules stay when that fails.',
    run: async (state) => {
      const problem = await reload(state)
      if (problem === undefined) return []
      fail(state, problem)
      return new RpcFault(500, problem === 'ongoing reload' ? problem : 'Dialplan Reload Failed')
    },
  },
}
