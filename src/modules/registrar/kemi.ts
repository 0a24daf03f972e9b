import { kemi } from '../../define/define.ts'
import { fixedQ, parseQ } from './expires.ts'
import type { Registrar } from './state.ts'

/** Functions that Kamailio gives to KEMI alone. */
export const registrarKemi = {
  set_q_override: kemi({
    summary: 'Fixes the q, "0.5" for example, that save() stores for the contacts of this request. -1 when it is no q.',
    args: ['new_q'],
    run: (context, registrar: Registrar, text) => {
      const q = parseQ(text)
      if (q === undefined) {
        registrar.host.log.error('registrar', 'invalid q parameter')
        return -1
      }
      fixedQ.set(context, q)
      return 1
    },
  }),
}
