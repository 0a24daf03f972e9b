/** REGISTERs of accounts (RFC 3261 §10.2): when they are due, and what comes of them. */
import { every } from '../../runtime/timer-process.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { SipMessage } from '../../sip/message.ts'
import { ParseError } from '../../sip/parse-error.ts'
import type { LocalRequest } from '../tm/api.ts'
import { challengeOf, dialogOf } from './challenge.ts'
import { authorizationLine } from './credentials.ts'
import { readAccounts } from './load-accounts.ts'
import { RegFlag, type Registration } from './registration.ts'
import type { Registrations } from './registrations.ts'
import { bracketed, socketFor } from './send.ts'
import type { Uac } from './state.ts'

/** The start waits so long for the table. */
const LOAD_WAIT_MS = 2000
/** Timers run so much late, at most. */
const MARGIN_SECONDS = 3
/** So many REGISTERs leave before the server looks at what else there is to do. */
const SENT_AT_ONCE = 100
const CSEQ_MAX = 2147483638
/** A Call-ID of so many bytes is not used again. */
const CALL_ID_MAX = 90

/** Registers what is due, now and from time to time. */
export async function startRegistrations(uac: Uac, registrations: Registrations): Promise<void> {
  const { host, params } = uac
  const turn = async (): Promise<void> => {
    if (!registrations.isLoaded) await load(uac, registrations)
    await registerDue(uac, registrations)
  }
  let stopWait = (): void => undefined
  let stopFirst = (): void => undefined
  const stopNext = every(host.clock, Math.max(params.reg_timer_interval, 1) * 1000, turn)
  registrations.stopTimer = () => {
    stopWait()
    stopFirst()
    stopNext()
  }
  const loading = load(uac, registrations).then(() => {
    // Behind the start: sockets are open then.
    stopFirst = host.clock.after(0, () => void registerDue(uac, registrations))
  })
  await Promise.race([loading, new Promise<void>((resolve) => {
    stopWait = host.clock.after(LOAD_WAIT_MS, resolve)
  })])
  stopWait()
}

/** Reads the table. One that cannot be read now is tried again with each turn. */
async function load(uac: Uac, registrations: Registrations): Promise<void> {
  if (registrations.isLoading) return
  registrations.isLoading = true
  const accounts = await readAccounts(uac, registrations)
  registrations.isLoading = false
  if (typeof accounts === 'string') {
    uac.host.log.error('uac', accounts)
    return
  }
  registrations.isLoaded = true
  for (const account of accounts) if (registrations.find(account.uuid ?? '') === undefined) registrations.add(account)
}

/** Looks through all accounts: those that are due are registered. */
async function registerDue(uac: Uac, registrations: Registrations): Promise<void> {
  const now = registrations.now()
  let count = 0
  for (const registration of registrations.all()) {
    if (!isDue(uac, registrations, registration, now)) continue
    void sendRegister(uac, registrations, registration, now)
    if (++count % SENT_AT_ONCE === 0) await new Promise<void>((resolve) => uac.host.clock.after(0, resolve))
  }
}

function isDue({ params }: Uac, registrations: Registrations, registration: Registration, now: number): boolean {
  if (registration.expires === 0) return false
  if (registration.has(RegFlag.ongoing)) {
    if (registration.timerExpires > now - params.reg_retry_interval) return false
    registration.clear(RegFlag.online | RegFlag.authSent)
  }
  if (!registrations.isActive || registration.has(RegFlag.disabled)) return false
  if (!registration.has(RegFlag.started)) {
    if (registration.delay > 0 && now < registration.madeAt + registration.delay) return false
    registration.set(RegFlag.started)
  }
  return registration.timerExpires <= now + params.reg_timer_interval + MARGIN_SECONDS
}

export function sendRegister(uac: Uac, registrations: Registrations, registration: Registration, now: number): void | Promise<void> {
  const { tm, params } = uac
  const { remoteUser, remoteDomain } = registration.account
  registration.timerExpires = now
  registration.set(RegFlag.ongoing)
  registrations.active.increment(-1)
  const address = bracketed(`sip:${remoteUser ?? ''}@${remoteDomain ?? ''}`)
  const { callId, cseq } = registration
  const isFollowing = params.reg_keep_callid !== 0 && registration.has(RegFlag.online) && cseq > 0 && cseq < CSEQ_MAX && callId !== ''
  const fromTag = (isFollowing && registration.fromTag) || tm.newFromTag()
  if (isFollowing) registration.fromTag = fromTag
  const request: LocalRequest = {
    ...commonParts(uac, registration),
    to: address,
    from: `${address};tag=${fromTag}`,
    headers: contactLines(registration),
    onFinal: (status, reply) => void registered(uac, registrations, registration.uuid, status, reply),
    ...(isFollowing ? { callId, cseq: cseq + 1 } : {}),
  }
  registration.clear(RegFlag.online)
  const sent = tm.send(request)
  const ended = (result: number): void => {
    if (result >= 0) return
    uac.host.log.error('uac', `failed to send request for [${registration.uuid}]`)
    if (params.reg_retry_interval !== 0) registration.timerExpires = now + params.reg_retry_interval
    else disable(registrations, registration)
    registration.clear(RegFlag.ongoing)
  }
  return sent instanceof Promise ? sent.then(ended) : ended(sent)
}

function commonParts(uac: Uac, { account }: Registration): Pick<LocalRequest, 'method' | 'uri' | 'nextHop' | 'socket' | 'body'> {
  return {
    method: 'REGISTER', uri: registrarUri(account.remoteDomain), nextHop: account.proxy || undefined,
    socket: socketFor(uac, account.socket ?? ''), body: '',
  }
}

const registrarUri = (domain: string | null): string => `sip:${domain ?? ''}`

function contactLines({ account, uuid, expires }: Registration): string {
  return `Contact: <sip:${uuid}@${account.contactAddress ?? ''}>\r\nExpires: ${expires}\r\n`
}

function disable(registrations: Registrations, registration: Registration): void {
  registration.set(RegFlag.disabled)
  registrations.disabled.increment()
}

/** What came of a REGISTER. */
type Outcome = 'done' | 'failed' | 'sent again'

/** The final answer to a REGISTER; the account may have gone, or come anew, meanwhile. */
async function registered(
  uac: Uac, registrations: Registrations, uuid: string, status: number, reply: SipMessage | undefined,
): Promise<void> {
  const registration = registrations.find(uuid)
  if (registration !== undefined) {
    const outcome = await outcomeOf(uac, registrations, registration, status, reply)
    if (outcome === 'sent again') return
    if (outcome === 'failed') {
      const { reg_retry_interval: retry } = uac.params
      if (retry !== 0) registration.timerExpires = registrations.now() + retry
      else disable(registrations, registration)
      registration.cseq = 0
    }
    registration.clear(RegFlag.ongoing | RegFlag.authSent)
  }
  registrations.active.increment()
}

function outcomeOf(
  uac: Uac, registrations: Registrations, registration: Registration, status: number, reply: SipMessage | undefined,
): Outcome | Promise<Outcome> {
  if (status === 200 && reply !== undefined) return accepted(uac, registration, reply)
  if ((status === 401 || status === 407) && reply !== undefined) return challenged(uac, registrations, registration, status, reply)
  if (status === 423 && reply !== undefined) {
    const least = wholeNumber(reply.value(HeaderType.minExpires))
    registration.expires = least ?? registration.expires * 2
    return 'done'
  }
  return failed(uac, `got sip response ${status} while registering [${registration.uuid}]`)
}

function failed({ host }: Uac, ...problems: readonly string[]): 'failed' {
  for (const problem of problems) host.log.error('uac', problem)
  return 'failed'
}

/** A 200: the own Contact tells for how long. */
function accepted(uac: Uac, registration: Registration, reply: SipMessage): Outcome {
  reply.headers()
  if (reply.error !== undefined) return failed(uac, 'failed to parse headers')
  if (!reply.has(HeaderType.contact)) return failed(uac, 'no Contact found')
  const contacts = reply.addresses(HeaderType.contact)
  if (contacts instanceof ParseError) return failed(uac, 'failed to parse Contact HF')
  if (contacts[0]?.isStar === true) return 'done'
  for (const contact of contacts) {
    const uri = contact.parsedUri()
    if (uri instanceof ParseError) return failed(uac, 'failed to parse c-uri')
    if (uri.user !== registration.uuid) continue
    const expires = wholeNumber(contact.param('expires') || reply.value(HeaderType.expires)) ?? 0
    registration.timerExpires += expires
    registration.set(RegFlag.online)
    const callId = reply.callId() ?? ''
    if (uac.params.reg_keep_callid !== 0 && callId.length < CALL_ID_MAX) {
      if (registration.callId !== callId) registration.fromTag = ''
      registration.callId = callId
      registration.cseq = reply.cseq()?.number ?? 0
    }
    return 'done'
  }
  return 'done'
}

function wholeNumber(text: string | undefined): number | undefined {
  return text === undefined || !/^\s*[0-9]+/.test(text) ? undefined : Number.parseInt(text, 10)
}

/** Answers a challenge, once, and for the account's own realm only. */
function challenged(
  uac: Uac, registrations: Registrations, registration: Registration, status: number, reply: SipMessage,
): Outcome | Promise<Outcome> {
  const { account, uuid } = registration
  if (registration.has(RegFlag.authSent)) return failed(uac, `authentication failed for <${uuid}>`)
  const challenge = challengeOf(reply, status)
  if (!('realm' in challenge)) return failed(uac, ...challenge)
  if (account.realm && account.realm !== challenge.realm) {
    return failed(uac, `realms do not match. requested realm: [${challenge.realm}]`)
  }
  const dialog = dialogOf(reply)
  if (dialog === undefined) return failed(uac, 'failed to build tm dialog')
  const parts = commonParts(uac, registration)
  const line = authorizationLine({
    code: status, method: 'REGISTER', uri: parts.uri, user: account.authUser ?? '', password: account.ha1 || account.password || '',
    isHashed: Boolean(account.ha1), challenge,
  })
  registration.set(RegFlag.authSent)
  const sent = uac.tm.send({
    ...parts,
    to: bracketed(dialog.to),
    from: `${bracketed(dialog.from)};tag=${dialog.fromTag || uac.tm.newFromTag()}`,
    callId: dialog.callId,
    cseq: dialog.cseq + 1,
    headers: contactLines(registration) + line,
    onFinal: (code, last) => void registered(uac, registrations, uuid, code, last),
  })
  const ended = (result: number): Outcome =>
    result < 0 ? failed(uac, `failed to send request with authentication for [${uuid}]`) : 'sent again'
  return sent instanceof Promise ? sent.then(ended) : ended(sent)
}
