import type { ParamValues, VariableHandle } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import type { nathelperParams } from './params.ts'
import type { Pinger } from './pinger.ts'

export interface NatHelper {
  readonly host: Host
  readonly params: ParamValues<typeof nathelperParams>
  /** The parameter's name with its equals sign: `alias=`. */
  readonly alias: string
  /** The script calls fix_nated_register(). */
  usesReceivedAvp: boolean
  // From `start` on.
  receivedAvp: VariableHandle | undefined
  pinger: Pinger | undefined
}

/** Puts a line into the log: the answer is that of a function that failed. */
export function refuse({ host }: NatHelper, reason: string): number {
  host.log.error('nathelper', reason)
  return -1
}
