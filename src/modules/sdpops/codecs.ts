/** Codecs of streams: found by payload id or name, taken out or kept, by edits of the received text. */
import type { SipMessage } from '../../sip/message.ts'
import type { SdpMedia } from '../../sip/sdp/media.ts'
import type { MessageSdp } from '../../sip/sdp/message-sdp.ts'

/** Payload ids that have a codec without an rtpmap (RFC 3551 §6), by name in lower case. */
const STATIC_IDS: Readonly<Record<string, readonly string[]>> = {
  pcmu: ['0'], gsm: ['3'], g723: ['4'], dvi4: ['5', '6', '16', '17'], lpc: ['7'], pcma: ['8'], g722: ['9'], l16: ['10', '11'],
  qcelp: ['12'], cn: ['13'], mpa: ['14'], g728: ['15'], g729: ['18'], celb: ['25'], jpeg: ['26'], nv: ['28'], h261: ['31'],
  mpv: ['32'], mp2t: ['33'], h263: ['34'],
}

/** The items of a comma separated list, without blanks around them. */
export function listItems(list: string): readonly string[] {
  return list.split(',').map((item) => item.trim()).filter((item) => item !== '')
}

/** The payload ids that a list of codec names means in a message; names in any case. */
export function idsOfNames(sdp: MessageSdp, list: string): readonly string[] {
  const ids = new Set<string>()
  for (const name of listItems(list)) {
    const lower = name.toLowerCase()
    if (Object.hasOwn(STATIC_IDS, lower)) for (const id of STATIC_IDS[lower] ?? []) ids.add(id)
    for (const media of sdp.media) for (const id of media.payloadsOfCodec(name)) ids.add(id)
  }
  return [...ids]
}

/** Streams of a type; all of them without one. */
function chosen(sdp: MessageSdp, type: string | undefined): readonly SdpMedia[] {
  if (type === undefined || type === '') return sdp.media
  const lower = type.toLowerCase()
  return sdp.media.filter((media) => media.type.text.toLowerCase() === lower)
}

/** Takes the payload ids for which `isUnwanted` holds out of the streams, with the lines that speak of them. */
export function removePayloads(
  message: SipMessage,
  sdp: MessageSdp,
  type: string | undefined,
  isUnwanted: (id: string) => boolean,
): void {
  for (const media of chosen(sdp, type)) {
    for (const payload of media.payloads) {
      if (!isUnwanted(payload.text)) continue
      // The blank in front goes with the id.
      removeOnce(message, payload.start - 1, payload.end)
      for (const { line, value } of media.attributes()) {
        const blank = value.indexOf(' ')
        if ((blank < 0 ? value : value.slice(0, blank)) === payload.text && blank >= 0) removeOnce(message, line.start, line.end)
      }
    }
  }
}

/** Takes bytes out unless they are out already: two calls may name the same codec. */
export function removeOnce(message: SipMessage, start: number, end: number): void {
  if (message.edits.removalAt(start) === undefined) message.edits.remove(start, end)
}

/** 1 when every id is in every stream, 2 when some are in some, -1 when none is in any. */
export function codecPresence(sdp: MessageSdp, ids: readonly string[]): number {
  let found = 0
  let missing = 0
  for (const media of sdp.media) {
    for (const id of ids) {
      if (media.payloads.some((payload) => payload.text === id)) found++
      else missing++
    }
  }
  if (found === 0) return -1
  return missing === 0 ? 1 : 2
}
