/**
 * The Via branch of a transaction's own requests: the cookie, the transaction's hash index, its label, and the branch
 * number, so that a reply finds its transaction without a search (RFC 3261 §17.1.3).
 */
import { hex8, hexadecimal } from '../base/hex.ts'
import { MAGIC_COOKIE } from '../sip/branch.ts'

/** Branch numbers of a transaction are below this. */
export const BRANCHES_MAX = 32

const LABEL_DIGITS = 8

/** `z9hG4bK` index `.` label, salt `.` branch, all hexadecimal; the salt (24 digits) tells this server's life from another. */
export function branchId(hashIndex: number, label: number, salt: string, branch: number): string {
  return `${MAGIC_COOKIE}${hexadecimal(hashIndex)}.${hex8(label)}${salt}.${hexadecimal(branch)}`
}

/** What an own branch names, as one number (`labelOf`, `branchNumberOf`): no object is made for each reply. -1 for any other. */
export function parseBranchId(text: string, start: number, end: number, salt: string): number {
  if (start < 0 || !text.startsWith(MAGIC_COOKIE, start)) return -1
  const labelStart = text.indexOf('.', start + MAGIC_COOKIE.length) + 1
  if (labelStart <= 0 || labelStart >= end) return -1
  const labelEnd = labelStart + LABEL_DIGITS
  const dot = labelEnd + salt.length
  if (!text.startsWith(salt, labelEnd) || text.charCodeAt(dot) !== DOT) return -1
  const label = readHexadecimal(text, labelStart, labelEnd)
  const branch = readHexadecimal(text, dot + 1, end)
  return label < 0 || branch < 0 || branch >= BRANCHES_MAX ? -1 : label * BRANCHES_MAX + branch
}

export function labelOf(id: number): number {
  return Math.floor(id / BRANCHES_MAX)
}

export function branchNumberOf(id: number): number {
  return id % BRANCHES_MAX
}

const DOT = 46

/** -1 for what is no number of up to seven digits. */
function readHexadecimal(text: string, start: number, end: number): number {
  if (end <= start || end - start > 8) return -1
  let value = 0
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at)
    const digit = code >= 48 && code <= 57 ? code - 48 : code >= 97 && code <= 102 ? code - 87 : -1
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}
