import type { RouteContext } from '../../runtime/context.ts'
import { changeUri, type UriChange } from './uri-rewriting.ts'

/** Changes a part of the Request-URI; -1 and a log line when it cannot be read. */
export function rewrite(context: RouteContext, change: UriChange): number {
  const { message, host } = context
  const changed = changeUri(message.uri, change)
  if (typeof changed !== 'string') {
    host.log.error('<core>', `do_action(): bad uri <${message.uri}>, dropping packet`)
    context.errorCode = -479
    return -1
  }
  message.setUri(changed)
  return 1
}

export function stripUser(context: RouteContext, part: 'strip' | 'strip_tail', count: number): number {
  const uri = context.message.parsedUri()
  if ('user' in uri && uri.user.length < count) {
    context.host.log.warning('<core>', `do_action(): too long strip asked; deleting username: ${count} of <${uri.user}>`)
  }
  return rewrite(context, { part, count })
}
