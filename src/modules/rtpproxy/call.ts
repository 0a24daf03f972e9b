/** What names a call towards a proxy: Call-ID, tags, and perhaps a branch. */
import type { RouteContext } from '../../runtime/context.ts'
import type { NameAddr } from '../../sip/headers/name-addr.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { DEFAULT_SET, noteOf, refuse, type RtpProxy } from './state.ts'
import type { ProxyNode } from './node.ts'
import { selectNode } from './select-node.ts'

export interface Call {
  readonly callId: string
  readonly fromTag: string
  /** Empty where there is none yet. */
  readonly toTag: string
}

/** Undefined, with a line in the log, when the message does not name one. */
export function callOf(state: RtpProxy, { message }: RouteContext): Call | undefined {
  const callId = message.callId() ?? ''
  const to = message.to()
  const fromTag = tagOf(message.from())
  if (callId !== '' && to !== undefined && !(to instanceof ParseError) && fromTag !== '') return { callId, fromTag, toTag: tagOf(to) }
  refuse(state, callId === '' ? "can't get Call-Id field" : fromTag === '' ? "can't get From tag" : "can't get To tag")
  return undefined
}

function tagOf(address: NameAddr | ParseError | undefined): string {
  return address === undefined || address instanceof ParseError ? '' : address.tag ?? ''
}

/** Which Via's branch stands behind the Call-ID: 0 for none. */
export type ViaNumber = 0 | 1 | 2

/** `;branch` or `;id` behind the Call-ID, or nothing; undefined, with a line in the log, when there is no such branch. */
export function suffixOf(state: RtpProxy, context: RouteContext, via: ViaNumber, hasExtraId: boolean): string | undefined {
  if (via === 0) return hasExtraId && state.extraId !== undefined ? `;${state.extraId.evaluate(context)}` : ''
  const branch = context.message.via(via - 1)?.branch
  if (branch !== undefined && branch !== '') return `;${branch}`
  refuse(state, "can't get Via branch")
  return undefined
}

/** The proxy for a call, of the set that the script has chosen; undefined, with a line in the log, when none can be used. */
export async function nodeFor(state: RtpProxy, { message }: RouteContext, callId: string): Promise<ProxyNode | undefined> {
  const set = noteOf(message).set ?? state.sets.byId(DEFAULT_SET)
  const node = set === undefined ? undefined : await selectNode(state, set, callId)
  if (set === undefined) refuse(state, 'script error -no valid set selected')
  if (node === undefined) refuse(state, 'no available proxies')
  return node
}
