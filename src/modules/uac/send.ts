/** uac_req_send(), and what comes back. */
import { RouteContext, type Worker } from '../../runtime/context.ts'
import { RouteMask } from '../../define/route-kind.ts'
import { runTopRoute } from '../../runtime/flow.ts'
import { placeholderRequest } from '../../runtime/placeholder-request.ts'
import { parseSocketName } from '../../runtime/socket-name.ts'
import type { ListenSocket } from '../../sip/endpoint.ts'
import type { SipMessage } from '../../sip/message.ts'
import { challengeOf, dialogOf } from './challenge.ts'
import { authorizationLine } from './credentials.ts'
import type { Uac } from './state.ts'
import { uacRequestOf, type UacRequest } from './uac-request.ts'

/** Bits of `$uac_req(flags)`: the password is H(user:realm:password). */
const HASHED = 1
/** `$uac_req(evroute)`: only failures are told, and challenges are not answered. */
const ON_FAILURE = 2
/** Kamailio's longest header lines of such a request. */
const HEADERS_MAX = 2048

/** A URI as a value of From or To: in brackets unless it has some. */
export function bracketed(uri: string): string {
  const close = uri.lastIndexOf('>')
  return close >= 0 && (close === uri.length - 1 || uri.charAt(close + 1) === ';') ? uri : `<${uri}>`
}

const withoutBrackets = (uri: string): string => (uri.startsWith('<') && uri.endsWith('>') ? uri.slice(1, -1) : uri)

/** The socket of that name; the default one where there is no name. One that is not there is no choice. */
export function socketFor(uac: Uac, name: string): ListenSocket | undefined {
  if (name === '') return uac.defaultSocket
  const parsed = parseSocketName(name)
  return parsed === undefined ? undefined : uac.host.network.socketOf(parsed.host, parsed.port, parsed.transport)
}

/** 1 when the request left. */
export function sendUacRequest(uac: Uac, context: RouteContext): number | Promise<number> {
  const request = { ...uacRequestOf(uac, context) }
  const { tm } = uac
  if (request.ruri === '' || request.method === '') return -1
  const isTold = request.evroute > 0 || (request.auser !== '' && request.apasswd !== '')
  const from = bracketed(request.furi || request.ruri)
  const sent = tm.send({
    method: request.method,
    uri: withoutBrackets(request.ruri),
    nextHop: request.ouri || undefined,
    socket: socketFor(uac, request.sock),
    to: bracketed(request.turi || request.ruri),
    from: `${from};tag=${tm.newFromTag()}`,
    callId: request.callid || undefined,
    headers: request.hdrs,
    body: request.body,
    onFinal: isTold ? (status, reply, worker) => answered(uac, request, status, reply, worker) : undefined,
  })
  return sent instanceof Promise ? sent.then(outcome) : outcome(sent)
}

const outcome = (sent: number): number => (sent < 0 ? -1 : 1)

type Reply = SipMessage | undefined

function answered(uac: Uac, request: UacRequest, status: number, reply: Reply, worker: Worker | undefined): void | Promise<void> {
  if (request.evroute === ON_FAILURE) return status < 300 ? undefined : failedRequest(uac, request, status, reply, worker)
  const running = request.evroute === 0 ? undefined : runReplyRoute(uac, request, status, reply, worker)
  if (reply === undefined || (status !== 401 && status !== 407) || request.apasswd === '') return running
  const goOn = (): void => void sendAgain(uac, request, status, reply)
  return running instanceof Promise ? running.then(goOn) : goOn()
}

/** Failures are told where tm looks after those of requests made here. */
function failedRequest(uac: Uac, request: UacRequest, status: number, reply: Reply, worker: Worker | undefined): void | Promise<void> {
  if (uac.tm.hasLocalFailures) return runReplyRoute(uac, request, status, reply, worker)
  uac.host.log.warning('uac', 'evroute 2 needs enable_uac_fr of tm')
}

/** The same request with credentials, as a further one of its Call-ID. */
function sendAgain(uac: Uac, request: UacRequest, status: number, reply: SipMessage): void | Promise<void> {
  const { host, tm } = uac
  const challenge = challengeOf(reply, status)
  if (!('realm' in challenge)) {
    for (const problem of challenge) host.log.error('uac', problem)
    return
  }
  const dialog = dialogOf(reply)
  if (dialog === undefined) {
    host.log.error('uac', 'failed to build tm dialog')
    return
  }
  const { method, auser, apasswd } = request
  const ruri = withoutBrackets(request.ruri)
  const line = authorizationLine({
    code: status, method, uri: ruri, user: auser, password: apasswd, isHashed: (request.flags & HASHED) !== 0, challenge,
  })
  const sent = tm.send({
    method,
    uri: ruri,
    nextHop: request.ouri || undefined,
    socket: request.sock === '' ? undefined : socketFor(uac, request.sock),
    to: bracketed(dialog.to),
    from: `${bracketed(dialog.from)};tag=${dialog.fromTag || tm.newFromTag()}`,
    callId: dialog.callId,
    cseq: dialog.cseq + 1,
    headers: (request.hdrs + line).slice(0, HEADERS_MAX - 1),
    body: request.body,
    onFinal: request.evroute === 0 ? undefined : (code, last, worker) => runReplyRoute(uac, request, code, last, worker),
  })
  const failed = (result: number): void => {
    if (result < 0) host.log.error('uac', 'failed to send request with authentication')
  }
  return sent instanceof Promise ? sent.then(failed) : failed(sent)
}

/** event_route[uac:reply], on the reply, or on a message that is none where nobody answered. */
function runReplyRoute(uac: Uac, request: UacRequest, status: number, reply: Reply, worker: Worker | undefined): void | Promise<void> {
  const { host, replyRoute } = uac
  const message = reply ?? placeholderRequest(host)
  if (replyRoute === undefined || message === undefined) return
  const own = worker === undefined ? host.contextFor(message) : { context: new RouteContext(host, worker, message), release() {} }
  const { context, release } = own
  context.routeType = RouteMask.request
  context.transaction = null
  Object.assign(uacRequestOf(uac, context), request, { evcode: status, evtype: reply === undefined ? 2 : 1 })
  const failed = (error: unknown): void => {
    host.log.error('uac', `event_route[uac:reply] failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`)
    release()
  }
  try {
    const running = runTopRoute(context, replyRoute)
    if (running instanceof Promise) return running.then(release, failed)
    release()
  } catch (error) {
    failed(error)
  }
}
