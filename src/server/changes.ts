/** What a configuration says otherwise than the one before: what can follow while the server runs, and what cannot. */
import type { AnyModule } from '../define/module.ts'
import { coreParams, type Settings } from '../runtime/settings.ts'
import type { Listen, SocketAddress } from '../script/ast.ts'
import type { Configuration } from './configuration.ts'
import type { ModuleParams } from './module-params.ts'

export type ParamTable = ReadonlyMap<string, ModuleParams>

/** Settings that are read when the script is compiled, or by who compiles it. */
const COMPILED: ReadonlySet<string> = new Set(['max_recursive_level', 'received_route_mode', 'log_prefix', 'log_prefix_mode'])

/** A global parameter that can follow. */
export interface SettingChange {
  readonly name: string
  readonly before: string | number
  readonly value: string | number
}

export interface ParamChange extends SettingChange {
  readonly module: string
}

export interface CustomChange {
  readonly group: string
  readonly index: number | undefined
  readonly name: string
  /** Undefined for one that the file has no more. */
  readonly value: string | number | undefined
  readonly before: string | number | undefined
}

const isValue = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number'

export function canFollow(name: string): boolean {
  const known: Readonly<Record<string, { readonly reloadable?: boolean }>> = coreParams
  return COMPILED.has(name) || known[name]?.reloadable === true
}

/** Global parameters that differ and can follow. */
export function settingChanges(before: Settings, after: Settings): readonly SettingChange[] {
  return differing(before, after).filter(({ name }) => canFollow(name))
}

function differing(before: Settings, after: Settings): readonly SettingChange[] {
  const old: Readonly<Record<string, unknown>> = before
  return Object.entries<unknown>(after).flatMap(([name, value]) => {
    const was = old[name]
    return was !== value && isValue(value) && isValue(was) ? [{ name, before: was, value }] : []
  })
}

/** Parameters of modules that differ and can follow. */
export function paramChanges(definitions: readonly AnyModule[], before: ParamTable, after: ParamTable): readonly ParamChange[] {
  return definitions.flatMap(({ name: module, params = {} }) =>
    Object.entries(params).flatMap(([name, { reloadable }]) => {
      const was = before.get(module)?.[name]
      const value = after.get(module)?.[name]
      const differs = reloadable === true && was !== value && isValue(was) && isValue(value)
      return differs ? [{ module, name, before: was, value }] : []
    }))
}

export function customChanges(before: Configuration, after: Configuration): readonly CustomChange[] {
  const old = byPlace(before)
  const now = byPlace(after)
  const changes: CustomChange[] = []
  for (const [place, { group, index, name, value }] of now) {
    const was = old.get(place)?.value.value
    if (was !== value.value) changes.push({ group, index, name, value: value.value, before: was })
  }
  for (const [place, { group, index, name, value }] of old) {
    if (!now.has(place)) changes.push({ group, index, name, value: undefined, before: value.value })
  }
  return changes
}

function byPlace({ custom }: Configuration): ReadonlyMap<string, Configuration['custom'][number]> {
  return new Map(custom.map((each) => [customPlace(each), each]))
}

export function customPlace({ group, index, name }: Pick<CustomChange, 'group' | 'index' | 'name'>): string {
  return `${group}${index === undefined ? '' : `[${index}]`}.${name}`
}

/** A configuration as it was started with, or as it is now. */
export interface Whole {
  readonly configuration: Configuration
  /** The global parameters with what the command line says. */
  readonly settings: Settings
  readonly definitions: readonly AnyModule[]
  readonly params: ParamTable
}

/** What only a restart gives, beside how the server was started; each line says what to do. */
export function restartNeeds(started: Whole, now: Whole): readonly string[] {
  const lines: string[] = []
  const running = new Set(started.definitions.map(({ name }) => name))
  const wanted = new Set(now.definitions.map(({ name }) => name))
  for (const name of wanted) {
    if (!running.has(name)) lines.push(`loadmodule ${name}: needs a restart; the module is not loaded until then`)
  }
  for (const name of running) {
    if (!wanted.has(name)) lines.push(`loadmodule ${name} is gone: needs a restart; the module stays loaded until then`)
  }
  for (const { name: module, params = {} } of now.definitions) {
    if (!running.has(module)) continue
    for (const [name, { reloadable }] of Object.entries(params)) {
      const was = started.params.get(module)?.[name]
      const value = now.params.get(module)?.[name]
      if (reloadable === true || JSON.stringify(was) === JSON.stringify(value)) continue
      lines.push(`modparam ${module} ${name}: needs a restart; ${shown(was)} stays in force until then`)
    }
  }
  for (const { name, before } of differing(started.settings, now.settings)) {
    if (!canFollow(name)) lines.push(`${name}: needs a restart; ${shown(before)} stays in force until then`)
  }
  const listening = started.configuration.listens.map(listenText)
  const listens = now.configuration.listens.map(listenText)
  for (const text of added(listening, listens)) lines.push(`listen ${text}: needs a restart; nothing listens there until then`)
  for (const text of added(listens, listening)) lines.push(`listen ${text} is gone: needs a restart; the socket stays open until then`)
  const aliases = started.configuration.aliases.map(addressText)
  const newAliases = now.configuration.aliases.map(addressText)
  for (const text of added(aliases, newAliases)) lines.push(`alias ${text}: needs a restart; it is no own name until then`)
  for (const text of added(newAliases, aliases)) lines.push(`alias ${text} is gone: needs a restart; it stays an own name until then`)
  return lines
}

const added = (before: readonly string[], after: readonly string[]): readonly string[] => after.filter((text) => !before.includes(text))

export function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`
  return typeof value === 'string' ? JSON.stringify(value) : String(value ?? 'nothing')
}

function addressText({ protocol, host, port }: SocketAddress): string {
  const place = `${host.includes(':') ? `[${host}]` : host}${port === 0 ? '' : `:${port}`}`
  return protocol === 'any' ? place : `${protocol}:${place}`
}

function listenText({ addresses, advertise, name, isVirtual }: Listen): string {
  const parts = [addresses.map(addressText).join(' ')]
  if (advertise !== undefined) parts.push(`advertise ${addressText(advertise)}`)
  if (name !== undefined) parts.push(`name ${name}`)
  if (isVirtual) parts.push('virtual')
  return parts.join(' ')
}
