import { arg, fn, type FunctionDef } from '../../define/define.ts'
import type { Channel, ChannelReply } from './api.ts'
import { handleMessage, isFromNode } from './handle.ts'
import { readNodeLine } from './node.ts'
import { replicate } from './replicate.ts'
import { broadcast, sendTo } from './send.ts'
import { CHANNELS_MAX, type Dmq } from './state.ts'

const ACCEPTED: ChannelReply = { code: 202, reason: 'Accepted DMQ' }
const goesOn = arg.optional(arg.int('continue', '1: the script goes on behind it.'))
const channelName = arg.str('channel', 'Name of the channel.')
const body = arg.str('body', 'Body of the message.')
const contentType = arg.str('content_type', 'MIME type of the body.')
const HANDLED = { 0: 'taken: the script ends', 1: 'taken, and the script is to go on', [-1]: 'no message of a channel' }

function fail({ host }: Dmq, problem: string): -1 {
  host.log.error('dmq', problem)
  return -1
}

/** A channel that scripts alone use: what comes on it is answered, and nothing else. */
function openChannel(dmq: Dmq, name: string): boolean {
  if (dmq.channels.has(name)) return true
  if (dmq.channels.size >= CHANNELS_MAX) return false
  const channel: Channel = { name, take: () => ACCEPTED }
  dmq.channels.set(name, channel)
  return true
}

function problemOf(channel: string, text: string, type: string): string | undefined {
  if (channel === '') return 'cannot get peer value'
  if (text === '') return 'cannot get body value'
  return type === '' ? 'cannot get content-type value' : undefined
}

const handling = (summary: string): FunctionDef<Dmq> =>
  fn({
    summary, returns: HANDLED, routes: ['request'], args: [goesOn],
    run: (context, dmq: Dmq, more) => handleMessage(dmq, context, (more ?? 0) !== 0),
  })

export const dmqFunctions: Readonly<Record<string, FunctionDef<Dmq>>> = {
  dmq_handle_message: handling('Hands a KDMQ request to the channel that its Request-URI names, and answers it.'),
  dmq_process_message: handling('The same as dmq_handle_message(), which waits for nobody here.'),
  dmq_send_message: fn({
    summary: 'Sends a message on a channel to one node.',
    routes: 'any',
    args: [channelName, arg.str('node', 'SIP URI of the node.'), body, contentType],
    run: (_context, dmq: Dmq, channel, address, text, type) => {
      const problem = problemOf(channel, text, type) ?? (address === '' ? 'cannot get dst value' : undefined)
      if (problem !== undefined) return fail(dmq, problem)
      const line = readNodeLine(address)
      const node = line === undefined ? undefined : dmq.nodes.find(line)
      if (!openChannel(dmq, channel)) return fail(dmq, `error in register_dmq_peer: there are ${CHANNELS_MAX} channels`)
      if (line === undefined) dmq.host.log.error('dmq', 'error parsing uri')
      if (node === undefined) return fail(dmq, `cannot find dmq_node: ${address}`)
      return sendTo(dmq, node, { channel, body: text, contentType: type }) ? 1 : fail(dmq, 'cannot send dmq message')
    },
  }),
  dmq_bcast_message: fn({
    summary: 'Sends a message on a channel to all other nodes that are active.',
    routes: 'any',
    args: [channelName, body, contentType],
    run: (_context, dmq: Dmq, channel, text, type) => {
      const problem = problemOf(channel, text, type)
      if (problem !== undefined) return fail(dmq, problem)
      if (!openChannel(dmq, channel)) return fail(dmq, `error in register_dmq_peer: there are ${CHANNELS_MAX} channels`)
      broadcast(dmq, { channel, body: text, contentType: type })
      return 1
    },
  }),
  dmq_t_replicate: fn({
    summary: 'Sends a copy of the request to all other nodes that are active, unless it came from one.',
    returns: { 0: 'copied: the script ends, as in Kamailio', [-1]: 'it came from a node, or could not be copied' },
    routes: ['request'],
    mayWait: true,
    args: [arg.optional(arg.str('skip_loop_test', '1: do not look where the request came from.'))],
    run: (context, dmq: Dmq, skips) => replicate(dmq, context, Number.parseInt(skips ?? '0', 10) > 0),
  }),
  dmq_is_from_node: fn({
    summary: 'Tells whether the request came from the address of another node.',
    routes: ['request'],
    args: [],
    run: (context, dmq: Dmq) => (isFromNode(dmq, context) ? 1 : -1),
  }),
}
