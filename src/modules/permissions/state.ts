import type { Database } from '../../db/database.ts'
import type { ParamValues, VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import type { AddressTables } from './address-tables.ts'
import type { permissionsParams } from './params.ts'
import { readRules, type Rule } from './rule-file.ts'
import type { TrustedTable } from './trusted-table.ts'

export interface RulePair {
  readonly allow: readonly Rule[]
  readonly deny: readonly Rule[]
}

export interface Permissions {
  readonly host: Host
  readonly params: ParamValues<typeof permissionsParams>
  /** The rules of functions without arguments. */
  readonly defaults: RulePair
  /** Files that were read, by path. */
  readonly files: Map<string, readonly Rule[]>
  /** From `start` on, where they are used. */
  database: Database | undefined
  tag: VariableHandle | undefined
  addresses: AddressTables | undefined
  trusted: TrustedTable | undefined
  /** In seconds since 1970; 0 before the first. */
  reloadedAt: number
}

/** A file without a folder is beside the configuration. */
export function pathOf({ configFile }: Host, name: string): string {
  return name.includes('/') ? name : configFile.slice(0, configFile.lastIndexOf('/') + 1) + name
}

/** The rules of a file, read once. */
export function rulesOf(state: Pick<Permissions, 'host' | 'files'>, name: string): readonly Rule[] {
  const path = pathOf(state.host, name)
  let rules = state.files.get(path)
  if (rules === undefined) {
    rules = readRules(state.host, path)
    state.files.set(path, rules)
  }
  return rules
}

export function pairOf(state: Permissions, allow: string, deny: string): RulePair {
  return { allow: rulesOf(state, allow), deny: rulesOf(state, deny) }
}

/** The pair of files of a base name. */
export function basePair(state: Permissions, base: string): RulePair {
  const { allow_suffix, deny_suffix } = state.params
  return pairOf(state, base + allow_suffix, base + deny_suffix)
}

/** Puts the tag of what matched into peer_tag_avp. */
export function giveTag(state: Permissions, context: RouteContext, tag: string | undefined): void {
  if (tag !== undefined) state.tag?.set(context, tag)
}
