import { variableFamily, type PvIndex, type PvValue } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { indexValue } from '../../runtime/variable-spec.ts'
import { ATTRIBUTES, readAttribute } from './profiles.ts'
import type { Registrar } from './state.ts'

const WRITTEN = /^(.+?)=>(.+)$/s

/** Numbers that are shown without a sign, and counted with one. */
const UNSIGNED: ReadonlySet<string> = new Set(['aorhash', 'expires', 'flags', 'cflags', 'modified', 'methods', 'regid', 'server_id'])

const unsignedText = (value: PvValue): PvValue => (typeof value === 'number' && value < 0 ? String(value >>> 0) : value)

export const ulcVariable = variableFamily<Registrar>(
  'An attribute of a contact that reg_fetch_contacts() has fetched: `profile=>attribute`, contacts are numbered from 0.',
  { inner: 'required', index: true, writable: true },
  (inner = '', index: PvIndex) => {
    const found = WRITTEN.exec(inner)
    if (found === null) return `invalid contact pv name ${inner}: write profile=>attribute`
    const [, profile = '', attribute = ''] = found
    if (!Object.hasOwn(ATTRIBUTES, attribute)) return `unknown contact attr name in ${inner}: one of ${Object.keys(ATTRIBUTES).join(', ')}`
    const read = (context: RouteContext, registrar: Registrar): PvValue =>
      readAttribute(registrar, profile, attribute, indexValue(index, context) ?? 0)
    if (UNSIGNED.has(attribute)) {
      return {
        get: (context, registrar) => unsignedText(read(context, registrar)),
        int: (context, registrar) => Number(read(context, registrar) ?? Number.NaN) | 0,
        set: () => true,
      }
    }
    return {
      get: read,
      // As in Kamailio, assignments do nothing.
      set: () => true,
    }
  },
)
