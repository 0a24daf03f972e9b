import { DbError } from '../database.ts'

/** Errors of the server that say that there is no connection, or none for us. */
const AWAY: ReadonlySet<string> = new Set([
  'ER_CON_COUNT_ERROR', 'ER_SERVER_SHUTDOWN', 'ER_ACCESS_DENIED_ERROR', 'ER_BAD_DB_ERROR', 'ER_DBACCESS_DENIED_ERROR', 'ER_HOST_IS_BLOCKED',
  'ER_HOST_NOT_PRIVILEGED', 'ER_TOO_MANY_USER_CONNECTIONS', 'ER_CONNECTION_KILLED',
])

export function mysqlError(error: unknown): DbError {
  const reason = error instanceof Error ? error.message : String(error)
  const code = textOf(error, 'code')
  if (code === 'ER_DUP_ENTRY') return new DbError('duplicate', reason)
  if (code === 'PROTOCOL_SEQUENCE_TIMEOUT') return new DbError('timeout', reason)
  const isOwn = code.startsWith('ER_') || code.startsWith('WARN_')
  // What is no error of the server's is one of the way to it.
  return new DbError(isOwn && !AWAY.has(code) ? 'refused' : 'unavailable', reason === '' ? code : reason)
}

function textOf(error: unknown, key: 'code'): string {
  return typeof error === 'object' && error !== null && key in error ? String(error[key]) : ''
}
