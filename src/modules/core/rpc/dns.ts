/** The DNS cache. */
import { RpcFault, RpcStruct, type RpcAnswer, type RpcCall, type RpcDef, type RpcValue } from '../../../define/define.ts'
import type { CachedName, CachedRecord, CachedType, Host, NameCache } from '../../../runtime/host.ts'

const disabled = new RpcFault(500, 'dns cache support disabled (see use_dns_cache)')
const notFound = new RpcFault(400, 'Not found')

function withCache(host: Host, answer: (cache: NameCache) => RpcAnswer | Promise<RpcAnswer>): RpcAnswer | Promise<RpcAnswer> {
  return host.settings.use_dns_cache === 0 ? disabled : answer(host.names.cache)
}

function describe({ name, type, secondsLeft, records }: CachedName): RpcStruct {
  const struct = new RpcStruct()
    .add('name', name)
    .add('type', type)
    .add('size_bytes', sizeOf(name, records))
    .add('reference_counter', 1)
    .add('permanent', 'no')
    .add('expires', secondsLeft)
    .add('last_used', 0)
    .add('negative_entry', records.length === 0 ? 'yes' : 'no')
  if (records.length > 0) struct.add('records', records.map((record, index) => describeRecord(record, index, secondsLeft)))
  return struct
}

/** Estimated: texts and records. */
function sizeOf(name: string, records: readonly CachedRecord[]): number {
  return 96 + name.length + records.length * 32
}

function describeRecord(record: CachedRecord, index: number, secondsLeft: number): RpcStruct {
  const struct = new RpcStruct().add('rr_idx', index)
  switch (record.type) {
    case 'A':
    case 'AAAA':
      struct.add('rr_ip', record.address)
      break
    case 'SRV':
      struct.add('rr_name', record.target).add('rr_port', record.port).add('rr_priority', record.priority).add('rr_weight', record.weight)
      break
    case 'NAPTR':
      struct
        .add('rr_order', record.order)
        .add('rr_preference', record.preference)
        .add('rr_flags', record.flags)
        .add('rr_service', record.services)
        .add('rr_regexp', record.regexp)
        .add('rr_replacement', record.replacement)
  }
  return struct.add('rr_permanent', 'no').add('rr_expires', secondsLeft)
}

const typeNumbers: Readonly<Record<CachedType, number>> = { A: 1, AAAA: 28, SRV: 33, NAPTR: 35 }

/** Without names for the values, as the command has always shown them. */
function plain({ name, type, secondsLeft, records }: CachedName): readonly RpcValue[] {
  return [name, typeNumbers[type], sizeOf(name, records), 1, secondsLeft, 0, records.length === 0 ? 1 : 0]
}

function plainWithRecords(entry: CachedName): readonly RpcValue[] {
  const records = entry.records.flatMap((record): readonly RpcValue[] => {
    if ('address' in record) return ['ip', record.address, entry.secondsLeft]
    return [record.type.toLowerCase(), record.type === 'SRV' ? record.target : record.replacement, entry.secondsLeft]
  })
  const [name = '', type = 0, ...rest] = plain(entry)
  return [name, type, 0, ...rest, ...records]
}

function typeOf(text: string): CachedType | undefined {
  const wanted = text.toUpperCase()
  return wanted === 'A' || wanted === 'AAAA' || wanted === 'SRV' || wanted === 'NAPTR' ? wanted : undefined
}

async function lookup(cache: NameCache, call: RpcCall): Promise<RpcAnswer> {
  const typeText = call.text(0)
  if (typeText === undefined) return call.failed
  const type = typeOf(typeText)
  if (type === undefined) return new RpcFault(400, 'Invalid type')
  const name = call.text(1)
  if (name === undefined) return call.failed
  const found = await cache.lookup(name, type)
  return found.records.length === 0 ? notFound : [describe(found)]
}

function addAddress(cache: NameCache, call: RpcCall, type: 'A' | 'AAAA'): RpcAnswer {
  const name = call.text(0)
  const seconds = name === undefined ? undefined : call.int(1)
  const address = seconds === undefined ? undefined : call.text(2)
  if (name === undefined || seconds === undefined || address === undefined || call.int(3) === undefined) return call.failed
  const isAddress = type === 'A' ? /^\d+(?:\.\d+){3}$/.test(address) : address.includes(':')
  if (!isAddress) return new RpcFault(400, 'Invalid address')
  cache.add(name, { type, address }, seconds)
  return []
}

/** name, seconds, priority, weight, port, target, flags. */
function addService(cache: NameCache, call: RpcCall): RpcAnswer {
  const name = call.text(0)
  const numbers: number[] = []
  for (let index = 1; name !== undefined && index <= 4; index++) {
    const number = call.int(index)
    if (number === undefined) return call.failed
    numbers.push(number)
  }
  const target = name === undefined ? undefined : call.text(5)
  if (name === undefined || target === undefined || call.int(6) === undefined) return call.failed
  const [seconds = 0, priority = 0, weight = 0, port = 0] = numbers
  cache.add(name, { type: 'SRV', priority, weight, port, target }, seconds)
  return []
}

const deleting = (type: CachedType): RpcDef<Host> => ({
  summary: `Forgets the ${type} records of a name.`,
  run: (host, _params, call) => withCache(host, (cache) => {
    const name = call.text(0)
    if (name === undefined) return call.failed
    return cache.delete(name, type) ? [] : notFound
  }),
})

/** Kinds of records that the server never asks for: there is nothing of them to forget. */
const deletingNothing = (type: string): RpcDef<Host> => ({
  summary: `Forgets the ${type} records of a name; the server asks for none.`,
  run: (host, _params, call) => withCache(host, () => (call.text(0) === undefined ? call.failed : notFound)),
})

const deletingAll = (summary: string): RpcDef<Host> => ({
  summary,
  run: (host) => withCache(host, (cache) => {
    cache.clear()
    return [new RpcStruct().add('status', 'ok')]
  }),
})

export const dnsRpc: Readonly<Record<string, RpcDef<Host>>> = {
  'dns.mem_info': {
    summary: 'Bytes that the DNS cache takes, and may take.',
    run: (host) => withCache(host, (cache) => {
      const { used, most } = cache.memory()
      return [used, most]
    }),
  },
  'dns.debug': {
    summary: 'What the DNS cache has, without records.',
    run: (host) => withCache(host, (cache) => cache.entries().flatMap(plain)),
  },
  'dns.debug_all': {
    summary: 'What the DNS cache has, records included.',
    run: (host) => withCache(host, (cache) => cache.entries().flatMap(plainWithRecords)),
  },
  'dns.view': {
    summary: 'What the DNS cache has, with names for the values.',
    returnsArray: true,
    run: (host) => withCache(host, (cache) => cache.entries().map(describe)),
  },
  'dns.lookup': {
    summary: 'Looks up a name: type (a, aaaa, srv, naptr) and name.',
    run: (host, _params, call) => withCache(host, (cache) => lookup(cache, call)),
  },
  'dns.add_a': {
    summary: 'Writes an A record: name, seconds, address, flags.',
    run: (host, _params, call) => withCache(host, (cache) => addAddress(cache, call, 'A')),
  },
  'dns.add_aaaa': {
    summary: 'Writes an AAAA record: name, seconds, address, flags.',
    run: (host, _params, call) => withCache(host, (cache) => addAddress(cache, call, 'AAAA')),
  },
  'dns.add_srv': {
    summary: 'Writes a SRV record: name, seconds, priority, weight, port, target, flags.',
    run: (host, _params, call) => withCache(host, (cache) => addService(cache, call)),
  },
  'dns.delete_all': deletingAll('Forgets all answers.'),
  'dns.delete_all_force': deletingAll('Forgets all answers, those written by hand too.'),
  'dns.delete_a': deleting('A'),
  'dns.delete_aaaa': deleting('AAAA'),
  'dns.delete_srv': deleting('SRV'),
  'dns.delete_naptr': deleting('NAPTR'),
  'dns.delete_cname': deletingNothing('CNAME'),
  'dns.delete_txt': deletingNothing('TXT'),
  'dns.delete_ebl': deletingNothing('EBL'),
  'dns.delete_ptr': deletingNothing('PTR'),
}
