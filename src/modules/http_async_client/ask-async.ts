/** http_async_query(): asks, and goes on in a route when the answer is there. */
import type { RouteContext } from '../../runtime/context.ts'
import type { RouteFunction } from '../../runtime/host.ts'
import { placeholderRequest } from '../../runtime/placeholder-request.ts'
import type { ClientBranch } from '../../transaction/client-branch.ts'
import { CurlFailure, performCurl } from '../http_client/api.ts'
import type { AsyncQuestion } from './question.ts'
import { errorText, type AsyncReply } from './reply.ts'
import { replyGiven, type HttpAsync } from './state.ts'

/** Kamailio's bound. */
const ROUTE_NAME_BYTES_MAX = 62
const TIMED_OUT = 28
const VERSIONS = [undefined, 'TLSv1', undefined, undefined, 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const

/** 0 when the transaction is suspended, 1 when the script goes on at once, -1 when it cannot be asked. */
export function askAsync(state: HttpAsync, context: RouteContext, url: string, routeName: string): number {
  const { host, tm } = state
  const fail = (reason: string): number => {
    host.log.error('http_async_client', reason)
    return -1
  }
  if (url === '') return fail('invalid data parameter')
  if (routeName === '') return fail('invalid route name parameter')
  if (routeName.length > ROUTE_NAME_BYTES_MAX) return fail(`callback name is too long: ${routeName.length} / ${routeName}`)
  const suspends = Boolean(context.transaction) && state.questionOf(context).suspends
  const branch = suspends ? tm?.suspend(context) : undefined
  if (suspends && branch === undefined) return fail('failed to suspend request processing')
  const question = state.takeQuestion(context)
  const id = `${host.identity.pid}-${++state.count}`
  state.lastIds.set(context.worker, id)
  if (branch === 'copy') return 0
  void ask(state, question, url, id).then((reply) => goOn(state, routeName, reply, branch))
  return branch === undefined ? 1 : 0
}

async function ask(state: HttpAsync, question: AsyncQuestion, url: string, id: string): Promise<AsyncReply> {
  const { host, params, counters } = state
  counters.requests.increment()
  const start = host.clock.monotonic()
  const answer = await performCurl({ http: host.http, random: host.random, now: () => host.clock.monotonic() }, {
    url, method: question.method, body: question.body, headers: question.headers, userAgent: '', user: question.user,
    password: question.password, authMethod: question.authMethod, followsRedirects: question.followsRedirects,
    timeoutMs: question.timeoutMs, proxy: undefined, localAddress: '', pool: 'http_async_client',
    tls: {
      verifiesPeer: params.tls_verify_peer !== 0, verifiesHost: params.tls_verify_host !== 0, authorities: question.authorities,
      certificate: question.certificate, key: question.key, ciphers: '', version: VERSIONS[params.tls_version],
    },
    ...(question.keepsAlive ? { tcpKeepAliveMs: question.idleSeconds * 1000 } : {}),
  })
  const totalMicroseconds = Math.round((host.clock.monotonic() - start) * 1000)
  if (!(answer instanceof CurlFailure)) {
    counters.replies.increment()
    return { id, answer, error: '', totalMicroseconds }
  }
  const error = errorText(answer, url)
  if (answer.number === TIMED_OUT) counters.timeouts.increment()
  else {
    counters.errors.increment()
    host.log.error('http_async_client', `${url} returned error ${answer.number}: ${error}`)
  }
  return { id, answer: undefined, error, totalMicroseconds }
}

async function goOn(state: HttpAsync, routeName: string, reply: AsyncReply, branch: ClientBranch | undefined): Promise<void> {
  const { host, tm } = state
  const route = (branch?.transaction.routes ?? host.routes).request(routeName)
  if (route === undefined) {
    host.log.error('http_async_client', `unable to find route block [${routeName}]`)
    return
  }
  const withReply: RouteFunction = (context) => {
    replyGiven.set(context, reply)
    state.lastIds.set(context.worker, reply.id)
    return route(context)
  }
  if (branch === undefined) {
    await runAlone(state, withReply)
    return
  }
  if (await tm?.resume(branch, withReply) === -1) {
    const { hashIndex, label } = branch.transaction
    host.log.error('http_async_client', `transaction not found ${hashIndex}:${label}`)
  }
}

/** Without transaction: on a request of the server's own. */
async function runAlone({ host }: HttpAsync, route: RouteFunction): Promise<void> {
  const message = placeholderRequest(host)
  if (message === undefined) return
  const { context, release } = host.contextFor(message)
  await host.runEvent(route, context)
  release()
}
