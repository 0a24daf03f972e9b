/** The reply to a registration: its headers and how it is sent. */
import type { RouteContext } from '../../runtime/context.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { hasOptionTag } from '../../sip/headers/option-tags.ts'
import type { SipMessage } from '../../sip/message.ts'
import { Failures, REASONS, type Failure } from './failure.ts'
import { registrationOf, type Registrar } from './state.ts'

const PathMode = { off: 0, lazy: 1, strict: 2 } as const
const OutboundMode = { none: 0, supported: 1, required: 2 } as const

/** Puts the headers into place and, unless they are only to be prepared, sends the reply. False when it cannot be sent. */
export function replyTo(registrar: Registrar, context: RouteContext, isSent = true): boolean {
  const { message } = context
  const registration = registrationOf(registrar, message)
  if (registration.contacts !== '') message.addReplyHeader(registration.contacts)
  registration.contacts = ''
  if (registration.failure === undefined) registration.failure = addHeaders(registrar, message)
  else addFailureHeaders(registrar, message, registration.failure)
  const { failure } = registration
  const status = failure?.status ?? 200
  if (failure !== undefined) message.addReplyHeader(`P-Registrar-Error: ${failure.text}\r\n`)
  const { retry_after } = registrar.params
  if (status >= 500 && retry_after !== 0) message.addReplyHeader(`Retry-After: ${retry_after}\r\n`)
  if (!isSent) return true
  const reason = REASONS[status] ?? ''
  if (registrar.sl.replyInTransaction(context, status, reason) > 0) return true
  registrar.host.log.error('registrar', `failed to send ${status} ${reason}`)
  return false
}

const supports = (message: SipMessage, tag: string): boolean =>
  message.has(HeaderType.supported) && hasOptionTag(message, HeaderType.supported, tag)

const requires = (message: SipMessage, tag: string): boolean =>
  message.has(HeaderType.require) && hasOptionTag(message, HeaderType.require, tag)

/** Of a registration that was taken; Path may still be in its way. */
function addHeaders({ params }: Registrar, message: SipMessage): Failure | undefined {
  const { pathVector } = message
  let failure: Failure | undefined
  if (params.use_path !== 0 && pathVector !== undefined && params.path_mode !== PathMode.off) {
    const isSupported = supports(message, 'path')
    if (!isSupported && params.path_mode === PathMode.strict) {
      failure = Failures.pathUnsupported
      message.addReplyHeader('Unsupported: path\r\n')
    }
    if (isSupported || failure !== undefined) message.addReplyHeader(`Path: ${pathVector}\r\n`)
  }
  addOutboundHeaders(params.outbound_mode, params.flow_timer, message)
  return failure
}

function addOutboundHeaders(mode: number, flowTimer: number, message: SipMessage): void {
  if (mode === OutboundMode.none) return
  const isUsed = mode === OutboundMode.required || requires(message, 'outbound') || supports(message, 'outbound')
  if (mode === OutboundMode.required) message.addReplyHeader('Require: outbound\r\n')
  message.addReplyHeader('Supported: outbound\r\n')
  if (!isUsed) return
  if (mode === OutboundMode.supported) message.addReplyHeader('Require: outbound\r\n')
  if (flowTimer > 0) message.addReplyHeader(`Flow-Timer: ${flowTimer}\r\n`)
}

function addFailureHeaders({ params }: Registrar, message: SipMessage, failure: Failure): void {
  if (failure === Failures.outboundUnsupported) {
    message.addReplyHeader('Require: outbound\r\n')
    message.addReplyHeader('Supported: outbound\r\n')
  } else if (failure === Failures.outboundRequired) message.addReplyHeader('Unsupported: outbound\r\n')
  else if (failure === Failures.lowExpires) message.addReplyHeader(`Min-Expires: ${params.min_expires}\r\n`)
}
