/** The server's end of a database's worker: requests go in order, a worker that died is started anew for the next one. */
import { Worker, type WorkerOptions } from 'node:worker_threads'
import { isFromSources, packageRoot } from '../../base/package-root.ts'
import { DbError } from '../database.ts'
import type { SqliteAnswer, SqliteReply, SqliteSettings, SqliteTask } from './protocol.ts'

/** Requests that wait; beyond, a database that cannot keep up would fill the memory. */
const WAITING_MAX = 10_000

export class WorkerLink {
  readonly #settings: SqliteSettings
  readonly #waiting = new Map<number, (answer: SqliteAnswer | DbError) => void>()
  #worker: Worker | undefined = undefined
  #lastId = 0

  constructor(settings: SqliteSettings) {
    this.#settings = settings
  }

  ask(task: SqliteTask): Promise<SqliteAnswer | DbError> {
    if (this.#waiting.size >= WAITING_MAX) return Promise.resolve(new DbError('timeout', `${WAITING_MAX} queries wait already`))
    const worker = this.#worker ?? this.#start()
    const id = ++this.#lastId
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      worker.ref()
      worker.postMessage({ id, task })
    })
  }

  /** Waits for what was asked, then ends the worker. */
  async close(): Promise<void> {
    const worker = this.#worker
    if (worker === undefined) return
    const ended = new Promise((resolve) => { worker.once('exit', resolve) })
    worker.ref()
    worker.postMessage('close')
    await ended
  }

  #start(): Worker {
    const worker = startWorker(this.#settings)
    worker.on('message', (reply: SqliteReply) => this.#settle(reply))
    worker.on('error', (error: Error) => this.#fail(worker, error.message))
    worker.on('exit', () => this.#fail(worker, 'its thread ended'))
    this.#worker = worker
    return worker
  }

  #settle(reply: SqliteReply): void {
    const resolve = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if (this.#waiting.size === 0) this.#worker?.unref()
    resolve?.('answer' in reply ? reply.answer : new DbError(reply.failure.kind, reply.failure.reason))
  }

  #fail(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return
    this.#worker = undefined
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const resolve of waiting) resolve(new DbError('unavailable', reason))
  }
}

/** From `dist/` a JavaScript file. From the sources Node strips the types, or, where it cannot (Node 20), tsx as in the tests. */
function startWorker(settings: SqliteSettings): Worker {
  const file = new URL(isFromSources ? 'src/db/sqlite/worker.ts' : 'dist/workers/sqlite.js', packageRoot)
  const options: WorkerOptions = { workerData: settings, name: 'sqlite' }
  if (!isFromSources || 'typescript' in process.features) return new Worker(file, options)
  const source = `import('tsx/esm/api').then((tsx) => { tsx.register(); return import(${JSON.stringify(file.href)}) })`
  return new Worker(source, { ...options, eval: true })
}
