/** AVPs by name, and their values by type: the dictionary for modules that speak a Diameter application. */
import { apiKey } from '../../define/define.ts'
import type { Avp } from '../../diameter/avp.ts'
import type { AvpDefinition } from '../../diameter/dictionary.ts'
import type { AvpReader, AvpRecord, ValueProblem } from '../../diameter/value.ts'

export type { AvpName, AvpType } from '../../diameter/dictionary.ts'
export type { AvpInput, AvpReader, AvpRecord, AvpValue, ValueProblem } from '../../diameter/value.ts'

export interface CdpAvpApi {
  named(name: string): AvpDefinition | undefined
  of(code: number, vendorId: number): AvpDefinition | undefined
  /** AVPs that came, by name. */
  read(avps: readonly Avp[]): AvpReader
  /** AVPs to be sent, flags as the specifications say. */
  write(record: AvpRecord): readonly Avp[] | ValueProblem
}

export const cdpAvpApi = apiKey<CdpAvpApi>('cdp_avp')
