/** Kamailio's basic KEMI script in TypeScript. */
import { location, type Message } from 'kahea'

const FLT_ACC = 1
const FLT_ACCMISSED = 2
const FLT_NATS = 5

const contacts = location()

export async function requestRoute(msg: Message): Promise<unknown> {
  if (/friendly|scanner|sipcli|sipvicious/.test(msg.userAgent)) return msg.reply(200, 'OK')
  if (!msg.countHop(10)) return msg.reply(483, 'Too Many Hops')
  if (msg.method === 'OPTIONS' && msg.isMyself(msg.uri) && msg.requestUri.user === '') return msg.reply(200, 'Keepalive')
  if (KSR.sanity.sanity_check(1511, 7) < 0) return
  detectNat(msg)
  if (msg.method === 'CANCEL') return msg.hasTransaction() && relay(msg)
  if (msg.isInDialog) return withinDialog(msg)
  if (msg.method !== 'ACK' && msg.isRetransmission()) return
  if (!(await mayGoOn(msg))) return
  msg.headers.delete('Route')
  if (msg.method === 'INVITE' || msg.method === 'SUBSCRIBE') msg.recordRoute()
  if (msg.method === 'INVITE') msg.flags.add(FLT_ACC)
  if (!msg.isMyself(msg.uri)) {
    msg.headers.append('P-hint', 'outbound')
    return relay(msg)
  }
  if (msg.method === 'REGISTER') return contacts.save(msg)
  if (msg.requestUri.user === '') return msg.reply(484, 'Address Incomplete')
  const found = await KSR.registrar.lookup('location')
  if (found < 0) {
    KSR.tm.t_newtran()
    return found === -2 ? msg.reply(405, 'Method Not Allowed') : msg.reply(404, 'Not Found')
  }
  if (msg.method === 'INVITE') msg.flags.add(FLT_ACCMISSED)
  return relay(msg)
}

function relay(msg: Message): unknown {
  return msg.relay(msg.method === 'INVITE' ? { onFailure: () => undefined, onReply: () => undefined, onBranch: () => undefined } : {})
}

function detectNat(msg: Message): void {
  KSR.force_rport()
  if (KSR.nathelper.nat_uac_test(19) < 0) return
  if (msg.method === 'REGISTER') KSR.nathelper.fix_nated_register()
  else if (KSR.siputils.is_first_hop() > 0) KSR.nathelper.set_contact_alias()
  msg.flags.add(FLT_NATS)
}

function withinDialog(msg: Message): unknown {
  if (msg.looseRoute()) {
    if (msg.destination === undefined) KSR.nathelper.handle_ruri_alias()
    if (msg.method === 'NOTIFY') msg.recordRoute()
    return relay(msg)
  }
  if (msg.method === 'ACK') return msg.hasTransaction() && relay(msg)
  return msg.reply(404, 'Not here')
}

async function mayGoOn(msg: Message): Promise<boolean> {
  if (msg.method !== 'REGISTER' && (await KSR.permissions.allow_source_address(1)) > 0) return true
  const isOwn = msg.isMyself(msg.fromUri)
  if (msg.method === 'REGISTER' || isOwn) {
    if (!(await msg.authenticate(msg.from.uri.host))) {
      msg.challenge(msg.from.uri.host)
      return false
    }
    if (msg.method !== 'REGISTER' && msg.method !== 'PUBLISH') KSR.auth.consume_credentials()
  }
  if (isOwn || msg.isMyself(msg.uri)) return true
  msg.reply(403, 'Not relaying')
  return false
}
