import { escapeUriParam } from '../sip/uri-escape.ts'
import type { RouteContext } from './context.ts'

const RichRedirect = { flags: 1, path: 2 } as const

/** The Contact of a redirection: the Request-URI, where it was rewritten, and the branches. */
export function redirectContact(context: RouteContext, mode: number): string {
  const { message, branches } = context
  const targets: string[] = []
  if (message.newUri !== undefined) {
    targets.push(redirectTarget(mode, message.newUri, branches.requestUriQ, message.pathVector ?? '', message.branchFlags))
  }
  for (const { uri, q, path, flags } of branches.list) targets.push(redirectTarget(mode, uri, q, path, flags))
  if (targets.length === 0) {
    context.host.log.warning('<core>', 'print_dset(): no r-uri or branches')
    return ''
  }
  return `Contact: ${targets.join(', ')}\r\n`
}

/** One contact; the mode is that of `rich_redirect`. */
function redirectTarget(mode: number, uri: string, q: number, path: string, flags: number): string {
  const route = (mode & RichRedirect.path) !== 0 && path !== '' ? escapeUriParam(path) : undefined
  return (
    `<${uri}${route === undefined ? '' : `?Route=${route}`}>${q >= 0 ? `;q=${qText(q)}` : ''}` +
    ((mode & RichRedirect.flags) !== 0 ? `;flags=${flags >>> 0}` : '')
  )
}

/** q as a header has it, from thousandths: 500 is `0.5`, 1000 is `1`. */
function qText(q: number): string {
  return q >= 1000 ? '1' : `0.${String(q).padStart(3, '0')}`.replace(/0+$/, '').replace(/\.$/, '')
}
