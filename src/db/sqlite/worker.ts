/** A database's own thread: SQLite waits for disks and locks, and a query may take long. */
import { parentPort, workerData } from 'node:worker_threads'
import type { DbError } from '../database.ts'
import { nativeEngine } from './engine-native.ts'
import { nodeEngine } from './engine-node.ts'
import type { SqliteEngine } from './engine.ts'
import type { SqliteReply, SqliteRequest, SqliteSettings } from './protocol.ts'
import { SqliteSession } from './session.ts'

const settings: SqliteSettings = workerData
const sharing = nodeEngine() ?? nativeEngine()
const session = new SqliteSession(settings, sharing ?? await wasm(), sharing !== undefined)

/** Read from disk on the Node that needs it only. */
async function wasm(): Promise<SqliteEngine> {
  return (await import('./engine-wasm.ts')).wasmEngine
}

function failureKind(reason: string): DbError['kind'] {
  if (/UNIQUE constraint|PRIMARY KEY must be unique/.test(reason)) return 'duplicate'
  if (/is locked|is busy/.test(reason)) return 'timeout'
  return /nable to open|not open|not a database|disk I\/O|malformed/.test(reason) ? 'unavailable' : 'refused'
}

function reply({ id, task }: SqliteRequest): SqliteReply {
  try {
    return { id, answer: session.run(task) }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { id, failure: { kind: failureKind(reason), reason } }
  }
}

parentPort?.on('message', (request: SqliteRequest | 'close') => {
  if (request === 'close') {
    session.close()
    parentPort?.close()
  } else {
    parentPort?.postMessage(reply(request))
  }
})
