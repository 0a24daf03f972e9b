/** A request of before once more, with the answer to the challenge that came for it. */
import { answerChallenge, challengesIn, type AuthStep } from './digest-answer.ts'
import { Endpoints } from './endpoints.ts'
import { buildMessage } from './message-text.ts'
import { intoSlot } from './slots.ts'
import type { Step } from './traffic.ts'

/** Lines of a message with more headers. */
const withHeaders = (lines: string[], headers: string[]): string[] => {
  const blank = lines.indexOf('')
  return blank < 0 ? [...lines, ...headers] : [...lines.slice(0, blank), ...headers, ...lines.slice(blank)]
}

/** What was sent at each line of the traffic file, and the lines it was made of. */
export type Sent = Map<number, { text: string, lines: string[] }>

const callIdOf = (message: string): string => /\r\n(?:Call-ID|i)\s*:\s*(\S+)/i.exec(message)?.[1] ?? ''

/**
 * The request of an earlier line once more, with a CSeq number and a branch of its own and the answer to the challenge that
 * came for it. Given lines are added to its headers, or are the whole request when they begin with a request line.
 */
export const authenticated = (
  step: Extract<Step, { kind: 'send' }>, auth: AuthStep, endpoints: Endpoints, slot: number, sent: Sent,
): { text: string, lines: string[] } | string => {
  const before = sent.get(auth.of)
  if (before === undefined) return `  nothing was sent at line ${auth.of}`
  const callId = callIdOf(before.text)
  const replies = endpoints.replies.filter((reply) => callIdOf(reply) === callId)
  const challenges = replies.map(challengesIn).findLast((found) => found.length > 0) ?? []
  const challenge = challenges[Number(auth.options.challenge ?? 1) - 1]
  if (challenge === undefined) return '  nothing was challenged'
  const given = step.payload.kind === 'lines' ? step.payload.lines.map((line) => intoSlot(line, slot)) : []
  const isWhole = /^[A-Za-z]+ \S+$/.test(given[0] ?? '')
  const lines = isWhole ? given : withHeaders(before.lines, given)
  const named = lines.some((line) => /^(Call-ID|i)\s*:/i.test(line)) ? [] : [`Call-ID: ${callId}`]
  const own = withHeaders(lines, named)
  const build = (all: string[]): string =>
    buildMessage(all, {
      transport: Endpoints.isTcp(step.socket) ? 'TCP' : 'UDP', sentBy: endpoints.sentBy(step.socket), step: step.line,
    })
  const answer = answerChallenge(challenge, build(own), auth)
  return { text: build(withHeaders(own, [answer])), lines: own }
}
