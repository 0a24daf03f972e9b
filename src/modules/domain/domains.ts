/** The domains that are served here, with their attributes; read from the database at the start and when asked to. */
import { isDbError, type Database, type DbSelect, type DbValue } from '../../db/database.ts'
import { coreHash } from '../../base/core-hash.ts'
import { RpcStruct } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { avpNameOf } from '../../runtime/avp.ts'
import type { Host } from '../../runtime/host.ts'

export interface DomainParams {
  readonly db_url: string
  readonly domain_table: string
  readonly domain_attrs_table: string
  readonly did_col: string
  readonly domain_col: string
  readonly name_col: string
  readonly type_col: string
  readonly value_col: string
  readonly register_myself: number
}

interface Attribute {
  readonly name: string
  readonly value: string | number
}

/** An identifier and its attributes, the newest first. */
interface Identified {
  readonly did: string
  readonly attributes: Attribute[]
}

interface Domain {
  readonly domain: string
  readonly did: string
  readonly attributes: readonly Attribute[]
}

/** What one reading of the tables gave. */
export interface DomainTable {
  /** By name in lower case; of two rows of a name the last one. */
  readonly byName: ReadonlyMap<string, Domain>
  /** In the order of rows. */
  readonly domains: readonly Domain[]
  /** In the order of their first rows. */
  readonly identified: readonly Identified[]
}

export interface Domains {
  readonly host: Host
  readonly params: DomainParams
  database: Database | undefined
  table: DomainTable
  /** A reading that goes on: who asks meanwhile waits for it. */
  reading: Promise<string | undefined> | undefined
}

export const NO_DOMAINS: DomainTable = { byName: new Map(), domains: [], identified: [] }

/** Kamailio's number of slots: dumps go through them in order. */
const SLOTS = 128
const ROWS_AT_ONCE = 1000

const lower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())

export function findDomain(domains: Domains, name: string): Domain | undefined {
  return domains.table.byName.get(lower(name))
}

export const isLocal = (domains: Domains, name: string): number => (findDomain(domains, name) === undefined ? -1 : 1)

/** lookup_domain(): a local domain's attributes and its identifier become AVPs. */
export function lookupDomain(domains: Domains, { avps }: RouteContext, name: string, prefix: string): number {
  const found = findDomain(domains, name)
  if (found === undefined) return -1
  for (const { name: key, value } of [...found.attributes, { name: 'did', value: found.did }]) {
    const avp = avpNameOf(prefix + key)
    if (avp !== undefined) avps.add(avp, value)
  }
  return 1
}

/** Reads both tables; what was read before stays when that fails, and a text says why. */
export function reload(domains: Domains): Promise<string | undefined> {
  domains.reading ??= readTables(domains).then((table) => {
    domains.reading = undefined
    if (typeof table === 'string') return table
    domains.table = table
    return undefined
  })
  return domains.reading
}

async function readTables(domains: Domains): Promise<DomainTable | string> {
  const { params, database } = domains
  if (database === undefined) return 'there is no database'
  const identified = new Map<string, Identified>()
  const { did_col, name_col, type_col, value_col } = params
  const attributeQuery = { table: params.domain_attrs_table, columns: [did_col, name_col, type_col, value_col] }
  const attributeProblem = await eachRow(database, attributeQuery, (row, index) => addAttribute(identified, row, index))
  if (attributeProblem !== undefined) return attributeProblem
  const list: Domain[] = []
  const domainQuery = { table: params.domain_table, columns: [params.domain_col, did_col] }
  const domainProblem = await eachRow(database, domainQuery, (row, index) => addDomain(list, identified, row, index))
  if (domainProblem !== undefined) return domainProblem
  return { byName: new Map(list.map((domain) => [lower(domain.domain), domain])), domains: list, identified: [...identified.values()] }
}

type Row = readonly DbValue[]

/** Gives each row with its number; the first problem ends it. */
async function eachRow(
  database: Database, query: DbSelect, take: (row: Row, index: number) => string | undefined,
): Promise<string | undefined> {
  let problem: string | undefined
  let index = 0
  const count = await database.scan(query, ROWS_AT_ONCE, ({ rows }) => {
    for (const row of rows) problem ??= take(row, index++)
  })
  return isDbError(count) ? `error while querying database: ${count.reason}` : problem
}

function addAttribute(identified: Map<string, Identified>, [did, name, type, value]: Row, index: number): string | undefined {
  const problem = notFilled('did', did, index) ?? notFilled('name', name, index)
  if (problem !== undefined || typeof did !== 'string' || typeof name !== 'string') return problem
  if (typeof type !== 'number') return `type at row <${index}> is null or not int`
  if (type !== 0 && type !== 2) return `unknown type <${type}> at row <${index}>`
  if (typeof value !== 'string') return `value at row <${index}> is null or not string`
  const isNumber = /^[+-]?[0-9]*$/.test(value)
  if (type === 0 && !isNumber) return `value at row <${index}> is invalid int`
  const key = lower(did)
  const known = identified.get(key) ?? { did, attributes: [] }
  known.attributes.unshift({ name, value: type === 0 ? Number(value) | 0 : value })
  identified.set(key, known)
  return undefined
}

function addDomain(list: Domain[], identified: ReadonlyMap<string, Identified>, [domain, did]: Row, index: number): string | undefined {
  const problem = notFilled('domain', domain, index) ?? (did === null ? undefined : notFilled('did', did, index))
  if (problem !== undefined || typeof domain !== 'string') return problem
  const own = typeof did === 'string' ? did : domain
  list.push({ domain, did: own, attributes: identified.get(lower(own))?.attributes ?? [] })
  return undefined
}

function notFilled(name: string, value: DbValue | undefined, index: number): string | undefined {
  if (typeof value !== 'string') return `${name} at row <${index}> is null or not string`
  return value === '' ? `${name} at row <${index}> is empty string` : undefined
}

/** domain.dump: domains by Kamailio's slots, the newest of a slot first, then the attributes' names by identifier. */
export function dumpDomains({ table }: Domains): RpcStruct {
  const slotOf = ({ domain }: Domain): number => coreHash(lower(domain), '', SLOTS)
  const sorted = [...table.domains].reverse().sort((one, other) => slotOf(one) - slotOf(other))
  return new RpcStruct()
    .add('domains', sorted.map(({ domain, did }) => new RpcStruct().add('domain', domain).add('did', did)))
    .add('attributes', [...table.identified].reverse().map(({ did, attributes }) =>
      new RpcStruct().add('did', did).add('attrs', attributes.map(({ name }) => name))))
}
