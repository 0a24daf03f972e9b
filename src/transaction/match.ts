/** Which transaction a request belongs to (RFC 3261 §17.2.3): by the branch of its top Via, or by the rules of RFC 2543. */
import { MAGIC_COOKIE } from '../sip/branch.ts'
import { HeaderType } from '../sip/header-name.ts'
import type { Via } from '../sip/headers/via.ts'
import type { SipMessage } from '../sip/message.ts'
import { ParseError } from '../sip/parse-error.ts'
import type { Transaction } from './transaction.ts'

const SEED = 0x811c9dc5
const PRIME = 0x01000193

/** A non-negative number that is the same for all requests of a transaction. */
export function requestKey(message: SipMessage, method: string): number {
  const { text } = message
  const via = message.firstVia()
  let hash = Math.imul(SEED ^ message.cseqNumber, PRIME) ^ method.length
  if (via !== undefined && hasCookie(via)) return mix(text, via.branchStart + MAGIC_COOKIE.length, via.branchEnd, hash) >>> 2
  const callId = message.placeOf(HeaderType.callId)
  if (callId >= 0) hash = mix(text, message.valueStart(callId), message.valueEnd(callId), hash)
  return hash >>> 2
}

function mix(text: string, start: number, end: number, seed: number): number {
  let value = seed
  for (let at = start; at < end; at++) value = Math.imul(value ^ text.charCodeAt(at), PRIME)
  return value ^ (value >>> 15)
}

/** A branch that is unique, by its first characters. */
export function hasCookie(via: Via): boolean {
  return via.branchEnd - via.branchStart > MAGIC_COOKIE.length && via.text.startsWith(MAGIC_COOKIE, via.branchStart)
}

/** What is compared beside the branch, as tm's parameters of these names say; 0 for no. */
export interface MatchRules {
  readonly ruri_matching: number
  readonly via1_matching: number
  readonly callid_matching: number
  readonly callid_cseq_matching: number
}

/** False for a reply whose Call-ID, or CSeq number, is not the request's, where the rules look at these. */
export function isReplyOfCall(transaction: Transaction, reply: SipMessage, rules: MatchRules): boolean {
  const { callid_matching, callid_cseq_matching } = rules
  if (callid_matching === 0 && callid_cseq_matching === 0) return true
  const { request } = transaction
  if (request.callId() !== reply.callId()) return false
  return callid_cseq_matching === 0 || request.cseqNumber === reply.cseqNumber
}

/** Whether a request is part of a transaction whose request has that method. */
export function isSameRequest(transaction: Transaction, message: SipMessage, method: string, rules: MatchRules): boolean {
  const { request } = transaction
  if (request.method !== method || request.cseqNumber !== message.cseqNumber) return false
  const mine = request.firstVia()
  const theirs = message.firstVia()
  if (mine === undefined || theirs === undefined || request.callId() !== message.callId()) return false
  if (!hasCookie(theirs)) return !hasCookie(mine) && isSameByOldRules(transaction, message, method, rules)
  if (mine.branch !== theirs.branch || !isSameSender(mine, theirs)) return false
  // The ACK to a 2xx is a transaction of its own, even where a client does not give it a branch of its own.
  return message.method !== 'ACK' || transaction.status >= 300
}

function isSameSender(mine: Via, theirs: Via): boolean {
  return mine.port === theirs.port && mine.host.toLowerCase() === theirs.host.toLowerCase() && mine.transport === theirs.transport
}

/** The ACK to a failure has the tag of the reply; the one to a 2xx is a transaction of its own. */
function isAckToReply(transaction: Transaction, message: SipMessage): boolean {
  if (transaction.status < 300) return false
  return transaction.toTag === '' || tagOf(message) === transaction.toTag
}

/** RFC 2543: From, Call-ID, CSeq, Request-URI, To and top Via; an ACK has the tag of the reply in To, and a Via of its own. */
function isSameByOldRules(transaction: Transaction, message: SipMessage, method: string, rules: MatchRules): boolean {
  const { request } = transaction
  if (request.value(HeaderType.from) !== message.value(HeaderType.from)) return false
  if (rules.ruri_matching !== 0 && request.requestUri !== message.requestUri) return false
  if (message.method === 'ACK' && method === 'INVITE') return isAckToReply(transaction, message)
  return request.value(HeaderType.to) === message.value(HeaderType.to) && (rules.via1_matching === 0 || isSameVia(request, message))
}

function isSameVia(request: SipMessage, message: SipMessage): boolean {
  const mine = request.firstVia()
  const theirs = message.firstVia()
  return mine !== undefined && theirs !== undefined && isSameSender(mine, theirs) && mine.branch === theirs.branch
}

function tagOf(message: SipMessage): string {
  const to = message.to()
  return to === undefined || to instanceof ParseError ? '' : to.tag ?? ''
}
