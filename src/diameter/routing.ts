/** Which peer a request goes to: by its Destination-Host, its Destination-Realm, or the default routes (RFC 6733 §6.1). */
import { AvpProblem, findAvp, textOf, ungroup, unsignedOf, type Avp } from './avp.ts'
import { Code } from './capabilities.ts'
import type { DiameterLog, Route, RoutingConfig } from './config.ts'
import { RELAY_APPLICATION } from './dictionary.ts'
import type { Peer } from './peer.ts'

/** What the choice depends on. */
export interface RoutingTable {
  readonly routes: RoutingConfig | undefined
  readonly log: DiameterLog
  peer(fqdn: string): Peer | undefined
  /** Seconds since 1970. */
  now(): number
  nowMicroseconds(): number
}

/** As many peers of one metric take turns. */
const EQUALS_MAX = 20

/** An application and a vendor that a request may be for; all that it names are tried in turn. */
interface Wanted {
  readonly applicationId: number
  readonly vendorId: number
}

const isUsable = (peer: Peer | undefined, { applicationId, vendorId }: Wanted): peer is Peer =>
  peer !== undefined && !peer.isDisabled && peer.isOpen &&
  (peer.handles(applicationId, vendorId) || peer.handles(RELAY_APPLICATION, 0))

/** `excluded` are peers that were tried for this request already; `preferred` is the one that the session went to before. */
export function choosePeer(
  table: RoutingTable, avps: readonly Avp[], excluded?: ReadonlySet<Peer>, preferred?: Peer,
): Peer | undefined {
  const wanted = wantedOf(avps)
  const host = textOf(findAvp(avps, Code.destinationHost)) ?? ''
  if (host !== '') {
    const peer = table.peer(host)
    if (peer !== undefined && !excluded?.has(peer) && wanted.some((one) => isUsable(peer, one))) {
      peer.lastSelected = table.now()
      return peer
    }
  }
  if (table.routes === undefined) {
    table.log.error('get_routing_peer(): Empty routing table.')
    return undefined
  }
  const realm = textOf(findAvp(avps, Code.destinationRealm)) ?? ''
  if (preferred !== undefined && !excluded?.has(preferred) && wanted.some((one) => isUsable(preferred, one))) {
    preferred.lastSelected = table.now()
    return preferred
  }
  for (const one of wanted) {
    const peer = chooseFor(table, table.routes, realm, one, excluded)
    if (peer !== undefined) return peer
  }
  return undefined
}

function wantedOf(avps: readonly Avp[]): readonly Wanted[] {
  const wanted: Wanted[] = []
  let vendorId = 0
  const add = (id: number | undefined): void => {
    if (id !== undefined) wanted.push({ applicationId: id, vendorId })
  }
  const specific = findAvp(avps, Code.vendorSpecificApplicationId)
  const members = specific === undefined ? [] : ungroup(specific.data)
  if (!(members instanceof AvpProblem)) {
    vendorId = unsignedOf(findAvp(members, Code.vendorId)) ?? 0
    add(unsignedOf(findAvp(members, Code.authApplicationId)))
    add(unsignedOf(findAvp(members, Code.acctApplicationId)))
  }
  vendorId = unsignedOf(findAvp(avps, Code.vendorId)) ?? vendorId
  add(unsignedOf(findAvp(avps, Code.authApplicationId)))
  add(unsignedOf(findAvp(avps, Code.acctApplicationId)))
  return wanted
}

function chooseFor(
  table: RoutingTable, routes: RoutingConfig, realm: string, wanted: Wanted, excluded: ReadonlySet<Peer> | undefined,
): Peer | undefined {
  const known = realm === '' ? undefined : routes.realms.find(({ name }) => name.toLowerCase() === realm.toLowerCase())
  if (known !== undefined) {
    const peer = firstUsable(table, known.routes, wanted, excluded)
    if (peer !== undefined) return peer
    table.log.error(`get_routing_peer(): No connected Route peer found for Realm <${realm}>. Trying DefaultRoutes next...`)
  }
  const peer = firstUsable(table, routes.defaults, wanted, excluded)
  if (peer === undefined) {
    const [application, vendor] = [wanted.applicationId | 0, wanted.vendorId | 0]
    table.log.error(`get_routing_peer(): No connected DefaultRoute peer found for app_id ${application} and vendor id ${vendor}.`)
  }
  return peer
}

/** Of the usable peers with the lowest metric, the one that was chosen longest ago. */
function firstUsable(
  table: RoutingTable, routes: readonly Route[], wanted: Wanted, excluded: ReadonlySet<Peer> | undefined,
): Peer | undefined {
  const equals: Peer[] = []
  let metric = 0
  for (const route of routes) {
    if (equals.length === EQUALS_MAX) break
    const peer = table.peer(route.fqdn)
    if (!isUsable(peer, wanted) || excluded?.has(peer)) continue
    if (equals.length > 0 && route.metric !== metric) break
    metric = route.metric
    equals.push(peer)
  }
  let chosen = equals[0]
  if (chosen === undefined) return undefined
  for (const peer of equals) if (peer.lastSelected < chosen.lastSelected) chosen = peer
  chosen.lastSelected = table.nowMicroseconds()
  return chosen
}
