/** The commands `htable.*`. */
import { localTime, strftime } from '../../base/strftime.ts'
import { RpcFault, RpcStruct, type RpcAnswer, type RpcCall, type RpcDef } from '../../define/define.ts'
import { reloadTable, storeTable } from './database.ts'
import type { HashTable } from './hash-table.ts'
import { isOver, removeItem, setExpiry, setItem } from './items.ts'
import type { Htable } from './state.ts'

const noTable = new RpcFault(500, 'No such htable')
const isSet = ['Ok. Key set to new value.']
const tooFew = (what: string): RpcFault => new RpcFault(500, `Not enough parameters (${what})`)

function dump({ tables }: Htable, _params: unknown, call: RpcCall): RpcAnswer {
  const name = call.text(0)
  if (name === undefined) return new RpcFault(500, 'No htable name given')
  const table = tables.get(name)
  if (table === undefined) return noTable
  const slots: RpcStruct[] = []
  for (let slot = 0; slot < table.definition.slots; slot++) {
    const items = table.slot(slot)
    if (items.length === 0) continue
    const shown = items.map(({ key, value }) =>
      new RpcStruct().add('name', key).add('value', value).add('type', typeof value === 'number' ? 'int' : 'str'))
    slots.push(new RpcStruct().add('entry', slot).add('size', shown.length).add('slot', shown))
  }
  return slots
}

function get(state: Htable, _params: unknown, call: RpcCall): RpcAnswer {
  const [name, key] = [call.text(0), call.text(1)]
  if (name === undefined || key === undefined) return tooFew('htable name and key name')
  const table = state.tables.get(name)
  if (table === undefined) return noTable
  const item = table.find(key)
  const initval = item !== undefined && isOver(state, table, item) ? table.definition.initval : item?.value
  if (item === undefined || initval === undefined) return new RpcFault(500, 'Key name doesn\'t exist in htable.')
  return [new RpcStruct().add('item', new RpcStruct()
    .add('name', item.key).add('value', initval).add('flags', typeof initval === 'number' ? 0 : 2)
    .add('expire', item.expires === 0 ? 'NEVER' : strftime('%Y-%m-%d %H:%M:%S', localTime(item.expires * 1000))))]
}

function remove({ tables }: Htable, _params: unknown, call: RpcCall): RpcAnswer {
  const [name, key] = [call.text(0), call.text(1)]
  if (name === undefined || key === undefined) return new RpcFault(500, 'Not enough parameters (htable name & key name')
  const table = tables.get(name)
  if (table === undefined) return noTable
  return removeItem(table, key) ? ['Ok. Key deleted.'] : new RpcFault(404, 'Key not found in htable.')
}

const isFull = new RpcFault(500, 'Failed to set the item')

/** htable.sets and htable.seti. */
function set(read: (call: RpcCall) => string | number | undefined): RpcDef<Htable>['run'] {
  return (state, _params, call) => {
    const [name, key] = [call.text(0), call.text(1)]
    const value = name === undefined || key === undefined ? undefined : read(call)
    if (name === undefined || key === undefined || value === undefined) return tooFew('htable name, key name and value')
    const table = state.tables.get(name)
    if (table === undefined) return noTable
    return setItem(state, table, key, value) ? isSet : isFull
  }
}

/** htable.setxs and htable.setxi. */
function setWithExpiry(read: (call: RpcCall) => string | number | undefined): RpcDef<Htable>['run'] {
  return (state, _params, call) => {
    const [name, key] = [call.text(0), call.text(1)]
    const value = name === undefined || key === undefined ? undefined : read(call)
    const expire = value === undefined ? undefined : call.int(3)
    if (name === undefined || key === undefined || value === undefined || expire === undefined) {
      return tooFew('htable name, key name, value and expire')
    }
    const table = state.tables.get(name)
    if (table === undefined) {
      state.host.log.error('htable', `No such htable: ${name}`)
      state.host.log.error('htable', `cannot set $sht(${name}=>${key})`)
    }
    return table !== undefined && setItem(state, table, key, value, expire) ? isSet : isFull
  }
}

function setExpire(state: Htable, _params: unknown, call: RpcCall): RpcAnswer {
  const [name, key, seconds] = [call.text(0), call.text(1), call.count > 2 ? call.int(2) : call.int(call.count)]
  if (name === undefined || key === undefined || seconds === undefined) return tooFew('htable name, item name and expire')
  const table = state.tables.get(name)
  if (table === undefined) return noTable
  setExpiry(state, table, key, seconds)
  return ['Ok']
}

function listTables({ tables }: Htable): RpcAnswer {
  return [...tables.values()].map(({ definition }) => new RpcStruct()
    .add('name', definition.name).add('dbtable', definition.dbtable).add('dbmode', definition.dbmode)
    .add('expire', definition.autoexpire).add('updateexpire', definition.updateexpire).add('size', definition.slots)
    .add('dmqreplicate', definition.dmqreplicate))
}

function statistics({ tables }: Htable): RpcAnswer {
  return [...tables.values()].map((table) => {
    let min = Number.MAX_SAFE_INTEGER
    let max = 0
    for (let slot = 0; slot < table.definition.slots; slot++) {
      const { length } = table.slot(slot)
      min = Math.min(min, length)
      max = Math.max(max, length)
    }
    return new RpcStruct()
      .add('name', table.definition.name).add('slots', table.definition.slots).add('all', table.count).add('min', min).add('max', max)
  })
}

/** Commands that read from or write to the database. */
function withDatabase(
  work: (state: Htable, table: HashTable) => Promise<string | undefined>, done: string, failed: string,
): RpcDef<Htable>['run'] {
  return async (state, _params, call) => {
    if (state.params.db_url === '') return new RpcFault(500, 'No htable db_url')
    const name = call.text(0)
    if (name === undefined) return new RpcFault(500, 'No htable name given')
    const table = state.tables.get(name)
    if (table === undefined) return noTable
    if (table.definition.dbtable === '') return new RpcFault(500, 'No database htable')
    const problem = await work(state, table)
    if (problem === undefined) return [done]
    state.host.log.error('htable', problem)
    return new RpcFault(500, failed)
  }
}

function flush({ tables }: Htable, _params: unknown, call: RpcCall): RpcAnswer {
  const name = call.text(0)
  if (name === undefined) return new RpcFault(500, 'No htable name given')
  const table = tables.get(name)
  if (table === undefined) return noTable
  table.clear()
  table.follower?.replaced()
  return ['Ok. Htable flushed.']
}

export const htableRpc: Readonly<Record<string, RpcDef<Htable>>> = {
  'htable.dump': { summary: 'Shows all items of a table.', returnsArray: true, run: dump },
  'htable.get': { summary: 'Shows one item: table, key.', run: get },
  'htable.delete': { summary: 'Deletes an item: table, key.', run: remove },
  'htable.sets': { summary: 'Sets an item to a text: table, key, value.', run: set((call) => call.anyText(2)) },
  'htable.seti': { summary: 'Sets an item to a number: table, key, value.', run: set((call) => call.int(2)) },
  'htable.setex': { summary: 'Sets in how many seconds an item expires: table, key, seconds.', run: setExpire },
  'htable.setxs': {
    summary: 'Sets an item to a text that expires: table, key, value, seconds.', run: setWithExpiry((call) => call.anyText(2)),
  },
  'htable.setxi': {
    summary: 'Sets an item to a number that expires: table, key, value, seconds.', run: setWithExpiry((call) => call.int(2)),
  },
  'htable.listTables': { summary: 'Shows how the tables are defined.', returnsArray: true, run: listTables },
  'htable.reload': {
    summary: 'Reads a table from the database; its items stay when that fails.',
    run: withDatabase(reloadTable, 'Ok. Htable reloaded.', 'Htable reload failed'),
  },
  'htable.store': {
    summary: 'Writes a table to the database.',
    run: withDatabase(storeTable, 'Ok. Htable successfully stored to DB.', 'Storing htable failed'),
  },
  'htable.stats': { summary: 'Shows how full the tables and their slots are.', returnsArray: true, run: statistics },
  'htable.flush': { summary: 'Deletes all items of a table.', run: flush },
}
