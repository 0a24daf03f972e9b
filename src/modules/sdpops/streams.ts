/** Streams and lines of session descriptions: found and taken out. */
import type { SipMessage } from '../../sip/message.ts'
import type { SdpMedia } from '../../sip/sdp/media.ts'
import type { MessageSdp } from '../../sip/sdp/message-sdp.ts'
import { removeOnce } from './codecs.ts'

export function hasStream(sdp: MessageSdp, fits: (media: SdpMedia) => boolean): number {
  return sdp.media.some(fits) ? 1 : -1
}

export function ofType(type: string): (media: SdpMedia) => boolean {
  const lower = type.toLowerCase()
  return (media) => media.type.text.toLowerCase() === lower
}

export function byTransport(transport: string): (media: SdpMedia) => boolean {
  const lower = transport.toLowerCase()
  return (media) => media.transport.text.toLowerCase() === lower
}

export function byTransportLike(part: string): (media: SdpMedia) => boolean {
  const lower = part.toLowerCase()
  return (media) => media.transport.text.toLowerCase().includes(lower)
}

/** Takes out every stream that fits, from its m= line to its last line. */
export function removeStreams(message: SipMessage, sdp: MessageSdp, fits: (media: SdpMedia) => boolean): number {
  let result = -1
  for (const media of sdp.media) {
    if (!fits(media)) continue
    removeOnce(message, media.start, media.end)
    result = 1
  }
  return result
}

/** Takes out the lines of streams that start with a text. */
export function removeLines(message: SipMessage, sdp: MessageSdp, prefix: string, type: string | undefined): number {
  const fits = type === undefined || type === '' ? () => true : ofType(type)
  const lower = prefix.toLowerCase()
  for (const media of sdp.media) {
    if (!fits(media)) continue
    for (const line of media.lines) {
      const start = message.text.slice(line.start, line.start + prefix.length)
      if (start.toLowerCase() === lower) removeOnce(message, line.start, line.end)
    }
  }
  return 1
}

/** The transport that all streams have; undefined when they differ. */
export function commonTransport(sdp: MessageSdp): string | undefined {
  const first = sdp.media[0]?.transport.text
  return sdp.media.every((media) => media.transport.text === first) ? first : undefined
}

/** True when a stream or session names ICE candidates. */
export function hasIce(sdp: MessageSdp): boolean {
  return sdp.media.some((media) => media.attributes('candidate').length > 0)
}
