import { variableFamily, type PvValue, type VariableDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { HashTable, Item } from './hash-table.ts'
import { addToItem, removeItem, secondsLeft, setExpiry, setItem, valueOf } from './items.ts'
import type { Iterator } from './iterators.ts'
import { countMatching } from './match.ts'
import { parsePlace, TableOf } from './place.ts'
import type { Htable } from './state.ts'

type Read = (state: Htable, table: HashTable, key: string) => PvValue
type Write = (state: Htable, table: HashTable, key: string, value: PvValue) => boolean

/** A variable whose inner name is `table=>key`; nothing where there is no such table. */
function itemVariable(summary: string, read: Read, write?: Write): VariableDef<Htable> {
  return variableFamily<Htable>(summary, { inner: 'required', writable: write !== undefined }, (inner = '', _index, env) => {
    const place = parsePlace(inner, env)
    if (typeof place === 'string') return place
    const table = new TableOf(place.table)
    const get = (context: RouteContext, state: Htable): PvValue => {
      const found = table.in(state)
      return found === undefined ? null : read(state, found, place.key(context))
    }
    if (write === undefined) return { get }
    return {
      get,
      set(context, state, value) {
        const found = table.in(state)
        return found !== undefined && write(state, found, place.key(context), value)
      },
    }
  })
}

const expiredKeys: Readonly<Record<string, (item: Item) => PvValue>> = { key: ({ key }) => key, value: ({ value }) => value }

function iteratorVariable(summary: string, read: (item: Item, iterator: Iterator) => PvValue): VariableDef<Htable> {
  return variableFamily<Htable>(summary, { inner: 'required' }, (inner = '', _index, env) => {
    const name = env.format(inner)
    if (typeof name === 'string') return name
    return {
      get(context, state) {
        const iterator = state.iterators.find(context, name.evaluate(context))
        return iterator?.item === undefined ? null : read(iterator.item, iterator)
      },
    }
  })
}

export const htableVariables: Readonly<Record<string, VariableDef<Htable>>> = {
  sht: itemVariable(
    'The value of an item, $sht(table=>key): the table\'s initval, or $null, where there is none; $null deletes it.',
    valueOf,
    (state, table, key, value) => {
      if (value !== null) return setItem(state, table, key, value)
      removeItem(table, key)
      return true
    },
  ),
  shtex: itemVariable(
    'Seconds until an item expires; 0 where the table has no autoexpire.',
    secondsLeft,
    (state, table, key, value) => {
      setExpiry(state, table, key, typeof value === 'number' ? value : 0)
      return true
    },
  ),
  shtinc: itemVariable('Adds one to an item and gives the sum.', (state, table, key) => addToItem(state, table, key, 1)),
  shtdec: itemVariable('Takes one from an item and gives what is left.', (state, table, key) => addToItem(state, table, key, -1)),
  shtcn: itemVariable(
    'How many items have a key that matches: a regular expression, ~~expression, ~%end, ==key, or ** for all.',
    (state, table, key) => countMatching(state, table, 'key', key),
  ),
  shtcv: itemVariable(
    'How many items have a value that matches: a regular expression, ~~expression, ~%end, ==text, eq5, or ** for all.',
    (state, table, key) => countMatching(state, table, 'value', key),
  ),
  shtrecord: variableFamily<Htable>(
    'In event_route[htable:expired:TABLE]: key and value of the item that has expired.',
    { inner: 'required' },
    (inner = '') => {
      const read = Object.hasOwn(expiredKeys, inner) ? expiredKeys[inner] : undefined
      if (read === undefined) return `unknown name ${inner}: it is key or value`
      return {
        get(context, { expired }) {
          const item = expired.get(context)
          return item === undefined ? '' : read(item)
        },
      }
    },
  ),
  shtitkey: iteratorVariable('Key of the item that an iterator stands at.', ({ key }) => key),
  shtitval: iteratorVariable('Value of the item that an iterator stands at.', ({ value }) => value),
}
