/** What is known of AVPs, applications and commands: one table, by name and by code. */
import { baseAvps } from './dictionary-base.ts'
import { chargingAvps } from './dictionary-charging.ts'
import { epsAvps } from './dictionary-eps.ts'
import { imsAvps } from './dictionary-ims.ts'

export const VENDOR_3GPP = 10_415
/** What relays announce (RFC 6733 §2.4). */
export const RELAY_APPLICATION = 0xffff_ffff

export type AvpType =
  | 'OctetString' | 'UTF8String' | 'DiameterIdentity' | 'DiameterURI' | 'IPFilterRule' | 'QoSFilterRule'
  | 'Integer32' | 'Unsigned32' | 'Enumerated' | 'Integer64' | 'Unsigned64' | 'Float32' | 'Float64'
  | 'Address' | 'Time' | 'Grouped'

type Row = readonly [name: string, code: number, type: AvpType, mandatory?: 'M']
/** Names with their types. Each table is gone through once: a union of all rows costs the compiler a minute. */
type TypesIn<Rows extends readonly Row[]> = { readonly [R in Rows[number] as R[0]]: R[2] }
interface AvpTypes extends
  TypesIn<typeof baseAvps>, TypesIn<typeof imsAvps>, TypesIn<typeof chargingAvps>, TypesIn<typeof epsAvps> {}

/** Names of the specifications; where two call different AVPs the same, Sh's and Rf's have their interface in front. */
export type AvpName = keyof AvpTypes
/** The type of the AVP of a name. */
export type TypeOf<Name extends AvpName> = AvpTypes[Name]

export interface AvpDefinition {
  readonly name: AvpName
  readonly code: number
  readonly vendorId: number
  readonly type: AvpType
  readonly isMandatory: boolean
}

const byName = new Map<string, AvpDefinition>()
/** Vendor and code in one number: a vendor has 32 bits, a code is never above 2^20 in these tables. */
const byCode = new Map<number, AvpDefinition>()
const CODES = 0x10_0000

function enter(vendorId: number, rows: readonly (readonly [name: AvpName, code: number, type: AvpType, mandatory?: 'M'])[]): void {
  for (const [name, code, type, mandatory] of rows) {
    const definition = { name, code, vendorId, type, isMandatory: mandatory === 'M' }
    byName.set(name, definition)
    byCode.set(vendorId * CODES + code, definition)
  }
}

enter(0, baseAvps)
enter(VENDOR_3GPP, imsAvps)
enter(VENDOR_3GPP, chargingAvps)
enter(VENDOR_3GPP, epsAvps)

export function avpNamed(name: string): AvpDefinition | undefined {
  return byName.get(name)
}

export function avpOf(code: number, vendorId: number): AvpDefinition | undefined {
  return code < CODES ? byCode.get(vendorId * CODES + code) : undefined
}

export function knownAvps(): readonly AvpDefinition[] {
  return [...byName.values()]
}

/** Applications by the interface's name. */
export const applications = {
  base: { id: 0, vendorId: 0, kind: 'auth' },
  NASREQ: { id: 1, vendorId: 0, kind: 'auth' },
  Rf: { id: 3, vendorId: 0, kind: 'acct' },
  Ro: { id: 4, vendorId: 0, kind: 'auth' },
  EAP: { id: 5, vendorId: 0, kind: 'auth' },
  Cx: { id: 16_777_216, vendorId: VENDOR_3GPP, kind: 'auth' },
  Sh: { id: 16_777_217, vendorId: VENDOR_3GPP, kind: 'auth' },
  Rx: { id: 16_777_236, vendorId: VENDOR_3GPP, kind: 'auth' },
  Gx: { id: 16_777_238, vendorId: VENDOR_3GPP, kind: 'auth' },
  S6a: { id: 16_777_251, vendorId: VENDOR_3GPP, kind: 'auth' },
} as const satisfies Readonly<Record<string, Application>>

export type ApplicationName = keyof typeof applications

export interface Application {
  readonly id: number
  /** 0 when it is announced on its own, not with a vendor. */
  readonly vendorId: number
  readonly kind: 'auth' | 'acct'
}

/** Command codes by the name of the request without its R: `UAR` and `UAA` are `UA`. */
export const commands = {
  CE: 257, RA: 258, AC: 271, CC: 272, AS: 274, ST: 275, DW: 280, DP: 282,
  AA: 265, DE: 268,
  UA: 300, SA: 301, LI: 302, MA: 303, RT: 304, PP: 305,
  UD: 306, PU: 307, SN: 308, PN: 309,
  UL: 316, CL: 317, AI: 318, ID: 319, DS: 320, PU_S6a: 321, RS: 322, NO: 323,
} as const

export type CommandName = `${Exclude<keyof typeof commands, 'PU_S6a'>}R`

export function commandCode(name: CommandName, application: number): number {
  const key = name.slice(0, -1)
  // PUR is Profile-Update of Sh, and Purge-UE of S6a.
  if (key === 'PU' && application === applications.S6a.id) return commands.PU_S6a
  for (const [known, code] of Object.entries(commands)) if (known === key) return code
  return 0
}
