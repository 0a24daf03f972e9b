import { defineModule, SetupError } from '../../define/define.ts'
import { parseAvpName } from '../../runtime/avp.ts'
import type { Host } from '../../runtime/host.ts'
import { placeholderRequest } from '../../runtime/placeholder-request.ts'
import { TimerProcess } from '../../runtime/timer-process.ts'
import { slApi } from '../sl/api.ts'
import { usrlocApi } from '../usrloc/api.ts'
import { runExpired } from './expired.ts'
import { registrarFunctions } from './functions.ts'
import { registrarKemi } from './kemi.ts'
import { registrarParams, type RegistrarParams } from './params.ts'
import { Profiles } from './profiles.ts'
import { Registrar } from './state.ts'
import { ulcVariable } from './ulc-variable.ts'

export default defineModule({
  name: 'registrar',
  summary: 'Takes REGISTER requests, and finds where registered users are.',
  area: 'routing',
  params: registrarParams,
  eventCallbacks: { event_callback: ['usrloc:contact-expired'] },
  setup(host: Host, params: RegistrarParams): Registrar | SetupError {
    const usrloc = host.api(usrlocApi)
    const sl = host.api(slApi)
    if (sl === undefined) return new SetupError('Cannot bind to SL API. Please load the SL module before loading this module.')
    if (usrloc === undefined) return new SetupError('Can\'t bind to the usrloc module. Please load it before this module.')
    const avp = params.received_avp ? parseAvpName(/^\$avp\((.*)\)$/.exec(params.received_avp)?.[1] ?? '') : undefined
    if (typeof avp === 'string') return new SetupError(`malformed or non AVP ${params.received_avp ?? ''} AVP definition`)
    if (params.flow_timer > 0 && params.outbound_mode === 0) return new SetupError('bad value for flow_timer')
    if (params.sock_flag >= 0 && params.sock_hdr_name === undefined && !params.xavp_cfg) {
      host.log.info('registrar', 'sock_flag defined but no sock_hdr_name or no reg_xavp_cfg -> resetting flag')
    }
    const registrar = new Registrar(host, params, usrloc, sl, new Profiles(), avp)
    usrloc.setCaseSensitive(() => params.case_sensitive !== 0)
    const { statistics } = host
    statistics.counter('registrar', 'max_expires').readFrom(() => params.max_expires)
    statistics.counter('registrar', 'max_contacts').readFrom(() => params.max_contacts)
    statistics.counter('registrar', 'default_expire').readFrom(() => params.default_expires)
    statistics.counter('registrar', 'default_expires_range').readFrom(() => params.default_expires_range)
    statistics.counter('registrar', 'expires_range').readFrom(() => params.expires_range)
    return registrar
  },
  start: findExpiredRoute,
  reloaded: findExpiredRoute,
  stop(registrar) {
    registrar.timer?.stop()
  },
  functions: registrarFunctions,
  kemi: registrarKemi,
  variables: { ulc: ulcVariable },
  events: { 'usrloc:contact-expired': 'A contact has expired; $ulc(exp=>...) tells which.' },
  statistics: {
    max_expires: 'The parameter max_expires.',
    max_contacts: 'The parameter max_contacts.',
    default_expire: 'The parameter default_expires.',
    default_expires_range: 'The parameter default_expires_range; 0 in Kamailio until it is changed.',
    expires_range: 'The parameter expires_range; 0 in Kamailio until it is changed.',
    accepted_regs: 'Registrations that were taken.',
    rejected_regs: 'Registrations that were refused.',
  },
})

/** Listens to usrloc from the first time that there is such a route. */
function findExpiredRoute(registrar: Registrar, host: Host): void {
  registrar.expiredRoute = host.routes.event('usrloc:contact-expired')
  if (registrar.expiredRoute === undefined || registrar.timer !== undefined) return
  registrar.timer = new TimerProcess(host)
  const message = placeholderRequest(host)
  if (message !== undefined) registrar.timer.start(message)
  registrar.usrloc.on('expire', (contact, table) => runExpired(registrar, contact, table))
}
