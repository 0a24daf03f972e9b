import { arg, fn, form, type FunctionDef, type FunctionResult } from '../../define/define.ts'
import { addSocketHeader } from './socket-header.ts'
import { lookupBranches } from './lookup-branches.ts'
import { lookup } from './lookup.ts'
import { fetchContacts } from './profiles.ts'
import { registered } from './registered.ts'
import { replyTo } from './reply.ts'
import { save, SaveFlag } from './save.ts'
import { Registrar } from './state.ts'
import { unregister, unregisterRuid } from './unregister.ts'

const DB_ONLY = 3
const ALL_FLAGS = 31

/** The table: usrloc learns of it at once, so that it is read before the first message comes. */
const table = arg.custom<string>('table', 'Name of the table: `location`.', (name, _env, state) => {
  if (state instanceof Registrar) state.usrloc.table(name)
  return { fixed: name }
})

const uri = arg.str('uri', 'URI of the user.')

const saveFlags = arg.custom<number>(
  'flags', '1 in memory only, 2 no reply, 4 one contact per user, 8 no expires_range, 16 prepare the reply (with 2).',
  (text, _env, state) => {
    const flags = /^(?:0x[0-9a-f]+|[0-9]+)$/i.test(text.trim()) ? Number(text) : Number.NaN
    if (!(flags <= ALL_FLAGS)) return `bad flags <${text}>`
    const isDbOnly = state instanceof Registrar && state.usrloc.dbMode === DB_ONLY
    if (isDbOnly && (flags & SaveFlag.memoryOnly) !== 0) return 'MEM flag set while using the DB_ONLY mode in USRLOC'
    return { fixed: flags }
  },
)

const waiting = { mayWait: true, mayWaitIn: ({ usrloc }: Registrar) => usrloc.mayWait }

/** A URI that a variable leaves empty is none. */
function given(registrar: Registrar, text: string | undefined, run: (text: string | undefined) => FunctionResult): FunctionResult {
  if (text !== '') return run(text)
  registrar.host.log.error('registrar', 'invalid uri parameter')
  return -1
}

const looking = (summary: string, isForBranches: boolean): FunctionDef<Registrar> => ({
  summary,
  returns: { 1: 'found', [-1]: 'no contact', [-2]: 'contacts do not know the method', [-3]: 'the URI cannot be read' },
  forms: [
    form({
      ...waiting,
      routes: ['request', 'failure'],
      args: [table, arg.optional(uri)],
      run: (context, registrar: Registrar, name, text) => given(registrar, text, (user) =>
        lookup(registrar, context, registrar.usrloc.table(name), user, isForBranches)),
    }),
  ],
})

export const registrarFunctions = {
  save: {
    summary: 'Does what a REGISTER wants, and answers it.',
    returns: {
      1: 'contacts were added', 2: 'changed', 3: 'removed', 4: 'only asked for', [-1]: 'refused', [-2]: 'refused: too many contacts',
    },
    forms: [
      form({
        ...waiting,
        routes: ['request', 'failure', 'onreply'],
        args: [table, arg.optional(saveFlags), arg.optional(uri)],
        run: (context, registrar: Registrar, name, flags, text) => given(registrar, text, (user) =>
          save(registrar, context, registrar.usrloc.table(name), flags ?? 0, user)),
      }),
    ],
  },
  lookup: looking('Sends the request to the contacts of the user in the Request-URI: the first becomes the URI, others branches.', false),
  lookup_to_dset: looking('As lookup(), with the Request-URI left alone: all contacts become branches.', true),
  lookup_branches: fn({
    summary: 'lookup() of the Request-URI and of each branch.',
    returns: { 1: 'found', [-1]: 'no contact', [-2]: 'contacts do not know the method', [-3]: 'a URI cannot be read' },
    mayWait: true,
    routes: ['request', 'failure'],
    args: [table],
    run: (context, registrar: Registrar, name) => lookupBranches(registrar, context, registrar.usrloc.table(name)),
  }),
  registered: {
    summary: 'Tells whether the user in the Request-URI (or another) has a contact.',
    forms: [
      form({
        ...waiting,
        routes: 'any',
        args: [
          table,
          arg.optional(uri),
          arg.optional(arg.int('match', 'Compare with values of xavp_cfg: 1 match_callid, 2 match_received, 4 match_contact.')),
          arg.optional(arg.int('action', '1 give the contact\'s attributes back, 2 do not fill xavp_rcd.')),
        ],
        run: (context, registrar: Registrar, name, text, match, action) => given(registrar, text, (user) =>
          registered(registrar, context, registrar.usrloc.table(name), user, match ?? 0, action ?? 0)),
      }),
    ],
  },
  unregister: {
    summary: 'Removes the contacts of a user, or one of them.',
    returns: { 1: 'removed', [-1]: 'the URI cannot be read', [-2]: 'it failed', [-3]: 'there is no such contact' },
    forms: [
      form({
        ...waiting,
        routes: 'any',
        args: [table, uri],
        run: (context, registrar: Registrar, name, text) => given(registrar, text, () =>
          unregister(registrar, context, registrar.usrloc.table(name), text)),
      }),
      form({
        ...waiting,
        kemi: 'unregister_ruid',
        routes: 'any',
        args: [table, arg.str('uri', 'URI of the user; empty with db_mode 3.'), arg.str('ruid', 'The contact\'s own name.')],
        run: (_context, registrar: Registrar, name, text, ruid) => {
          if (ruid !== '') return unregisterRuid(registrar, registrar.usrloc.table(name), text, ruid)
          registrar.host.log.error('registrar', 'invalid ruid parameter')
          return -1
        },
      }),
    ],
  },
  add_sock_hdr: fn({
    summary: 'Adds a header that tells to which socket the request came.',
    routes: ['request'],
    args: [arg.str('name', 'Name of the header.')],
    run: (context, _registrar: Registrar, name) => addSocketHeader(context, name),
  }),
  reg_fetch_contacts: fn({
    summary: 'Fetches the contacts of a user for $ulc(profile=>...).',
    ...waiting,
    routes: ['request', 'failure'],
    args: [table, uri, arg.literal('profile', 'Name of the profile.')],
    run: (_context, registrar: Registrar, name, text, profile) => given(registrar, text, () =>
      fetchContacts(registrar, registrar.usrloc.table(name), text, profile)),
  }),
  reg_free_contacts: fn({
    summary: 'Forgets the contacts of a profile.',
    routes: ['request', 'failure'],
    args: [arg.literal('profile', 'Name of the profile.')],
    run: (_context, registrar: Registrar, profile) => {
      registrar.profiles.delete(profile)
      return 1
    },
  }),
  reg_send_reply: fn({
    summary: 'Sends the reply that save() with flag 2 left out.',
    routes: ['request', 'failure'],
    args: [],
    run: (context, registrar: Registrar) => (replyTo(registrar, context) ? 1 : -1),
  }),
} satisfies Record<string, FunctionDef<Registrar>>
