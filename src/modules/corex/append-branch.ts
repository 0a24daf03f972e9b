import type { RouteContext } from '../../runtime/context.ts'

const Q = /^(?:0(?:\.\d{1,3})?|1(?:\.0{1,3})?|\.\d{1,3})$/

/** q in thousandths; undefined when the text is none. */
export function parseQ(text: string): number | undefined {
  return Q.test(text) ? Math.round(Number(text) * 1000) : undefined
}

/** Adds a branch for a URI, or for the Request-URI as it is now, with the destination and the path that are set. */
export function appendBranch(context: RouteContext, uri: string | undefined, qText: string | undefined): number {
  const { host, message, branches } = context
  const q = qText === undefined || qText === '' ? -1 : parseQ(qText)
  if (q === undefined) {
    host.log.error('corex', `append_branch(): '${qText}' is no q from 0 to 1`)
    return -1
  }
  const own = uri === undefined || uri === ''
  const added = branches.append(
    {
      uri: own ? message.uri : uri,
      dstUri: message.dstUri ?? '',
      path: message.pathVector ?? '',
      q,
      socket: message.forceSocket,
      flags: message.branchFlags,
      instance: message.instance,
      regId: message.regId,
      ruid: message.ruid,
      locationUserAgent: message.locationUserAgent,
    },
    host.settings.max_branches,
  )
  if (!added) {
    host.log.error('corex', `append_branch(): max_branches allows ${host.settings.max_branches} destinations`)
    return -1
  }
  // The destination went with the branch; the Request-URI stays, and makes a branch of its own.
  if (own) message.dstUri = undefined
  return 1
}
