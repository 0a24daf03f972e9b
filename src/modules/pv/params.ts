/** The module's parameters: initial values of variables and other names of AVPs. */
import { param, type ParamValues } from '../../define/define.ts'
import { parseAvpName } from '../../runtime/avp.ts'

export const pvParams = {
  shvset: param.list('Initial value of a shared variable: `name=i:1` or `name=s:text`.'),
  varset: param.list('Initial value of a worker\'s variable: `name=i:1` or `name=s:text`.'),
  avp_aliases: param.list('Other names of AVPs: `email=s:email_addr;tmp=i:100`.'),
}

export type PvParams = ParamValues<typeof pvParams>

export interface InitialValue {
  readonly name: string
  readonly value: string | number
}

/** Parses `name=i:1` or `name=s:text`. */
export function parseInitialValue(text: string): InitialValue | undefined {
  const parts = /^([^=]+)=([sSiI]):(.*)$/s.exec(text)
  if (!parts) return undefined
  const [, name = '', type = '', rest = ''] = parts
  if (type === 's' || type === 'S') return { name, value: rest }
  return /^[+-]?[0-9]+$/.test(rest) ? { name, value: Number(rest) | 0 } : undefined
}

/** Parses `alias=name;alias=name` into a map from alias in lower case. A text answer is the error message. */
export function parseAvpAliases(definitions: readonly (string | number)[]): Map<string, string> | string {
  const aliases = new Map<string, string>()
  for (const definition of definitions) {
    for (const piece of String(definition).split(';')) {
      const parts = /^\s*([^\s;=]+)\s*=\s*([^\s;]+)\s*$/.exec(piece)
      if (!parts) return `avp_aliases: ${piece} is no alias; write alias=name`
      const [, alias = '', name = ''] = parts
      const parsed = parseAvpName(name)
      if (typeof parsed === 'string') return `avp_aliases: ${parsed}`
      if (aliases.has(alias.toLowerCase())) return `avp_aliases: ${alias} is there twice`
      aliases.set(alias.toLowerCase(), name)
    }
  }
  return aliases
}
