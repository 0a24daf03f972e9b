/** The Diameter node, for modules that speak an application over it: its peers, its requests and answers, its sessions. */
import { apiKey } from '../../define/define.ts'
import type { DiameterClient } from '../../diameter/client.ts'
import type { DiameterNode } from '../../diameter/node.ts'
import type { Outcome } from '../../diameter/transactions.ts'

export interface CdpApi {
  readonly node: DiameterNode
  /** Requests and answers by the names of the dictionary. */
  readonly client: DiameterClient
  /** Tells in the log that somebody waited for longer than `latency_threshold`. */
  reportLate(outcome: Outcome): void
}

export const cdpApi = apiKey<CdpApi>('cdp')
