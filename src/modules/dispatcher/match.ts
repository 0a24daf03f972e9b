/** Finding an address among the destinations. */
import type { RouteContext } from '../../runtime/context.ts'
import { TRANSPORT_NUMBERS } from '../../sip/endpoint.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri, uriParam } from '../../sip/uri.ts'
import { isTransport } from '../../runtime/forward.ts'
import type { Destination } from './destination.ts'
import type { DestinationSet } from './destination-set.ts'
import { findPlace, placeOf, type Place } from './names.ts'
import { DnsMode } from './params.ts'
import { fail, type Dispatcher } from './state.ts'

/** Bits of what is left out of account, or asked for. */
export const Match = { noPort: 1, noTransport: 2, active: 4 } as const

/** Look in all sets. */
export const ANY_SET = -1

interface Wanted {
  readonly address: string
  readonly port: number
  readonly transportNumber: number
}

/** Whether the sender is a destination of the set. */
export function isSenderListed(state: Dispatcher, context: RouteContext, setId: number, mode: number): number | Promise<number> {
  const { sourceAddress, sourcePort, socket } = context.message.received
  const wanted = { address: sourceAddress, port: sourcePort, transportNumber: TRANSPORT_NUMBERS.indexOf(socket.transport) }
  return search(state, context, setId, mode, wanted)
}

/** Whether a URI leads to a destination of the set; without one, whether the sender is listed. */
export function isUriListed(
  state: Dispatcher, context: RouteContext, setId: number, mode: number, text: string,
): number | Promise<number> {
  if (text === '') return isSenderListed(state, context, setId, mode)
  const uri = parseUri(text)
  if (uri instanceof ParseError) return fail(state, `bad uri [${text}]`)
  const transport = uriParam(uri, 'transport')?.toLowerCase()
  const transportNumber = isTransport(transport) ? TRANSPORT_NUMBERS.indexOf(transport) : 0
  const found = findPlace(state, uri.host, uri.port, transportNumber)
  const goOn = (place: Awaited<typeof found>): number | Promise<number> => {
    if (place === undefined) return fail(state, `could not resolve ${uri.host}`)
    const port = place.port ?? uri.port
    return search(state, context, setId, mode, { address: place.address, port, transportNumber: place.transportNumber ?? transportNumber })
  }
  return found instanceof Promise ? found.then(goOn) : goOn(found)
}

function search(state: Dispatcher, context: RouteContext, setId: number, mode: number, wanted: Wanted): number | Promise<number> {
  if (state.sets === undefined) return -1
  const one = state.sets.get(setId)
  const sets = setId === ANY_SET ? state.sets.all : one === undefined ? [] : [one]
  if ((state.params.ds_dns_mode & DnsMode.always) !== 0) return searchAsking(state, context, sets, setId, mode, wanted)
  for (const set of sets) {
    for (const destination of set.destinations) {
      if (isMatch(destination, knownPlace(destination), mode, wanted)) return tell(state, context, set, destination, setId)
    }
  }
  return -1
}

/** Names are looked up each time. */
async function searchAsking(
  state: Dispatcher, context: RouteContext, sets: readonly DestinationSet[], setId: number, mode: number, wanted: Wanted,
): Promise<number> {
  for (const set of sets) {
    for (const destination of set.destinations) {
      const place = await placeOf(state, destination)
      if (place === undefined) state.host.log.error('dispatcher', `could not resolve ${destination.host} (skipping)`)
      else if (isMatch(destination, place, mode, wanted)) return tell(state, context, set, destination, setId)
    }
  }
  return -1
}

function knownPlace({ address, foundPort, foundTransportNumber }: Destination): Place {
  return { address, port: foundPort, transportNumber: foundTransportNumber }
}

function isMatch(destination: Destination, place: Place, mode: number, { address, port, transportNumber }: Wanted): boolean {
  if (place.address !== address || address === '') return false
  const ownPort = place.port ?? destination.port
  if ((mode & Match.noPort) === 0 && ownPort !== 0 && ownPort !== port) return false
  const ownTransport = place.transportNumber ?? destination.transportNumber
  if ((mode & Match.noTransport) === 0 && ownTransport !== transportNumber) return false
  return (mode & Match.active) === 0 || destination.isUsable
}

/** Puts what was found into the variables of the parameters. */
function tell(state: Dispatcher, context: RouteContext, set: DestinationSet, destination: Destination, setId: number): number {
  if (setId === ANY_SET && state.setIdVariable?.set(context, set.id) === false) return fail(state, 'setting PV failed')
  const { body } = destination.attributes
  if (body !== '' && state.attributesVariable?.set(context, body) === false) return fail(state, 'setting attrs pv failed')
  return 1
}

/** Whether a set has a usable destination, that of the URI where one is given. */
export function isActive({ sets }: Dispatcher, setId: number, uri: string | undefined): number {
  const set = sets?.get(setId)
  if (set === undefined) return -1
  if (uri === undefined || uri === '') return set.isAnyUsable ? 1 : -1
  return set.destinations.some((destination) => destination.isUsable && destination.uri === uri) ? 1 : -1
}
