/** What a list says of a destination: `duid=a;weight=50;socket=udp:192.0.2.1:5060`. */
import { parseParamList } from '../../sip/param-list.ts'

export interface Attributes {
  /** As written. */
  readonly body: string
  /** Empty where not given. */
  readonly duid: string
  /** Calls it takes; 0 for any number. */
  readonly maxload: number
  /** 1 to 100; 0 for none. */
  readonly weight: number
  readonly rweight: number
  readonly socket: string
  readonly sockname: string
  readonly pingFrom: string
  readonly obproxy: string
  /** Whether congestion lowers its share (`cc=1`). */
  readonly controlsCongestion: boolean
  /** In milliseconds; undefined where not given. */
  readonly latency: number | undefined
}

export const NO_ATTRIBUTES: Attributes = {
  body: '', duid: '', maxload: 0, weight: 0, rweight: 0, socket: '', sockname: '', pingFrom: '', obproxy: '',
  controlsCongestion: false, latency: undefined,
}

/** Undefined when the text is no list of parameters. Of several of a name the first counts. */
export function parseAttributes(text: string): Attributes | undefined {
  const body = text.trim().replace(/;$/, '')
  if (body === '') return NO_ATTRIBUTES
  const params = parseParamList(body)
  if (params === undefined) return undefined
  const value = (name: string): string => params.find((param) => param.name.toLowerCase() === name)?.value ?? ''
  const latency = params.some(({ name }) => name.toLowerCase() === 'latency') ? whole(value('latency')) : undefined
  return {
    body, duid: value('duid'), maxload: whole(value('maxload')), weight: whole(value('weight')), rweight: whole(value('rweight')),
    socket: value('socket'), sockname: value('sockname'), pingFrom: value('ping_from'), obproxy: value('obproxy'),
    controlsCongestion: whole(value('cc')) === 1, latency,
  }
}

/** 0 for what is no number. */
function whole(text: string): number {
  return /^[+-]?[0-9]{1,10}$/.test(text) ? Number(text) | 0 : 0
}
