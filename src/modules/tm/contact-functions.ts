import { arg, form, type FunctionDef } from '../../define/define.ts'
import { loadContacts, nextContactFlow, nextContacts } from './contacts.ts'
import type { Tm } from './state.ts'

export const contactFunctions = {
  t_load_contacts: {
    summary: 'Keeps Request-URI and branches in contacts_avp, sorted by q, to be tried one group after the other.',
    returns: { 1: 'done, or there is only one', [-1]: 'contacts_avp is not set' },
    forms: [
      form({
        routes: ['request', 'failure'],
        args: [arg.optional(arg.int('mode', '0 by q, equal ones at once; 1 one after the other, by lot weighted with q.'))],
        run: (context, tm: Tm, mode) => loadContacts(tm, context, mode ?? 0),
      }),
    ],
  },
  t_next_contacts: {
    summary: 'Takes the next group of contacts as Request-URI and branches, one for each phone (+sip.instance).',
    returns: { 1: 'taken', [-1]: 'contacts_avp is not set', [-2]: 'none is left', [-3]: 'the xavp holds something else' },
    forms: [form({ routes: ['request', 'failure'], args: [], run: (context, tm: Tm) => nextContacts(tm, context) })],
  },
  t_next_contact_flow: {
    summary: 'Adds the next flow of the phone whose branch has failed as a branch.',
    returns: { 1: 'taken', [-1]: 'those that are left are of other phones, or contact_flows_avp is not set', [-2]: 'none is left' },
    forms: [form({ routes: ['request', 'branchFailure'], args: [], run: (context, tm: Tm) => nextContactFlow(tm, context) })],
  },
} satisfies Record<string, FunctionDef<Tm>>
