import { arg, defineModule, fn, SetupError, variable, variableFamily } from '../../define/define.ts'
import { tmApi } from '../tm/api.ts'
import { askAsync } from './ask-async.ts'
import { httpAsyncParams } from './params.ts'
import { isQuestionPart, setPart, usualQuestion } from './question.ts'
import { replyVariables } from './reply.ts'
import { HttpAsync } from './state.ts'

export default defineModule({
  name: 'http_async_client',
  summary: 'Asks web services by HTTP and goes on in a route when the answer is there.',
  area: 'data',
  params: httpAsyncParams,
  setup(host, params): HttpAsync | SetupError {
    if (params.workers < 1) return new SetupError("the 'workers' parameter must be >= 1")
    if (!/^(?:shm|sys)/.test(params.memory_manager)) {
      return new SetupError(`invalid memory_manager parameter: '${params.memory_manager}'`)
    }
    if ((params.tcp_ka_idle > 0 || params.tcp_ka_interval > 0) && params.tcp_keepalive <= 0) {
      host.log.warning('http_async_client',
        "either 'tcp_ka_idle' or 'tcp_ka_interval' are set but 'tcp_keepalive' is disabled: they will be ignored")
    }
    return new HttpAsync(host, params)
  },
  start(state, host) {
    state.tm = host.api(tmApi)
  },
  functions: {
    http_async_query: fn({
      summary: 'Asks a URL and goes on in a route: suspends the transaction if there is one, else on a request of the server\'s own.',
      returns: { 0: 'suspended; the script ends', 1: 'asked; the script goes on', [-1]: 'it could not be asked' },
      routes: 'any',
      kemi: 'query',
      args: [arg.str('url', 'URL.'), arg.str('route', 'Name of the route.')],
      run: (context, state: HttpAsync, url, route) => askAsync(state, context, url, route),
    }),
  },
  variables: {
    ...replyVariables,
    http_req: variableFamily<HttpAsync>(
      'Written only: what the next question is like. all, hdr, body, method, timeout, suspend, username, password, authmethod, ' +
        'follow_redirect, tls_ca_path, tls_client_key, tls_client_cert, keepalive, ka-idle, ka-interval.',
      { inner: 'required', writable: true },
      (name = '') => {
        if (!isQuestionPart(name)) return `$http_req(${name}) is unknown`
        return {
          get: () => null,
          set: (context, state, value) =>
            setPart(state.host, state.questionOf(context), usualQuestion(state.params), name, value),
        }
      },
    ),
    http_req_id: variable<HttpAsync>('Names the question that was asked last, or whose answer the route goes on with.',
      (context, { lastIds }) => lastIds.get(context.worker) ?? ''),
  },
  statistics: {
    requests: 'Questions asked.', replies: 'Answers that came.',
    errors: 'Questions that failed.', timeouts: 'Questions that took too long.',
  },
})
