/** The destinations that a message may still go to, in an XAVP that scripts see. */
import type { RouteContext } from '../../runtime/context.ts'
import { XavpData, XavpTree, type Xavp } from '../../runtime/xavp.ts'
import type { ListenSocket } from '../../sip/endpoint.ts'
import type { Destination } from './destination.ts'
import { XavpMode } from './params.ts'
import { fail, type Dispatcher } from './state.ts'

/** Puts a destination behind those selected before it, in front of what the XAVP had already. */
export class SelectedList {
  readonly #tree: XavpTree
  readonly #name: string
  #last: Xavp | undefined
  count = 0

  constructor(context: RouteContext, name: string) {
    this.#tree = context.xavps.xavp
    this.#name = name
  }

  add(fields: XavpTree): void {
    const entry = this.#tree.add(this.#name, fields)
    if (this.#last !== undefined) {
      this.#tree.remove(entry)
      entry.next = this.#last.next
      this.#last.next = entry
    }
    this.#last = entry
    this.count++
  }
}

/** The fields of a destination; undefined, with a line in the log, for one without the duid that counting calls takes. */
export function destinationFields(
  state: Dispatcher, destination: Destination, setId: number, countsCalls: boolean,
): XavpTree | undefined {
  const { xavp_dst_mode } = state.params
  const { attributes, socket } = destination
  const fields = new XavpTree()
  fields.addLast('uri', destination.uri)
  fields.addLast('grp', setId)
  if ((xavp_dst_mode & XavpMode.noAttributes) === 0 && attributes.body !== '') fields.addLast('attrs', attributes.body)
  if (socket !== undefined) fields.addLast('sock', new XavpData(socket, true))
  if ((xavp_dst_mode & XavpMode.socket) !== 0 && attributes.socket !== '') fields.addLast('socket', attributes.socket)
  if ((xavp_dst_mode & XavpMode.sockname) !== 0 && attributes.sockname !== '') fields.addLast('sockname', attributes.sockname)
  if (!countsCalls) return fields
  if (attributes.duid === '') {
    fail(state, `no uid for destination: ${setId} ${destination.uri}`)
    return undefined
  }
  fields.addLast('dstid', attributes.duid)
  return fields
}

/** A destination in the XAVP. */
export interface Selected {
  readonly uri: string | undefined
  readonly setId: number | undefined
  readonly socket: ListenSocket | undefined
  readonly duid: string | undefined
}

/** The current destination; undefined when there is none, or what is there has no fields. */
export function currentOf(state: Dispatcher, { xavps }: RouteContext): Selected | undefined {
  const fields = xavps.xavp.get(state.params.xavp_dst)?.value
  if (!(fields instanceof XavpTree)) return undefined
  const socket = fields.get('sock')?.value
  return {
    uri: textOf(fields, 'uri'),
    setId: numberOf(fields, 'grp'),
    socket: socket instanceof XavpData ? ownSocket(state, socket.data) : undefined,
    duid: textOf(fields, 'dstid'),
  }
}

function ownSocket({ host }: Dispatcher, data: unknown): ListenSocket | undefined {
  return host.network.sockets.find((socket) => socket === data)
}

/** Drops the current destination, so that the next one takes its place. */
export function dropCurrent(state: Dispatcher, { xavps }: RouteContext): void {
  xavps.xavp.removeAt(state.params.xavp_dst, 0)
}

function textOf(fields: XavpTree, name: string): string | undefined {
  const value = fields.get(name)?.value
  return typeof value === 'string' ? value : undefined
}

function numberOf(fields: XavpTree, name: string): number | undefined {
  const value = fields.get(name)?.value
  return typeof value === 'number' ? value : undefined
}

/** Tells the script how many destinations there are. */
export function putCount({ params }: Dispatcher, context: RouteContext, count: number): void {
  if (params.xavp_ctx === '' || (params.xavp_ctx_mode & 1) !== 0) return
  const fields = new XavpTree()
  fields.add('cnt', count)
  context.xavps.xavp.add(params.xavp_ctx, fields)
}
