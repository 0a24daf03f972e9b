import type { BoundVariable } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { ParseError } from '../../sip/parse-error.ts'
import type { MessageSdp } from '../../sip/sdp/message-sdp.ts'
import { sdpText, sessionVersion } from './body.ts'
import type { SdpOps } from './sdpops.ts'

function read(context: RouteContext, get: (sdp: MessageSdp) => string | null): string | null {
  const sdp = context.message.sdp()
  return sdp === undefined || sdp instanceof ParseError ? null : get(sdp)
}

/** As in Kamailio, the session version is there once a function of this module, or $sdp(body), has read the description. */
function parsedSdp(context: RouteContext): MessageSdp | undefined {
  if (!context.message.hasReadSdp) return undefined
  const sdp = context.message.sdp()
  return sdp instanceof ParseError ? undefined : sdp
}

/** `$sdp(body)` to read, `$sdp(sess_version)` to read and set; -1 sets it one higher. */
export function sdpVariable(inner: string | undefined): BoundVariable<SdpOps> | string {
  if (inner === 'body') return { get: (context) => read(context, (sdp) => sdpText(context.message, sdp)) }
  if (inner !== 'sess_version') return `$sdp(${inner}): there are body and sess_version`
  return {
    get(context) {
      const sdp = parsedSdp(context)
      return sdp === undefined ? null : (sessionVersion(context.message, sdp)?.text ?? null)
    },
    set(context, _state, value) {
      const sdp = parsedSdp(context)
      if (sdp === undefined) return false
      const place = sessionVersion(context.message, sdp)
      if (place === undefined || value === null) return false
      const text = Number(value) === -1 ? String(BigInt(/^\d+$/.test(place.text) ? place.text : '0') + 1n) : String(value)
      context.message.edits.replace(place.start, place.end, text)
      return true
    },
  }
}
