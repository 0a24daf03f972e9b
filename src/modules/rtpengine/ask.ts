/** A question about a message, to one engine after the other until one answers. */
import type { RouteContext } from '../../runtime/context.ts'
import { decodeDictionary, type BencodeDictionary } from './bencode.ts'
import type { EngineNode } from './node.ts'
import type { OfferBody } from './offer-body.ts'
import type { Operation } from './operation.ts'
import { questionAbout, type Question } from './question.ts'
import { disable, selectNode } from './select-node.ts'
import type { Turn } from './sets.ts'
import { fail, tellInstance, type RtpEngine } from './state.ts'

export interface Answer {
  readonly dictionary: BencodeDictionary
  readonly body: OfferBody | undefined
}

/** What engines say when they are full: the next one is asked. */
const FULL: ReadonlySet<string> = new Set(['Parallel session limit reached', 'Ran out of ports'])

/** An answer whose result is `ok`; undefined, with lines in the log, otherwise. */
export async function ask(
  state: RtpEngine, context: RouteContext, operation: Operation, flags: string, turn: Turn,
): Promise<Answer | undefined> {
  const question = questionAbout(state, context, operation, flags, turn.description)
  if (question === undefined) return undefined
  const dictionary = await askNodes(state, context, question, turn)
  if (dictionary === undefined) return undefined
  if (dictionary.get('result') === 'ok') return { dictionary, body: question.body }
  state.refusedAnswers.increment()
  fail(state, 'proxy didn\'t return "ok" result')
  return undefined
}

async function askNodes(
  state: RtpEngine, context: RouteContext, question: Question, { set }: Turn,
): Promise<BencodeDictionary | undefined> {
  const tried: EngineNode[] = []
  const { callId, branch } = question
  const call = { callId, branch, isEnd: question.operation === 'delete' }
  for (;;) {
    if (tried.length >= state.params.queried_nodes_limit) {
      fail(state, 'queried nodes limit reached')
      return undefined
    }
    const node = await selectNode(state, set, call, tried)
    if (node === undefined) {
      fail(state, 'no available proxies')
      return undefined
    }
    const text = await state.control.send(node, question.dictionary)
    tried.push(node)
    if (text === undefined) {
      if (!node.isOffForEver) disable(state, node)
      continue
    }
    tellInstance(state, context, node)
    const answer = read(state, node, text)
    if (answer === 'full') continue
    if (answer !== undefined) keepCall(state, node, question)
    return answer
  }
}

/** The answer; `full` when the engine takes no more calls. */
function read(state: RtpEngine, node: EngineNode, text: string): BencodeDictionary | 'full' | undefined {
  const { log } = state.host
  const dictionary = decodeDictionary(text)
  if (dictionary === undefined) return refused(state, `failed to decode bencoded reply from proxy: ${text}`)
  const result = dictionary.text('result')
  if (result === undefined) return refused(state, `No 'result' dictionary entry in response from proxy ${node.url}`)
  if (result === 'load limit') {
    const message = dictionary.text('message')
    const why = message === undefined ? '' : ` (${message})`
    log.info('rtpengine', `proxy ${node.url} has reached its load limit${why} - trying next one`)
    return 'full'
  }
  if (result !== 'error') return dictionary
  const reason = dictionary.text('error-reason')
  if (reason === undefined) return refused(state, `proxy return error but didn't give an error reason: ${text}`)
  if (!FULL.has(reason)) {
    fail(state, `proxy replied with error: ${reason}`)
    return undefined
  }
  log.warning('rtpengine', `proxy ${node.url}: ${reason}`)
  return 'full'
}

function refused(state: RtpEngine, reason: string): undefined {
  state.refusedAnswers.increment()
  fail(state, reason)
}

function keepCall({ calls }: RtpEngine, node: EngineNode, { callId, branch, operation }: Question): void {
  const isEnd = operation === 'delete'
  if (calls.find(callId, branch, isEnd) === undefined) calls.insert(callId, branch, node)
  if (isEnd) calls.remove(callId, branch)
}
