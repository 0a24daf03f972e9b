import type { PrepareEnv } from '../../define/define.ts'
import type { LoadedColumn } from './state.ts'

/**
 * `load_credentials`: `$variable=column` or `column` (which means `$avp(column)`), with semicolons between. The last stands first,
 * as Kamailio loads them. A text says what is wrong.
 */
export function parseCredentialList(text: string, env: PrepareEnv): readonly LoadedColumn[] | string {
  if (text === '') return []
  const found: LoadedColumn[] = []
  for (const entry of text.replace(/;$/, '').split(';')) {
    const equals = entry.lastIndexOf('=')
    const column = entry.slice(equals + 1).trim()
    if (column === '') return `no column in "${entry}"`
    const name = equals > 0 ? entry.slice(0, equals).trim() : `$avp(${column})`
    const target = env.variable(name)
    if (typeof target === 'string') return target
    if ('writable' in target && target.writable === false) return `PV is not writeable: ${name}`
    found.unshift({ column, target })
  }
  return found
}
