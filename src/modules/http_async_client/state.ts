import type { Counter } from '../../base/statistics.ts'
import type { RouteContext, Worker } from '../../runtime/context.ts'
import { ContextValue } from '../../runtime/context-value.ts'
import type { Host } from '../../runtime/host.ts'
import type { TmApi } from '../tm/api.ts'
import { usualQuestion, type AsyncQuestion } from './question.ts'
import type { HttpAsyncParams } from './params.ts'
import type { AsyncReply } from './reply.ts'

/** What a route goes on with. */
export const replyGiven = new ContextValue<AsyncReply>()

export class HttpAsync {
  readonly host: Host
  readonly params: HttpAsyncParams
  readonly counters: Readonly<Record<'requests' | 'replies' | 'errors' | 'timeouts', Counter>>
  readonly #questions = new WeakMap<Worker, AsyncQuestion>()
  /** Of the last question that a worker asked, or went on from. */
  readonly lastIds = new WeakMap<Worker, string>()
  count = 0
  /** From `start` on. */
  tm: TmApi | undefined = undefined

  constructor(host: Host, params: HttpAsyncParams) {
    this.host = host
    this.params = params
    const counter = (name: string): Counter => {
      const made = host.statistics.counter('http_async_client', name)
      made.isKept = true
      return made
    }
    this.counters = { requests: counter('requests'), replies: counter('replies'), errors: counter('errors'), timeouts: counter('timeouts') }
  }

  /** What a worker said of its next question. */
  questionOf({ worker }: RouteContext): AsyncQuestion {
    let question = this.#questions.get(worker)
    if (question === undefined) {
      question = usualQuestion(this.params)
      this.#questions.set(worker, question)
    }
    return question
  }

  /** As `questionOf`; the next one begins as usual. */
  takeQuestion(context: RouteContext): AsyncQuestion {
    const question = this.questionOf(context)
    this.#questions.delete(context.worker)
    return question
  }
}
