/** The core's selects: a second way to name parts of the message, `@to.uri.user` and `$sel(to.uri.user)`. */
import type { SelectDef } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { addressSelect, contactSelect, recordRouteSelect } from './selects/address.ts'
import { credentialsSelect } from './selects/credentials.ts'
import {
  codeSelect,
  cseqSelect,
  eventSelect,
  messageSelect,
  methodSelect,
  namedValueSelect,
  reasonSelect,
  valueSelect,
  versionSelect,
} from './selects/message.ts'
import {
  destinationSelect, destinationUriSelect, nextHopSelect, receivedSelect, requestUriSelect, sourceSelect,
} from './selects/network.ts'
import { definitions, type Resolver } from './selects/path.ts'
import { branchSelect, configSelect, selectedSelect, systemSelect } from './selects/system.ts'
import { viaSelect } from './selects/via.ts'

const families: readonly (readonly [summary: string, names: readonly string[], resolve: Resolver])[] = [
  ['The Request-URI as it stands, and its parts.', ['ruri', 'request_uri'], requestUriSelect],
  ['The destination URI, and its parts.', ['dst_uri'], destinationUriSelect],
  ['Where the request goes next, and the own address towards it.', ['next_hop'], nextHopSelect],
  ['The From header.', ['from', 'f'], addressSelect(HeaderType.from)],
  ['The To header.', ['to', 't'], addressSelect(HeaderType.to)],
  ['The Refer-To header.', ['refer_to'], addressSelect(HeaderType.referTo)],
  ['The Remote-Party-ID header.', ['remote_party_id', 'rpid'], addressSelect(HeaderType.remotePartyId)],
  ['The first Contact header; its last address.', ['contact', 'm'], contactSelect],
  ['A Via value, counted from 1.', ['via', 'v'], viaSelect],
  ['The first Record-Route header.', ['record_route', 'rr'], recordRouteSelect],
  ['The event package.', ['event'], eventSelect],
  ['The CSeq header.', ['cseq'], cseqSelect],
  ['The message, its first line, headers and body.', ['msg', 'message'], messageSelect],
  ['The method.', ['method'], methodSelect],
  ['The version of SIP.', ['version'], versionSelect],
  ['The code of a reply.', ['status', 'code'], codeSelect],
  ['The reason of a reply.', ['reason'], reasonSelect],
  ['Credentials of a realm in Proxy-Authorization.', ['proxy_authorization'], credentialsSelect(HeaderType.proxyAuthorization)],
  ['Credentials of a realm in Authorization.', ['authorization'], credentialsSelect(HeaderType.authorization)],
  ['Where the message came from.', ['src'], sourceSelect],
  ['The own address the message came to.', ['dst'], destinationSelect],
  ['The own socket the message came to.', ['received'], receivedSelect],
  ['The Call-ID header.', ['call_id'], valueSelect(HeaderType.callId)],
  ['The Expires header.', ['expires'], valueSelect(HeaderType.expires)],
  ['The Max-Forwards header.', ['max_forwards'], valueSelect(HeaderType.maxForwards)],
  ['The Content-Type header.', ['content_type'], valueSelect(HeaderType.contentType)],
  ['The Content-Length header.', ['content_length'], valueSelect(HeaderType.contentLength)],
  ['The Subject header.', ['subject'], valueSelect(HeaderType.subject)],
  ['The Organization header.', ['organization'], valueSelect(HeaderType.organization)],
  ['The Priority header.', ['priority'], valueSelect(HeaderType.priority)],
  ['The Session-Expires header.', ['session_expires'], valueSelect(HeaderType.sessionExpires)],
  ['The Min-SE header.', ['min_se'], valueSelect(HeaderType.minSe)],
  ['The SIP-If-Match header.', ['sip_if_match'], valueSelect(HeaderType.sipIfMatch)],
  ['The User-Agent header.', ['user_agent'], valueSelect(HeaderType.userAgent)],
  ['The Date header.', ['date'], valueSelect(HeaderType.date)],
  ['The Identity header.', ['identity'], valueSelect(HeaderType.identity)],
  ['The Identity-Info header.', ['identity_info'], namedValueSelect('Identity-Info')],
  ['The process and the time.', ['sys'], systemSelect],
  ['The branches that were added.', ['branch'], branchSelect],
  ['A global parameter.', ['cfg_get'], configSelect],
  ['The instance of a group of parameters that cfg_select() chose.', ['cfg_selected'], selectedSelect],
]

export const coreSelects: readonly SelectDef<Host>[] = families.flatMap(([summary, names, resolve]) => definitions(summary, names, resolve))
