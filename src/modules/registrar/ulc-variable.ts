import { variableFamily, type PvIndex } from '../../define/define.ts'
import { indexValue } from '../../runtime/variable-spec.ts'
import { ATTRIBUTES, readAttribute } from './profiles.ts'
import type { Registrar } from './state.ts'

const WRITTEN = /^(.+?)=>(.+)$/s

export const ulcVariable = variableFamily<Registrar>(
  'An attribute of a contact that reg_fetch_contacts() has fetched: `profile=>attribute`, contacts are numbered from 0.',
  { inner: 'required', index: true, writable: true },
  (inner = '', index: PvIndex) => {
    const found = WRITTEN.exec(inner)
    if (found === null) return `invalid contact pv name ${inner}: write profile=>attribute`
    const [, profile = '', attribute = ''] = found
    if (!Object.hasOwn(ATTRIBUTES, attribute)) return `unknown contact attr name in ${inner}: one of ${Object.keys(ATTRIBUTES).join(', ')}`
    return {
      get: (context, registrar) => readAttribute(registrar, profile, attribute, indexValue(index, context) ?? 0),
      // As in Kamailio, assignments do nothing.
      set: () => true,
    }
  },
)
