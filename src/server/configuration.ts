/** What a configuration file says, sorted by who needs it. */
import type { Value, ConfigFile, CustomParameter, Listen, ModParam, SocketAddress } from '../script/ast.ts'
import { usualCallbacks, type EngineCallbacks } from '../kemi/engine.ts'
import { moduleName } from '../modules/index.ts'
import { coreParamAliases, coreParamOpposites, coreParams, initialSettings, type Settings } from '../runtime/settings.ts'

export interface Configuration {
  readonly settings: Settings
  readonly listens: readonly Listen[]
  readonly aliases: readonly SocketAddress[]
  /** In the order they are loaded, each once. */
  readonly moduleNames: readonly string[]
  readonly modParams: readonly ModParam[]
  /** `group.name = value`, by `group.name`. */
  readonly customParameters: ReadonlyMap<string, string | number>
  /** The same as they stand in the file. */
  readonly custom: readonly CustomParameter[]
  /** `kemi.reply_route_callback` and the like. */
  readonly kemiCallbacks: EngineCallbacks
}

/** Sorts the items of a checked file; what the checker refuses does not get here. */
export function readConfiguration(config: ConfigFile): Configuration {
  const settings = initialSettings()
  const listens: Listen[] = []
  const aliases: SocketAddress[] = []
  const moduleNames: string[] = []
  const modParams: ModParam[] = []
  const customParameters = new Map<string, string | number>()
  const custom: CustomParameter[] = []
  const kemiCallbacks: Record<keyof EngineCallbacks, string> = { ...usualCallbacks }
  for (const item of config.items) {
    switch (item.kind) {
      case 'global':
        if (item.name.startsWith('kemi.')) setCallback(kemiCallbacks, item.name, item.values)
        else setParameter(settings, item.name, item.values)
        break
      case 'custom':
        custom.push(item)
        if (item.index === undefined) customParameters.set(`${item.group}.${item.name}`, item.value.value)
        break
      case 'listen':
        listens.push(item)
        break
      case 'alias':
        aliases.push(...item.addresses)
        break
      case 'loadmodule': {
        const name = moduleName(item.name)
        if (!moduleNames.includes(name)) moduleNames.push(name)
        break
      }
      case 'modparam':
        modParams.push(item)
        break
      case 'cfgengine':
        settings.cfgengine = item.name
        break
      case 'loadpath':
      case 'route':
        break
    }
  }
  return { settings, listens, aliases, moduleNames, modParams, customParameters, custom, kemiCallbacks }
}

const callbackNames: Readonly<Record<string, keyof EngineCallbacks>> = {
  'kemi.reply_route_callback': 'reply',
  'kemi.onsend_route_callback': 'onsend',
  'kemi.received_route_callback': 'received',
  'kemi.pre_routing_callback': 'preRouting',
  'kemi.event_route_callback': 'event',
}

function setCallback(callbacks: Record<keyof EngineCallbacks, string>, name: string, values: readonly Value[]): void {
  const key = callbackNames[name]
  if (key !== undefined) callbacks[key] = String(values[0]?.value ?? '')
}

/** Sets a global parameter from its words in the file; the value's type is the parameter's own. */
export function setParameter(settings: Settings, written: string, values: readonly Value[]): void {
  const first = values[0]
  if (first === undefined) return
  const opposite = coreParamOpposites[written]
  const name = opposite ?? coreParamAliases[written] ?? written
  const definition = Object.hasOwn(coreParams, name) ? coreParams[name as keyof typeof coreParams] : undefined
  if (!definition) return
  const value = definition.type === 'int' ? Number(first.value) : values.map((part) => part.value).join('')
  Object.assign(settings, { [name]: opposite ? (value ? 0 : 1) : value })
}
