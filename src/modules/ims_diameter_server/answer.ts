/** Requests of peers: event_route[diameter:request] says what they are answered with. */
import type { Avp } from '../../diameter/avp.ts'
import type { DiameterMessage } from '../../diameter/message.ts'
import { placeholderRequest } from '../../runtime/placeholder-request.ts'
import { jsonToAvps, type JsonLog } from './avp-json.ts'
import { requestOf, responseOf, type DiameterServer } from './state.ts'

const MODULE = 'ims_diameter_server'

export function jsonLog({ host: { log } }: DiameterServer): JsonLog {
  return {
    warning: (text) => log.warning(MODULE, text),
    error: (text) => log.error(MODULE, text),
    cdpError: (text) => log.error('cdp', text),
  }
}

type Answer = readonly Avp[] | undefined

/** The AVPs of the answer; undefined when the route sets none, and so there is no answer. */
export function answerRequest(server: DiameterServer, request: DiameterMessage): Answer | Promise<Answer> {
  const { host, requestRoute } = server
  const message = placeholderRequest(host)
  if (message === undefined || requestRoute === undefined) return avpsOf(server, undefined)
  const { context, release } = host.contextFor(message)
  // Inside of the route: it may have a context of its own.
  let json: string | undefined
  const running = host.runEvent((inner) => {
    requestOf.set(inner, request)
    const ran = requestRoute(inner)
    const finish = (result: number): number => {
      json = responseOf.get(inner)
      return result
    }
    return ran instanceof Promise ? ran.then(finish) : finish(ran)
  }, context)
  const end = (): readonly Avp[] | undefined => {
    release()
    return avpsOf(server, json)
  }
  return running instanceof Promise ? running.then(end) : end()
}

function avpsOf(server: DiameterServer, json: string | undefined): readonly Avp[] | undefined {
  if (json !== undefined && json !== '') return jsonToAvps(json, jsonLog(server))
  server.host.log.warning(MODULE, 'No JSON Response')
  return undefined
}
