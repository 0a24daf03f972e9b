import type { RouteContext } from '../../runtime/context.ts'
import { substitute, type SubstExpression } from '../../runtime/subst-expression.ts'
import { ParseError } from '../../sip/parse-error.ts'

/** Substitutes in the user of the Request-URI; -1 when nothing matches or the URI cannot be read. */
export function substUser(context: RouteContext, expression: SubstExpression): number {
  const { message } = context
  const uri = message.parsedUri()
  if (uri instanceof ParseError) return -1
  const changed = substitute(context, expression, uri.user)
  if (changed === undefined) return -1
  const start = uri.scheme.length + 1
  const rest = uri.hasUser ? message.uri.slice(start + uri.user.length) : `@${message.uri.slice(start)}`
  message.setUri(`${message.uri.slice(0, start)}${changed}${rest}`)
  return 1
}
