/** avp_pushto(). */
import { arg, type Arg } from '../../define/define.ts'
import { ownText } from '../../base/own-text.ts'
import { ownBranch } from '../../runtime/branches.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { withHost, withUser } from '../../sip/rewrite-uri.ts'
import type { Operand } from './operand.ts'
import type { Avpops } from './state.ts'

type Target = 'uri' | 'username' | 'domain' | 'destination' | 'branch'

export const pushTargetArg: Arg<Target> = arg.custom('target', '$ru, $ru/username, $ru/domain, $du or $br.', (text) => {
  const match = /^\$(ru|du|br)(?:\/(username|domain))?$/.exec(text)
  if (match === null) return `'${text}' is no target: there are $ru, $ru/username, $ru/domain, $du and $br`
  const [, variable, part] = match
  if (part !== undefined && variable !== 'ru') return `$${variable} has no parts here`
  if (part === 'username' || part === 'domain') return { fixed: part }
  return { fixed: variable === 'ru' ? 'uri' : variable === 'du' ? 'destination' : 'branch' }
})

/** Of several values the last one stays in the message; for a URI those before it become branches. */
export function pushTo(context: RouteContext, state: Avpops, target: Target, operand: Operand): number {
  let isFirst = true
  for (const value of operand.values(context, operand.isAll)) {
    if (!isFirst && target !== 'destination' && target !== 'branch' && !addBranch(context, context.message.uri)) return -1
    if (!push(context, state, target, String(value))) return -1
    isFirst = false
  }
  return isFirst ? -1 : 1
}

function push(context: RouteContext, { host }: Avpops, target: Target, text: string): boolean {
  const { message } = context
  if (target === 'branch') return addBranch(context, text)
  if (target === 'destination') message.setDestination(ownText(text))
  else if (target === 'uri') message.setUri(ownText(text))
  else {
    const uri = message.parsedUri()
    if (uri instanceof ParseError) {
      host.log.error('avpops', `the Request-URI cannot be read: ${uri.reason}`)
      return false
    }
    message.setUri(target === 'username' ? withUser(uri, text) : withHost(uri, text))
  }
  return true
}

function addBranch(context: RouteContext, uri: string): boolean {
  const branch = { ...ownBranch(context), uri: ownText(uri), q: -1 }
  return context.branches.append(branch, context.host.settings.max_branches)
}
