/** Headers this server knows by number, and how their names are written (RFC 3261 §7.3.3 and later RFCs). */
export const HeaderType = {
  other: 0,
  via: 1,
  from: 2,
  to: 3,
  callId: 4,
  cseq: 5,
  contact: 6,
  maxForwards: 7,
  route: 8,
  recordRoute: 9,
  contentLength: 10,
  contentType: 11,
  expires: 12,
  authorization: 13,
  proxyAuthorization: 14,
  wwwAuthenticate: 15,
  proxyAuthenticate: 16,
  supported: 17,
  require: 18,
  proxyRequire: 19,
  unsupported: 20,
  allow: 21,
  allowEvents: 22,
  event: 23,
  accept: 24,
  acceptLanguage: 25,
  organization: 26,
  priority: 27,
  subject: 28,
  userAgent: 29,
  server: 30,
  contentDisposition: 31,
  diversion: 32,
  remotePartyId: 33,
  referTo: 34,
  sessionExpires: 35,
  minSe: 36,
  pAssertedIdentity: 37,
  pPreferredIdentity: 38,
  privacy: 39,
  path: 40,
  retryAfter: 41,
  identity: 42,
  date: 43,
  sipIfMatch: 44,
  subscriptionState: 45,
  reason: 46,
  minExpires: 47,
  warning: 48,
  referredBy: 49,
  contentEncoding: 50,
  replaces: 51,
  join: 52,
  acceptContact: 53,
  rejectContact: 54,
  requestDisposition: 55,
  pChargingVector: 56,
} as const
export type HeaderType = (typeof HeaderType)[keyof typeof HeaderType]

const TYPES: readonly HeaderType[] = Object.values(HeaderType)

/** The type that a number stands for. */
export function headerTypeOf(value: number): HeaderType {
  return TYPES[value] ?? HeaderType.other
}

const NAMES: readonly (readonly [name: string, type: HeaderType, compact?: string])[] = [
  ['Via', HeaderType.via, 'v'],
  ['From', HeaderType.from, 'f'],
  ['To', HeaderType.to, 't'],
  ['Call-ID', HeaderType.callId, 'i'],
  ['CSeq', HeaderType.cseq],
  ['Contact', HeaderType.contact, 'm'],
  ['Max-Forwards', HeaderType.maxForwards],
  ['Route', HeaderType.route],
  ['Record-Route', HeaderType.recordRoute],
  ['Content-Length', HeaderType.contentLength, 'l'],
  ['Content-Type', HeaderType.contentType, 'c'],
  ['Expires', HeaderType.expires],
  ['Authorization', HeaderType.authorization],
  ['Proxy-Authorization', HeaderType.proxyAuthorization],
  ['WWW-Authenticate', HeaderType.wwwAuthenticate],
  ['Proxy-Authenticate', HeaderType.proxyAuthenticate],
  ['Supported', HeaderType.supported, 'k'],
  ['Require', HeaderType.require],
  ['Proxy-Require', HeaderType.proxyRequire],
  ['Unsupported', HeaderType.unsupported],
  ['Allow', HeaderType.allow],
  ['Allow-Events', HeaderType.allowEvents, 'u'],
  ['Event', HeaderType.event, 'o'],
  ['Accept', HeaderType.accept],
  ['Accept-Language', HeaderType.acceptLanguage],
  ['Organization', HeaderType.organization],
  ['Priority', HeaderType.priority],
  ['Subject', HeaderType.subject, 's'],
  ['User-Agent', HeaderType.userAgent],
  ['Server', HeaderType.server],
  ['Content-Disposition', HeaderType.contentDisposition],
  ['Diversion', HeaderType.diversion],
  ['Remote-Party-ID', HeaderType.remotePartyId],
  ['Refer-To', HeaderType.referTo, 'r'],
  ['Session-Expires', HeaderType.sessionExpires, 'x'],
  ['Min-SE', HeaderType.minSe],
  ['P-Asserted-Identity', HeaderType.pAssertedIdentity],
  ['P-Preferred-Identity', HeaderType.pPreferredIdentity],
  ['Privacy', HeaderType.privacy],
  ['Path', HeaderType.path],
  ['Retry-After', HeaderType.retryAfter],
  ['Identity', HeaderType.identity, 'y'],
  ['Date', HeaderType.date],
  ['SIP-If-Match', HeaderType.sipIfMatch],
  ['Subscription-State', HeaderType.subscriptionState],
  ['Reason', HeaderType.reason],
  ['Min-Expires', HeaderType.minExpires],
  ['Warning', HeaderType.warning],
  ['Referred-By', HeaderType.referredBy, 'b'],
  ['Content-Encoding', HeaderType.contentEncoding, 'e'],
  ['Replaces', HeaderType.replaces],
  ['Join', HeaderType.join],
  ['Accept-Contact', HeaderType.acceptContact, 'a'],
  ['Reject-Contact', HeaderType.rejectContact, 'j'],
  ['Request-Disposition', HeaderType.requestDisposition, 'd'],
  ['P-Charging-Vector', HeaderType.pChargingVector],
]

/** By name in lower case, full and compact. */
const byName = new Map<string, HeaderType>()
export const headerNames: ReadonlyMap<string, HeaderType> = byName
/** The usual spelling of names by their length, for a comparison without making a string of the name. */
const byLength: (readonly (readonly [first: number, name: string, type: HeaderType])[] | undefined)[] = []
for (const [name, type, compact] of NAMES) {
  byName.set(name.toLowerCase(), type)
  if (compact) byName.set(compact, type)
  byLength[name.length] = [...(byLength[name.length] ?? []), [name.charCodeAt(0), name, type]]
}

/** The type of a header's name in any case, full or compact; `other` for unknown names. */
export function headerType(name: string): HeaderType {
  return byName.get(name.toLowerCase()) ?? HeaderType.other
}

/** The same for a name that stands in a text. */
export function headerTypeAt(text: string, start: number, end: number): HeaderType {
  const candidates = byLength[end - start]
  if (candidates !== undefined) {
    const first = text.charCodeAt(start)
    for (let index = 0; index < candidates.length; index++) {
      const candidate = candidates[index]
      if (candidate !== undefined && candidate[0] === first && text.startsWith(candidate[1], start)) return candidate[2]
    }
  }
  return headerType(text.slice(start, end))
}
