import type { SipMessage } from '../../sip/message.ts'

/** Removes a parameter with its semicolon from the Via at a place counted from 1. */
export function removeViaParam(message: SipMessage, name: string, index: number): number {
  const via = message.via(index - 1)
  const param = via?.params.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase())
  if (param === undefined) return -1
  const semicolon = message.text.lastIndexOf(';', param.start)
  message.edits.remove(semicolon, param.end)
  return 1
}
