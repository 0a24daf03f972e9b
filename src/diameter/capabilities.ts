/** Messages of the base protocol (RFC 6733 §5): capabilities exchange, watchdog, disconnection. */
import { AvpFlag, AvpProblem, findAvp, group, makeAvp, textAvp, unsignedAvp, unsignedOf, ungroup, type Avp } from './avp.ts'
import type { ApplicationConfig, ApplicationKind, DiameterConfig } from './config.ts'
import { RELAY_APPLICATION } from './dictionary.ts'
import { Command, isRequest, MessageFlag, type DiameterMessage } from './message.ts'
import { addressData } from './value.ts'

export const Code = {
  userName: 1, proxyState: 33, hostIpAddress: 257, authApplicationId: 258, acctApplicationId: 259,
  vendorSpecificApplicationId: 260, sessionId: 263, originHost: 264, supportedVendorId: 265, vendorId: 266, resultCode: 268,
  productName: 269, disconnectCause: 273, destinationRealm: 283, proxyInfo: 284, destinationHost: 293, terminationCause: 295,
  originRealm: 296,
} as const

/** Disconnect-Cause (RFC 6733 §5.4.3). */
export const DisconnectCause = { rebooting: 0, busy: 1, doNotWantToTalkToYou: 2 } as const

const M = AvpFlag.mandatory

export interface Identifiers {
  nextHopByHop(): number
  nextEndToEnd(): number
}

const origin = ({ fqdn, realm }: DiameterConfig): readonly Avp[] =>
  [textAvp(Code.originHost, M, fqdn), textAvp(Code.originRealm, M, realm)]

function baseRequest(commandCode: number, ids: Identifiers, avps: readonly Avp[]): DiameterMessage {
  return {
    flags: MessageFlag.request, commandCode, applicationId: 0,
    hopByHop: ids.nextHopByHop(), endToEnd: ids.nextEndToEnd(), avps,
  }
}

/** An answer's header; avps behind those of its origin. */
function baseAnswer(request: DiameterMessage, config: DiameterConfig, avps: readonly Avp[]): DiameterMessage {
  const { commandCode, hopByHop, endToEnd } = request
  const flags = request.flags & MessageFlag.proxiable
  return { flags, commandCode, applicationId: 0, hopByHop, endToEnd, avps: [...origin(config), ...avps] }
}

function applicationAvps({ applications, supportedVendors }: DiameterConfig): readonly Avp[] {
  return [
    ...applications.map(({ id, vendorId, kind }) => {
      const avp = unsignedAvp(kind === 'auth' ? Code.authApplicationId : Code.acctApplicationId, M, id)
      return vendorId === 0 ? avp : makeAvp(Code.vendorSpecificApplicationId, 0, M, group([unsignedAvp(Code.vendorId, M, vendorId), avp]))
    }),
    ...supportedVendors.map((vendor) => unsignedAvp(Code.supportedVendorId, M, vendor)),
  ]
}

function identityAvps(config: DiameterConfig, localAddress: string): readonly Avp[] {
  const address = addressData(localAddress)
  return [
    ...(address === undefined ? [] : [makeAvp(Code.hostIpAddress, 0, M, address)]),
    unsignedAvp(Code.vendorId, M, config.vendorId),
    textAvp(Code.productName, 0, config.productName),
  ]
}

export function capabilitiesRequest(config: DiameterConfig, ids: Identifiers, localAddress: string): DiameterMessage {
  return baseRequest(Command.capabilitiesExchange, ids, [
    ...origin(config), ...identityAvps(config, localAddress), ...applicationAvps(config),
  ])
}

export function capabilitiesAnswer(
  config: DiameterConfig, request: DiameterMessage, resultCode: number, localAddress: string,
): DiameterMessage {
  return baseAnswer(request, config, [
    ...identityAvps(config, localAddress), unsignedAvp(Code.resultCode, M, resultCode), ...applicationAvps(config),
  ])
}

export function watchdogRequest(config: DiameterConfig, ids: Identifiers): DiameterMessage {
  return baseRequest(Command.deviceWatchdog, ids, origin(config))
}

export function disconnectRequest(config: DiameterConfig, ids: Identifiers, cause: number): DiameterMessage {
  return baseRequest(Command.disconnectPeer, ids, [...origin(config), unsignedAvp(Code.disconnectCause, M, cause)])
}

/** DWA and DPA. */
export function plainAnswer(config: DiameterConfig, request: DiameterMessage, resultCode: number): DiameterMessage {
  return baseAnswer(request, config, [unsignedAvp(Code.resultCode, M, resultCode)])
}

/**
 * The answer to an application's request, up to what the application itself adds: the session, the origin, the way back
 * (RFC 6733 §6.2) as Kamailio writes it.
 */
export function applicationAnswer(config: DiameterConfig, request: DiameterMessage, avps: readonly Avp[]): DiameterMessage {
  const session = findAvp(request.avps, Code.sessionId)
  const sendsRealm = request.commandCode !== Command.creditControl && request.commandCode !== Command.reAuth
  const realm = findAvp(request.avps, Code.originRealm)?.data ?? Buffer.from('?')
  return {
    flags: request.flags & MessageFlag.proxiable,
    commandCode: request.commandCode,
    applicationId: request.applicationId,
    hopByHop: request.hopByHop,
    endToEnd: request.endToEnd,
    avps: [
      ...(session === undefined ? [] : [makeAvp(Code.sessionId, 0, M, session.data)]),
      ...origin(config),
      ...(sendsRealm ? [makeAvp(Code.destinationRealm, 0, M, realm)] : []),
      ...request.avps.filter(({ code, vendorId }) => code === Code.proxyInfo && vendorId === 0),
      ...avps,
    ],
  }
}

/** An application's request, up to what the application itself adds. */
export function applicationRequest(
  config: DiameterConfig, ids: Identifiers, applicationId: number, commandCode: number, sessionId: string, avps: readonly Avp[],
): DiameterMessage {
  return {
    flags: MessageFlag.request | MessageFlag.proxiable,
    commandCode,
    applicationId,
    hopByHop: ids.nextHopByHop(),
    endToEnd: ids.nextEndToEnd(),
    avps: [textAvp(Code.sessionId, M, sessionId), ...origin(config), ...avps],
  }
}

/** What one AVP of a capabilities exchange announces, but for the vendors beside it. */
function announced(avp: Avp): readonly ApplicationConfig[] {
  if (avp.code === Code.authApplicationId || avp.code === Code.acctApplicationId) {
    const id = unsignedOf(avp)
    return id === undefined ? [] : [{ id, vendorId: 0, kind: avp.code === Code.authApplicationId ? 'auth' : 'acct' }]
  }
  if (avp.code !== Code.vendorSpecificApplicationId) return []
  const members = ungroup(avp.data)
  if (members instanceof AvpProblem) return []
  const vendorId = unsignedOf(findAvp(members, Code.vendorId))
  if (vendorId === undefined) return []
  const ofKind = (code: number, kind: ApplicationKind): readonly ApplicationConfig[] => {
    const id = unsignedOf(findAvp(members, code))
    return id === undefined ? [] : [{ id, vendorId, kind }]
  }
  return [...ofKind(Code.authApplicationId, 'auth'), ...ofKind(Code.acctApplicationId, 'acct')]
}

/** Whether both sides have an application in common; a relay has all of them (RFC 6733 §5.3). */
export function hasCommonApplication({ applications }: DiameterConfig, request: DiameterMessage): boolean {
  return request.avps.flatMap(announced).some(({ id, vendorId, kind }) =>
    id === RELAY_APPLICATION || applications.some((own) => own.id === id && own.vendorId === vendorId && own.kind === kind))
}

/** More applications of a peer are not kept: each without a vendor counts once for each vendor. */
const APPLICATIONS_MAX = 1024

/** Each application that is announced without a vendor is taken to be for all vendors that are announced, as in Kamailio. */
export function announcedApplications(
  message: DiameterMessage, ownVendors: number, log: { error(text: string): void; info(text: string): void },
): readonly ApplicationConfig[] {
  const vendors = message.avps
    .filter(({ code, vendorId }) => code === Code.supportedVendorId && vendorId === 0)
    .flatMap((avp) => unsignedOf(avp) ?? [])
  if (vendors.length === 0) {
    log.info(`No Supported-Vendor-Id AVP found, assuming compability with ${ownVendors} vendor(s) from our CER msg`)
  }
  const most = Math.min(APPLICATIONS_MAX, applicationsMax(message, Math.max(vendors.length, 1)))
  const known = new Map<string, ApplicationConfig>()
  for (const application of allOf(message, [...new Set(vendors)])) {
    const { id, vendorId, kind } = application
    const key = `${kind} ${id} ${vendorId}`
    if (known.has(key)) continue
    if (known.size < most) known.set(key, application)
    else log.error(`Too many applications for this peer (max ${most}), not adding Application ${id | 0}:${vendorId}.`)
    if (known.size === APPLICATIONS_MAX) break
  }
  return [...known.values()]
}

function* allOf({ avps }: DiameterMessage, vendors: readonly number[]): Generator<ApplicationConfig> {
  const plain = new Set<string>()
  for (const avp of avps) {
    for (const application of announced(avp)) {
      yield application
      const key = `${application.kind} ${application.id}`
      if (avp.code === Code.vendorSpecificApplicationId || plain.has(key)) continue
      plain.add(key)
      for (const vendorId of vendors) yield { ...application, vendorId }
    }
  }
}

/** As many as Kamailio has room for. */
function applicationsMax({ avps }: DiameterMessage, vendors: number): number {
  let most = 0
  for (const { code } of avps) {
    if (code === Code.authApplicationId || code === Code.acctApplicationId) most += vendors
    else if (code === Code.vendorSpecificApplicationId) most += 6
  }
  return most
}

/** Result-Code of an answer; undefined when it has none. */
export function resultCodeOf(answer: DiameterMessage): number | undefined {
  return isRequest(answer) ? undefined : unsignedOf(findAvp(answer.avps, Code.resultCode))
}

export const isSuccess = (resultCode: number | undefined): boolean => resultCode !== undefined && resultCode >= 2000 && resultCode < 3000
