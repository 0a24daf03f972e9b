import { arg, defineModule, fn, form, SetupError, type FunctionDef } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { checkTableVersion } from '../../db/table-version.ts'
import { addressGroup, allowAddress, allowSource, loadAddresses, sourceGroup } from './addresses.ts'
import { Backend, permissionsParams } from './params.ts'
import { checkRegister, checkRouting, checkUri } from './routing.ts'
import { permissionsRpc } from './rpc.ts'
import { basePair, pairOf, rulesOf, type Permissions } from './state.ts'
import { allowPeer, allowSender, loadTrusted } from './trusted.ts'

const base = arg.literal('basename', 'The files are named so, with allow_suffix and deny_suffix behind it.')
const allowFile = arg.literal('allow_file', 'File of rules that allow.')
const denyFile = arg.literal('deny_file', 'File of rules that deny.')
const group = arg.int('group', 'The group.')
const address = arg.str('address', 'Address or name.')
const port = arg.int('port', 'Port; entries with port 0 are for any.')

const readBase = (state: Permissions, name: unknown): void => {
  if (typeof name === 'string') basePair(state, name)
}

const readFiles = (state: Permissions, allow: unknown, deny: unknown): void => {
  if (typeof allow === 'string' && typeof deny === 'string') pairOf(state, allow, deny)
}

const asksDatabase = ({ params }: Permissions): boolean => params.db_mode === 0

const trusting: FunctionDef<Permissions> = {
  summary: 'Tells whether the sender is a trusted peer: by address, transport, From and Request-URI.',
  returns: { 1: 'trusted; with peer_tag_mode how many entries match', [-1]: 'not trusted' },
  forms: [
    form({
      routes: 'any', args: [], mayWait: true, mayWaitIn: asksDatabase,
      run: (context, state: Permissions) => allowSender(state, context),
    }),
    form({
      routes: 'any',
      args: [
        arg.str('address', 'Address in place of the source.'),
        arg.str('transport', 'any, udp, tcp, tls, ws, wss or sctp.'),
        arg.optional(arg.str('uri', 'URI in place of From.')),
      ],
      mayWait: true,
      mayWaitIn: asksDatabase,
      run: (context, state: Permissions, source, transport, uri) => allowPeer(state, context, source, transport, uri),
    }),
  ],
}

export default defineModule({
  name: 'permissions',
  summary: 'Who may call whom, and from where: rule files, addresses and subnets, trusted peers.',
  area: 'security',
  params: permissionsParams,
  setup(host, params): Permissions | SetupError {
    if (params.load_backends === 0) return new SetupError('load_backends is 0: nothing is left to use')
    if (params.db_mode !== 0 && params.db_mode !== 1) return new SetupError(`invalid db_mode value: ${params.db_mode}`)
    if (params.peer_tag_avp !== '' && !params.peer_tag_avp.startsWith('$avp(')) {
      return new SetupError(`malformed or non AVP ${params.peer_tag_avp} peer_tag_avp definition`)
    }
    const files: Permissions['files'] = new Map()
    const read = (backend: number, name: string) => ((params.load_backends & backend) === 0 ? [] : rulesOf({ host, files }, name))
    return {
      host, params, files,
      defaults: { allow: read(Backend.allowFile, params.default_allow_file), deny: read(Backend.denyFile, params.default_deny_file) },
      database: undefined, tag: undefined, addresses: undefined, trusted: undefined, reloadedAt: 0,
    }
  },
  start: (state, host) => begin(state, host),
  functions: {
    allow_routing: {
      summary: 'Tells whether the caller may call: From and the Request-URI of each branch are looked up in the rules.',
      forms: [
        form({ routes: 'any', args: [], run: (context, state: Permissions) => checkRouting(state, context, state.defaults) }),
        form({
          routes: 'any', args: [base], atStart: readBase,
          run: (context, state: Permissions, name) => checkRouting(state, context, basePair(state, name)),
        }),
        form({
          routes: 'any', args: [allowFile, denyFile], atStart: readFiles,
          run: (context, state: Permissions, allow, deny) => checkRouting(state, context, pairOf(state, allow, deny)),
        }),
      ],
    },
    allow_register: {
      summary: 'Tells whether the contacts of a REGISTER may be registered: To and each Contact are looked up in the rules.',
      forms: [
        form({
          routes: ['request', 'failure'], args: [base], atStart: readBase,
          run: (context, state: Permissions, name) => checkRegister(state, context, basePair(state, name)),
        }),
        form({
          routes: ['request', 'failure'], args: [allowFile, denyFile], atStart: readFiles,
          run: (context, state: Permissions, allow, deny) => checkRegister(state, context, pairOf(state, allow, deny)),
        }),
      ],
    },
    allow_uri: fn({
      summary: 'Looks up From and a URI from a variable in the rules.',
      routes: ['request', 'failure'],
      args: [base, arg.variable('uri', 'Variable with the URI, such as `$rt`.')],
      atStart: readBase,
      run: (context, state: Permissions, name, uri) => checkUri(state, context, basePair(state, name), uri.get(context)),
    }),
    allow_address: fn({
      summary: 'Tells whether an address (or name) and port are in a group.',
      routes: 'any',
      args: [group, address, port],
      run: (context, state: Permissions, id, text, number) => allowAddress(state, context, id, text, number),
    }),
    allow_source_address: fn({
      summary: 'Tells whether the request came from an address of the group; of group 1 when none is named.',
      routes: 'any',
      args: [arg.optional(group)],
      run: (context, state: Permissions, id) => allowSource(state, context, id ?? 1),
    }),
    allow_source_address_group: fn({
      summary: 'Gives the group of the address that the request came from.',
      returns: { 1: 'the group', [-1]: 'it is in none' },
      routes: 'any',
      args: [],
      run: (context, state: Permissions) => sourceGroup(state, context),
    }),
    allow_address_group: fn({
      summary: 'Gives the group of an address (or name) and port.',
      returns: { 1: 'the group', [-1]: 'it is in none' },
      routes: 'any',
      args: [address, port],
      run: (context, state: Permissions, text, number) => addressGroup(state, context, text, number),
    }),
    allow_trusted: trusting,
  },
  rpc: permissionsRpc,
})

/** Opens the database and loads what is kept in memory. */
async function begin(state: Permissions, host: Host): Promise<SetupError | undefined> {
  const { params } = state
  const uses = (backend: number): boolean => (params.load_backends & backend) !== 0
  if (params.peer_tag_avp !== '') {
    const tag = host.prepare.variable(params.peer_tag_avp)
    if (typeof tag === 'string') return new SetupError(`peer_tag_avp: ${tag}`)
    state.tag = tag
  }
  const wantsDatabase = uses(Backend.trusted) || (uses(Backend.addresses) && params.address_file === '')
  if (params.db_url !== '' && wantsDatabase) {
    const failure = await openDatabase(state, host) ?? await checkTables(state, uses(Backend.trusted), uses(Backend.addresses))
    if (failure !== undefined) return new SetupError(failure)
  }
  if (uses(Backend.trusted) && state.database !== undefined && params.db_mode !== 0) {
    const failure = await loadTrusted(state)
    if (failure !== undefined) return new SetupError(`reload of trusted table failed: ${failure}`)
  }
  if (uses(Backend.addresses) && (state.database !== undefined || params.address_file !== '')) {
    const failure = await loadAddresses(state)
    if (failure !== undefined) return new SetupError(`reload of address table failed: ${failure}`)
  }
  return undefined
}

/** Versions of Kamailio's tables. */
const TABLE_VERSION = 6

async function checkTables({ database, params }: Permissions, usesTrusted: boolean, usesAddresses: boolean): Promise<string | undefined> {
  if (database === undefined) return undefined
  const trusted = usesTrusted ? await checkTableVersion(database, params.trusted_table, TABLE_VERSION) : undefined
  if (trusted !== undefined || !usesAddresses || params.address_file !== '') return trusted
  return checkTableVersion(database, params.address_table, TABLE_VERSION)
}

async function openDatabase(state: Permissions, host: Host): Promise<string | undefined> {
  const database = host.databases.open(state.params.db_url)
  if (typeof database === 'string') return database
  const failure = await database.connect()
  if (failure !== undefined) return `unable to connect database: ${failure.reason}`
  state.database = database
  return undefined
}
