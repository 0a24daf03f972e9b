import { arg, defineModule, fn, form, SetupError, type FunctionDef, type VariableHandle } from '../../define/define.ts'
import type { RouteName } from '../../define/route-kind.ts'
import { parseAvpName, type AvpName } from '../../runtime/avp.ts'
import type { Host } from '../../runtime/host.ts'
import { parseSocketName } from '../../runtime/socket-name.ts'
import { rrApi } from '../rr/api.ts'
import { tmApi } from '../tm/api.ts'
import { uacAuth } from './auth.ts'
import { parseCredential, type Credential } from './credentials.ts'
import { uacParams, type UacParams } from './params.ts'
import { startRegistrations } from './register.ts'
import { registrationFunctions } from './registration-functions.ts'
import { Registrations } from './registrations.ts'
import { replaceParty, restoreBoth, restoreParty, type Party } from './replace.ts'
import { uacRpc } from './rpc.ts'
import { sendUacRequest } from './send.ts'
import type { AuthVariables, RestoreMode, Uac } from './state.ts'
import { uacRequestVariable } from './uac-request.ts'

const REPLACING: readonly RouteName[] = ['request', 'branch']
const REPLACED: FunctionDef['returns'] = { 1: 'replaced', [-1]: 'not: it was replaced before, or is fixed by the dialog' }
const AUTHENTICATED: FunctionDef['returns'] = { 1: 'the answer is in the request: send it', [-1]: 'no credentials for the realm' }


const isRestoreMode = (text: string): text is RestoreMode => text === 'none' || text === 'manual' || text === 'auto'

function setup(host: Host, params: UacParams): Uac | SetupError {
  const restoreMode = params.restore_mode === '' ? 'auto' : params.restore_mode.toLowerCase()
  if (!isRestoreMode(restoreMode)) return new SetupError(`unsupported value '${params.restore_mode}' for restore_mode`)
  if (restoreMode !== 'none' && (params.rr_from_store_param === '' || params.rr_to_store_param === '')) {
    return new SetupError('rr_store_param cannot be empty if FROM is restoreable')
  }
  const credentials: Credential[] = []
  for (const text of params.credential) {
    const credential = parseCredential(String(text))
    if (credential === undefined) return new SetupError('credential is no user:realm:password')
    credentials.unshift(credential)
  }
  // It stands in front of this module, as for Kamailio.
  const tm = host.api(tmApi)
  if (tm === undefined) return new SetupError("can't load TM API")
  const avps = [params.auth_realm_avp, params.auth_username_avp, params.auth_password_avp]
  if (avps.some((text) => text !== '') && avps.includes('')) return new SetupError('partial definition of auth AVP!')
  const fromAvp = avpOf(params.restore_from_avp)
  const toAvp = avpOf(params.restore_to_avp)
  for (const avp of [fromAvp, toAvp]) if (typeof avp === 'string' && restoreMode !== 'none') return new SetupError(avp)
  if (params.reg_db_url !== '' && params.reg_contact_addr === '') return new SetupError('contact address parameter not set')
  return {
    host, params, restoreMode, credentials,
    fromAvp: typeof fromAvp === 'string' ? undefined : fromAvp,
    toAvp: typeof toAvp === 'string' ? undefined : toAvp,
    requests: new WeakMap(),
    registrations: params.reg_db_url === '' ? undefined : new Registrations(host, params),
    defaultSocket: undefined,
    tm,
    rr: undefined,
    authVariables: undefined,
    replyRoute: undefined,
  }
}

/** A text says why it is none. */
function avpOf(text: string): AvpName | string | undefined {
  if (text === '') return undefined
  const [, plain, indexed] = /^\$(?:avp\((.*)\)|\(avp\((.*)\)\))$/.exec(text) ?? []
  const name = plain ?? indexed
  return name === undefined ? `malformed or non AVP ${text} AVP definition` : parseAvpName(name)
}

function findRoute(uac: Uac, host: Host): void {
  // A callback takes its place, even where no engine runs it.
  uac.replyRoute = uac.params.event_callback === '' || host.scriptEngine !== undefined ? host.routes.event('uac:reply') : undefined
}

async function start(uac: Uac, host: Host): Promise<SetupError | undefined> {
  const { params, restoreMode, registrations } = uac
  findRoute(uac, host)
  if (restoreMode !== 'none') {
    uac.rr = host.api(rrApi)
    if (uac.rr === undefined) return new SetupError("can't load RR API")
  }
  if (restoreMode === 'auto') {
    if (params.restore_dlg !== 0) return new SetupError('failed to find dialog API - is dialog module loaded?')
    if (uac.rr?.marksDirection !== true) {
      return new SetupError("'append_fromtag' RR param is not enabled! - required by AUTO restore mode")
    }
    uac.rr.onRoute((context) => restoreBoth(uac, context))
  }
  const variables = authVariables(host, params)
  if (variables instanceof SetupError) return variables
  uac.authVariables = variables
  const socket = params.default_socket === '' ? undefined : parseSocketName(params.default_socket)
  uac.defaultSocket = socket === undefined ? undefined : host.network.socketOf(socket.host, socket.port, socket.transport)
  if (params.default_socket !== '' && uac.defaultSocket === undefined) return new SetupError(`non-local socket <${params.default_socket}>`)
  if (registrations !== undefined) await startRegistrations(uac, registrations)
  return undefined
}

function authVariables(host: Host, params: UacParams): AuthVariables | SetupError | undefined {
  if (params.auth_realm_avp === '') return undefined
  const find = (text: string, what: string): VariableHandle | SetupError => {
    const found = host.prepare.variable(text)
    return typeof found === 'string' ? new SetupError(`malformed or non AVP ${what} AVP definition`) : found
  }
  const realm = find(params.auth_realm_avp, 'realm')
  const user = find(params.auth_username_avp, 'username')
  const password = find(params.auth_password_avp, 'password')
  if (realm instanceof SetupError) return realm
  if (user instanceof SetupError) return user
  return password instanceof SetupError ? password : { realm, user, password }
}

function replacing(party: Party, header: string): FunctionDef<Uac> {
  const uri = arg.str('uri', 'The new URI; empty leaves it as it is.')
  return {
    summary: `Puts another URI, and display name, into ${header}; later requests and replies of the dialog are changed to match.`,
    returns: REPLACED,
    forms: [
      form({
        routes: REPLACING,
        kemi: `uac_replace_${party}_uri`,
        args: [uri],
        run: (context, uac: Uac, given) => replaceParty(uac, context, party, undefined, given),
      }),
      form({
        routes: REPLACING,
        args: [arg.str('display', 'The new display name, with its quotes; empty takes the old one out.'), uri],
        run: (context, uac: Uac, display, given) => replaceParty(uac, context, party, display, given),
      }),
    ],
  }
}

const restoring = (party: Party, header: string): FunctionDef<Uac> => fn({
  summary: `Puts back what uac_replace_${party}() did to ${header}, in a later request behind loose_route() (restore_mode manual).`,
  returns: { 1: 'put back', [-1]: 'nothing was replaced, or it cannot be read' },
  routes: ['request'],
  args: [],
  run: (context, uac: Uac) => restoreParty(uac, context, party),
})

const mode = arg.int('mode', '1: the password is H(user:realm:password).')

export default defineModule({
  name: 'uac',
  summary: 'Acts as a client: other From and To, answers to challenges, requests of its own, registrations at other servers.',
  area: 'routing',
  params: uacParams,
  eventCallbacks: { event_callback: ['uac:reply'] },
  setup,
  start,
  reloaded: findRoute,
  stop: (uac) => uac.registrations?.stopTimer(),
  functions: {
    uac_replace_from: replacing('from', 'From'),
    uac_restore_from: restoring('from', 'From'),
    uac_replace_to: replacing('to', 'To'),
    uac_restore_to: restoring('to', 'To'),
    uac_auth: {
      summary: 'Answers the challenge of the reply in the request.',
      returns: AUTHENTICATED,
      forms: [
        form({ routes: ['failure'], args: [], run: (context, uac: Uac) => uacAuth(uac, context, 0) }),
        form({ routes: ['failure'], args: [mode], kemi: 'uac_auth_mode', run: (context, uac: Uac, given) => uacAuth(uac, context, given) }),
      ],
    },
    uac_auth_mode: fn({
      summary: 'As uac_auth(mode).',
      returns: AUTHENTICATED,
      routes: ['failure'],
      args: [mode],
      run: (context, uac: Uac, given) => uacAuth(uac, context, given),
    }),
    uac_req_send: fn({
      summary: 'Sends the request that `$uac_req(...)` holds.',
      returns: { 1: 'sent', [-1]: 'not: method or ruri is missing, or it cannot be sent' },
      routes: 'any',
      mayWait: true,
      args: [],
      run: (context, uac: Uac) => sendUacRequest(uac, context),
    }),
    ...registrationFunctions,
  },
  variables: { uac_req: uacRequestVariable },
  rpc: uacRpc,
  hasRpc: (uac) => uac.registrations !== undefined,
  events: { 'uac:reply': 'A final reply to what uac_req_send() sent, where `$uac_req(evroute)` was 1, or 2 for failures only.' },
  statistics: {
    regtotal: 'Accounts to register, where a database is named.',
    regactive: 'REGISTERs answered less those sent.',
    regdisabled: 'Accounts that were disabled, by a failure or a command.',
  },
})
