import { arg, fn, type FunctionDef, type VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri } from '../../sip/uri.ts'
import { refreshAccount } from './load-accounts.ts'
import { RegFlag, type Registration } from './registration.ts'
import type { Registrations } from './registrations.ts'
import type { Uac } from './state.ts'

/** Bits of uac_reg_request_to()'s mode. */
const ReqTo = { byUser: 1, hashed: 2 } as const

function fail({ host }: Uac, problem: string, result = -1): number {
  host.log.error('uac', problem)
  return result
}

/** The table of accounts; without a database there is none, and the log says so. */
function tableOf(uac: Uac): Registrations | undefined {
  if (uac.registrations === undefined) fail(uac, 'reg hash table not initialized')
  return uac.registrations
}

/** The account of a URI's user, and of its domain with reg_use_domain; -2 when the URI cannot be read. */
function ofUri(uac: Uac, text: string): Registration | undefined | -2 {
  const uri = parseUri(text)
  if (uri instanceof ParseError) {
    fail(uac, 'failed to parse uri')
    return -2
  }
  return tableOf(uac)?.findUser(uri.user, uac.params.reg_use_domain === 0 ? undefined : uri.host)
}

function lookup(uac: Uac, context: RouteContext, uuid: string, target: VariableHandle): number {
  const account = tableOf(uac)?.find(uuid)?.account
  if (account === undefined) return -1
  return target.set(context, `sip:${account.localUser ?? ''}@${account.localDomain ?? ''}`) ? 1 : -1
}

function lookupUri(uac: Uac, context: RouteContext, uri: string, target: VariableHandle): number {
  const registration = ofUri(uac, uri)
  if (registration === -2) return -2
  return registration !== undefined && target.set(context, registration.uuid) ? 1 : -1
}

function status(uac: Uac, uuid: string): number {
  const registrations = tableOf(uac)
  const registration = registrations?.find(uuid)
  if (registrations === undefined || registration === undefined) return -1
  if (registration.has(RegFlag.online) && registration.timerExpires > registrations.now()) return 1
  if (registration.has(RegFlag.ongoing)) return -2
  return registration.has(RegFlag.disabled) ? -3 : -99
}

/** Sends the request to the account's registrar, with what uac_auth() needs in the variables of auth_realm_avp and its kin. */
function requestTo(uac: Uac, context: RouteContext, source: string, mode: number): number {
  if (mode > (ReqTo.byUser | ReqTo.hashed)) return fail(uac, 'invalid mode')
  const { message } = context
  let found: Registration | undefined | -2
  if ((mode & ReqTo.byUser) === 0) found = tableOf(uac)?.find(source)
  else if (uac.params.reg_use_domain !== 0) found = ofUri(uac, source)
  else found = tableOf(uac)?.findUser(source)
  if (found === undefined || found === -2) return found ?? -1
  const { account } = found
  message.setUri(`sip:${account.remoteUser ?? ''}@${account.remoteDomain ?? ''}`)
  message.setDestination(account.proxy || undefined)
  const { authVariables } = uac
  // Without the variables there is nowhere to put credentials.
  if (authVariables === undefined) return 1
  if (!authVariables.realm.set(context, account.realm ?? '')) return fail(uac, 'error while setting auth_realm')
  if (!authVariables.user.set(context, account.authUser ?? '')) return fail(uac, 'error while setting auth_username')
  const secret = (mode & ReqTo.hashed) !== 0 ? account.ha1 : account.password
  if (!authVariables.password.set(context, secret ?? '')) {
    return fail(uac, `error while setting auth password (mode: ${mode & ReqTo.hashed})`)
  }
  return 1
}

const SWITCHED: FunctionDef['returns'] = { 1: 'done', [-1]: 'an argument is empty', [-2]: 'no such account', [-3]: 'no such attribute' }

function switchAccount(uac: Uac, attribute: string, value: string, isOn: boolean): number {
  const { registrations } = uac
  registrations?.disabled.increment(isOn ? -1 : 1)
  if (registrations === undefined) return fail(uac, 'uac remote registrations not enabled')
  if (attribute === '' || value === '') return fail(uac, 'bad parameter values')
  const registration = registrations.findBy(attribute, value)
  if (typeof registration === 'string') return fail(uac, registration, -3)
  if (registration === undefined) return -2
  if (isOn) registration.clear(RegFlag.disabled)
  else registration.set(RegFlag.disabled)
  registration.timerExpires = registrations.now() + 1
  return 1
}

async function refresh(uac: Uac, uuid: string): Promise<number> {
  const { registrations, host } = uac
  if (uuid === '') return fail(uac, 'invalid parameters')
  const result = registrations === undefined ? -1 : await refreshAccount(uac, registrations, uuid)
  if (registrations === undefined) fail(uac, 'no db url')
  if (result > 0) return 1
  host.log.warning('uac', result === 0 ? `record not found: ${uuid}` : `failed to refresh record: ${uuid} - check log messages`)
  return -1
}

const uuid = arg.str('uuid', 'Identifier of the account: l_uuid, the user of its Contact.')
const attribute = arg.str('attribute', 'l_uuid, l_username, r_username or auth_username.')
const value = arg.str('value', 'Its value.')

export const registrationFunctions = {
  uac_reg_lookup: fn({
    summary: 'Writes the local URI of an account to a variable.',
    returns: { 1: 'written', [-1]: 'no such account' },
    routes: 'any',
    args: [uuid, arg.variable('target', 'Variable for the URI.')],
    run: (context, uac: Uac, id, target) => lookup(uac, context, id, target),
  }),
  uac_reg_lookup_uri: fn({
    summary: 'Writes the identifier of the account of a local URI to a variable.',
    returns: { 1: 'written', [-1]: 'no such account', [-2]: 'the URI cannot be read' },
    routes: 'any',
    args: [arg.str('uri', 'Local URI.'), arg.variable('target', 'Variable for the identifier.')],
    run: (context, uac: Uac, uri, target) => lookupUri(uac, context, uri, target),
  }),
  uac_reg_status: fn({
    summary: 'Tells whether an account is registered.',
    returns: { 1: 'it is', [-1]: 'no such account', [-2]: 'a REGISTER is under way', [-3]: 'it is disabled', [-99]: 'it is not' },
    routes: 'any',
    args: [uuid],
    run: (_context, uac: Uac, id) => status(uac, id),
  }),
  uac_reg_request_to: fn({
    summary: 'Addresses the request to the server of an account, and puts its credentials where uac_auth() takes them from.',
    returns: { 1: 'addressed', [-1]: 'no such account, or a bad mode', [-2]: 'the URI cannot be read' },
    routes: ['request', 'failure', 'branch'],
    args: [
      arg.str('account', 'Identifier, or local user.'),
      arg.int('mode', 'Bits: 1 the first argument is a local user (a URI with reg_use_domain), 2 take auth_ha1 and not auth_password.'),
    ],
    run: (context, uac: Uac, source, mode) => requestTo(uac, context, source, mode),
  }),
  uac_reg_enable: fn({
    summary: 'Lets an account register again.',
    returns: SWITCHED,
    routes: 'any',
    args: [attribute, value],
    run: (_context, uac: Uac, name, wanted) => switchAccount(uac, name, wanted, true),
  }),
  uac_reg_disable: fn({
    summary: 'Stops registering an account.',
    returns: SWITCHED,
    routes: 'any',
    args: [attribute, value],
    run: (_context, uac: Uac, name, wanted) => switchAccount(uac, name, wanted, false),
  }),
  uac_reg_refresh: fn({
    summary: 'Reads an account from the database again.',
    returns: { 1: 'read', [-1]: 'it is not there, or cannot be read' },
    routes: 'any',
    mayWait: true,
    args: [uuid],
    run: (_context, uac: Uac, id) => refresh(uac, id),
  }),
} satisfies Record<string, FunctionDef<Uac>>
