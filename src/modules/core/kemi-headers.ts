/** KSR.hdr: headers by name. */
import { kemi, type KemiDef, type PvValue } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { appendHeader, insertHeader, isPresent, named, removeHeaders } from '../../runtime/header-edits.ts'
import type { Host } from '../../runtime/host.ts'

type Kemi = KemiDef<Host>

/** Headers may be added where nothing stands, as in Kamailio. */
const done = (_result: number): 1 => 1

/** The header of that name at an index: 0 is the first, -1 the last. */
function valueAt({ message }: RouteContext, name: string, index: number): string | undefined {
  const found = message.headersNamed(name)
  return found[index < 0 ? found.length + index : index]?.body
}

const first = (summary: string, missing: PvValue): Kemi =>
  kemi({
    summary, args: ['name'], returns: 'xval',
    run: (context, _host: Host, name) => valueAt(context, name, 0) ?? missing,
  })

const indexed = (summary: string, missing: PvValue): Kemi =>
  kemi({
    summary, args: ['name', 'index:int'], returns: 'xval',
    run: (context, _host: Host, name, index) => valueAt(context, name, index) ?? missing,
  })

function remove(context: RouteContext, host: Host, name: string): number {
  if (name === '') {
    host.log.error('<core>', 'error parsing header name []')
    return -1
  }
  removeHeaders(context.message, named(name))
  return 1
}

const comparisons: Readonly<Record<string, (value: string, wanted: string) => boolean>> = {
  eq: (value, wanted) => value === wanted,
  // Kamailio 5.6 looks at the lengths alone.
  ne: (value, wanted) => value.length !== wanted.length,
  sw: (value, wanted) => value.startsWith(wanted),
  in: (value, wanted) => value.includes(wanted),
}

function matches(context: RouteContext, host: Host, name: string, operator: string, wanted: string, which: string): boolean {
  const compare = Object.hasOwn(comparisons, operator) ? comparisons[operator] : undefined
  if (compare === undefined) {
    host.log.error('<core>', `${operator === 're' ? 'operator not implemented' : 'invalid operator'}: ${operator}`)
    return false
  }
  if (!/^[fla]/.test(which)) {
    host.log.error('<core>', `invalid header index: ${which}`)
    return false
  }
  const values = context.message.headersNamed(name).map(({ body }) => body)
  if (values.length === 0) return false
  if (which.startsWith('a')) return values.every((value) => compare(value, wanted))
  return compare((which.startsWith('f') ? values[0] : values.at(-1)) ?? '', wanted)
}

export const headerKemi: Readonly<Record<string, Kemi>> = {
  'hdr.append': kemi({
    summary: 'Adds a header, given with its line end, behind the last one.', args: ['header'],
    run: (context, _host: Host, header) => done(appendHeader(context, header, undefined)),
  }),
  'hdr.append_after': kemi({
    summary: 'Adds a header behind the last one of a name; behind all where there is none.', args: ['header', 'name'],
    run: (context, _host: Host, header, name) => done(appendHeader(context, header, name)),
  }),
  'hdr.insert': kemi({
    summary: 'Adds a header in front of the first one.', args: ['header'],
    run: (context, _host: Host, header) => done(insertHeader(context, header, undefined)),
  }),
  'hdr.insert_before': kemi({
    summary: 'Adds a header in front of the first one of a name; in front of all where there is none.', args: ['header', 'name'],
    run: (context, _host: Host, header, name) => done(insertHeader(context, header, name)),
  }),
  'hdr.remove': kemi({
    summary: 'Removes all headers of a name.', args: ['name'],
    run: remove,
  }),
  'hdr.rmappend': kemi({
    summary: 'Removes all headers of a name and adds one behind the last.', args: ['name', 'header'],
    run: (context, host: Host, name, header) => (remove(context, host, name) < 0 ? -1 : done(appendHeader(context, header, undefined))),
  }),
  'hdr.rminsert': kemi({
    summary: 'Removes all headers of a name and adds one in front of the first.', args: ['name', 'header'],
    run: (context, host: Host, name, header) => (remove(context, host, name) < 0 ? -1 : done(insertHeader(context, header, undefined))),
  }),
  'hdr.is_present': kemi({
    summary: 'Tells whether there is a header of a name.', args: ['name'],
    run: (context, _host: Host, name) => isPresent(context.message, named(name)),
  }),
  'hdr.append_to_reply': kemi({
    summary: 'Adds a header to the next local reply.', args: ['header'],
    run: ({ message }, _host: Host, header) => {
      message.addReplyHeader(header)
      return 1
    },
  }),
  'hdr.get': first('Value of the first header of a name; nothing where there is none.', null),
  'hdr.gete': first('Value of the first header of a name; an empty text where there is none.', ''),
  'hdr.getw': first('Value of the first header of a name; `<null>` where there is none.', '<null>'),
  'hdr.get_idx': indexed('Value of the header of a name at an index (-1 is the last); nothing where there is none.', null),
  'hdr.gete_idx': indexed('Value of the header of a name at an index; an empty text where there is none.', ''),
  'hdr.getw_idx': indexed('Value of the header of a name at an index; `<null>` where there is none.', '<null>'),
  'hdr.match_content': kemi({
    summary: 'Compares headers of a name: operator eq, ne, sw (starts with) or in (contains); f the first, l the last, a all of them.',
    args: ['name', 'operator', 'value', 'which'], returns: 'bool',
    run: matches,
  }),
}
