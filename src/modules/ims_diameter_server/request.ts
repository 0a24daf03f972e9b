/** diameter_request() and diameter_request_async(): requests of the script. */
import type { DiameterMessage } from '../../diameter/message.ts'
import { DiameterFailure, type Outcome } from '../../diameter/transactions.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { placeholderRequest } from '../../runtime/placeholder-request.ts'
import { jsonLog } from './answer.ts'
import { avpsToJson, jsonToAvps } from './avp-json.ts'
import { requestOf, responseOf, type DiameterServer } from './state.ts'

const MODULE = 'ims_diameter_server'

export interface ScriptRequest {
  /** Empty leaves it to the routes. */
  readonly peer: string
  readonly application: string
  readonly command: string
  readonly json: string
}

/** A number without sign; undefined for other texts. */
function numberOf(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) && Number(text) <= 0xffff_ffff ? Number(text) : undefined
}

function messageOf(server: DiameterServer, { application, command, json }: ScriptRequest): DiameterMessage | undefined {
  const { host: { log }, cdp } = server
  const [applicationId, code] = [numberOf(application), numberOf(command)]
  if (applicationId === undefined) log.error(MODULE, `Invalid App-ID (${application})`)
  else if (code === undefined) log.error(MODULE, `Invalid Command-Code (${command})`)
  if (applicationId === undefined || code === undefined || cdp === undefined) return undefined
  if (json === '') log.warning(MODULE, 'No JSON Response')
  const avps = json === '' ? undefined : jsonToAvps(json, jsonLog(server))
  if (avps !== undefined) return cdp.node.request(applicationId, code & 0xff_ffff, cdp.node.sessions.newId(), avps)
  log.error(MODULE, 'Failed to parse JSON Request')
  return undefined
}

/** 1 when an answer came, whatever it says; -1 when none did. */
export async function requestAndWait(server: DiameterServer, context: RouteContext, request: ScriptRequest): Promise<number> {
  const { host: { log }, cdp } = server
  const message = messageOf(server, request)
  if (message === undefined || cdp === undefined) return -1
  const outcome = await cdp.node.send(message, { peer: request.peer || undefined, caller: 'AAASendRecvMessage' })
  cdp.reportLate(outcome)
  if (outcome instanceof DiameterFailure) {
    responseOf.set(context, undefined)
    log.error(MODULE, 'Failed to convert response to JSON')
    return -1
  }
  responseOf.set(context, avpsToJson(outcome.answer.avps))
  return 1
}

/** 0, with which the script ends: the answer runs event_route[diameter:response]. */
export function requestWithoutWaiting(server: DiameterServer, request: ScriptRequest): number {
  const { cdp } = server
  const message = messageOf(server, request)
  if (message === undefined || cdp === undefined) return -1
  void cdp.node.send(message, { peer: request.peer || undefined, caller: 'AAASendMessage' })
    .then((outcome) => takeAnswer(server, message, outcome))
  return 0
}

async function takeAnswer(server: DiameterServer, request: DiameterMessage, outcome: Outcome): Promise<void> {
  const { host, responseRoute } = server
  if (outcome instanceof DiameterFailure) {
    const isSent = outcome.reason === 'timeout' || outcome.reason === 'connection lost'
    if (isSent) host.log.error(MODULE, 'Error timeout when sending message via CDP')
    return
  }
  const message = placeholderRequest(host)
  if (message === undefined || responseRoute === undefined) return
  const { context, release } = host.contextFor(message)
  await host.runEvent((inner) => {
    requestOf.set(inner, request)
    responseOf.set(inner, avpsToJson(outcome.answer.avps))
    return responseRoute(inner)
  }, context)
  release()
}
