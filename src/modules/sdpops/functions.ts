import { arg, fn, type FunctionDef, type VariableHandle } from '../../define/define.ts'
import { LogLevel } from '../../base/log.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { linePlaces } from '../../runtime/place-iterators.ts'
import { ParseError } from '../../sip/parse-error.ts'
import type { MessageSdp } from '../../sip/sdp/message-sdp.ts'
import { lineStartingWith, mentionsSdp, sdpText } from './body.ts'
import { codecPresence, idsOfNames, listItems, removePayloads } from './codecs.ts'
import type { SdpOps } from './sdpops.ts'
import { byTransport, byTransportLike, commonTransport, hasIce, hasStream, ofType, removeLines, removeStreams } from './streams.ts'

const ids = arg.str('ids', 'Payload ids, separated by commas.')
const names = arg.str('names', 'Codec names, separated by commas.')
const mediaTypeArg = arg.optional(arg.str('media', 'Only streams of this type, such as audio.'))
const type = arg.str('type', 'audio, video ...')
const transport = arg.str('transport', 'RTP/AVP, RTP/SAVP ...')
const iterator = arg.str('iterator', 'Name of the iterator.')
const lineText = arg.str('text', 'Line with its line end.')
/** Kamailio takes AVPs only. */
const target = arg.custom<VariableHandle>('variable', 'The AVP where it goes.', (text, env) => {
  const handle = env.variable(text)
  return typeof handle === 'string' ? handle : { fixed: handle }
})

/** Sets the AVP; -1 and a log line for any other variable. */
function setAvp(context: RouteContext, variable: VariableHandle, name: string, value: string): number {
  if (/^\$\(?avp\(/.test(variable.text)) return variable.set(context, value) ? 1 : -1
  context.host.log.error('sdpops', `${name}(): malformed or non AVP ${variable.text}`)
  return -1
}

/** Runs with the descriptions of the message; `absent` without one, `faulty` and a log line when it cannot be read. */
export function withSdp(
  context: RouteContext,
  name: string,
  run: (sdp: MessageSdp) => number,
  absent = -1,
  faulty = absent,
): number {
  const sdp = context.message.sdp()
  if (sdp === undefined) return absent
  if (!(sdp instanceof ParseError)) return run(sdp)
  context.host.log.error('sdpops', `${name}(): Unable to parse sdp: ${sdp.reason}`)
  return faulty
}

const streamTest = (name: string, summary: string, kind: typeof type, fits: (wanted: string) => Parameters<typeof hasStream>[1]) =>
  fn({
    summary,
    routes: 'any',
    args: [kind],
    run: (context, _state: SdpOps, wanted) => withSdp(context, name, (sdp) => hasStream(sdp, fits(wanted))),
  })

const streamRemoval = (name: string, summary: string, kind: typeof type, fits: (wanted: string) => Parameters<typeof hasStream>[1]) =>
  fn({
    summary,
    routes: 'any',
    args: [kind],
    run: (context, _state: SdpOps, wanted) => withSdp(context, name, (sdp) => removeStreams(context.message, sdp, fits(wanted))),
  })

/** Removes, or keeps alone, the codecs of a list. */
const codecChange = (name: string, summary: string, isByName: boolean, isKeeping: boolean) =>
  fn({
    summary,
    routes: 'any',
    args: [isByName ? names : ids, mediaTypeArg],
    run: (context, _state: SdpOps, list, media) =>
      withSdp(context, name, (sdp) => {
        const wanted = new Set(isByName ? idsOfNames(sdp, list) : listItems(list))
        if (wanted.size === 0) return -1
        removePayloads(context.message, sdp, media, (id) => wanted.has(id) !== isKeeping)
        return 1
      }),
  })

const iterating = (summary: string, run: (state: SdpOps, context: RouteContext, name: string) => number) =>
  fn({ summary, routes: 'any', args: [iterator], run: (context, state: SdpOps, name) => run(state, context, name) })

const inserting = (summary: string, isBehind: boolean) =>
  fn({
    summary,
    routes: 'any',
    args: [iterator, lineText],
    run: (context, state: SdpOps, name, text) => state.iterators.insert(context, name, text, isBehind),
  })

export const sdpFunctions: Readonly<Record<string, FunctionDef<SdpOps>>> = {
  sdp_remove_codecs_by_id: codecChange('sdp_remove_codecs_by_id', 'Removes codecs by payload id.', false, false),
  sdp_remove_codecs_by_name: codecChange('sdp_remove_codecs_by_name', 'Removes codecs by name.', true, false),
  sdp_keep_codecs_by_id: codecChange('sdp_keep_codecs_by_id', 'Keeps only codecs of these payload ids.', false, true),
  sdp_keep_codecs_by_name: codecChange('sdp_keep_codecs_by_name', 'Keeps only codecs of these names.', true, true),
  sdp_remove_line_by_prefix: fn({
    summary: 'Removes lines of streams that start with a text.',
    routes: 'any',
    args: [arg.str('prefix', 'Such as a=rtcp.'), mediaTypeArg],
    run: (context, _state: SdpOps, prefix, media) =>
      withSdp(context, 'sdp_remove_line_by_prefix', (sdp) => removeLines(context.message, sdp, prefix, media)),
  }),
  sdp_remove_media: streamRemoval('sdp_remove_media', 'Removes streams of a type.', type, ofType),
  sdp_remove_transport: streamRemoval('sdp_remove_transport', 'Removes streams of a transport.', transport, byTransport),
  sdp_with_media: streamTest('sdp_with_media', 'Tells whether there is a stream of a type.', type, ofType),
  sdp_with_active_media: streamTest('sdp_with_active_media', 'Tells whether there is an active stream of a type.', type, (wanted) => {
    const isOfType = ofType(wanted)
    return (media) => isOfType(media) && media.isActive
  }),
  sdp_with_transport: streamTest('sdp_with_transport', 'Tells whether a stream has a transport.', transport, byTransport),
  sdp_with_transport_like: streamTest(
    'sdp_with_transport_like',
    'Tells whether the transport of a stream holds a text.',
    transport,
    byTransportLike,
  ),
  sdp_transport: fn({
    summary: 'Puts the transport that all streams have into a variable.',
    returns: { 1: 'done', [-1]: 'an error', [-2]: 'they differ' },
    routes: 'any',
    args: [target],
    run: (context, _state: SdpOps, variable) =>
      withSdp(
        context,
        'sdp_transport',
        (sdp) => {
          const common = commonTransport(sdp)
          if (common === undefined) return -2
          return setAvp(context, variable, 'sdp_transport', common)
        },
        context.message.bodyStart < context.message.text.length ? -1 : 1,
        -1,
      ),
  }),
  sdp_with_codecs_by_id: fn({
    summary: 'Tells whether streams have codecs, by payload id.',
    returns: { 1: 'all of them', 2: 'some of them', [-1]: 'none', [-2]: 'no SDP' },
    routes: 'any',
    args: [ids],
    run: (context, _state: SdpOps, list) =>
      withSdp(context, 'sdp_with_codecs_by_id', (sdp) => codecPresence(sdp, listItems(list)), -2),
  }),
  sdp_with_codecs_by_name: fn({
    summary: 'Tells whether streams have codecs, by name.',
    returns: { 1: 'all of them', 2: 'some of them', [-1]: 'none, or no SDP' },
    routes: 'any',
    args: [names],
    run: (context, _state: SdpOps, list) =>
      withSdp(context, 'sdp_with_codecs_by_name', (sdp) => {
        const wanted = idsOfNames(sdp, list)
        return wanted.length === 0 ? -1 : codecPresence(sdp, wanted)
      }),
  }),
  sdp_with_ice: fn({
    summary: 'Tells whether there are ICE candidates.',
    routes: 'any',
    args: [],
    run: (context) => withSdp(context, 'sdp_with_ice', (sdp) => (hasIce(sdp) ? 1 : -1)),
  }),
  sdp_print: fn({
    summary: 'Logs the streams.',
    routes: 'any',
    args: [arg.int('level', 'Level of the lines, -5 to 3.')],
    run: (context, _state: SdpOps, level) =>
      withSdp(context, 'sdp_print', (sdp) => {
        const known = Object.values(LogLevel).find((candidate) => candidate === level) ?? LogLevel.dbg
        for (const media of sdp.media) {
          const text = `${media.type.text} ${media.port.text} ${media.transport.text} ${media.payloads.map((id) => id.text).join(' ')}`
          context.host.log.write({ level: known, origin: 'sdpops: ', text })
        }
        return 1
      }),
  }),
  sdp_get: fn({
    summary: 'Puts the description into a variable.',
    returns: { 1: 'done', [-1]: 'an error', [-2]: 'no SDP' },
    routes: 'any',
    args: [target],
    run: (context, _state: SdpOps, variable) =>
      withSdp(context, 'sdp_get', (sdp) => setAvp(context, variable, 'sdp_get', sdpText(context.message, sdp)), -2, -1),
  }),
  sdp_get_line_startswith: fn({
    summary: 'Puts the first line that starts with a text into a variable.',
    returns: { 1: 'done', [-1]: 'no such line, or an error', [-2]: 'no SDP' },
    routes: 'any',
    args: [target, arg.str('prefix', 'Start of the line.')],
    run: (context, _state: SdpOps, variable, prefix) =>
      withSdp(
        context,
        'sdp_get_line_startswith',
        (sdp) => {
          const line = lineStartingWith(sdpText(context.message, sdp), prefix)
          return line === undefined ? -1 : setAvp(context, variable, 'sdp_get_line_startswith', line)
        },
        -2,
        -1,
      ),
  }),
  sdp_get_address_family: fn({
    summary: 'Gives the address family of the first stream as its result.',
    returns: { 4: 'IPv4', 6: 'IPv6', [-1]: 'no SDP' },
    routes: 'any',
    args: [],
    run: (context) => withSdp(context, 'sdp_get_address_family', (sdp) => sdp.media[0]?.connection.family ?? -1),
  }),
  sdp_content: fn({
    summary: 'Tells whether the message carries SDP; with an argument without reading the body.',
    routes: 'any',
    args: [arg.optional(arg.int('sloppy', '1: look at Content-Type alone.'))],
    run: (context, _state: SdpOps, sloppy) =>
      sloppy ? (mentionsSdp(context.message) ? 1 : -1) : withSdp(context, 'sdp_content', () => 1),
  }),
  sdp_iterator_start: fn({
    summary: 'Starts an iterator over the lines of the description.',
    routes: 'any',
    args: [iterator],
    run: (context, state: SdpOps, name) =>
      withSdp(context, 'sdp_iterator_start', ({ places: [place] }) =>
        place === undefined
          ? -1
          : state.iterators.start(context, name, linePlaces(context.message.text, place.start, place.end)),
      ),
  }),
  sdp_iterator_next: iterating('Goes to the next line.', (state, context, name) => state.iterators.move(context, name, 1)),
  sdp_iterator_end: iterating('Ends an iterator.', (state, context, name) => state.iterators.end(context, name)),
  sdp_iterator_rm: iterating('Removes the line an iterator is at.', (state, context, name) => state.iterators.remove(context, name)),
  sdp_iterator_append: inserting('Puts a line behind the one an iterator is at.', true),
  sdp_iterator_insert: inserting('Puts a line in front of the one an iterator is at.', false),
}
