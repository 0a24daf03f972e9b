/** `$uac_req(...)`: the request that uac_req_send() sends. Each worker has one, which outlives messages. */
import { variableFamily, type PvValue, type VariableDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Uac } from './state.ts'

export interface UacRequest {
  method: string
  ruri: string
  turi: string
  furi: string
  ouri: string
  callid: string
  hdrs: string
  body: string
  sock: string
  auser: string
  apasswd: string
  evparam: string
  evroute: number
  evcode: number
  evtype: number
  flags: number
}

export function newUacRequest(): UacRequest {
  return {
    method: '', ruri: '', turi: '', furi: '', ouri: '', callid: '', hdrs: '', body: '', sock: '', auser: '', apasswd: '', evparam: '',
    evroute: 0, evcode: 0, evtype: 0, flags: 0,
  }
}

export function uacRequestOf({ requests }: Uac, { worker }: Pick<RouteContext, 'worker'>): UacRequest {
  let request = requests.get(worker)
  if (request === undefined) requests.set(worker, (request = newUacRequest()))
  return request
}

type TextField = 'method' | 'ruri' | 'turi' | 'furi' | 'ouri' | 'callid' | 'hdrs' | 'body' | 'sock' | 'auser' | 'apasswd' | 'evparam'
type NumberField = 'evroute' | 'evcode' | 'evtype' | 'flags'

interface TextRule {
  /** A text of so many bytes is refused. */
  readonly limit: number
  /** What `$null` empties, where that is not the field itself. */
  readonly clears?: TextField
}

const TEXTS: Readonly<Record<TextField, TextRule>> = {
  method: { limit: 32 },
  ruri: { limit: 1024 },
  turi: { limit: 1024 },
  furi: { limit: 1024 },
  ouri: { limit: 1024 },
  callid: { limit: 128 },
  hdrs: { limit: 2048 },
  body: { limit: 32768 },
  // Kamailio empties the password here, and scripts that send on may count on the socket.
  sock: { limit: 1024, clears: 'apasswd' },
  auser: { limit: 128 },
  apasswd: { limit: 64 },
  evparam: { limit: 128 },
}

const NUMBERS: readonly NumberField[] = ['evroute', 'evcode', 'evtype', 'flags']

const isText = (name: string): name is TextField => Object.hasOwn(TEXTS, name)
const isNumber = (name: string): name is NumberField => NUMBERS.some((field) => field === name)

/** `$uac_req(all) = $null`: socket and credentials stay. */
function clear(request: UacRequest): void {
  const { sock, auser, apasswd } = request
  Object.assign(request, newUacRequest(), { sock, auser, apasswd })
}

function setText(uac: Uac, request: UacRequest, name: TextField, value: PvValue): boolean {
  const { limit, clears = name } = TEXTS[name]
  if (value === null) {
    request[clears] = ''
    return true
  }
  // Kamailio takes numbers of variables, and refuses those written in the script.
  const text = String(value)
  if (text.length >= limit) {
    uac.host.log.error('uac', 'Value size too big')
    return false
  }
  request[name] = text
  return true
}

function setNumber(uac: Uac, request: UacRequest, name: NumberField, value: PvValue): boolean {
  if (typeof value === 'string') {
    uac.host.log.error('uac', 'Invalid value type')
    return false
  }
  request[name] = value ?? 0
  return true
}

export const uacRequestVariable: VariableDef<Uac> = variableFamily<Uac>(
  'A field of the request that uac_req_send() sends: method, ruri, turi, furi, ouri, callid, hdrs, body, sock, auser, apasswd, evroute, '
    + 'evparam, flags; in event_route[uac:reply] evcode and evtype. `$uac_req(all) = $null` empties it.',
  { inner: 'required', writable: true },
  (inner = '') => {
    if (inner === 'all') {
      return {
        get: (context, uac) => uacRequestOf(uac, context).flags >>> 0,
        set: (context, uac, value) => {
          if (value === null) clear(uacRequestOf(uac, context))
          return true
        },
      }
    }
    if (isText(inner)) {
      return {
        get: (context, uac) => uacRequestOf(uac, context)[inner] || null,
        set: (context, uac, value) => setText(uac, uacRequestOf(uac, context), inner, value),
      }
    }
    if (!isNumber(inner)) return `$uac_req has no field ${inner}`
    return {
      get: (context, uac) => uacRequestOf(uac, context)[inner] >>> 0,
      set: (context, uac, value) => setNumber(uac, uacRequestOf(uac, context), inner, value),
    }
  },
)
