/** The first nodes: those of notification_address, and all that their names stand for. */
import { addressFamily } from '../../base/address.ts'
import { keyOf, type DmqNode, type NodeLine } from './node.ts'
import { addNode, isOwn, notificationBody, notify, resolveHost, setStatus } from './notification.ts'
import type { Dmq, NotificationAddress } from './state.ts'

/** Addresses that are taken of one name. */
const HOSTS_MAX = 30
const FORWARDS_OF_FIRST = 2

/** Adds nodes that are not known yet, then tells them of this one. */
export async function discover(dmq: Dmq): Promise<void> {
  const before = dmq.nodes.all.length
  for (const address of dmq.addresses) {
    if (dmq.params.multi_notify !== 0 && addressFamily(address.line.host) === 0) await addAll(dmq, address)
    else await addOne(dmq, address)
  }
  if (dmq.nodes.all.length > before) notify(dmq, notificationBody(dmq), FORWARDS_OF_FIRST, true)
}

async function addOne(dmq: Dmq, { line, text }: NotificationAddress): Promise<void> {
  if (dmq.nodes.find(line) !== undefined) return
  const address = addressFamily(line.host) !== 0 ? line.host : await resolveHost(dmq, line)
  if (address !== undefined) addNode(dmq, { ...line, status: 'pending' }, address, text, true)
}

/** Every address of a name; SRV records first, since they tell ports too. */
async function addAll(dmq: Dmq, { line, text }: NotificationAddress): Promise<void> {
  const places = await placesOf(dmq, line)
  if (places.length === 0) dmq.host.log.error('dmq', `could not resolve ${line.host}`)
  if (places.length > HOSTS_MAX) dmq.host.log.warning('dmq', 'notification host count reached max!')
  for (const place of places.slice(0, HOSTS_MAX)) {
    if (isOwn(dmq, place.host, place) || dmq.nodes.find(place) !== undefined) continue
    addNode(dmq, place, place.host, text.replace(line.host, place.host), false)
  }
}

async function placesOf(dmq: Dmq, line: NodeLine): Promise<readonly NodeLine[]> {
  const { names } = dmq.host
  const places = new Map<string, NodeLine>()
  const take = (host: string, port: string): void => {
    const place: NodeLine = { host, port, transport: line.transport, status: 'pending' }
    places.set(keyOf(place), place)
  }
  if (line.port === '') {
    const services = await names.services(`_sip._${line.transport === '' ? 'udp' : line.transport}.${line.host}`)
    for (const { target, port } of services.slice(0, HOSTS_MAX)) {
      for (const host of (await names.addresses(target)).found) take(host, String(port))
    }
  }
  if (places.size === 0) for (const host of (await names.addresses(line.host)).found) take(host, line.port)
  return [...places.values()]
}

/** What a node said itself outweighs what others say of it. */
export function heardFrom(dmq: Dmq, node: DmqNode): void {
  node.heardAtMs = dmq.host.clock.monotonic()
  if (node.isComparing && node.status !== 'active') setStatus(dmq, node, 'active')
}
