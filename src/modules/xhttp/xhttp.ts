import { arg, defineModule, fn, param, SetupError, variable, type TextMatcher } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { compileRegex } from '../../runtime/regex.ts'
import { slApi } from '../sl/api.ts'
import { xhttpApi } from './api.ts'
import { sendReply } from './reply.ts'
import type { State } from './state.ts'
import { takeRequest } from './take-request.ts'
import { urlTransformations } from './url-transformations.ts'
import { isHttpVersion } from '../../sip/parse-foreign.ts'

function pattern(name: string, text: string): TextMatcher | SetupError | undefined {
  if (text === '') return undefined
  const compiled = compileRegex(text, { ignoreCase: false })
  return typeof compiled === 'string' ? new SetupError(`${name}: ${compiled}`) : compiled
}

export default defineModule({
  name: 'xhttp',
  summary: 'Answers HTTP requests on the ports of SIP over TCP.',
  area: 'network',
  params: {
    url_match: param.str('', 'The route runs for URLs that match this regular expression only.'),
    url_skip: param.str('', 'The route does not run for URLs that match this regular expression.'),
    event_callback: param.str('', 'KEMI function in place of event_route[xhttp:request].'),
  },
  eventCallbacks: { event_callback: ['xhttp:request'] },
  setup(host, params): State | SetupError {
    const skip = pattern('url_skip', params.url_skip)
    const match = pattern('url_match', params.url_match)
    if (skip instanceof SetupError) return skip
    if (match instanceof SetupError) return match
    if (!host.hasModule('sl')) return new SetupError('module xhttp needs module sl')
    const state: State = { host, skip, match, sl: undefined, route: undefined, waiting: new Map() }
    host.provide(xhttpApi, {
      isRequest: (context) => context.message.isRequest && isHttpVersion(context.message.version),
      reply: (context, code, reason, contentType, body) => sendReply(state, context, code, reason, contentType, body),
    })
    host.onForeign((request) => takeRequest(state, request))
    return state
  },
  start(state, host) {
    state.sl = host.api(slApi)
    findRoute(state, host)
    if (state.route === undefined) return new SetupError('there is no event_route[xhttp:request]')
  },
  reloaded: findRoute,
  functions: {
    xhttp_reply: fn({
      summary: 'Answers the request.',
      routes: ['request'],
      args: [
        arg.int('code', 'Status.'),
        arg.str('reason', 'Reason phrase.'),
        arg.str('ctype', 'Content-Type; none when empty.'),
        arg.str('body', 'Body; none when empty.'),
      ],
      run: (context, state: State, code, reason, contentType, body) => sendReply(state, context, code, reason, contentType, body),
    }),
  },
  variables: {
    hu: variable('URL of the HTTP request.', ({ message }) => (message.isRequest ? message.requestUri : message.statusText)),
  },
  transformations: urlTransformations,
  events: { 'xhttp:request': 'A HTTP request came.' },
})

function findRoute(state: State, host: Host): void {
  state.route = host.routes.event('xhttp:request')
}
