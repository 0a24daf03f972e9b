/** Commands to a Redis server (library ioredis): byte strings in and out, one connection that all commands share. */
import { Redis } from 'ioredis'
import { DbError, type DbUrl } from '../database.ts'

const CONNECT_MS = 5000
const ANSWER_MS = 10_000
const RETRY_MS_MIN = 100
const RETRY_MS_MAX = 5000

/** What came back: texts are byte strings. */
export type RedisAnswer = string | number | null | readonly RedisAnswer[]
export type RedisCommand = readonly [name: string, ...args: readonly string[]]

export class RedisConnection {
  readonly #redis: Redis

  constructor({ host, port, user, password, database }: DbUrl) {
    this.#redis = new Redis({
      host: host || '127.0.0.1',
      port: port || 6379,
      ...(user === '' ? {} : { username: user }),
      ...(password === '' ? {} : { password }),
      db: Number.parseInt(database, 10) || 0,
      lazyConnect: true,
      connectTimeout: CONNECT_MS,
      commandTimeout: ANSWER_MS,
      // A command whose connection cannot be made fails; the next one tries again.
      maxRetriesPerRequest: 0,
      retryStrategy: (times) => Math.min(RETRY_MS_MIN * 2 ** times, RETRY_MS_MAX),
    })
    // Each command that fails tells by itself.
    this.#redis.on('error', () => undefined)
  }

  async send(command: RedisCommand): Promise<RedisAnswer | DbError> {
    const answers = await this.sendAll([command])
    return answers instanceof DbError ? answers : answers[0] ?? null
  }

  /** All at once; the first failure is the answer. */
  async sendAll(commands: readonly RedisCommand[]): Promise<readonly RedisAnswer[] | DbError> {
    try {
      return await Promise.all(commands.map(async ([name, ...args]) =>
        answerOf(await this.#redis.callBuffer(name, ...args.map((arg) => Buffer.from(arg, 'latin1'))))))
    } catch (error) {
      return redisError(error)
    }
  }

  close(): void {
    this.#redis.disconnect()
  }
}

function answerOf(value: unknown): RedisAnswer {
  if (Buffer.isBuffer(value)) return value.toString('latin1')
  if (Array.isArray(value)) return value.map(answerOf)
  return typeof value === 'number' || typeof value === 'string' ? value : null
}

function redisError(error: unknown): DbError {
  const reason = error instanceof Error ? error.message : String(error)
  if (/Command timed out/.test(reason)) return new DbError('timeout', reason)
  const isAway = /^(?:LOADING|NOAUTH|WRONGPASS|MASTERDOWN|CLUSTERDOWN)/.test(reason)
  const isOwn = error instanceof Error && error.name === 'ReplyError' && !isAway
  return new DbError(isOwn ? 'refused' : 'unavailable', reason)
}
