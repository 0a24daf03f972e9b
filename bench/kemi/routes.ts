import { location, type Message } from 'kahea'

const contacts = location()

export function requestRoute(msg: Message): unknown {
  if (!msg.countHop(10)) return msg.reply(483, 'Too Many Hops')
  if (msg.method === 'REGISTER') return contacts.save(msg)
  if (msg.isInDialog) {
    if (msg.looseRoute()) return msg.relay()
    return msg.method === 'ACK' || msg.reply(404, 'Not here')
  }
  if (msg.method === 'CANCEL') return msg.hasTransaction() && msg.relay()
  if (msg.isRetransmission()) return
  if (msg.method === 'INVITE') msg.recordRoute()
  msg.destination = 'sip:127.0.30.248:5070'
  return msg.relay()
}
