/**
 * A `.table`: many one-line checks that become one cfg and run on one message. Lines:
 *
 *     = $(rU{s.len})            the text, as a format string, is logged
 *     : 1 + "2"                 the expression is assigned to a variable and logged
 *     ? $rU == "bob"            true or false
 *     f is_method("INVITE")     the function is called and $rc logged
 *     ! $var(x) = "abc";        a statement, run as it stands
 *
 * What stands above a line `---` is cfg: loadmodule, modparam, routes. Without a request_route of its own the table is run for
 * every request; a cfg with one calls `route(TABLE)`.
 */
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { caseFromText } from './case-file.ts'
import type { Case } from './case-file.ts'

const checkCode = (kind: string, text: string, line: number): string => {
  const log = (value: string): string => `xlog("L${line} => ${value}\\n");`
  switch (kind) {
    case '=': return log(text.replace(/\\/g, '\\\\').replace(/"/g, '\\"'))
    case ':': return `$vn(r) = $null; $vn(r) = ${text}; ${log('$vn(r)')}`
    case '?': return `if (${text}) { ${log('true')} } else { ${log('false')} }`
    case 'f': return `${text}; ${log('$rc')}`
    case '!': return text
    default: throw new Error(`line ${line}: a check begins with one of = : ? f !`)
  }
}

/** The cfg of a table. Each check stays on the line it has in the file, so that Kamailio's error messages fit. */
export const tableCfg = (text: string): string => {
  const lines = text.split('\n')
  const split = lines.indexOf('---')
  const head = lines.slice(0, split)
  const checks = lines.slice(split + 1).map((line, index) => line === '' || line.startsWith('#')
    ? ''
    : checkCode(line[0] ?? '', line.slice(2), split + 2 + index))
  const own = head.some((line) => line.startsWith('request_route'))
  const route = own ? '' : 'request_route { route(TABLE); } '
  return [...head, `${route}route[TABLE] {`, ...checks, 'return;', '}', ''].join('\n')
}

export interface Table extends Case {
  /** The table's own lines, for showing a check beside its result. */
  tableLines: string[]
}

export const readTable = (path: string): Table => {
  const text = readFileSync(path, 'latin1')
  const traffic = path.replace(/\.table$/, '.traffic')
  const name = `${basename(dirname(path))}/${basename(path, '.table')}`
  const item = caseFromText(name, path, tableCfg(text), existsSync(traffic) ? readFileSync(traffic, 'latin1') : null)
  return { ...item, tableLines: text.split('\n') }
}

/** Puts the check itself beside each logged result. */
export const explainTable = (report: string, lines: string[]): string =>
  report.replace(/<script>: L(\d+) =>/g, (whole, line) => `${whole.replace(' =>', '')}  ${lines[Number(line) - 1] ?? ''}  =>`)
