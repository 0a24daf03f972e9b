import type { DiameterNode } from '../../diameter/node.ts'
import type { Host } from '../../runtime/host.ts'
import type { CdpParams } from './params.ts'

export interface Cdp {
  readonly host: Host
  readonly params: CdpParams
  readonly node: DiameterNode
}
