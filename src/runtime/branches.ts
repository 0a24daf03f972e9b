import type { ListenSocket } from '../sip/endpoint.ts'
import type { RouteContext } from './context.ts'

/** A further destination of a request, as append_branch() adds it. */
export interface Branch {
  uri: string
  dstUri: string
  path: string
  /** 0 to 1000 as Kamailio keeps it (q=0.5 is 500), -1 when unset. */
  q: number
  socket: ListenSocket | undefined
  flags: number
  instance: string
  regId: number
  ruid: string
  locationUserAgent: string
  /** The connection to send on (Kamailio's otcpid); 0 or absent for none. */
  connectionId?: number
}

/** The branches added to a request beside its own Request-URI (Kamailio's destination set). */
export class BranchSet {
  readonly list: Branch[] = []
  /** q of the Request-URI itself. */
  requestUriQ = -1

  /** Adds one; false when `max_branches` are there. */
  append(branch: Branch, maximum: number): boolean {
    if (this.list.length >= maximum - 1) return false
    this.list.push(branch)
    return true
  }

  clear(): void {
    this.list.length = 0
    this.requestUriQ = -1
  }
}

/** The Request-URI as a branch, with all that is set for it. */
export function ownBranch(context: RouteContext): Branch {
  const { message } = context
  return {
    uri: message.uri, dstUri: message.dstUri ?? '', path: message.pathVector ?? '', socket: message.forceSocket,
    q: context.hasBranches ? context.branches.requestUriQ : -1, flags: message.branchFlags, instance: message.instance,
    regId: message.regId, ruid: message.ruid, locationUserAgent: message.locationUserAgent,
  }
}
