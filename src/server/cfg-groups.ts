/** The groups of parameters that `cfg.*` shows and changes: those of modules, the core's, and the configuration's own. */
import type { Log } from '../base/log.ts'
import type { AnyModule } from '../define/module.ts'
import type { Param } from '../define/param.ts'
import { factsOf, tcpSettingNames, type CfgFact } from '../runtime/cfg-facts.ts'
import type { CfgGroup, CfgValue, CfgVariable } from '../runtime/cfg-table.ts'
import { coreParams, type Settings } from '../runtime/settings.ts'
import type { CustomParameter } from '../script/ast.ts'
import type { ModuleParams } from './module-params.ts'
import { facilityNumber } from './log-output.ts'

export interface CfgSources {
  readonly definitions: readonly AnyModule[]
  readonly params: ReadonlyMap<string, ModuleParams>
  readonly settings: Settings
  readonly log: Log
  readonly custom: readonly CustomParameter[]
  readonly customValues: Map<string, CfgValue>
}

/** In Kamailio's order: the module loaded last first, then tcp and core, then the configuration's own. */
export function cfgGroups(sources: CfgSources): readonly CfgGroup[] {
  const modules = sources.definitions.flatMap((definition) => moduleGroup(definition, sources.params.get(definition.name)))
  return [...modules.reverse(), coreGroup('tcp', sources), coreGroup('core', sources), ...customGroups(sources)]
}

/** The module's reloadable parameters; in the order of the facts where there are any. */
function moduleGroup({ name, cfgGroup = name, params = {} }: AnyModule, values: ModuleParams | undefined): readonly CfgGroup[] {
  if (name === 'core' || values === undefined) return []
  const reloadable = Object.entries(params).filter(([, param]) => param.reloadable === true)
  if (reloadable.length === 0) return []
  const facts = factsOf(cfgGroup)
  const variables = reloadable.map(([each, param]) =>
    variableOf(factFor(facts, param.cfgName ?? each, param), param, values, each))
  const place = (variable: CfgVariable): number => {
    const index = facts.findIndex((fact) => fact.name === variable.name)
    return index < 0 ? facts.length : index
  }
  return [{ name: cfgGroup, variables: variables.sort((one, two) => place(one) - place(two)) }]
}

function factFor(facts: readonly CfgFact[], name: string, param: Param): CfgFact {
  return facts.find((fact) => fact.name === name) ?? plainFact(name, param)
}

function plainFact(name: string, { min, max }: Param): CfgFact {
  return { name, isReadable: true, isWritable: true, min: min ?? -0x8000_0000, max: max ?? 0x7fff_ffff, constant: undefined }
}

function variableOf(
  fact: CfgFact, param: Param, values: Record<string, unknown>, key: string, log?: Log,
): CfgVariable {
  const read = (): CfgValue => {
    const value = values[key]
    return typeof value === 'number' || typeof value === 'string' ? value : ''
  }
  return {
    ...fact,
    type: param.type === 'int' ? 'int' : 'string',
    summary: param.summary,
    initial: read(),
    read,
    write(value) {
      const refused = log && settingRefused(key, value)
      if (refused !== undefined) return refused
      values[key] = value
      if (log !== undefined) settingTaken(key, value, log)
      return undefined
    },
  }
}

function coreGroup(name: 'core' | 'tcp', { settings, log }: CfgSources): CfgGroup {
  const params: Readonly<Record<string, Param>> = coreParams
  const variables = factsOf(name).map((fact) => {
    const key = name === 'core' ? fact.name : tcpSettingNames[fact.name] ?? `tcp_${fact.name}`
    const param = params[key]
    return param === undefined ? constantOf(fact) : variableOf(fact, param, settings, key, log)
  })
  return { name, variables: variables.map((variable) => (other[variable.name] === undefined ? variable : withOtherValues(variable))) }
}

/** Why a core parameter cannot have a value of the right type, if it cannot. */
export function settingRefused(name: string, value: CfgValue): string | undefined {
  return name === 'log_facility' && facilityNumber(String(value)) === undefined ? `there is no log facility ${value}` : undefined
}

/** What else happens when a core parameter has changed. */
export function settingTaken(name: string, value: CfgValue, log: Log): void {
  if (name === 'debug') log.level = Number(value)
}

/** Values that Kamailio shows, by ours: -1 for "as the system has it", numbers for names. */
const other: Readonly<Record<string, readonly (readonly [here: CfgValue, shown: number])[]>> = {
  dns_retr_time: [[0, -1]],
  dns_retr_no: [[0, -1]],
  dns_servers_no: [[0, -1]],
  dns_cache_max_ttl: [[0x7fff_ffff, -1]],
  sip_parser_log: [[0, -1]],
  udp_mtu_try_proto: [['', 0], ['UDP', 0], ['TCP', 2], ['TLS', 3], ['SCTP', 4]],
}

function withOtherValues(variable: CfgVariable): CfgVariable {
  const pairs = other[variable.name] ?? []
  const outside = (value: CfgValue): CfgValue => pairs.find(([here]) => here === value)?.[1] ?? value
  return {
    ...variable,
    type: 'int',
    initial: outside(variable.initial),
    read: () => outside(variable.read()),
    write: (value) => variable.write(pairs.find(([, shown]) => shown === value)?.[0] ?? value),
  }
}

/** A parameter that nothing here has: it keeps what it is given. */
function constantOf(fact: CfgFact): CfgVariable {
  let value: CfgValue = fact.constant ?? 0
  return {
    ...fact,
    type: 'int',
    summary: 'Accepted for compatibility; nothing to act on here.',
    initial: value,
    read: () => value,
    write(changed) {
      value = changed
      return undefined
    },
  }
}

/** Groups of the file's own parameters. */
export function customGroups({ custom, customValues }: Pick<CfgSources, 'custom' | 'customValues'>): readonly CfgGroup[] {
  const groups = new Map<string, CfgVariable[]>()
  for (const { group, index, name, value, description } of custom) {
    const variables = groups.get(group) ?? []
    groups.set(group, variables)
    if (index !== undefined || variables.some((each) => each.name === name)) continue
    const key = `${group}.${name}`
    variables.push({
      name,
      type: value.type === 'int' ? 'int' : 'string',
      summary: description ?? '',
      isReadable: true,
      isWritable: true,
      min: -0x8000_0000,
      max: 0x7fff_ffff,
      initial: value.value,
      read: () => customValues.get(key) ?? '',
      write(changed) {
        customValues.set(key, changed)
        return undefined
      },
    })
  }
  return [...groups].map(([name, variables]) => ({ name, variables })).reverse()
}
