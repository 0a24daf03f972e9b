import { arg, defineModule, form, param } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { addDiversion } from './add-diversion.ts'

const reason = arg.str('reason', 'Value of the parameter reason.')

export default defineModule({
  name: 'diversion',
  summary: 'Adds Diversion: who a call was meant for before it was diverted (RFC 5806).',
  area: 'routing',
  params: {
    suffix: param.str('', 'Taken and not used: Kamailio 5.6 does not add it to the header either.'),
  },
  setup: (host): Host => host,
  functions: {
    add_diversion: {
      summary: 'Adds a Diversion in front of all others, with the received Request-URI or another one.',
      returns: { 1: 'added', [-1]: 'the headers cannot be read' },
      forms: [
        form({
          routes: ['request', 'failure', 'branch'],
          args: [reason],
          run: ({ message }, host: Host, text) => addDiversion(host, message, text, message.requestUri),
        }),
        form({
          routes: ['request', 'failure', 'branch'],
          kemi: 'add_diversion_uri',
          args: [reason, arg.str('uri', 'The URI.')],
          run: ({ message }, host: Host, text, uri) => addDiversion(host, message, text, uri),
        }),
      ],
    },
  },
})
