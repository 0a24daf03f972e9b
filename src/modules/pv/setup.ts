import { SetupError } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { pvApi } from './api.ts'
import { parseAvpAliases, parseInitialValue, type PvParams } from './params.ts'
import { emptyBranch, ScriptVariables, type PvState } from './state.ts'

/** Makes the module's state from its parameters. */
export function setUp(host: Host, params: PvParams): PvState | SetupError {
  const avpAliases = parseAvpAliases(params.avp_aliases)
  if (typeof avpAliases === 'string') return new SetupError(avpAliases)
  host.provide(pvApi, { aliasOf: (name) => avpAliases.get(name.toLowerCase()) })
  const script = new ScriptVariables()
  const shared = new Map<string, string | number>()
  for (const definition of params.varset) {
    const initial = parseInitialValue(String(definition))
    if (!initial) return new SetupError(`varset: ${definition} is neither name=i:number nor name=s:text`)
    script.setInitial(initial.name, initial.value)
  }
  for (const definition of params.shvset) {
    const initial = parseInitialValue(String(definition))
    if (!initial) return new SetupError(`shvset: ${definition} is neither name=i:number nor name=s:text`)
    shared.set(initial.name, initial.value)
  }
  return { host, script, shared, avpAliases, staticBranch: { ...emptyBranch(), q: 0 }, clockReadMs: 0 }
}
