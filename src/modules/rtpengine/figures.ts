/** What engines tell of a call: its packets for `$rtpestat`, and all of it as JSON for rtpengine_query_v(). */
import type { VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { JsonObject, type JsonValue } from '../../rpc/json-value.ts'
import { writeJson } from '../../rpc/json-write.ts'
import { ask } from './ask.ts'
import { BencodeDictionary, type Bencode } from './bencode.ts'
import { inTurns } from './sets.ts'
import { fail, noteOf, type RtpEngine } from './state.ts'

/** Asks for the packets of the call; `$rtpestat` shows them from then on. */
export async function fetchFigures(state: RtpEngine, context: RouteContext): Promise<void> {
  const note = noteOf(state, context)
  note.figures = null
  await inTurns(state, context, 'first', async (turn) => {
    const answer = await ask(state, context, 'query', '', turn)
    const totals = answer?.dictionary.dictionary('totals')
    const [rtp, rtcp] = [totals?.dictionary('RTP'), totals?.dictionary('RTCP')]
    note.figures = rtp === undefined || rtcp === undefined ? null : `RTP: ${packets(rtp)}; RTCP: ${packets(rtcp)}`
    return note.figures === null ? -1 : 1
  })
}

const packets = (counts: BencodeDictionary): string =>
  `${counts.int('bytes', -1)} bytes, ${counts.int('packets', -1)} packets, ${counts.int('errors', -1)} errors`

/** `j` compact, `jp` with line ends. */
export function queryAsJson(state: RtpEngine, context: RouteContext, format: string, target: VariableHandle): Promise<number> | number {
  if (format === '') return fail(state, 'fmt has no value')
  return inTurns(state, context, 'first', async (turn) => {
    const answer = await ask(state, context, 'query', '', turn)
    if (answer === undefined) return -1
    if (!/^j/i.test(format)) return fail(state, `invalid format parameter value: ${format}`)
    target.set(context, writeJson(jsonOf(answer.dictionary), /^.p/i.test(format)))
    return 1
  })
}

function jsonOf(value: Bencode): JsonValue {
  if (typeof value === 'string' || typeof value === 'number') return value
  if (!(value instanceof BencodeDictionary)) return value.map(jsonOf)
  const made = new JsonObject()
  for (const [key, item] of value.entries) made.add(key, jsonOf(item))
  return made
}
