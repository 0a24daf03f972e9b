import { DbError } from '../database.ts'

/** By the first two characters of SQLSTATE: connections, who may connect, which database, shutting down. */
const AWAY = /^(?:08|28|3D|57P|53300)/

export function postgresError(error: unknown): DbError {
  const reason = error instanceof Error ? error.message : String(error)
  const code = stateOf(error)
  if (code === '23505') return new DbError('duplicate', reason)
  if (code === '57014' || /timeout exceeded when|Query read timeout/.test(reason)) return new DbError('timeout', reason)
  const isOwn = /^[0-9A-Z]{5}$/.test(code)
  // What is no error of the server's is one of the way to it.
  return new DbError(isOwn && !AWAY.test(code) ? 'refused' : 'unavailable', reason === '' ? code : reason)
}

export function stateOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}
