import { ownText } from '../../base/own-text.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { HeaderType } from '../../sip/header-name.ts'
import type { NameAddr } from '../../sip/headers/name-addr.ts'
import { ParseError } from '../../sip/parse-error.ts'
import type { ClientBranch } from '../../transaction/client-branch.ts'
import type { Redirect } from './uac_redirect.ts'

const UNLIMITED = 0

/** Adds the accepted contacts of all redirections as branches: 1 when there was one, else -1. */
export function takeContacts(
  state: Redirect, context: RouteContext, total: number, perBranch: number, accepts: (uri: string) => boolean,
  account?: () => void,
): number {
  const { transaction, host } = context
  if (!transaction) return -1
  let count = 0
  for (const branch of transaction.branches) {
    // Each redirection is followed once.
    if (branch.isRedirectFollowed || !(branch.lastStatus >= 300 && branch.lastStatus < 400)) continue
    branch.isRedirectFollowed = true
    const left = total === UNLIMITED ? Infinity : total - count
    const limit = Math.min(left, perBranch === UNLIMITED ? Infinity : perBranch)
    // The best ones are taken, and added with the best one last.
    for (const contact of contactsOf(state, branch, accepts).slice(0, limit).reverse()) {
      const added = context.branches.append(
        {
          uri: ownText(contact.address.uri), dstUri: '', path: '', q: contact.q, socket: undefined, flags: flagsOf(state, contact.address),
          instance: '', regId: 0, ruid: '', locationUserAgent: '',
        },
        host.settings.max_branches,
      )
      if (!added) {
        host.log.error('uac_redirect', 'failed to add branch to dset')
        break
      }
      count++
      if (account !== undefined) accountFor(context, contact.address.uri, account)
    }
  }
  return count > 0 ? 1 : -1
}

/** Accounts it as if the request went there already. */
function accountFor({ message }: RouteContext, uri: string, account: () => void): void {
  const before = message.newUri
  message.newUri = uri
  account()
  message.newUri = before
}

interface Contact {
  readonly address: NameAddr
  /** In thousandths. */
  readonly q: number
}

/** The highest q first. */
function contactsOf(state: Redirect, { reply }: ClientBranch, accepts: (uri: string) => boolean): readonly Contact[] {
  if (reply === undefined || reply === 'faked') return []
  const addresses = reply.addresses(HeaderType.contact)
  if (addresses instanceof ParseError) return []
  return addresses
    .filter((address) => !address.isStar && accepts(address.uri))
    .map((address) => ({ address, q: qOf(address.param('q')) ?? state.params.q_value }))
    .sort((left, right) => right.q - left.q)
}

function qOf(text: string | undefined): number | undefined {
  return text === undefined || !/^[01]?(?:\.\d{0,3})?$/.test(text) ? undefined : Math.round(Number(text) * 1000)
}

/** flags_hdr_mode: none, in place of bflags, or beside them. */
function flagsOf({ params }: Redirect, address: NameAddr): number {
  const text = address.param('flags')
  const own = params.flags_hdr_mode === 0 || text === undefined || !/^\d+$/.test(text) ? undefined : Number(text) >>> 0
  if (own === undefined) return params.bflags
  return params.flags_hdr_mode === 2 ? (own | params.bflags) >>> 0 : own
}
