/** The description as text: its lines, its session version. */
import type { SipMessage } from '../../sip/message.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { mediaType } from '../../sip/multipart.ts'
import type { MessageSdp } from '../../sip/sdp/message-sdp.ts'
import { sdpWords, type SdpWord } from '../../sip/sdp/line.ts'

/** The text of the first description. */
export function sdpText(message: SipMessage, sdp: MessageSdp): string {
  const place = sdp.places[0]
  return place === undefined ? '' : message.text.slice(place.start, place.end)
}

/** The first line that starts with a text, without its line end. */
export function lineStartingWith(text: string, prefix: string): string | undefined {
  const lower = prefix.toLowerCase()
  for (const line of text.split('\n')) {
    if (line.slice(0, prefix.length).toLowerCase() === lower) return line.endsWith('\r') ? line.slice(0, -1) : line
  }
  return undefined
}

/** Whether Content-Type speaks of SDP, without reading the body. */
export function mentionsSdp(message: SipMessage): boolean {
  const value = message.value(HeaderType.contentType)
  if (value === undefined) return false
  const type = mediaType(value)
  return type === 'application/sdp' || (type === 'multipart/mixed' && message.body().toLowerCase().includes('application/sdp'))
}

/** The place of the session version in the `o=` line (RFC 4566 §5.2). */
export function sessionVersion(message: SipMessage, sdp: MessageSdp): SdpWord | undefined {
  const origin = sdp.sessions[0]?.origin
  return origin === undefined ? undefined : sdpWords(message.text, origin.valueStart, origin.valueEnd)[2]
}
