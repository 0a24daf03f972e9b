/** KSR.pv: variables of the native script by their text. */
import { kemi, type KemiDef, type PvValue } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { intOf } from '../../runtime/variable-spec.ts'

type Kemi = KemiDef<Host>

/** What a variable is, read; `missing` where it holds nothing, or is none (which the log tells). */
const reading = (summary: string, missing: PvValue): Kemi =>
  kemi({
    summary,
    args: ['variable'],
    returns: 'xval',
    run: (context, host: Host, text) => host.ksr.variable(context, text)?.get(context) ?? missing,
  })

function write(context: RouteContext, host: Host, text: string, value: PvValue): boolean {
  const variable = host.ksr.variable(context, text)
  if (variable === undefined) return false
  // As in Kamailio: what cannot be written stays as it is, and nobody hears of it.
  if ('writable' in variable && variable.writable === false) return true
  if (variable.set(context, value)) return true
  host.log.error('<core>', `unable to set pv [${text}]`)
  return false
}

const number = (summary: string): Kemi =>
  kemi({
    summary,
    args: ['variable'],
    run(context, host: Host, text) {
      const variable = host.ksr.variable(context, text)
      return variable === undefined ? 0 : (intOf(variable, context) ?? 0)
    },
  })

export const variableKemi: Readonly<Record<string, Kemi>> = {
  'pv.get': reading('What a variable holds: a text, a number or nothing.', null),
  'pv.gete': reading('What a variable holds; an empty text for nothing.', ''),
  'pv.getw': reading('What a variable holds; `<null>` for nothing.', '<null>'),
  'pv.geti': number('What a variable holds as a number; 0 where it is none.'),
  'pv.getl': number('What a variable holds as a number; 0 where it is none.'),
  'pv.getvs': kemi({
    summary: 'What a variable holds; the text given for nothing.',
    args: ['variable', 'default'],
    returns: 'xval',
    run: (context, host: Host, text, missing) => host.ksr.variable(context, text)?.get(context) ?? missing,
  }),
  'pv.getvn': kemi({
    summary: 'What a variable holds; the number given for nothing.',
    args: ['variable', 'default:int'],
    returns: 'xval',
    run: (context, host: Host, text, missing) => host.ksr.variable(context, text)?.get(context) ?? missing,
  }),
  'pv.is_null': kemi({
    summary: 'Tells whether a variable holds nothing.',
    args: ['variable'],
    returns: 'bool',
    run: (context, host: Host, text) => (host.ksr.variable(context, text)?.get(context) ?? null) === null,
  }),
  'pv.sets': kemi({
    summary: 'Sets a variable to a text.', args: ['variable', 'value'], returns: 'bool',
    run: (context, host: Host, text, value) => write(context, host, text, value),
  }),
  'pv.seti': kemi({
    summary: 'Sets a variable to a number.', args: ['variable', 'value:int'], returns: 'bool',
    run: (context, host: Host, text, value) => write(context, host, text, value),
  }),
  'pv.setl': kemi({
    summary: 'Sets a variable to a number.', args: ['variable', 'value:int'], returns: 'bool',
    run: (context, host: Host, text, value) => write(context, host, text, value),
  }),
  'pv.unset': kemi({
    summary: 'Sets a variable to nothing.', args: ['variable'], returns: 'bool',
    run(context, host: Host, text) {
      const variable = host.ksr.variable(context, text)
      if (variable === undefined) return false
      if (('writable' in variable && variable.writable === false) || variable.set(context, null)) return true
      host.log.error('<core>', `unable to unset pv [${text}]`)
      return false
    },
  }),
}
