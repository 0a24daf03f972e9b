/** The page: groups in a line, the commands of the chosen one below each other, and what the chosen command says. */
import { escapeHtml } from './answer-html.ts'
import type { Groups, Place } from './read-url.ts'

const STYLE = 'body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em;color:#222}' +
  'nav a{margin-right:1em}.chosen{font-weight:bold;text-decoration:none}' +
  'main{display:flex;gap:3em;margin-top:1.5em}ul{list-style:none;margin:0;padding:0}' +
  'pre{background:#f4f4f4;padding:1em;overflow:auto}input[name=arg]{width:24em}'

export interface Shown {
  readonly product: string
  readonly root: string
  readonly groups: Groups
  readonly place: Place
  /** Status and reason of the command that was run; empty when none was. */
  readonly heading: string
  /** Lines of HTML. */
  readonly result: string
}

export function page({ product, root, groups, place, heading, result }: Shown): string {
  const base = root === '' ? '' : `/${root}`
  const links = [...groups.keys()].map((group) => link(`${base}/${group}`, group, group === place.group)).join('')
  const commands = (place.group === undefined ? undefined : groups.get(place.group)) ?? []
  const items = commands
    .map((command) => `<li>${link(`${base}/${place.group ?? ''}/${command}`, command, command === place.command)}</li>`)
    .join('')
  const hasResult = heading !== '' || result !== ''
  return `<!DOCTYPE html><html><head><meta charset="utf-8"><title>RPC: ${escapeHtml(product)}</title><style>${STYLE}</style></head>` +
    `<body><h1>RPC</h1><p>${escapeHtml(product)}</p><nav>${links}</nav><main><ul>${items}</ul><div>` +
    `${place.command === undefined ? '' : form(place.command)}${heading === '' ? '' : `<p>${escapeHtml(heading)}</p>`}` +
    `${hasResult ? `<pre>${result}</pre>` : ''}</div></main></body></html>`
}

function link(href: string, text: string, isChosen: boolean): string {
  return `<a${isChosen ? ' class="chosen"' : ''} href="${escapeHtml(href)}">${escapeHtml(text)}</a>`
}

function form(command: string): string {
  return `<h2>${escapeHtml(command)}</h2><form method="get">` +
    '<input name="arg" aria-label="Arguments" placeholder="arguments, divided by blanks"> <button>Run</button></form>'
}
