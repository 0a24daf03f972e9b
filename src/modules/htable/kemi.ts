/** Functions of KSR for what is $sht(table=>key) in the native script: keys are any text. */
import { kemi, type KemiDef, type PvValue } from '../../define/define.ts'
import { setExpiry, setItem, valueOf } from './items.ts'
import { countMatching } from './match.ts'
import type { Htable } from './state.ts'

type Kemi = KemiDef<Htable>

function missing({ host }: Htable, name: string): -1 {
  host.log.error('htable', `hash table name not found [${name}]`)
  return -1
}

const reading = (summary: string, otherwise: PvValue): Kemi =>
  kemi({
    summary, args: ['htable', 'key'], returns: 'xval',
    run(_context, state: Htable, name, key) {
      const table = state.tables.get(name)
      return (table === undefined ? null : valueOf(state, table, key)) ?? otherwise
    },
  })

export const htableKemi: Readonly<Record<string, Kemi>> = {
  sht_get: reading('What an item holds; nothing where there is none.', null),
  sht_gete: reading('What an item holds; an empty text where there is none.', ''),
  sht_getw: reading('What an item holds; `<null>` where there is none.', '<null>'),
  sht_sets: kemi({
    summary: 'Sets an item to a text.', args: ['htable', 'key', 'value'],
    run(_context, state: Htable, name, key, value) {
      const table = state.tables.get(name)
      return table === undefined ? missing(state, name) : setItem(state, table, key, value) ? 1 : -1
    },
  }),
  sht_seti: kemi({
    summary: 'Sets an item to a number.', args: ['htable', 'key', 'value:int'],
    run(_context, state: Htable, name, key, value) {
      const table = state.tables.get(name)
      return table === undefined ? missing(state, name) : setItem(state, table, key, value) ? 1 : -1
    },
  }),
  sht_setex: kemi({
    summary: 'Sets in how many seconds an item expires.', args: ['htable', 'key', 'seconds:int'],
    run(_context, state: Htable, name, key, seconds) {
      const table = state.tables.get(name)
      if (table === undefined) return missing(state, name)
      setExpiry(state, table, key, seconds)
      return 1
    },
  }),
  sht_cn: kemi({
    summary: 'How many items have keys that match a regular expression.', args: ['htable', 'part', 'expression'],
    run(_context, state: Htable, name, part, expression) {
      const table = state.tables.get(name)
      return table === undefined ? missing(state, name) : countMatching(state, table, part.startsWith('v') ? 'value' : 'key', expression)
    },
  }),
}
