/** URIs, addresses of record and header names compared. 1 the same, -1 different, -2 not readable. */
import { headerType, HeaderType } from '../../sip/header-name.ts'
import { parseParamList } from '../../sip/param-list.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseUri, uriParam, type SipUri } from '../../sip/uri.ts'
import { isTelephone, numberParams } from './uri-param.ts'

/** Of a telephone number with parameters in the user part, the number alone. */
function userOf(uri: SipUri, phone2tel: boolean): string {
  const semicolon = isTelephone(uri, phone2tel) ? uri.user.indexOf(';') : -1
  return semicolon < 0 ? uri.user : uri.user.slice(0, semicolon)
}

/** Parameters that count when the other URI has none (RFC 3261 §19.1.4). */
const SIGNIFICANT = ['user', 'ttl', 'method', 'maddr']

const hasSignificant = (uri: SipUri): boolean => SIGNIFICANT.some((name) => (uriParam(uri, name) ?? '') !== '')

/** RFC 3261 §19.1.4, without headers and without escapes. */
export function compareUris(first: string, second: string, phone2tel: boolean): number {
  const one = parseUri(first)
  const two = parseUri(second)
  if (one instanceof ParseError || two instanceof ParseError) return -2
  if (kindOf(one, phone2tel) !== kindOf(two, phone2tel)) return -1
  if (userOf(one, phone2tel) !== userOf(two, phone2tel)) return -1
  if (one.portText !== two.portText || one.password !== two.password) return -1
  if (one.host.toLowerCase() !== two.host.toLowerCase()) return -1
  const paramsOne = numberParams(one, phone2tel).text
  const paramsTwo = numberParams(two, phone2tel).text
  if (paramsOne === '' && paramsTwo === '') return 1
  if (paramsOne === '' && hasSignificant(two)) return -1
  if (paramsTwo === '' && hasSignificant(one)) return -1
  return compareParams(paramsOne, paramsTwo)
}

function kindOf(uri: SipUri, phone2tel: boolean): string {
  return isTelephone(uri, phone2tel) ? 'tel' : uri.scheme
}

/** Those that both have must have the same value. */
function compareParams(first: string, second: string): number {
  const one = parseParamList(first)
  const two = parseParamList(second)
  if (one === undefined || two === undefined) return -2
  for (const a of one) {
    for (const b of two) {
      if (a.name.toLowerCase() === b.name.toLowerCase() && a.value.toLowerCase() !== b.value.toLowerCase()) return -1
    }
  }
  return 1
}

/** User, host and port; where one has no port the other's must be 5060. Two different ports are not looked at. */
export function compareAors(first: string, second: string, phone2tel: boolean): number {
  const one = parseUri(first)
  const two = parseUri(second)
  if (one instanceof ParseError || two instanceof ParseError) return -2
  if (userOf(one, phone2tel) !== userOf(two, phone2tel)) return -1
  if (one.portText === '' && two.portText !== '' && two.port !== 5060) return -1
  if (two.portText === '' && one.portText !== '' && one.port !== 5060) return -1
  return one.host.toLowerCase() === two.host.toLowerCase() ? 1 : -1
}

/** Full and compact forms are the same. Names that differ give -1 or -2 by their order, as Kamailio's do. */
export function compareHeaderNames(first: string, second: string): number {
  const one = first.trimEnd()
  const two = second.trimEnd()
  if (one === '' || two === '') return -2
  const typeOne = typeOf(one)
  const typeTwo = typeOf(two)
  if (typeOne !== HeaderType.other || typeTwo !== HeaderType.other) return typeOne === typeTwo ? 1 : -1
  const lowerOne = one.toLowerCase()
  const lowerTwo = two.toLowerCase()
  return lowerOne === lowerTwo ? 1 : lowerOne > lowerTwo ? -1 : -2
}

function typeOf(name: string): HeaderType {
  const colon = name.indexOf(':')
  return headerType((colon < 0 ? name : name.slice(0, colon)).trimEnd())
}
