import { defineModule, SetupError } from '../../define/define.ts'
import { AvpReader, writeRecord } from '../../diameter/value.ts'
import { avpNamed, avpOf } from '../../diameter/dictionary.ts'
import { cdpAvpApi, type CdpAvpApi } from './api.ts'

export default defineModule({
  name: 'cdp_avp',
  summary: 'The dictionary of Diameter AVPs (base, Cx, Dx, Sh, Ro, Rf, Rx, Gx, S6a) for other modules; scripts need nothing of it.',
  area: 'network',
  setup(host): CdpAvpApi | SetupError {
    if (!host.hasModule('cdp')) return new SetupError('module cdp_avp needs module cdp')
    const api: CdpAvpApi = { named: avpNamed, of: avpOf, read: (avps) => new AvpReader(avps), write: writeRecord }
    host.provide(cdpAvpApi, api)
    return api
  },
})
