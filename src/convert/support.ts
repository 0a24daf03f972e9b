/** What converted scripts have at their end: the cfg's rules where TypeScript has others. Only what is used is written. */

export type SupportName =
  | 'ok' | 'done' | 'okOrDrop' | 'doneOrDrop' | 'returned' | 'set' | 'text' | 'int' | 'number' | 'same' | 'plus' | 'matches' | 'isInNetwork'

interface Support {
  readonly code: string
  readonly needs?: readonly SupportName[]
}

export const RETURN_CODE = '$var(return_code)'

export const support: Readonly<Record<SupportName, Support>> = {
  ok: {
    code: `/** Whether a function of the cfg gave true; 0 ends the script. */
function ok(result: number | boolean): boolean {
  if (result === 0) KSR.x.exit()
  return Number(result) > 0
}`,
  },
  done: {
    code: `/** The result of a function of the cfg; 0 ends the script. */
function done(result: number | boolean): number {
  if (result === 0) KSR.x.exit()
  return result === true ? 1 : Number(result) || -1
}`,
  },
  okOrDrop: {
    code: `/** Whether a function of the cfg gave true; 0 ends the script, and the reply or message with it. */
function okOrDrop(result: number | boolean): boolean {
  if (result === 0) KSR.x.drop()
  return Number(result) > 0
}`,
  },
  doneOrDrop: {
    code: `/** The result of a function of the cfg; 0 ends the script, and the reply or message with it. */
function doneOrDrop(result: number | boolean): number {
  if (result === 0) KSR.x.drop()
  return result === true ? 1 : Number(result) || -1
}`,
  },
  returned: {
    code: `/** The result of a function or a route, kept for what the cfg calls $rc. */
function returned(result: number | boolean | void): number {
  const code = result === true || result === undefined ? 1 : result === false ? -1 : result
  KSR.pv.seti('${RETURN_CODE}', code)
  return code
}`,
  },
  set: {
    code: `/** Sets a variable to a text, a number or nothing. */
function set(variable: string, value: string | number | null): void {
  if (value === null) KSR.pv.unset(variable)
  else if (typeof value === 'number') KSR.pv.seti(variable, value)
  else KSR.pv.sets(variable, value)
}`,
  },
  text: {
    code: `/** What a variable holds, as a text; empty for nothing. */
function text(variable: string): string {
  return String(KSR.pv.gete(variable))
}`,
  },
  int: {
    code: `/** What a variable holds, as a number; 0 for nothing and for a text that is none. */
function int(variable: string): number {
  return number(KSR.pv.get(variable))
}`,
    needs: ['number'],
  },
  number: {
    code: `/** The number that a value stands for; 0 for what is none. */
function number(value: string | number | null): number {
  return value !== null && /^[-+]?(?:\\d+|0x[0-9a-f]+)$/i.test(String(value)) ? Number(value) | 0 : 0
}`,
  },
  same: {
    code: `/** The cfg's ==: what is on the left decides, and nothing is the same as an empty text and as 0. */
function same(left: string | number | null, right: string | number | null): boolean {
  if (left === null) return right === null || right === '' || right === 0
  return typeof left === 'string' ? left === String(right ?? '') : left === number(right)
}`,
    needs: ['number'],
  },
  plus: {
    code: `/** The cfg's +: a number on the left is added to, anything else is joined as a text. */
function plus(left: string | number | null, right: string | number | null): string | number {
  return typeof left === 'number' ? (left + number(right)) | 0 : String(left ?? '') + String(right ?? '')
}`,
    needs: ['number'],
  },
  matches: {
    code: `/** The cfg's =~ with an expression that is known at run time only. */
function matches(value: string, pattern: string): boolean {
  try {
    return new RegExp(pattern, 'is').test(value)
  } catch {
    KSR.err(\`Bad regular expression "\${pattern}"\\n\`)
    return false
  }
}`,
  },
  isInNetwork: {
    code: `/** Whether an IPv4 address is in a network. */
function isInNetwork(address: string, network: string, bits: number): boolean {
  const numberOf = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  return !address.includes(':') && Math.floor(numberOf(address) / 2 ** (32 - bits)) === Math.floor(numberOf(network) / 2 ** (32 - bits))
}`,
  },
}

export function supportText(used: ReadonlySet<SupportName>): string {
  const all = new Set(used)
  for (const name of used) for (const needed of support[name].needs ?? []) all.add(needed)
  return Object.keys(support).flatMap((name) => (all.has(name as SupportName) ? [support[name as SupportName].code] : [])).join('\n\n')
}
