/** lookup_branches(): lookup() of the Request-URI, and of each branch that is a URI and nothing more. */
import type { Branch } from '../../runtime/branches.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { LocationTable } from '../usrloc/api.ts'
import { Found, lookup } from './lookup.ts'
import type { Registrar } from './state.ts'

export async function lookupBranches(registrar: Registrar, context: RouteContext, table: LocationTable): Promise<number> {
  const before = context.hasBranches ? [...context.branches.list] : []
  let result = await lookup(registrar, context, table, undefined, false)
  if (before.length === 0) return result
  let isFound = result > 0
  const own = setAside(context)
  for (const branch of before) {
    if (branch.dstUri !== '' || branch.path !== '' || branch.socket !== undefined || branch.flags !== 0) continue
    context.message.setUri(branch.uri)
    result = await lookup(registrar, context, table, undefined, false)
    if (result > 0) {
      isFound = true
      adopt(context, branch)
    }
    setAside(context)
  }
  putBack(context, own)
  return isFound ? Found.yes : result
}

/** What belongs to the Request-URI as a destination. */
interface OwnDestination {
  readonly newUri: string | undefined
  readonly dstUri: string | undefined
  readonly pathVector: string | undefined
  readonly forceSocket: RouteContext['message']['forceSocket']
  readonly branchFlags: number
  readonly instance: string
  readonly regId: number
  readonly ruid: string
  readonly locationUserAgent: string
  readonly q: number
}

/** Takes it from the message, which is blank then. */
function setAside(context: RouteContext): OwnDestination {
  const { message, branches } = context
  const { newUri, dstUri, pathVector, forceSocket, branchFlags, instance, regId, ruid, locationUserAgent } = message
  const own = { newUri, dstUri, pathVector, forceSocket, branchFlags, instance, regId, ruid, locationUserAgent, q: branches.requestUriQ }
  putBack(context, { ...own, ...BLANK })
  return own
}

const BLANK = {
  dstUri: undefined, pathVector: undefined, forceSocket: undefined, branchFlags: 0, instance: '', regId: 0, ruid: '',
  locationUserAgent: '', q: -1,
}

function putBack({ message, branches }: RouteContext, own: OwnDestination): void {
  message.newUri = own.newUri
  message.setDestination(own.dstUri)
  message.pathVector = own.pathVector
  message.forceSocket = own.forceSocket
  message.branchFlags = own.branchFlags
  message.instance = own.instance
  message.regId = own.regId
  message.ruid = own.ruid
  message.locationUserAgent = own.locationUserAgent
  branches.requestUriQ = own.q
}

/** What was found for the branch, without what Kamailio leaves behind: instance, ruid and product. */
function adopt({ message, branches }: RouteContext, branch: Branch): void {
  branch.uri = message.uri
  if (message.dstUri !== undefined) branch.dstUri = message.dstUri
  if (message.pathVector !== undefined) branch.path = message.pathVector
  branch.q = branches.requestUriQ
  branch.socket = message.forceSocket
  branch.flags = message.branchFlags
}
