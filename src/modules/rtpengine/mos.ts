/** How well the call could be heard: figures of the engine's answer for variables that the parameters `mos_..._pv` name. */
import type { FormatText, VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { BencodeDictionary } from './bencode.ts'
import { figuresOf, mosParamName, SIDES, stretches, type Figure, type Side, type Stretch } from './params.ts'
import type { RtpEngine } from './state.ts'

type Targets = ReadonlyMap<Figure, VariableHandle>

/** What the script wants of the whole call, or of one side of it. */
export interface MosReport {
  readonly label: FormatText | undefined
  readonly targets: Readonly<Record<Stretch, Targets>>
}

/** Those that any variable is named for; a text says what is wrong with one. */
export function mosReports(host: Host, values: Readonly<Record<string, unknown>>): readonly MosReport[] | string {
  const reports: MosReport[] = []
  for (const side of SIDES) {
    const report = reportOf(host, values, side)
    if (typeof report === 'string') return report
    if (report !== undefined) reports.push(report)
  }
  return reports
}

function reportOf(host: Host, values: Readonly<Record<string, unknown>>, side: Side): MosReport | string | undefined {
  const labelText = textOf(values, `mos${side}_label_pv`)
  const label = labelText === '' ? undefined : host.prepare.format(labelText)
  if (typeof label === 'string') return `malformed PV string: ${labelText}`
  const targets: Record<Stretch, Targets> = { min: new Map(), max: new Map(), average: new Map() }
  for (const stretch of stretches) {
    const found = new Map<Figure, VariableHandle>()
    for (const figure of figuresOf(stretch)) {
      const text = textOf(values, mosParamName(stretch, figure, side))
      if (text === '') continue
      const variable = host.prepare.variable(text)
      if (typeof variable === 'string') return `malformed PV string: ${text}`
      found.set(figure, variable)
    }
    targets[stretch] = found
  }
  const isWanted = stretches.some((stretch) => targets[stretch].size > 0)
  return isWanted ? { label, targets } : undefined
}

function textOf(values: Readonly<Record<string, unknown>>, name: string): string {
  const value = values[name]
  return typeof value === 'string' ? value : ''
}

/** Sums over the streams that count. */
interface Sums {
  count: number
  mos: number
  at: number
  packetLoss: number
  jitter: number
  roundTrip: number
  roundTripLeg: number
  samples: number
}

const NOTHING: Sums = { count: 0, mos: 0, at: 0, packetLoss: 0, jitter: 0, roundTrip: 0, roundTripLeg: 0, samples: 0 }

export function tellMos(state: RtpEngine, context: RouteContext, answer: BencodeDictionary): void {
  for (const report of state.mos) tell(context, report, answer)
}

function tell(context: RouteContext, { label, targets }: MosReport, answer: BencodeDictionary): void {
  const wanted = label === undefined ? undefined : streamsOf(answer, label.evaluate(context))
  if (wanted?.size === 0) return
  const created = answer.int('created', 0)
  const sums = sumsOf(answer, wanted)
  if (sums === undefined) return
  for (const stretch of ['max', 'min', 'average'] as const) write(context, targets[stretch], sums[stretch], created)
}

/** Most streams of a side that are looked at. */
const STREAMS_MAX = 4

/** The SSRCs of the legs with that label: the first stream of each, which is RTP's. */
function streamsOf(answer: BencodeDictionary, label: string): ReadonlySet<number> {
  const found = new Set<number>()
  for (const [, tag] of answer.dictionary('tags')?.entries ?? []) {
    if (!(tag instanceof BencodeDictionary) || tag.text('label') !== label) continue
    for (const media of tag.list('medias') ?? []) {
      const [stream] = media instanceof BencodeDictionary ? media.list('streams') ?? [] : []
      const ssrc = stream instanceof BencodeDictionary ? stream.int('SSRC', -1) : -1
      if (ssrc !== -1) found.add(ssrc)
      if (found.size >= STREAMS_MAX) return found
    }
  }
  return found
}

function sumsOf(answer: BencodeDictionary, wanted: ReadonlySet<number> | undefined): Record<Stretch, Sums> | undefined {
  const streams = answer.dictionary('SSRC')
  if (streams === undefined) return undefined
  const average: Sums = { ...NOTHING }
  let max: Sums = { ...NOTHING, mos: -1 }
  let min: Sums = { ...NOTHING, mos: 100 }
  for (const [ssrc, stream] of streams.entries) {
    if (wanted?.has(Number.parseInt(ssrc, 10)) === false || !(stream instanceof BencodeDictionary)) continue
    const usual = sample(stream, 'average MOS')
    if (usual !== undefined && usual.mos > 0) add(average, usual)
    const highest = sample(stream, 'highest MOS')
    if (highest !== undefined && highest.mos > max.mos) max = highest
    const lowest = sample(stream, 'lowest MOS')
    if (lowest !== undefined && lowest.mos > 0 && lowest.mos < min.mos) min = lowest
  }
  return { min, max, average }
}

function sample(stream: BencodeDictionary, name: string): Sums | undefined {
  const found = stream.dictionary(name)
  return found && {
    count: 1,
    mos: found.int('MOS', -1),
    at: found.int('reported at', -1),
    packetLoss: found.int('packet loss', -1),
    jitter: found.int('jitter', -1),
    roundTrip: found.int('round-trip time', -1),
    roundTripLeg: found.int('round-trip time leg', -1),
    samples: found.int('samples', -1),
  }
}

function add(sums: Sums, one: Sums): void {
  sums.count += 1
  sums.mos += one.mos
  sums.packetLoss += one.packetLoss
  sums.jitter += one.jitter
  sums.roundTrip += one.roundTrip
  sums.roundTripLeg += one.roundTripLeg
  sums.samples += one.samples
}

function write(context: RouteContext, targets: Targets, sums: Sums, created: number): void {
  if (sums.count === 0) return
  const each = (sum: number): number => Math.trunc(sum / sums.count)
  const shown: Readonly<Record<Figure, string>> = {
    '': tenths(each(sums.mos)),
    at: minutes(sums.at - created),
    packetloss: String(each(sums.packetLoss)),
    jitter: String(each(sums.jitter)),
    roundtrip: String(each(sums.roundTrip)),
    roundtrip_leg: String(each(sums.roundTripLeg)),
    samples: String(each(sums.samples)),
  }
  for (const [figure, variable] of targets) variable.set(context, shown[figure])
}

const tenths = (value: number): string => `${Math.trunc(value / 10)}.${Math.abs(value % 10)}`
const minutes = (seconds: number): string => `${Math.trunc(seconds / 60)}:${String(Math.abs(seconds % 60)).padStart(2, '0')}`
