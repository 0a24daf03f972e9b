import { arg, fn, type Arg, type FunctionDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { HashTable } from './hash-table.ts'
import { addToItem, isOver, removeItem, setExpiry, setItem } from './items.ts'
import type { Iterator } from './iterators.ts'
import { hasMatching, removeMatching, type Part } from './match.ts'
import { parsePlace } from './place.ts'
import type { Htable } from './state.ts'

const tableName = arg.str('htable', 'Name of the table.')
const itemName = arg.str('key', 'Key of the item.')
const operator = arg.str('op', 're for a regular expression, sw for a beginning; where items are looked for, eq and ne as well.')
const operand = arg.str('val', 'Text or regular expression.')
const iteratorName = arg.str('iname', 'Name of the iterator.')

interface GivenPlace {
  readonly table: string
  readonly key: string
}

/** `table=>key` in one text. */
const place: Arg<GivenPlace> = arg.custom('place', '`table=>key`; the key may hold variables.', (text, env) => {
  const parsed = parsePlace(text, env)
  if (typeof parsed === 'string') return parsed
  return { evaluate: (context: RouteContext): GivenPlace => ({ table: parsed.table, key: parsed.key(context) }) }
})

/** The result of the locks where there is no such table. */
const NO_ROOT = -11

function fail({ host }: Htable, problem: string): -1 {
  host.log.error('htable', problem)
  return -1
}

function noRoot(state: Htable): number {
  fail(state, 'cannot get $sht root')
  return NO_ROOT
}

/** Does something with a table that is named at run time. */
function withTable(state: Htable, name: string, work: (table: HashTable) => number): number {
  const table = state.tables.get(name)
  return table === undefined ? fail(state, `cannot get hash table [${name}]`) : work(table)
}

/** What is missing of a table's name, an operator and a value. */
function missingOf(name: string, op: string, value: string): string | undefined {
  if (name === '') return 'cannot get the hash table name'
  if (op === '') return 'cannot get the match operation'
  return value === '' ? 'cannot the get match value' : undefined
}

function removeItems(state: Htable, name: string, part: Part, op: string, value: string): number {
  const missing = missingOf(name, op, value)
  if (missing !== undefined) return fail(state, missing)
  return withTable(state, name, (table) => {
    if (op === 're' || op === 'sw') return removeMatching(state, table, part, op, value) ? 1 : -1
    state.host.log.warning('htable', `unsupported match operator: ${op}`)
    return -1
  })
}

function matchItems(state: Htable, name: string, part: Part, op: string, value: string): number {
  const missing = missingOf(name, op, value)
  if (missing !== undefined) return fail(state, missing)
  return withTable(state, name, (table) => {
    const found = hasMatching(state, table, part, op, value)
    if (found === undefined) state.host.log.warning('htable', `unsupported match operator: ${op}`)
    return found === true ? 1 : -1
  })
}

const removing = (summary: string, part: Part): FunctionDef<Htable> =>
  fn({
    summary, routes: 'any', args: [tableName, operator, operand],
    run: (_context, state: Htable, name, op, value) => removeItems(state, name, part, op, value),
  })

const removingByRegex = (summary: string, part: Part): FunctionDef<Htable> =>
  fn({
    summary, routes: 'any', args: [place],
    run: (_context, state: Htable, { table: name, key }) => {
      const table = state.tables.get(name)
      if (table === undefined) return 1
      return key !== '' && removeMatching(state, table, part, 're', key) ? 1 : -1
    },
  })

const matching = (summary: string, part: Part): FunctionDef<Htable> =>
  fn({
    summary, routes: 'any', args: [tableName, operator, operand],
    run: (_context, state: Htable, name, op, value) => matchItems(state, name, part, op, value),
  })

const NO_ITERATOR_NAME = 'cannot get iterator name'

/** The iterator, which must stand at an item where `isUsed`; logs what is wrong. */
function iteratorOf(context: RouteContext, state: Htable, name: string, isUsed: boolean): Iterator | undefined {
  const iterator = state.iterators.find(context, name)
  if (name === '') fail(state, NO_ITERATOR_NAME)
  else if (iterator === undefined) fail(state, `iterator not initialized [${name}]`)
  else if (isUsed && iterator.item === undefined) fail(state, `iterator not used [${name}]`)
  else return iterator
  return undefined
}

function removeCurrent(context: RouteContext, state: Htable, name: string): number {
  const iterator = iteratorOf(context, state, name, true)
  const item = iterator?.item
  if (iterator === undefined || item === undefined) return -1
  removeItem(iterator.table, item.key, true)
  iterator.item = iterator.table.next(item)
  return iterator.item === undefined ? -2 : 1
}

function setCurrent(context: RouteContext, state: Htable, name: string, value: string | number): number {
  const iterator = iteratorOf(context, state, name, true)
  if (iterator?.item === undefined) return -1
  return setItem(state, iterator.table, iterator.item.key, value, 0, true) ? 1 : -1
}

function expireCurrent(context: RouteContext, state: Htable, name: string, seconds: number): number {
  const iterator = iteratorOf(context, state, name, true)
  if (iterator?.item === undefined) return -1
  setExpiry(state, iterator.table, iterator.item.key, seconds, true)
  return 1
}

function setWithExpiry(state: Htable, name: string, key: string, value: string | number, seconds: number): boolean {
  const table = state.tables.get(name)
  if (name === '') fail(state, 'cannot get htable name')
  else if (key === '') fail(state, 'cannot get item name')
  else if (table === undefined) fail(state, `No such htable: ${name}`)
  return key !== '' && table !== undefined && setItem(state, table, key, value, seconds)
}

/** sht_print(): as errors, so that it shows whatever `debug` is. */
function printTables({ host, tables }: Htable): number {
  const print = (text: string): void => host.log.error('htable', text)
  for (const table of tables.values()) {
    print(`htable[${table.definition.name}] exp: ${table.definition.autoexpire}>`)
    for (let slot = 0; slot < table.definition.slots; slot++) {
      const items = table.slot(slot)
      print(`htable[${slot}] -- <${items.length}>`)
      for (const { key, hash, value, expires } of items) {
        print(`\tcell: ${key}`)
        print(`\thid: ${hash} flags: ${typeof value === 'number' ? 0 : 2} expire: ${expires}`)
        print(typeof value === 'number' ? `\tv-i:${value}` : `\tv-s:${value}`)
      }
    }
  }
  return 1
}

function changeBy(difference: number, summary: string): FunctionDef<Htable> {
  return fn({
    summary, routes: 'any', args: [tableName, itemName],
    returns: { 1: 'or whatever the sum is', [-255]: 'there is no such table, or no number' },
    run: (_context, state: Htable, name, key) => {
      const table = state.tables.get(name)
      return (table && addToItem(state, table, key, difference)) ?? -255
    },
  })
}

export const htableFunctions: Readonly<Record<string, FunctionDef<Htable>>> = {
  sht_print: fn({
    summary: 'Logs all items of all tables.', routes: 'any', args: [], run: (_context, state: Htable) => printTables(state),
  }),
  sht_rm: fn({
    summary: 'Deletes an item.',
    routes: 'any',
    args: [tableName, itemName],
    run: (_context, state: Htable, name, key) => {
      if (name === '') return fail(state, 'cannot get the hash table name')
      if (key === '') return fail(state, 'cannot get the item table name')
      return withTable(state, name, (table) => {
        removeItem(table, key)
        return 1
      })
    },
  }),
  sht_rm_name_re: removingByRegex('Deletes the items whose key matches a regular expression: `table=>expression`.', 'key'),
  sht_rm_value_re: removingByRegex('Deletes the items whose text matches a regular expression: `table=>expression`.', 'value'),
  sht_rm_name: removing('Deletes the items whose key matches.', 'key'),
  sht_rm_value: removing('Deletes the items whose text matches.', 'value'),
  sht_match_name: { ...matching('Tells whether a key matches.', 'key'), aliases: ['sht_has_name'] },
  sht_match_str_value: { ...matching('Tells whether a text matches.', 'value'), aliases: ['sht_has_str_value'] },
  sht_reset: fn({
    summary: 'Deletes all items of a table.',
    routes: 'any',
    args: [tableName],
    run: (_context, state: Htable, name) => {
      if (name === '') return fail(state, 'cannot get hash table name')
      return withTable(state, name, (table) => {
        table.clear()
        table.follower?.replaced()
        return 1
      })
    },
  }),
  sht_setxs: fn({
    summary: 'Sets an item to a text that expires in so many seconds.',
    routes: 'any',
    args: [tableName, itemName, arg.str('value', 'The text.'), arg.int('expire', 'Seconds.')],
    run: (_context, state: Htable, name, key, value, seconds) => (setWithExpiry(state, name, key, value, seconds) ? 1 : -1),
  }),
  sht_setxi: fn({
    summary: 'Sets an item to a number that expires in so many seconds, and ends the script.',
    returns: { 0: 'done: the script ends', [-1]: 'there is no such table' },
    routes: 'any',
    args: [tableName, itemName, arg.int('value', 'The number.'), arg.int('expire', 'Seconds.')],
    run: (_context, state: Htable, name, key, value, seconds) => (setWithExpiry(state, name, key, value, seconds) ? 0 : -1),
  }),
  sht_is_null: fn({
    summary: 'Tells whether there is no such item, and no initval for it.',
    returns: { 1: 'nothing is there', 2: 'there is no such table', [-1]: 'there is an item, or an initval' },
    routes: 'any',
    args: [tableName, itemName],
    run: (_context, state: Htable, name, key) => {
      const table = state.tables.get(name)
      if (table === undefined) return 2
      const item = table.find(key)
      return table.definition.initval === undefined && (item === undefined || isOver(state, table, item)) ? 1 : -1
    },
  }),
  sht_inc: changeBy(1, 'Adds one to an item; the result is the sum.'),
  sht_dec: changeBy(-1, 'Takes one from an item; the result is what is left.'),
  sht_lock: fn({
    summary: 'Locks the slot of an item: other messages that lock it wait.',
    routes: 'any',
    mayWait: true,
    args: [place],
    run: (context, state: Htable, { table: name, key }) => {
      const table = state.tables.get(name)
      if (table === undefined) return noRoot(state)
      const taken = state.locks.take(table, table.slotOf(key), context.worker)
      const answer = (isTaken: boolean): number => (isTaken ? 1 : fail(state, `the lock of $sht(${name}=>${key}) is not given back`))
      return taken instanceof Promise ? taken.then(answer) : answer(taken)
    },
  }),
  sht_unlock: fn({
    summary: 'Gives the lock of an item\'s slot back.',
    routes: 'any',
    args: [place],
    run: (context, state: Htable, { table: name, key }) => {
      const table = state.tables.get(name)
      if (table === undefined) return noRoot(state)
      state.locks.release(table, table.slotOf(key), context.worker)
      return 1
    },
  }),
  sht_iterator_start: fn({
    summary: 'Starts an iterator in front of the first item of a table; a worker may have four.',
    routes: 'any',
    args: [iteratorName, tableName],
    run: (context, state: Htable, name, hname) => {
      if (name === '') return fail(state, NO_ITERATOR_NAME)
      if (hname === '') return fail(state, 'cannot get hash table name')
      const table = state.tables.get(hname)
      if (table === undefined) return fail(state, `cannot get hash table [${hname}]`)
      const problem = state.iterators.start(context, name, table)
      return problem === undefined ? 1 : fail(state, problem)
    },
  }),
  sht_iterator_end: fn({
    summary: 'Ends an iterator.',
    routes: 'any',
    args: [iteratorName],
    run: (context, state: Htable, name) => {
      if (name === '') return fail(state, NO_ITERATOR_NAME)
      return state.iterators.end(context, name) ? 1 : fail(state, `iterator not found [${name}]`)
    },
  }),
  sht_iterator_next: fn({
    summary: 'Goes to the next item; false behind the last one.',
    routes: 'any',
    args: [iteratorName],
    run: (context, state: Htable, name) => {
      const iterator = iteratorOf(context, state, name, false)
      if (iterator === undefined) return -1
      iterator.item = iterator.table.next(iterator.item)
      return iterator.item === undefined ? -1 : 1
    },
  }),
  sht_iterator_rm: fn({
    summary: 'Deletes the item that an iterator stands at, and goes to the next one.',
    returns: { 1: 'there is a next one', [-2]: 'it was the last one', [-1]: 'there was none' },
    routes: 'any',
    args: [iteratorName],
    run: (context, state: Htable, name) => removeCurrent(context, state, name),
  }),
  sht_iterator_sets: fn({
    summary: 'Sets the item that an iterator stands at to a text.',
    routes: 'any',
    args: [iteratorName, arg.str('sval', 'The text.')],
    run: (context, state: Htable, name, value) => setCurrent(context, state, name, value),
  }),
  sht_iterator_seti: fn({
    summary: 'Sets the item that an iterator stands at to a number.',
    routes: 'any',
    args: [iteratorName, arg.int('ival', 'The number.')],
    run: (context, state: Htable, name, value) => setCurrent(context, state, name, value),
  }),
  sht_iterator_setex: fn({
    summary: 'Sets in how many seconds the item that an iterator stands at expires.',
    routes: 'any',
    args: [iteratorName, arg.int('exval', 'Seconds.')],
    run: (context, state: Htable, name, value) => expireCurrent(context, state, name, value),
  }),
}
