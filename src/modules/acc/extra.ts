/** log_extra, db_extra and multi_leg_info: what stands in records beside the usual values. */
import type { VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { parseAvpName, type AvpName } from '../../runtime/avp.ts'

export interface Extra {
  readonly name: string
  readonly variable: VariableHandle
}

export interface LegValue {
  readonly name: string
  readonly avp: AvpName
}

const LEGS_MAX = 16

/** `name=$variable;name=$variable`; a text says what is wrong. */
export function parseExtras(host: Host, text: string, most: number): readonly Extra[] | string {
  const extras: Extra[] = []
  for (const part of pieces(text)) {
    const match = /^\s*([^\s=]+)\s*=\s*(\$[^]*?)\s*$/.exec(part)
    if (match === null) return `parse failed in <${text}>: write name=$variable;name=$variable`
    if (extras.length === most) return `too many extras: at most ${most}`
    const variable = host.prepare.variable(match[2] ?? '')
    if (typeof variable === 'string') return variable
    extras.push({ name: match[1] ?? '', variable })
  }
  return extras
}

/** The same with AVPs only. */
export function parseLegs(host: Host, text: string): readonly LegValue[] | string {
  const extras = parseExtras(host, text, LEGS_MAX)
  if (typeof extras === 'string') return extras
  const legs: LegValue[] = []
  for (const { name, variable } of extras) {
    const written = /^\$avp\((.*)\)$/s.exec(variable.text) ?? /^\$\(avp\((.*)\)\)$/s.exec(variable.text)
    const avp = written === null ? 'only AVP are accepted as leg info' : parseAvpName(written[1] ?? '')
    if (typeof avp === 'string') return avp
    legs.push({ name, avp })
  }
  return legs
}

/** Cut at semicolons outside of parentheses and braces. */
function pieces(text: string): readonly string[] {
  const found: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === '(' || char === '{') depth++
    else if (char === ')' || char === '}') depth--
    else if (char === ';' && depth === 0) {
      found.push(text.slice(start, at))
      start = at + 1
    }
  }
  found.push(text.slice(start))
  return found
}

/** A value, null for `$null`. */
export type Named = readonly [name: string, value: string | null]

export function extraValues(context: RouteContext, extras: readonly Extra[]): readonly Named[] {
  return extras.map(({ name, variable }) => {
    const value = variable.get(context)
    return [name, value === null ? null : String(value)]
  })
}

/** A leg for each value of the AVPs, the newest first; one without values when they have none. */
export function legValues({ avps }: RouteContext, legs: readonly LegValue[]): readonly (readonly Named[])[] {
  if (legs.length === 0) return []
  const rows: (readonly Named[])[] = []
  let found = legs.map(({ avp }) => avps.first(avp))
  do {
    rows.push(legs.map(({ name }, index) => [name, found[index] === undefined ? null : String(found[index].value)]))
    found = found.map((avp, index) => {
      const leg = legs[index]
      return avp === undefined || leg === undefined ? undefined : avps.next(avp, leg.avp)
    })
  } while (found.some((avp) => avp !== undefined))
  return rows
}
