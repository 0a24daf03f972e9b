/**
 * Small MaxMind databases for tests (MaxMind DB file format 2.0): a tree over the bits of addresses whose leaves point at
 * records. `test/differential/cases/geoip2/places.mmdb` is made of these.
 */

/** A number is a double; `{ uint: 5 }` an unsigned integer of 16 bits, or of `bytes`. */
export type MmdbValue =
  | string | number | boolean | { readonly uint: number; readonly bytes?: 4 | 8 } | { readonly map: Readonly<Record<string, MmdbValue>> } | { readonly list: readonly MmdbValue[] }

export interface MmdbNetwork {
  /** Bits of the network in a tree of 128 bits, IPv4 behind 96 zeros: `0` and `1`. */
  readonly bits: string
  readonly record: MmdbValue
}

const MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1')
const NODE_BYTES = 8
const TYPE = { string: 2, double: 3, uint16: 5, uint32: 6, map: 7, uint64: 9, array: 11, boolean: 14 } as const

/** `192.0.2.0/24` as bits. */
export function networkOfIpv4(text: string): string {
  const [address = '', length = '32'] = text.split('/')
  const bits = address.split('.').map((part) => Number(part).toString(2).padStart(8, '0')).join('')
  return '0'.repeat(96) + bits.slice(0, Number(length))
}

/** `2001:db8` as bits: the groups that are given. */
export const networkOfIpv6 = (groups: string): string =>
  groups.split(':').map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('')

function control(type: number, size: number): Buffer {
  const [first, ...more] = size < 29 ? [size] : [29, size - 29]
  return Buffer.from(type < 8 ? [(type << 5) | (first ?? 0), ...more] : [first ?? 0, type - 7, ...more])
}

function encoded(value: MmdbValue): Buffer {
  if (typeof value === 'string') return Buffer.concat([control(TYPE.string, Buffer.byteLength(value)), Buffer.from(value, 'utf8')])
  if (typeof value === 'boolean') return control(TYPE.boolean, value ? 1 : 0)
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(8)
    bytes.writeDoubleBE(value)
    return Buffer.concat([control(TYPE.double, 8), bytes])
  }
  if ('uint' in value) {
    const { uint, bytes = 2 } = value
    const number = Buffer.alloc(8)
    number.writeBigUInt64BE(BigInt(uint))
    return Buffer.concat([control({ 2: TYPE.uint16, 4: TYPE.uint32, 8: TYPE.uint64 }[bytes], bytes), number.subarray(8 - bytes)])
  }
  if ('map' in value) {
    const entries = Object.entries(value.map)
    return Buffer.concat([control(TYPE.map, entries.length), ...entries.flatMap(([key, item]) => [encoded(key), encoded(item)])])
  }
  return Buffer.concat([control(TYPE.array, value.list.length), ...value.list.map(encoded)])
}

/** The bytes of a file with these networks; none may lie in another. */
export function mmdbFile(networks: readonly MmdbNetwork[], databaseType = 'GeoLite2-City'): Buffer {
  const nodes: [number | string, number | string][] = [['', '']]
  for (const { bits } of networks) {
    let node = 0
    for (const [depth, bit] of [...bits].entries()) {
      const side = bit === '1' ? 1 : 0
      const place = nodes[node]
      if (place === undefined) break
      const next = place[side]
      if (depth === bits.length - 1) place[side] = bits
      else if (typeof next === 'number') node = next
      else node = place[side] = nodes.push(['', '']) - 1
    }
  }
  const offsets = new Map<string, number>()
  const records: Buffer[] = []
  let size = 0
  for (const { bits, record } of networks) {
    const bytes = encoded(record)
    offsets.set(bits, size)
    records.push(bytes)
    size += bytes.length
  }
  const pointer = (side: number | string): number => (typeof side === 'number' ? side : nodes.length + (side === '' ? 0 : 16 + (offsets.get(side) ?? 0)))
  const tree = Buffer.alloc(nodes.length * NODE_BYTES)
  for (const [index, [left, right]] of nodes.entries()) {
    tree.writeUInt32BE(pointer(left), index * NODE_BYTES)
    tree.writeUInt32BE(pointer(right), index * NODE_BYTES + 4)
  }
  const metadata = encoded({
    map: {
      node_count: { uint: nodes.length, bytes: 4 }, record_size: { uint: 32 }, ip_version: { uint: 6 }, database_type: databaseType, languages: { list: ['en'] },
      binary_format_major_version: { uint: 2 }, binary_format_minor_version: { uint: 0 }, build_epoch: { uint: 1, bytes: 8 }, description: { map: { en: 'Test' } },
    },
  })
  return Buffer.concat([tree, Buffer.alloc(16), ...records, MARKER, metadata])
}

const names = (en: string): MmdbValue => ({ map: { names: { map: { en, de: `${en} auf Deutsch` } } } })

/** What the fixture holds: a whole record, one of a country alone, one without English names, one for IPv6. */
export const places: readonly MmdbNetwork[] = [
  {
    bits: networkOfIpv4('127.0.30.0/24'),
    record: {
      map: {
        city: names('Melbourne'),
        continent: { map: { code: 'OC', names: { map: { en: 'Oceania' } } } },
        country: { map: { iso_code: 'AU', names: { map: { en: 'Australia' } } } },
        location: { map: { latitude: -37.8159, longitude: 144.9669, time_zone: 'Australia/Melbourne', accuracy_radius: { uint: 20 } } },
        postal: { map: { code: '3004' } },
        subdivisions: {
          list: [{ map: { iso_code: 'VIC', names: { map: { en: 'Victoria' } } } }, { map: { iso_code: 'XX', names: { map: { en: 'Second' } } } }],
        },
      },
    },
  },
  {
    bits: networkOfIpv4('128.101.101.0/25'),
    record: {
      map: {
        city: names('Minneapolis'), country: { map: { iso_code: 'US' } }, continent: { map: { code: 'NA' } },
        location: { map: { latitude: 44.9759, longitude: -93.2166, time_zone: 'America/Chicago', metro_code: { uint: 613 } } },
        postal: { map: { code: '55455' } }, subdivisions: { list: [{ map: { iso_code: 'MN', names: { map: { en: 'Minnesota' } } } }] },
      },
    },
  },
  { bits: networkOfIpv4('192.0.2.0/24'), record: { map: { country: { map: { iso_code: 'DE' } } } } },
  {
    bits: networkOfIpv4('198.51.100.7/32'),
    record: { map: { city: { map: { names: { map: { de: 'K\u00f6ln' } } } }, registered_country: { map: { iso_code: 'FR' } } } },
  },
  {
    bits: networkOfIpv6('2001:db8'),
    record: { map: { city: names('S\u00e3o Paulo'), country: { map: { iso_code: 'BR' } }, location: { map: { latitude: 0, longitude: 12.5 } } } },
  },
]
