/** tel: URIs as SIP URIs (RFC 3261 §19.1.6). */

const isTelephoneUri = (uri: string): boolean => uri.slice(0, 4).toLowerCase() === 'tel:'

const withoutSeparators = (number: string): string => number.replace(/[-.()]/g, '')

/** ASCII letters only: a byte above 127 is no letter here. */
const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** Undefined for a URI that is no tel: URI. Parameters stay in their order, in lower case. */
export function telToSip(uri: string, hostPart: string): string | undefined {
  if (!isTelephoneUri(uri)) return undefined
  const semicolon = uri.indexOf(';')
  const end = semicolon < 0 ? uri.length : semicolon
  const number = withoutSeparators(uri.slice(4, end))
  return `sip:${lower(number + uri.slice(end))}@${hostPart};user=phone`
}

const PARAMS_MAX = 10

/**
 * The same with parameters in RFC 3261's order (isub, postd, then by name): a phone-context that is a number loses
 * its separators, one that is a domain is left out, since it is the host part.
 */
export function telToSortedSip(uri: string, hostPart: string): string | undefined {
  if (!isTelephoneUri(uri)) return undefined
  const [number = '', ...rest] = lower(uri.slice(4)).split(';')
  const params = rest.slice(0, PARAMS_MAX).map((param): readonly [name: string, value: string] => {
    const equals = param.indexOf('=')
    return equals < 0 ? [param, ''] : [param.slice(0, equals), param.slice(equals + 1)]
  })
  params.sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0))
  let user = withoutSeparators(number)
  for (const [name, value] of params) {
    if (name !== 'phone-context') user += `;${name}=${value}`
    else if (/^\+?[-.()0-9]*$/.test(value)) user += `;${name}=${withoutSeparators(value)}`
  }
  return `sip:${user}@${hostPart};user=phone`
}

function rank(name: string): number {
  return name === 'isdn-subaddress' ? 0 : name === 'post-dial' ? 1 : 2
}
