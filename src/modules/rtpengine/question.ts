/** The question to an engine about a message: what it is about, in the order that engines get it. */
import type { RouteContext } from '../../runtime/context.ts'
import { branchId } from '../../transaction/branch-id.ts'
import { statelessBranch } from '../../sip/branch.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { BencodeDictionary } from './bencode.ts'
import { addGathered, parseFlags, type EngineFlags, type ViaBranch } from './flags.ts'
import { offerBody, type OfferBody } from './offer-body.ts'
import { wholeCall, type Operation } from './operation.ts'
import { fail, type RtpEngine } from './state.ts'

export interface Question {
  readonly operation: Operation
  readonly dictionary: BencodeDictionary
  readonly callId: string
  /** Empty for none. */
  readonly branch: string
  /** The description in the message; undefined where there was none to look for. */
  readonly body: OfferBody | undefined
}

interface Party {
  readonly callId: string
  readonly fromTag: string
  readonly toTag: string
}

/** Undefined, with a line in the log, when the message does not have what is needed. `description` stands for that of the message. */
export function questionAbout(
  state: RtpEngine, context: RouteContext, wanted: Operation, text: string, description: string | undefined,
): Question | undefined {
  const party = partyOf(state, context)
  if (party === undefined) return undefined
  const dictionary = new BencodeDictionary().add('supports', ['load limit'])
  const isDescribed = wanted === 'offer' || wanted === 'answer'
  const read = isDescribed ? describe(state, context) : { text: '', body: undefined }
  if (read === undefined) return undefined
  if (isDescribed) dictionary.add('sdp', description ?? read.text)
  const flags = parseFlags(text, wanted)
  if (typeof flags === 'string') {
    fail(state, flags)
    return undefined
  }
  const { operation } = flags
  const callId = flags.callId ?? party.callId
  const fromTag = flags.fromTag ?? party.fromTag
  if (callId === '' && !isSip(context)) fail(state, "can't get Call-Id field")
  else if (fromTag === '' && !isSip(context)) fail(state, "can't get From tag")
  if (!isSip(context) && (callId === '' || fromTag === '')) return undefined
  for (const [key, value] of flags.own.entries) dictionary.add(key, value)
  if (read.body?.isFragment === true) flags.words.push('fragment')
  addGathered(dictionary, flags)
  dictionary.add('call-id', callId)
  const branch = viaBranch(state, context, flags.via)
  if (branch === undefined) {
    fail(state, "can't get Via branch/extra ID")
    return undefined
  }
  if (branch !== '') dictionary.add('via-branch', branch)
  addSource(dictionary, context)
  if (!addTags(state, dictionary, context, flags, { callId, fromTag, toTag: flags.toTag ?? party.toTag })) return undefined
  return { operation, dictionary: dictionary.add('command', operation), callId, branch, body: read.body }
}

const isSip = ({ message }: RouteContext): boolean => /^SIP\//i.test(message.version)

/** Other messages than SIP's (HTTP) have no call: the flags name one. */
function partyOf(state: RtpEngine, context: RouteContext): Party | undefined {
  if (!isSip(context)) return { callId: '', fromTag: '', toTag: '' }
  const { message } = context
  const callId = message.callId() ?? ''
  const to = message.to()
  const from = message.from()
  const fromTag = from === undefined || from instanceof ParseError ? '' : from.tag ?? ''
  const problem = callId === '' ? "can't get Call-Id field"
    : to === undefined || to instanceof ParseError ? "can't get To tag" : fromTag === '' ? "can't get From tag" : undefined
  if (problem === undefined && to !== undefined && !(to instanceof ParseError)) return { callId, fromTag, toTag: to.tag ?? '' }
  fail(state, problem ?? "can't get To tag")
  return undefined
}

/** The description: of the variable that read_sdp_pv names, or of the message. */
function describe(state: RtpEngine, context: RouteContext): { readonly text: string; readonly body: OfferBody | undefined } | undefined {
  if (state.readSdp !== undefined) return { text: String(state.readSdp.get(context) ?? ''), body: undefined }
  const body = offerBody(context.message)
  if ('start' in body) {
    const { log } = state.host
    if (body.isUntyped) log.warning('rtpengine', "the header Content-TYPE is absent!let's assume the content is text/plain ;-)")
    return { text: context.message.text.slice(body.start, body.end), body }
  }
  for (const reason of body) fail(state, reason)
  fail(state, "can't extract body from the message")
  return undefined
}

/** Empty for none; undefined when there is no such branch. */
function viaBranch(state: RtpEngine, context: RouteContext, via: ViaBranch): string | undefined {
  const { isRequest } = context.message
  const found = (text: string | undefined): string | undefined => (text === '' ? undefined : text)
  switch (via) {
    case 'none': return ''
    case 'first': return found(context.message.via(0)?.branch)
    case 'second': return found(context.message.via(1)?.branch)
    case 'auto': return viaBranch(state, context, isRequest ? 'first' : 'second')
    case 'extra': return found(state.extraId?.evaluate(context))
    case 'next': return nextBranch(state, context)
    case 'auto-next': return viaBranch(state, context, isRequest ? 'next' : 'first')
    case 'auto-extra': return viaBranch(state, context, isRequest ? 'extra' : 'first')
  }
}

/** The branch that the request will have on its next hop: replies bring it back in the first Via. */
function nextBranch({ tm }: RtpEngine, context: RouteContext): string | undefined {
  const transaction = tm?.transactionOf(context)
  if (tm !== undefined && transaction !== undefined) {
    return branchId(transaction.hashIndex, transaction.label, tm.layer.salt, transaction.branches.length)
  }
  const via = context.message.firstVia()
  return via === undefined ? undefined : statelessBranch(context.message, via)
}

function addSource(dictionary: BencodeDictionary, { message }: RouteContext): void {
  const { sourceAddress } = message.received
  dictionary.add('received-from', [sourceAddress.includes(':') ? 'IP6' : 'IP4', sourceAddress])
}

/** Who offers is `from-tag`, whatever way the message goes. */
function addTags(state: RtpEngine, dictionary: BencodeDictionary, context: RouteContext, flags: EngineFlags, party: Party): boolean {
  const { operation, isDirectional } = flags
  const { isRequest } = context.message
  if (wholeCall.has(operation)) {
    if (isDirectional) dictionary.add('from-tag', party.fromTag)
    return true
  }
  const isForward = isRequest ? operation !== 'answer' : operation === 'delete' || operation === 'answer'
  if (isForward || isDirectional) {
    dictionary.add('from-tag', party.fromTag)
    if (flags.hasToTag && party.toTag !== '') dictionary.add('to-tag', party.toTag)
    return true
  }
  if (party.toTag === '') {
    fail(state, 'No to-tag present')
    return false
  }
  dictionary.add('from-tag', party.toTag).add('to-tag', party.fromTag)
  return true
}
