/** tw_append: named lists of AVPs and headers that t_write_req() and t_write_unix() write beside the request's own fields. */
import type { VariableHandle } from '../../define/define.ts'
import { toText } from '../../define/value.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'

/** One list. */
export interface Appended {
  /** The body is written for methods other than INVITE too. */
  readonly addsBody: boolean
  /** `title: value` for each that is there. */
  lines(context: RouteContext): readonly string[]
}

interface Element {
  readonly title: string
  /** Undefined for what is not there. */
  read(context: RouteContext): string | undefined
}

const ELEMENT = /^\s*(?:([^=;[\]\s]+)\s*=\s*)?(avp|hdr|msg)\[([^\]]+)\]\s*$/

/** `name:[title=]kind[value];...` for each list, kinds being avp, hdr and msg (`msg[body]` only); a text says what is wrong. */
export function parseAppends(texts: readonly (string | number)[], host: Host): ReadonlyMap<string, Appended> | string {
  const lists = new Map<string, Appended>()
  for (const text of texts) {
    const [, name, rest] = /^\s*([^:\s]+)\s*:(.*)$/s.exec(String(text)) ?? []
    if (name === undefined || rest === undefined) return `tw_append: '${text}' is not name:element;element`
    if (lists.has(name)) return `tw_append: there are two lists '${name}'`
    const elements: Element[] = []
    let addsBody = false
    for (const part of rest.split(';')) {
      const [, title, kind, value = ''] = ELEMENT.exec(part) ?? []
      if (kind === undefined) return `tw_append: '${part}' is neither avp[...] nor hdr[...] nor msg[body]`
      if (kind === 'msg' && value !== 'body') return `tw_append: there is no msg[${value}]`
      if (kind === 'msg') addsBody = true
      else if (kind === 'hdr') elements.push(headerElement(title ?? value, value))
      else {
        const element = avpElement(host, title, value)
        if (typeof element === 'string') return element
        elements.push(element)
      }
    }
    lists.set(name, appendedOf(elements, addsBody))
  }
  return lists
}

function appendedOf(elements: readonly Element[], addsBody: boolean): Appended {
  return {
    addsBody,
    lines: (context) => elements.flatMap(({ title, read }) => {
      const value = read(context)
      return value === undefined ? [] : [`${title}: ${value}`]
    }),
  }
}

/** The first header of that name. */
function headerElement(title: string, name: string): Element {
  return { title, read: ({ message }) => message.headersNamed(name)[0]?.body }
}

/** The newest value. Names are written as in `$avp(...)`, and titles are these without their kind (`s:`, `i:`). */
function avpElement(host: Host, title: string | undefined, name: string): Element | string {
  if (name.startsWith('$')) return `tw_append: '${name}' is no AVP`
  const handle: { variable: VariableHandle | undefined } = { variable: undefined }
  return {
    title: title ?? name.replace(/^[si]:/, ''),
    read(context) {
      if (handle.variable === undefined) {
        const variable = host.prepare.variable(`$avp(${name})`)
        if (typeof variable === 'string') return undefined
        handle.variable = variable
      }
      const value = handle.variable.get(context)
      return value === null ? undefined : toText(value)
    },
  }
}
