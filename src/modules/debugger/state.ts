import type { LogLevel } from '../../base/log.ts'
import type { VariableHandle } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'

/** Bits of what is on, as dbg.ls shows them. */
export const Watch = { trace: 1, breakpoints: 2 } as const

export interface DebuggerParams {
  readonly cfgtrace: number
  readonly cfgtrace_format: number
  readonly breakpoint: number
  readonly log_level: number
  readonly log_facility: string
  readonly log_prefix: string
  readonly log_level_name: string
  readonly log_assign: number
  readonly mod_hash_size: number
  /** Kamailio's `cfg.set` changes both. */
  mod_level_mode: number
  mod_facility_mode: number
  readonly mod_level: readonly (string | number)[]
  readonly mod_facility: readonly (string | number)[]
  readonly reset_msgid: number
}

export interface Debugger {
  readonly host: Host
  readonly params: DebuggerParams
  readonly level: LogLevel
  readonly levels: Map<string, number>
  readonly facilities: Map<string, string>
  /** Bits of `Watch`. */
  watches: number
  /** Variables that the script names, by their texts, in the order in which they were found. */
  readonly variables: Map<string, VariableHandle>
}
