/**
 * A registrar and proxy in TypeScript: `kahea run examples/typescript/routes.ts`, then register two phones at 127.0.0.1 and call. Save this
 * file while the server runs: the next message takes the new routes.
 */
import { htable, location, log, type Message, type ScriptConfig } from 'kahea'

export const config: ScriptConfig = {
  listen: 'udp:127.0.0.1:5060',
  settings: { debug: 2 },
  modules: {
    registrar: { max_expires: 3600 },
    htable: { htable: 'missed=>size=8;autoexpire=86400' },
  },
}

const contacts = location()
const missed = htable('missed')

export async function requestRoute(msg: Message): Promise<void> {
  if (!msg.countHop()) return void msg.reply(483)
  if (!msg.isSane()) return
  if (msg.isInDialog) return withinDialog(msg)
  if (msg.method === 'CANCEL') {
    if (msg.hasTransaction()) await msg.relay()
    return
  }
  if (msg.isRetransmission()) return

  switch (msg.method) {
    case 'REGISTER':
      await contacts.save(msg)
      return
    case 'OPTIONS':
      msg.reply(200, 'OK', { headers: { Accept: 'application/sdp' } })
      return
    case 'INVITE':
      msg.recordRoute()
  }

  if (msg.requestUri.user === '') return void msg.reply(484)
  if (!(await contacts.lookup(msg))) return void msg.reply(404, 'Nobody is there')
  await msg.relay({ onFailure: notReached, onReply: (reply) => log.info(`${reply.callId}: ${reply.status} ${reply.reason}`) })
}

/** What follows within a call goes where Record-Route says. */
async function withinDialog(msg: Message): Promise<void> {
  if (msg.looseRoute()) await msg.relay()
  else if (msg.method === 'ACK' && msg.hasTransaction()) await msg.relay()
  else if (msg.method !== 'ACK') msg.reply(404, 'Not here')
}

/** Nobody answered: counts it, and sends the caller on to a mailbox for three calls and more. */
export async function notReached(msg: Message): Promise<void> {
  if (msg.get('$T_reply_code') === 487) return
  const times = missed.increment(msg.to.uri.user)
  log.notice(`${msg.from.uri} missed ${msg.to.uri.user} for the ${times}. time`)
  if (times < 3) return
  msg.uri = msg.requestUri.with({ user: `mailbox-${msg.to.uri.user}` })
  msg.destination = 'sip:127.0.0.1:5090'
  await msg.relay()
}
