import { arg, defineModule, fn, form, RpcFault, RpcStruct, SetupError, variableFamily, type RouteName } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { connect, query, redirect, type HttpClient } from './ask.ts'
import { parseConnectionFile, parseHttpcon, TLS_VERSION_MAX, type HttpConnection } from './connections.ts'
import { curlText } from './curl-error.ts'
import { httpClientParams, type HttpClientParams } from './params.ts'

const ROUTES: readonly RouteName[] = ['request', 'onreply', 'failure', 'branch']
const returns = { 200: 'and other statuses of HTTP', 7: 'and other numbers of libcurl: what went wrong', [-1]: 'it could not be asked' }

const url = arg.str('url', 'URL.')
const body = arg.str('body', 'What is posted; empty for a GET.')
const headers = arg.str('headers', 'Header lines, CRLF between them.')
const result = arg.writable('result', 'Variable for the answer.')
const connection = arg.literal('connection', 'Name of the connection.')
const path = arg.str('path', 'Behind the URL of the connection.')
const contentType = arg.literal('content_type', 'Type of what is posted.')

/** The last one stands first. A text is the error. */
function readConnections(host: Host, params: HttpClientParams): HttpConnection[] | string {
  const found: HttpConnection[] = []
  const add = (made: HttpConnection): string | undefined => {
    if (found.some(({ name }) => name === made.name)) return 'duplicate Curl connection name'
    found.unshift(made)
  }
  for (const text of params.httpcon) {
    const made = parseHttpcon(String(text), params, host.log)
    const problem = typeof made === 'string' ? made : add(made)
    if (problem !== undefined) return problem
  }
  if (params.config_file === '') return found
  const text = host.files.read(params.config_file)
  const inFile = text === undefined ? 'it cannot be read' : parseConnectionFile(text, params)
  if (typeof inFile === 'string') return `Failed to load http_client connections from [${params.config_file}]: ${inFile}`
  // Kamailio reads the file from its end.
  for (const made of [...inFile].reverse()) {
    const problem = add(made)
    if (problem !== undefined) host.log.error('http_client', problem)
  }
  return found
}

function setUp(host: Host, params: HttpClientParams): HttpClient | SetupError {
  if (params.tlsversion > TLS_VERSION_MAX) {
    host.log.warning('http_client', `tlsversion ${params.tlsversion} unsupported value. Using libcurl default`)
  }
  const connections = readConnections(host, params)
  if (typeof connections === 'string') return new SetupError(connections)
  if (params.connection_timeout === 0) host.log.error('http_client', 'CURL connection timeout set to zero. Using default 4 secs')
  const counter = (name: string): ReturnType<typeof host.statistics.counter> => host.statistics.counter('httpclient', name)
  counter('connections').increment(connections.length)
  return { host, params, connections, counters: { ok: counter('connok'), failed: counter('connfail') }, lastUrls: new WeakMap() }
}

export default defineModule({
  name: 'http_client',
  summary: 'Asks web services by HTTP. Other messages do not wait.',
  area: 'data',
  params: httpClientParams,
  setup: setUp,
  functions: {
    http_client_query: {
      summary: 'Asks a URL: GET, or POST where there is a body.',
      returns,
      forms: [
        form({
          args: [url, result], routes: ROUTES, kemi: 'query', mayWait: true,
          run: (context, state: HttpClient, to, into) => query(state, context, to, undefined, '', '', into),
        }),
        form({
          args: [url, body, result], routes: ROUTES, kemi: 'query_post', mayWait: true,
          run: (context, state: HttpClient, to, text, into) => query(state, context, to, undefined, text, '', into),
        }),
        form({
          args: [url, body, headers, result], routes: ROUTES, kemi: 'query_post_hdrs', mayWait: true,
          run: (context, state: HttpClient, to, text, lines, into) => query(state, context, to, undefined, text, lines, into),
        }),
      ],
    },
    http_client_get: fn({
      summary: 'Asks a URL by GET, be there a body or not.',
      returns,
      args: [url, body, headers, result],
      routes: ROUTES,
      kemi: 'get_hdrs',
      mayWait: true,
      run: (context, state: HttpClient, to, text, lines, into) => query(state, context, to, 'GET', text, lines, into),
    }),
    http_connect: {
      summary: 'Asks a named connection: GET, or POST where there is a body.',
      returns,
      forms: [
        form({
          args: [connection, path, result], routes: ROUTES, kemi: 'curl_connect', mayWait: true,
          run: (context, state: HttpClient, name, to, into) => connect(state, context, name, to, undefined, into),
        }),
        form({
          args: [connection, path, contentType, body, result], routes: ROUTES, kemi: 'curl_connect_post', mayWait: true,
          run: (context, state: HttpClient, name, to, type, text, into) => connect(state, context, name, to, { type, body: text }, into),
        }),
      ],
    },
    http_connect_raw: fn({
      summary: 'As http_connect(); what is posted is taken as it is written.',
      returns,
      args: [connection, path, contentType, arg.literal('body', 'What is posted, without variables.'), result],
      routes: ROUTES,
      mayWait: true,
      run: (context, state: HttpClient, name, to, type, text, into) => connect(state, context, name, to, { type, body: text }, into),
    }),
    http_get_redirect: fn({
      summary: 'Gives the last URL that a connection asked, behind redirections.',
      returns: { 1: 'given', [-1]: 'no such connection' },
      args: [connection, result],
      routes: ROUTES,
      run: (context, state: HttpClient, name, into) => redirect(state, context, name, into),
    }),
  },
  variables: {
    curlerror: variableFamily<HttpClient>('What a number of libcurl means.', { inner: 'required' }, (inner = '') => {
      const number = Number(/^\s*[+-]?\d+/.exec(inner)?.[0] ?? 0)
      const text = number > 99 ? 'HTTP result code' : number < 0 ? 'Bad CURL error code' : curlText(number)
      return { get: () => text }
    }),
  },
  rpc: {
    'httpclient.listcon': {
      summary: 'Lists the named connections.',
      run: ({ connections, host }) => {
        if (connections.length === 0) {
          host.log.error('http_client', 'no connection definitions')
          return new RpcFault(500, 'No Connection Definitions')
        }
        const list = new RpcStruct()
        for (const { name, scheme, url: uri, user, password, failover, timeoutSeconds } of connections) {
          list.add('CONNECTION', new RpcStruct()
            .add('NAME', name).add('SCHEMA', scheme).add('URI', uri).add('USERNAME', user ?? null).add('PASSWORD', password ?? null)
            .add('FAILOVER', failover === '' ? null : failover).add('TIMEOUT', timeoutSeconds))
        }
        return [list]
      },
    },
  },
})
