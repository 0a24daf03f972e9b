/** What came of a question, as the route that goes on sees it. */
import type { BoundVariable, PvIndex, PvValue, VariableDef } from '../../define/define.ts'
import { variable, variableFamily } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { HttpTimes } from '../../runtime/http-port.ts'
import { curlText, type CurlAnswer, type CurlFailure } from '../http_client/api.ts'
import { replyGiven, type HttpAsync } from './state.ts'

export interface AsyncReply {
  readonly id: string
  readonly answer: CurlAnswer | undefined
  /** Why there is no answer; empty when there is one. */
  readonly error: string
  readonly totalMicroseconds: number
}

const TIMED_OUT = 28

/** What Kamailio and libcurl say of it. */
export function errorText({ number, reason }: CurlFailure, url: string): string {
  if (number === TIMED_OUT) return 'TIMEOUT'
  const place = /^(?:[a-z]+:\/\/)?(?:[^/@]*@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?/i.exec(url)
  const host = place?.[1] ?? ''
  if (number === 6) return `Could not resolve host: ${host}`
  if (number === 7) return `Failed to connect to ${host} port ${place?.[2] ?? (/^https:/i.test(url) ? 443 : 80)}: ${curlText(number)}`
  return reason === '' ? curlText(number) : `${curlText(number)}: ${reason}`
}

/** The head as it came, and the body. */
function messageOf({ version, status, reason, headers, body }: CurlAnswer): string {
  return `HTTP/${version} ${status} ${reason}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
}

function replyOf(context: RouteContext, { host }: HttpAsync): AsyncReply | undefined {
  const reply = replyGiven.get(context)
  if (reply === undefined) host.log.error('http_async_client', 'the async variables can only be read from an async http worker')
  return reply
}

const ofAnswer = (summary: string, read: (answer: CurlAnswer) => PvValue): VariableDef<HttpAsync> =>
  variable(summary, (context, state) => readAnswer(context, state, read))

function readAnswer(context: RouteContext, state: HttpAsync, read: (answer: CurlAnswer) => PvValue): PvValue {
  const reply = replyOf(context, state)
  if (reply === undefined) return null
  if (reply.answer !== undefined) return read(reply.answer)
  state.host.log.warning('http_async_client',
    "an async variable was read after http error, use $http_ok to check the request's status")
  return null
}

function headerAt(answer: CurlAnswer, name: string, index: PvIndex, context: RouteContext): PvValue {
  const found = answer.headers.filter(([known]) => known.toLowerCase() === name.toLowerCase()).map(([, value]) => value)
  if (index.kind === 'all') return found.length === 0 ? null : found.join(',')
  const wanted = index.kind === 'none' ? 0 : index.kind === 'fixed' ? index.value : index.evaluate(context)
  return found.at(wanted) ?? null
}

/** In microseconds; what cannot be told is 0. */
const TIMES: Readonly<Record<string, (times: HttpTimes, total: number) => number>> = {
  total: (_times, total) => total,
  lookup: ({ lookup }) => lookup,
  connect: ({ connect }) => connect,
  redirect: ({ total }, whole) => Math.max(0, whole - total),
  appconnect: ({ tls }) => tls,
  pretransfer: ({ tls, connect }) => tls || connect,
  starttransfer: ({ firstByte }) => firstByte,
}

export const replyVariables: Readonly<Record<string, VariableDef<HttpAsync>>> = {
  http_ok: variable('1 when an answer came, 0 when none did.', (context, state) => {
    const reply = replyOf(context, state)
    return reply === undefined ? null : reply.answer === undefined ? 0 : 1
  }),
  http_err: variable('Why no answer came.', (context, state) => replyOf(context, state)?.error || null),
  http_rs: ofAnswer('Status of the answer.', ({ status }) => status),
  http_rr: ofAnswer('Reason phrase of the answer.', ({ reason }) => reason),
  http_rb: ofAnswer('Body of the answer.', ({ body }) => (body === '' ? null : body)),
  http_bs: ofAnswer('Bytes of the body.', ({ body }) => body.length),
  http_mb: ofAnswer('The answer, head and body.', messageOf),
  http_ml: ofAnswer('Bytes of the answer, head and body.', (answer) => messageOf(answer).length),
  http_hdr: variableFamily<HttpAsync>('A header of the answer, by name.', { inner: 'required', index: true }, (name = '', index) => ({
    get: (context, state) => readAnswer(context, state, (answer) => headerAt(answer, name, index, context)),
  })),
  http_time: variableFamily<HttpAsync>(
    'Microseconds that the question took: total, lookup, connect, redirect, appconnect, pretransfer, starttransfer.',
    { inner: 'required' },
    (name = ''): BoundVariable<HttpAsync> | string => {
      const read = TIMES[name]
      if (read === undefined) return `$http_time(${name}) is unknown`
      return {
        get: (context) => {
          const reply = replyGiven.get(context)
          return reply?.answer === undefined ? 0 : read(reply.answer.times, reply.totalMicroseconds)
        },
      }
    },
  ),
}
