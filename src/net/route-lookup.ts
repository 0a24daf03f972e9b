/** Which own address packets to a destination leave from (`mhomed`). */
import { BlockList } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'
import { addressFamily } from '../base/address.ts'
import type { NativeAddon } from './native-addon.ts'

export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>

/**
 * The add-on asks the kernel's routing table. Without it, the interface whose subnet has the destination is taken, and
 * else the first that is not the loopback: right on machines with one way out.
 */
export function localAddressFor(
  destination: string,
  addon: NativeAddon | undefined,
  interfaces: () => Interfaces,
): string | undefined {
  if (addon) return addon.localAddressFor(destination)
  const family = addressFamily(destination)
  if (family === 0) return undefined
  const type = family === 4 ? 'ipv4' : 'ipv6'
  const own = Object.values(interfaces())
    .flatMap((entries) => entries ?? [])
    .filter((entry) => addressFamily(entry.address) === family)
  for (const { cidr, address } of own) {
    const [net, bits] = (cidr ?? '').split('/')
    if (!net || !bits) continue
    const subnet = new BlockList()
    subnet.addSubnet(net, Number(bits), type)
    if (subnet.check(destination, type)) return address
  }
  return own.find((entry) => !entry.internal)?.address
}
