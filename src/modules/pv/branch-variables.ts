/** Destinations of a request: `$branch(...)`, `$sbranch(...)`, `$br`, `$bR`, `$ds`. */
import { variable, variableFamily, type PvValue, type VariableDef } from '../../define/define.ts'
import type { Branch } from '../../runtime/branches.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { indexValue } from '../../runtime/variable-spec.ts'
import { findSocket, socketText } from './socket-text.ts'
import { emptyBranch, type PvState } from './state.ts'
import { resetStaticBranch } from './static-branch.ts'

const textOrNull = (text: string): PvValue => (text === '' ? null : text)

/** q as texts write it: 500 is `0.5`. */
export function qText(q: number): string {
  if (q <= 0) return '0'
  return q >= 1000 ? '1' : `0.${String(q).padStart(3, '0').replace(/0+$/, '')}`
}

const READ: Readonly<Record<string, (branch: Branch) => PvValue>> = {
  uri: (branch) => branch.uri,
  dst_uri: (branch) => textOrNull(branch.dstUri),
  path: (branch) => textOrNull(branch.path),
  q: (branch) => (branch.q < 0 ? null : branch.q),
  Q: (branch) => (branch.q < 0 ? null : branch.q),
  send_socket: (branch) => (branch.socket ? socketText(branch.socket) : null),
  flags: (branch) => branch.flags,
  ruid: (branch) => textOrNull(branch.ruid),
  location_ua: (branch) => textOrNull(branch.locationUserAgent),
  otcpid: (branch) => branch.connectionId ?? 0,
  instance: (branch) => textOrNull(branch.instance),
}

const NAMES = [...Object.keys(READ), 'count']

function fail(context: RouteContext, text: string): false {
  context.host.log.error('pv', `${text}`)
  return false
}

/** Writes one attribute; false when the value is refused. Attributes that cannot be written stay as they are. */
function write(context: RouteContext, branch: Branch, name: string, value: PvValue): boolean {
  switch (name) {
    case 'dst_uri':
    case 'path': {
      if (typeof value === 'number') return fail(context, `a text is needed for a branch's ${name}`)
      if (name === 'path') branch.path = value ?? ''
      else branch.dstUri = value ?? ''
      return true
    }
    case 'q':
    case 'Q':
    case 'flags':
    case 'otcpid': {
      if (typeof value === 'string') return fail(context, `a number is needed for a branch's ${name}`)
      if (name === 'flags') branch.flags = value ?? 0
      else if (name === 'otcpid') branch.connectionId = value ?? 0
      else branch.q = value ?? -1
      return true
    }
    case 'send_socket': {
      branch.socket = undefined
      if (value === null || value === '') return true
      if (typeof value === 'number') return fail(context, 'a text is needed for a branch\'s send_socket')
      const socket = findSocket(context, value)
      if (socket === null) return fail(context, `${value} is no socket`)
      if (!socket) context.host.log.warning('pv', `no socket found to match [${value}]`)
      branch.socket = socket
      return true
    }
    default:
      return true
  }
}

function branchAt(context: RouteContext, index: number): Branch | undefined {
  const list = context.branches.list
  return list[index < 0 ? list.length + index : index]
}

const branchFamily = variableFamily<PvState>(
  'A destination added to the request: uri, dst_uri, path, q, flags, send_socket, ruid ...; count of them.',
  { inner: 'required', index: true, writable: true },
  (inner, index) => {
    const name = inner ?? ''
    if (!NAMES.includes(name)) return `a branch has no ${name}: ${NAMES.join(', ')}`
    const read = READ[name]
    return {
      get(context) {
        const branch = branchAt(context, indexValue(index, context))
        if (!branch) return null
        return read ? read(branch) : context.branches.list.length
      },
      set(context, _state, value) {
        const at = indexValue(index, context)
        const branch = branchAt(context, at)
        if (!branch) return false
        if (name !== 'uri') return write(context, branch, name, value)
        if (typeof value === 'number') return fail(context, 'a text is needed for a branch\'s uri')
        if (value === null || value === '') context.branches.list.splice(context.branches.list.indexOf(branch), 1)
        else branch.uri = value
        return true
      },
    }
  },
)

const staticFamily = variableFamily<PvState>(
  'The static branch, put together for sbranch_append() and sbranch_set_ruri().',
  { inner: 'required', writable: true },
  (inner) => {
    const name = inner ?? ''
    if (!NAMES.includes(name)) return `a branch has no ${name}: ${NAMES.join(', ')}`
    const read = READ[name]
    return {
      get(context, { staticBranch }) {
        if (!read) return context.branches.list.length
        if (staticBranch.uri !== '') return read(staticBranch)
        context.host.log.error('pv', 'error accessing branch [0]')
        return null
      },
      set(context, state, value) {
        if (name !== 'uri') return write(context, state.staticBranch, name, value)
        if (typeof value === 'number') return fail(context, 'a text is needed for a branch\'s uri')
        if (value === null || value === '') resetStaticBranch(state)
        else state.staticBranch.uri = value
        return true
      },
    }
  },
)

/** `<uri>;q=0.5`, the brackets only where there is a q. */
function withQ(branch: Branch): string {
  return branch.q < 0 ? branch.uri : `<${branch.uri}>;q=${qText(branch.q)}`
}

/** The destination set as a Contact header: what a redirect would say. */
export function destinationSet(context: RouteContext): PvValue {
  const { message, branches } = context
  const contacts: string[] = []
  const add = (uri: string, q: number): void => {
    contacts.push(q < 0 ? `<${uri}>` : `<${uri}>;q=${qText(q)}`)
  }
  if (message.newUri !== undefined) add(message.newUri, branches.requestUriQ)
  for (const branch of branches.list) add(branch.uri, branch.q)
  if (contacts.length > 0) return `Contact: ${contacts.join(', ')}`
  context.host.log.warning('<core>', 'no r-uri or branches')
  return null
}

function appendBranch(context: RouteContext, value: PvValue): boolean {
  if (typeof value !== 'string' || value === '') return fail(context, 'a text is needed for a branch')
  const branch: Branch = { ...emptyBranch(), uri: value, socket: context.message.forceSocket }
  return context.branches.append(branch, context.host.settings.max_branches)
}

export const branchVariables: Readonly<Record<string, VariableDef<PvState>>> = {
  branch: branchFamily,
  sbranch: staticFamily,
  br: variable('The first branch\'s URI; setting it adds a branch.', (context) =>
    context.message.isRequest ? (context.branches.list[0]?.uri ?? null) : null, {
    set: (context, _state, value) => appendBranch(context, value),
  }),
  bR: variable('All branches, separated by commas.', ({ message, branches }) =>
    message.isRequest && branches.list.length > 0 ? branches.list.map(withQ).join(', ') : null),
  ds: variable('The destination set as a Contact header.', destinationSet),
}
