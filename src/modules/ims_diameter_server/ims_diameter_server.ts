import { arg, defineModule, form, SetupError, variable, type FunctionDef } from '../../define/define.ts'
import { cdpApi } from '../cdp/api.ts'
import { answerRequest } from './answer.ts'
import { avpsToJson } from './avp-json.ts'
import { requestAndWait, requestWithoutWaiting } from './request.ts'
import { requestOf, responseOf, type DiameterServer } from './state.ts'

const MODULE = 'ims_diameter_server'

const peer = arg.str('peer', 'Name of the peer; without it, module cdp\'s routes say where the request goes.')
const request = [
  arg.str('appid', 'Number of the application: 16777216 for Cx, 4 for Ro ...'),
  arg.str('commandcode', 'Number of the command: 300 for UAR, 272 for CCR ...'),
  arg.str('message', 'The AVPs, as JSON.'),
] as const

const diameterRequest: FunctionDef<DiameterServer> = {
  summary: 'Sends a Diameter request and waits for the answer, which is in $diameter_response then.',
  returns: { 1: 'an answer came, whatever its Result-Code', [-1]: 'no answer, or the request could not be sent' },
  forms: [
    form({
      routes: 'any', mayWait: true, args: [...request],
      run: (context, server: DiameterServer, application, command, json) =>
        requestAndWait(server, context, { peer: '', application, command, json }),
    }),
    form({
      routes: 'any', mayWait: true, args: [peer, ...request],
      run: (context, server: DiameterServer, name, application, command, json) =>
        requestAndWait(server, context, { peer: name, application, command, json }),
    }),
  ],
}

const diameterRequestAsync: FunctionDef<DiameterServer> = {
  summary: 'Sends a Diameter request and ends the script; event_route[diameter:response] runs when the answer is there.',
  returns: { 0: 'sent; the script ends', [-1]: 'the request could not be made' },
  forms: [
    form({
      routes: 'any', args: [...request],
      run: (_context, server: DiameterServer, application, command, json) =>
        requestWithoutWaiting(server, { peer: '', application, command, json }),
    }),
    form({
      routes: 'any', args: [peer, ...request],
      run: (_context, server: DiameterServer, name, application, command, json) =>
        requestWithoutWaiting(server, { peer: name, application, command, json }),
    }),
  ],
}

export default defineModule({
  name: MODULE,
  summary: 'Diameter in the script: requests of peers are answered by a route, and routes send requests, with AVPs as JSON.',
  area: 'network',
  setup: (host): DiameterServer => ({
    host, cdp: undefined, requestRoute: undefined, responseRoute: undefined,
  }),
  start(server, host) {
    server.cdp = host.api(cdpApi)
    if (server.cdp === undefined) return new SetupError('can\'t load CDP API')
    if (!host.hasModule('cdp_avp')) return new SetupError('can\'t load CDP_AVP API')
    server.requestRoute = host.routes.event('diameter:request')
    server.responseRoute = host.routes.event('diameter:response')
    server.cdp.node.onRequest((message) => answerRequest(server, message))
  },
  functions: { diameter_request: diameterRequest, diameter_request_async: diameterRequestAsync },
  variables: {
    diameter_command: variable<DiameterServer>('Command code of the Diameter request that the route runs for.',
      (context) => requestOf.get(context)?.commandCode ?? null),
    diameter_application: variable<DiameterServer>('Application of the Diameter request that the route runs for.',
      (context) => requestOf.get(context)?.applicationId ?? null),
    diameter_request: variable<DiameterServer>('AVPs of the Diameter request that the route runs for, as JSON.',
      (context) => {
        const message = requestOf.get(context)
        return message === undefined ? null : avpsToJson(message.avps)
      }),
    diameter_response: variable<DiameterServer>('AVPs of the answer, as JSON: those that came, or those to answer with.',
      (context) => responseOf.get(context) ?? null,
      {
        set(context, _server, value) {
          if (typeof value === 'string') responseOf.set(context, value)
          return true
        },
      }),
  },
  events: {
    'diameter:request': 'A request of a Diameter peer; $diameter_response is what it is answered with.',
    'diameter:response': 'The answer to a request of diameter_request_async().',
  },
})
