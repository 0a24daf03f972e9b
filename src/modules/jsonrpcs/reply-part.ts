import type { BoundVariable, PvValue } from '../../define/define.ts'
import type { JsonReply } from './execute.ts'
import type { Jsonrpcs } from './state.ts'

const parts: Readonly<Record<string, (reply: JsonReply) => PvValue>> = {
  code: (reply) => reply.code,
  text: (reply) => reply.text,
  body: (reply) => reply.body,
}

/** Of a worker that has had no answer. */
const unset: Readonly<Record<string, PvValue>> = { code: 0 }

/** `$jsonrpl(code)`, `$jsonrpl(text)`, `$jsonrpl(body)`: of the last answer that the worker's script got. */
export function replyPart(inner: string | undefined): BoundVariable<Jsonrpcs> | string {
  const part = parts[inner ?? '']
  if (part === undefined) return `$jsonrpl(${inner ?? ''}) is none of code, text and body`
  return {
    get(context, state) {
      const reply = state.replies.get(context.worker)
      return reply === undefined ? unset[inner ?? ''] ?? null : part(reply)
    },
  }
}
