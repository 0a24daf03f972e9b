/** Commands that look at the accounts and change them. */
import { RpcFault, RpcStruct, type RpcAnswer, type RpcCall, type RpcDef } from '../../define/define.ts'
import { readAccounts, refreshAccount } from './load-accounts.ts'
import { sendRegister } from './register.ts'
import { passwordProblem, RegFlag, type Registration } from './registration.ts'
import type { Registrations } from './registrations.ts'
import type { Uac } from './state.ts'

const INVALID = new RpcFault(400, 'Invalid Parameters')
const NOT_FOUND = new RpcFault(404, 'Record not found')
const NOT_ENABLED = new RpcFault(500, 'Not enabled')

function describe({ account, ...registration }: Described, now: number): RpcStruct {
  return new RpcStruct()
    .add('l_uuid', account.uuid)
    .add('l_username', account.localUser)
    .add('l_domain', account.localDomain)
    .add('r_username', account.remoteUser)
    .add('r_domain', account.remoteDomain)
    .add('realm', account.realm)
    .add('auth_username', account.authUser)
    .add('auth_password', account.password || 'none')
    .add('auth_ha1', account.ha1 || 'none')
    .add('auth_proxy', account.proxy || 'none')
    .add('expires', registration.expires)
    .add('flags', registration.flags)
    .add('diff_expires', registration.timerExpires - now)
    .add('timer_expires', registration.timerExpires)
    .add('reg_init', registration.madeAt)
    .add('reg_delay', registration.delay)
    .add('contact_addr', account.contactAddress || 'none')
    .add('socket', account.socket)
}

type Described = Pick<Registration, 'account' | 'expires' | 'flags' | 'timerExpires' | 'madeAt' | 'delay'>

/** The account that the first two parameters name, attribute and value. */
function accountBy({ host }: Uac, registrations: Registrations, call: RpcCall): Registration | RpcFault {
  const attribute = call.text(0)
  const value = attribute === undefined ? undefined : call.anyText(1)
  if (attribute === undefined || value === undefined) return INVALID
  if (attribute === '' || value === '') {
    host.log.error('uac', 'bad parameter values')
    return new RpcFault(400, 'Invalid Parameter Values')
  }
  const found = registrations.findBy(attribute, value)
  if (typeof found !== 'string') return found ?? NOT_FOUND
  host.log.error('uac', found)
  return new RpcFault(400, 'Unsupported filter attribute')
}

type Work = (uac: Uac, registrations: Registrations, call: RpcCall) => RpcAnswer | Promise<RpcAnswer>

function command(summary: string, work: Work, extra: { readonly returnsArray?: boolean } = {}): RpcDef<Uac> {
  const run: RpcDef<Uac>['run'] = (uac, _params, call) =>
    uac.registrations === undefined ? NOT_ENABLED : work(uac, uac.registrations, call)
  return { summary, ...extra, run }
}

function switching(isOn: boolean): Work {
  return (uac, registrations, call) => {
    registrations.disabled.increment(isOn ? -1 : 1)
    const registration = accountBy(uac, registrations, call)
    if (registration instanceof RpcFault) return registration
    if (isOn) registration.clear(RegFlag.disabled)
    else registration.set(RegFlag.disabled)
    registration.timerExpires = registrations.now() + 1
    return []
  }
}

/** Accounts that a reading brings take the place of all there were. */
async function reload(uac: Uac, registrations: Registrations): Promise<RpcAnswer> {
  const { host, params } = uac
  const now = registrations.now()
  if (registrations.reloadedAt > now - params.reg_gc_interval) {
    host.log.error('uac', `shifting in-memory table is not possible in less than ${params.reg_gc_interval} secs`)
    return new RpcFault(500, 'Failed to shift records - check log messages')
  }
  const before = registrations.reloadedAt
  registrations.reloadedAt = now
  const accounts = await readAccounts(uac, registrations)
  if (typeof accounts === 'string') {
    registrations.reloadedAt = before
    host.log.error('uac', accounts)
    return new RpcFault(500, 'Failed to reload records - check log messages')
  }
  registrations.isLoaded = true
  registrations.clear()
  for (const account of accounts) registrations.add(account)
  return []
}

async function refresh(uac: Uac, registrations: Registrations, call: RpcCall): Promise<RpcAnswer> {
  const uuid = call.text(0)
  if (uuid === undefined) return INVALID
  const result = await refreshAccount(uac, registrations, uuid)
  if (result > 0) return []
  return result === 0 ? NOT_FOUND : new RpcFault(500, 'Failed to refresh record - check log messages')
}

function add({ host }: Uac, registrations: Registrations, call: RpcCall): RpcAnswer {
  const texts = Array.from({ length: 10 }, (_none, index) => call.text(index))
  const [expires, flags, delay] = [call.int(10), call.int(11), call.int(12)]
  const [socket, contact] = [call.text(13), call.text(14)]
  const [uuid, localUser, localDomain, remoteUser, remoteDomain, realm, authUser, password, ha1, proxy] = texts
  if (
    uuid === undefined || localUser === undefined || localDomain === undefined || remoteUser === undefined || remoteDomain === undefined ||
    realm === undefined || authUser === undefined || password === undefined || ha1 === undefined || proxy === undefined ||
    expires === undefined || flags === undefined || delay === undefined || socket === undefined || contact === undefined
  ) return INVALID
  const dotted = (text: string): string | null => (text === '.' ? null : text)
  const problem = passwordProblem(dotted(password), dotted(ha1))
  if (problem !== undefined) {
    host.log.error('uac', problem)
    return new RpcFault(500, 'Failed to add record - invalid password or ha1')
  }
  if (registrations.find(uuid) !== undefined) return new RpcFault(409, 'uuid already exists')
  registrations.add({
    uuid, localUser, localDomain, remoteUser, remoteDomain, realm, authUser, password: dotted(password), ha1: dotted(ha1), proxy,
    contactAddress: dotted(contact), socket, expires, flags, delay,
  })
  return []
}

function activate({ host }: Uac, registrations: Registrations, call: RpcCall): RpcAnswer {
  const mode = call.int(0)
  if (mode === undefined) {
    host.log.error('uac', 'missing parameter')
    return new RpcFault(500, 'Missing parameter')
  }
  const before = registrations.isActive ? 1 : 0
  registrations.isActive = mode !== 0
  return [new RpcStruct().add('omode', before).add('nmode', mode)]
}

export const uacRpc: Readonly<Record<string, RpcDef<Uac>>> = {
  'uac.reg_dump': command('All accounts that are registered at other servers.', (_uac, registrations) => {
    const now = registrations.now()
    return Array.from(registrations.all(), (registration) => describe(registration, now))
  }, { returnsArray: true }),
  'uac.reg_info': command('One account: attribute (l_uuid, l_username, r_username, auth_username), value.', (uac, registrations, call) => {
    const registration = accountBy(uac, registrations, call)
    return registration instanceof RpcFault ? registration : [describe(registration, registrations.now())]
  }),
  'uac.reg_enable': command('Lets an account register again: attribute and value.', switching(true)),
  'uac.reg_disable': command('Stops registering an account: attribute and value.', switching(false)),
  'uac.reg_reload': command('Reads all accounts from the database again.', reload),
  'uac.reg_refresh': command('Reads one account from the database again: l_uuid.', refresh),
  'uac.reg_remove': command('Forgets an account, in memory only: l_uuid.', (_uac, registrations, call) => {
    const uuid = call.text(0)
    if (uuid === undefined) return INVALID
    const registration = registrations.find(uuid)
    if (registration === undefined) return NOT_FOUND
    registrations.remove(registration)
    return []
  }),
  'uac.reg_add': command(
    'Adds an account, in memory only: l_uuid, l_username, l_domain, r_username, r_domain, realm, auth_username, auth_password, auth_ha1, '
      + 'auth_proxy, expires, flags, reg_delay, socket, contact_addr; a dot for a password, HA1 or contact_addr that is not there.',
    add,
  ),
  'uac.reg_active': command('Registers accounts (1) or none at all (0).', activate),
  'uac.reg_unregister': command('Sends a REGISTER with Expires 0 for an account: attribute and value.', (uac, registrations, call) => {
    const registration = accountBy(uac, registrations, call)
    if (registration instanceof RpcFault) return registration
    registration.expires = 0
    const sent = sendRegister(uac, registrations, registration, registrations.now())
    return sent instanceof Promise ? sent.then(() => []) : []
  }),
}
