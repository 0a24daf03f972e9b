/** Places of addresses, and where scripts find them: results by the name of their container. */
import { readFile } from 'node:fs/promises'
import { isIPv4 } from 'node:net'
import { Reader, validate, type CityResponse } from 'maxmind'
import type { PvValue } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import type { RouteContext, Worker } from '../../runtime/context.ts'

export type PlaceDatabase = Reader<CityResponse>

interface Place {
  readonly record: CityResponse
  /** Bits of the network in the file's tree. */
  readonly prefix: number
}

export class Geoip2 {
  readonly host: Host
  readonly path: string
  database: PlaceDatabase | undefined = undefined
  /** Containers that `$gip2` names; others cannot be filled. */
  readonly containers = new Set<string>()
  /** They stay with the worker that filled them: a message that waits meets no other one's places. */
  readonly places = new WeakMap<Worker, Map<string, Place>>()

  constructor(host: Host, path: string) {
    this.host = host
    this.path = path
  }
}

export const MatchResult = { found: 1, notFound: -2, noContainer: -4 } as const

/** Bits that an IPv4 address has in front of it in a file for both families. */
const IPV4_PREFIX = 96
const BOTH_FAMILIES = 6

/** Reads a whole file, as Kamailio does, so that it may be replaced; a text is why it cannot be used. */
export async function readDatabase(path: string): Promise<PlaceDatabase | string> {
  try {
    return new Reader<CityResponse>(await readFile(path))
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** Reads the file again; the answer is why the old one stays. */
export async function reloadDatabase(geoip2: Geoip2): Promise<string | undefined> {
  const database = await readDatabase(geoip2.path)
  if (typeof database === 'string') return `cannot open the database ${geoip2.path}: ${database}`
  geoip2.database = database
  return undefined
}

/** geoip2_match(): looks an address up and fills the container. */
export function matchAddress(geoip2: Geoip2, { worker }: RouteContext, address: string, container: string): number {
  if (!geoip2.containers.has(container)) {
    geoip2.host.log.error('geoip2', `no variable reads container ${container}: $gip2(${container}=>cc)`)
    return MatchResult.noContainer
  }
  const places = geoip2.places.get(worker) ?? new Map<string, Place>()
  geoip2.places.set(worker, places)
  const [record, prefix] = geoip2.database !== undefined && validate(address) ? geoip2.database.getWithPrefixLength(address) : [null, 0]
  if (record === null) {
    places.delete(container)
    return MatchResult.notFound
  }
  const isInBoth = isIPv4(address) && geoip2.database?.metadata.ipVersion === BOTH_FAMILIES
  places.set(container, { record, prefix: isInBoth ? prefix + IPV4_PREFIX : prefix })
  return MatchResult.found
}

export function placeIn(geoip2: Geoip2, { worker }: RouteContext, container: string): Place | undefined {
  return geoip2.places.get(worker)?.get(container)
}

/** Texts of UTF-8 are byte strings in scripts. */
const bytes = (text: string | undefined): PvValue => (text === undefined ? null : Buffer.from(text, 'utf8').toString('latin1'))

/** With six decimals, as C prints them. */
const decimal = (value: number | undefined): PvValue => value?.toFixed(6) ?? null

/** What a place tells, by the keys of `$gip2(container=>key)`. */
export const PLACE_KEYS: Readonly<Record<string, (place: Place) => PvValue>> = {
  cc: ({ record }) => bytes(record.country?.iso_code ?? record.registered_country?.iso_code),
  tz: ({ record }) => bytes(record.location?.time_zone),
  zip: ({ record }) => bytes(record.postal?.code),
  lat: ({ record }) => decimal(record.location?.latitude),
  lon: ({ record }) => decimal(record.location?.longitude),
  nmask: ({ prefix }) => String(prefix),
  city: ({ record }) => bytes(record.city?.names.en),
  regc: ({ record }) => bytes(record.subdivisions?.[0]?.iso_code),
  regn: ({ record }) => bytes(record.subdivisions?.[0]?.names.en),
  metro: ({ record }) => bytes(record.location?.metro_code?.toString()),
  contc: ({ record }) => bytes(record.continent?.code),
}
