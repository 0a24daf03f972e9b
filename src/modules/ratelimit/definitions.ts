/** The parameters `pipe` (number:algorithm:limit) and `queue` (pipe:method). */
import { algorithmOf, PIPES, type Algorithm } from './pipe.ts'

export interface PipeDefinition {
  readonly number: number
  readonly algorithm: Algorithm
  readonly limit: number
}

export interface Queue {
  method: string
  pipe: number
}

export const QUEUES_MAX = 32

const notAllowed = (number: number): string => `pipe number ${number} not allowed (MAX_PIPES=${PIPES}, 0-based)`

/** A text answer is the error message. */
export function parsePipe(text: string): PipeDefinition | string {
  const [, number, name = '', limit] = /^(\d+):([^:]+):(\d+)$/.exec(text) ?? []
  if (number === undefined) return `invalid param tuple: ${text}`
  const algorithm = algorithmOf(name)
  if (algorithm === undefined) return `unknown algorithm: '${name}'`
  return Number(number) < PIPES ? { number: Number(number), algorithm, limit: Number(limit) } : notAllowed(Number(number))
}

/** A text answer is the error message. */
export function parseQueue(text: string): Queue | string {
  const [, pipe, method] = /^(\d+):(.+)$/s.exec(text) ?? []
  if (pipe === undefined || method === undefined) return `invalid param tuple: ${text}`
  return Number(pipe) < PIPES ? { method, pipe: Number(pipe) } : notAllowed(Number(pipe))
}

/** All feedback pipes look at the same load: they have one limit. */
export function feedbackProblem(pipes: readonly { readonly algorithm: Algorithm; readonly limit: number }[]): string | undefined {
  let wanted: number | undefined
  for (const [number, { algorithm, limit }] of pipes.entries()) {
    if (algorithm !== 'FEEDBACK') continue
    if (limit < 0 || limit > 100) return 'FEEDBACK cpu load must be >=0 and <= 100'
    wanted ??= limit
    if (limit !== wanted) return `pipe ${number}: FEEDBACK cpu load values must be equal for all pipes`
  }
  return undefined
}
