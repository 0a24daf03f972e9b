/** What a record says of a transaction or request. */
import type { RouteContext } from '../../runtime/context.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { NameAddr } from '../../sip/headers/name-addr.ts'
import { ParseError } from '../../sip/parse-error.ts'

export interface AccRecord {
  readonly method: string
  readonly fromTag: string
  readonly toTag: string
  readonly callId: string
  readonly code: string
  readonly reason: string
  /** In milliseconds since 1970. */
  readonly atMs: number
}

/** What came of it. */
export interface Outcome {
  readonly code: string
  readonly reason: string
  /** The To header that counts, where it is not the request's own. */
  readonly to?: NameAddr | undefined
  /** For a To without tag. */
  readonly localTag?: string
  /** The called side sent the request: From and To change places. */
  readonly isUpstream?: boolean
}

/** Undefined when the request's headers cannot be read. */
export function recordOf(context: RouteContext, message: SipMessage, outcome: Outcome): AccRecord | undefined {
  const from = message.from()
  const ownTo = message.to()
  const cseq = message.cseq()
  if (from === undefined || from instanceof ParseError || ownTo instanceof ParseError || cseq === undefined) {
    context.host.log.error('acc', 'failed to preparse request')
    return undefined
  }
  const to = outcome.to ?? ownTo
  const [first, second] = outcome.isUpstream === true ? [to, from] : [from, to]
  return {
    method: cseq.method,
    fromTag: first?.tag ?? '',
    toTag: second?.tag || outcome.localTag || '',
    callId: message.callId() ?? '',
    code: outcome.code,
    reason: outcome.reason,
    atMs: context.host.clock.now(),
  }
}

/** `404 Not Found` of a script: three digits at the start are the status. */
export function outcomeOf(comment: string): Outcome {
  if (!/^[0-9]{3}/.test(comment)) return { code: '', reason: comment }
  return { code: comment.slice(0, 3), reason: comment.slice(3).replace(/^[ \t\n\v\f\r]+/, '') }
}
