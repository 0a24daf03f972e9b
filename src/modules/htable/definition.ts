/** `name=>size=8;autoexpire=300;...`: how a table is defined by the module's parameter. */

export interface Definition {
  readonly name: string
  /** Number of slots: a power of two. */
  readonly slots: number
  /** Seconds that an item lives; 0 for ever. */
  readonly autoexpire: number
  readonly dbtable: string
  /** Columns of that table, the key's first; empty for the module's. */
  readonly columns: readonly string[]
  /** 1 writes the items back when the server stops. */
  readonly dbmode: number
  /** What an item that is not there is taken for. */
  readonly initval: number | undefined
  /** Whether a new value counts as a new item for expiry. */
  readonly updateexpire: number
  readonly dmqreplicate: number
}

const SIZE_POWER_MIN = 3
const SIZE_POWER_MAX = 14

/** A text answer is the error message. */
export function parseDefinition(text: string): Definition | string {
  const [, name, rest] = /^\s*([^\s=]*)\s*=>\s*(.*)$/s.exec(text) ?? []
  const pairs = rest === undefined ? undefined : parsePairs(rest)
  if (name === undefined || pairs === undefined) return `failed parsing: ${text}`
  const values = new Map<string, string>()
  for (const [key, value] of pairs) {
    if (!isKnown(key, value)) return `invalid htable parameter [${text}]`
    values.set(key, value)
  }
  const number = (key: string, initial: number): number => Number(values.get(key) ?? initial)
  const columns = (values.get('cols') ?? '').split(',').map((column) => column.trim()).filter((column) => column !== '')
  if (values.has('cols') && columns.length < 2) return 'there must be at least two columns (prefix, value)'
  const initval = values.get('initval')
  return {
    name,
    slots: 2 ** slotPower(number('size', 0)),
    autoexpire: number('autoexpire', 0),
    dbtable: values.get('dbtable') ?? '',
    columns,
    dbmode: number('dbmode', 0),
    initval: initval === undefined ? undefined : Number(initval),
    updateexpire: number('updateexpire', 1),
    dmqreplicate: number('dmqreplicate', 0),
  }
}

function slotPower(given: number): number {
  return given <= 1 ? SIZE_POWER_MIN : Math.min(given, SIZE_POWER_MAX)
}

const WHOLE = /^\d{1,10}$/
const KINDS: Readonly<Record<string, RegExp>> = {
  size: WHOLE, autoexpire: WHOLE, dbmode: WHOLE, updateexpire: WHOLE, dmqreplicate: WHOLE, initval: /^[+-]?\d{1,10}$/,
  dbtable: /./s, cols: /./s,
}

function isKnown(key: string, value: string): boolean {
  const kind = Object.hasOwn(KINDS, key) ? KINDS[key] : undefined
  return kind !== undefined && kind.test(value) && (kind !== WHOLE || Number(value) <= 0xffff_ffff)
}

/** `key=value;key="quoted";`, ending at a comma: undefined where something else stands. */
function parsePairs(text: string): [string, string][] | undefined {
  const pairs: [string, string][] = []
  const pair = /([^\s=;,]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;,]+))\s*(;\s*|$|(?=,))/y
  while (pair.lastIndex < text.length && (pairs.length === 0 || text.charAt(pair.lastIndex) !== ',')) {
    const [, key = '', double, single, plain] = pair.exec(text) ?? []
    if (key === '') return undefined
    pairs.push([key, double ?? single ?? plain ?? ''])
  }
  return pairs
}
