import type { Host } from '../../runtime/host.ts'
import { WorkerResults } from './containers.ts'

/** This machine's own name, as `$HN` shows it. */
export interface OwnName {
  readonly name: string
  readonly fullName: string
  /** Null for a name without a dot. */
  readonly domain: string | null
  readonly address: string | null
}

export interface Ipops {
  readonly results: WorkerResults
  readonly own: OwnName
}

export async function setUp(host: Host): Promise<Ipops> {
  return { results: new WorkerResults(), own: await findOwnName(host) }
}

/** A name without a domain has no address either, as in Kamailio. */
async function findOwnName({ names }: Host): Promise<OwnName> {
  const fullName = names.hostname
  const dot = fullName.indexOf('.')
  if (dot < 0) return { name: fullName, fullName, domain: null, address: null }
  const { found: [address = null] } = await names.addresses(fullName)
  return { name: fullName.slice(0, dot), fullName, domain: fullName.slice(dot + 1), address }
}
