/** The core's variables: `$null`, the last result, what was defined and the environment. */
import { variable, variableFamily, type PvValue, type VariableDef } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'

/** A decimal number where the text is one. */
function numberOrText(text: string): string | number {
  return /^[+-]?[0-9]+$/.test(text) ? Number(text) | 0 : text
}

const lastResult = variable<Host>('Result of the last function or route().', (context) => context.returnCode)

/** The environment holds letters of the system's encoding; scripts see its bytes. */
function environmentBytes(host: Host, name: string): string | undefined {
  const value = host.environment[name]
  return value === undefined ? undefined : Buffer.from(value, 'utf8').toString('latin1')
}

const named = (summary: string, read: (host: Host, name: string) => PvValue): VariableDef<Host> =>
  variableFamily<Host>(summary, { inner: 'required' }, (inner) => {
    const name = inner ?? ''
    return { get: (context) => read(context.host, name) }
  })

export const coreVariables: Readonly<Record<string, VariableDef<Host>>> = {
  null: variable('Nothing.', () => null),
  rc: lastResult,
  retcode: lastResult,
  '?': lastResult,
  def: named('Text of a #!define; empty for one without text, $null for none of that name.', (host, name) =>
    host.defines.has(name) ? (host.defines.get(name) ?? '') : null),
  defn: named('As $def, a number where the text is one; 0 for none of that name.', (host, name) =>
    host.defines.has(name) ? numberOrText(host.defines.get(name) ?? '') : 0),
  env: named('Variable of the environment.', (host, name) => environmentBytes(host, name) ?? null),
  envn: named('As $env, a number where the text is one.', (host, name) => {
    const value = environmentBytes(host, name)
    return value === undefined ? null : numberOrText(value)
  }),
}
