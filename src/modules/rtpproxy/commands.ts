/** Commands about a call that goes through a proxy already: its end, recording, prompts, figures. */
import type { RouteContext } from '../../runtime/context.ts'
import { callOf, nodeFor, suffixOf, type Call } from './call.ts'
import { parseFlags } from './flags.ts'
import type { ProxyNode } from './node.ts'
import { ask } from './select-node.ts'
import { noteOf, refuse, tellInstance, type RtpProxy } from './state.ts'

/** The call is over. 1 also when the proxy does not answer. */
export async function destroy(state: RtpProxy, context: RouteContext, text: string): Promise<number> {
  const flags = parseFlags(text, !context.message.isRequest)
  if (typeof flags === 'string') return refuse(state, `unknown option \`${flags}'`)
  const call = callOf(state, context)
  const suffix = call === undefined ? undefined : suffixOf(state, context, flags.via, flags.hasExtraId)
  if (call === undefined || suffix === undefined) return -1
  const toTag = flags.ignoresToTag || call.toTag === '' ? '' : ` ${call.toTag}`
  return tell(state, context, call, () => `D ${call.callId}${suffix} ${call.fromTag}${toTag}`)
}

export async function startRecording(state: RtpProxy, context: RouteContext): Promise<number> {
  const call = callOf(state, context)
  if (call === undefined) return -1
  const { isRequest } = context.message
  if (!isRequest && call.toTag === '') return -1
  const tags = isRequest ? [call.fromTag, call.toTag] : [call.toTag, call.fromTag]
  return tell(state, context, call, () => `R ${call.callId} ${tags.filter((tag) => tag !== '').join(' ')}`)
}

/** A prompt for one side, so many times; -1 for ever. */
export async function play(state: RtpProxy, context: RouteContext, prompt: string, count: number, isForCaller: boolean): Promise<number> {
  return stream(state, context, isForCaller, (call, tags) => `P${count} ${call.callId} ${prompt} session ${tags}`)
}

export async function stopPlaying(state: RtpProxy, context: RouteContext, isForCaller: boolean): Promise<number> {
  return stream(state, context, isForCaller, (call, tags) => `S ${call.callId} ${tags}`)
}

function stream(
  state: RtpProxy, context: RouteContext, isForCaller: boolean, command: (call: Call, tags: string) => string,
): Promise<number> {
  const call = callOf(state, context)
  if (call === undefined || (!isForCaller && call.toTag === '')) return Promise.resolve(-1)
  const [first, second] = isForCaller ? [call.fromTag, call.toTag] : [call.toTag, call.fromTag]
  const tags = second === '' ? `${first};1 ` : `${first};1 ${second};1`
  return tell(state, context, call, (node) => (node.canPlay ? command(call, tags) : undefined))
}

const TOO_OLD = 'required functionality is not supported by the version of the RTPproxy running on the selected node.  ' +
  'Please upgrade the RTPproxy and try again.'

async function tell(state: RtpProxy, context: RouteContext, call: Call, command: (node: ProxyNode) => string | undefined): Promise<number> {
  const node = await nodeFor(state, context, call.callId)
  if (node === undefined) return -1
  const text = command(node)
  if (text === undefined) return refuse(state, TOO_OLD)
  tellInstance(state, context, node)
  await ask(state, node, text)
  return 1
}

/** Asks for the figures of the call, for `$rtpstat`. */
export async function query(state: RtpProxy, context: RouteContext): Promise<void> {
  const note = noteOf(context.message)
  note.statistics = undefined
  note.unasked = '<null>'
  const call = callOf(state, context)
  if (call === undefined) return
  const { isRequest } = context.message
  if (!isRequest && call.toTag === '') {
    note.unasked = ''
    return
  }
  const node = await nodeFor(state, context, call.callId)
  if (node === undefined) return
  const [first, second] = isRequest ? [call.fromTag, call.toTag] : [call.toTag, call.fromTag]
  tellInstance(state, context, node)
  note.statistics = await ask(state, node, second === '' ? `Q ${call.callId} ${first}` : `Q ${call.callId} ${first};1 ${second}`)
}
