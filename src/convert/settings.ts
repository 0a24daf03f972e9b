/** What of a configuration its routes are not, for the cfg that goes with the script: its text as it stands, without the routes. */
import type { Route } from '../script/ast.ts'
import type { ParsedConfig } from '../script/parse.ts'
import type { Converted } from './convert.ts'

/** The file's text without its routes, with `defines` at its head (those of the command line) and `lines` at its end. */
export function settingsText(
  parsed: ParsedConfig, lines: readonly string[], defines: ReadonlyMap<string, string | undefined> = new Map(),
): string {
  const [main] = parsed.sources.values()
  if (main === undefined) return ''
  const routes = parsed.config.items.filter((item): item is Route => item.kind === 'route' && item.span.file === main.path)
  let text = ''
  let at = 0
  const offset = (line: number, column: number): number => (main.lineStarts[line - 1] ?? main.text.length) + column - 1
  for (const { span } of routes) {
    text += main.text.slice(at, offset(span.line, span.column))
    at = offset(span.endLine, span.endColumn)
  }
  text += main.text.slice(at)
  const head = [...defines].map(([name, value]) => `#!trydef ${name}${value === undefined ? '' : ` ${value}`}\n`).join('')
  const first = /^#!(?:KAMAILIO|OPENSER|SER|MAXCOMPAT|ALL)[^\n]*\n/.exec(text)?.[0] ?? ''
  text = first + head + text.slice(first.length)
  return `${text.replace(/\n{3,}/g, '\n\n').trimEnd()}\n\n${lines.join('\n')}\n`
}

/** What the cfg has to tell the server about the script. */
export function scriptLines({ events, learned }: Pick<Converted, 'events' | 'learned'>): readonly string[] {
  const lines = events.map(({ module, param, name }) =>
    (module === '' ? `kemi.${param} = "${name}"` : `modparam("${module}", "${param}", "${name}")`))
  if (learned.length === 0) return lines
  const told = '# Never run: modules learn from it what the script will ask them for.'
  return [...lines, told, `route[LEARNED_BY_MODULES] { ${learned.join(' ')} }`]
}
