import { arg, defineModule, fn, form, param, RpcStruct, variableFamily, type PvValue } from '../../define/define.ts'
import { RouteMask } from '../../define/route-kind.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { forwardReply } from '../../runtime/forward.ts'
import { replyCode } from '../../runtime/reply-code.ts'
import { locateVariable } from '../../runtime/variable-spec.ts'
import { slApi } from './api.ts'
import { tmApi } from '../tm/api.ts'
import { counterNames, createSl, isAckToOwnReply, sendErrorReply, sendReply, sendReplyByTransaction, type Sl } from './reply.ts'

const code = replyCode((status) => status >= 0 && status <= 999)
/** Of a text that begins with a variable, Kamailio takes the variable and forgets the rest; when that holds nothing, default_reason. */
const reason = arg.custom<string | undefined>('reason', 'Reason phrase: a variable, or a text with variables in it.', (text, env) => {
  const end = text.startsWith('$') && !text.startsWith('$$') ? locateVariable(text, 0) : 0
  const variable = end > 0 ? env.variable(text.slice(0, end)) : undefined
  const format = env.format(end > 0 ? text.slice(0, end) : text)
  if (typeof format === 'string') return format
  if (variable === undefined || typeof variable === 'string') return { evaluate: (context) => format.evaluate(context) }
  return { evaluate: (context) => (variable.get(context) === null ? undefined : format.evaluate(context)) }
})

type Sender = typeof sendReply

const answer = (send: Sender, sl: Sl, context: RouteContext, status: number | undefined, text: string | undefined): number =>
  send(sl, context, status ?? sl.params.default_code, text ?? sl.params.default_reason)

const replying = (summary: string, routes: readonly ('request' | 'failure' | 'onreply')[], send: Sender) =>
  fn({
    summary,
    returns: { 1: 'sent', [-1]: 'not sent: an ACK, or the network refused it' },
    routes,
    args: [code, reason],
    run: (context, sl: Sl, status, text) => answer(send, sl, context, status, text),
  })

/** Kamailio's reply_route of the core knows of no transaction. */
function localTag(sl: Sl, context: RouteContext, key: 's' | 't' | 'x'): PvValue {
  const transaction = key === 's' || context.routeType === RouteMask.coreReply ? undefined : sl.tm?.transactionOf(context)
  if (sl.tm !== undefined && transaction !== undefined) return sl.tm.localTag(transaction)
  return key === 't' ? null : sl.tags.tagFor(context.message)
}

export default defineModule({
  name: 'sl',
  summary: 'Answers requests without keeping state.',
  area: 'routing',
  params: {
    default_code: param.int(500, 'Status of replies that name none.'),
    default_reason: param.str('Internal Server Error', 'Reason of replies that name none.'),
    bind_tm: param.int(1, 'Let send_reply() use a transaction when there is one.'),
    rich_redirect: param.int(0, 'More in Contact of redirections, as bits: 1 branch flags, 2 the path as Route in the URI.'),
    event_callback_fl_ack: param.str('', 'KEMI function for filtered ACKs.'),
    event_callback_lres_sent: param.str('', 'KEMI function for replies sent.'),
  },
  eventCallbacks: { event_callback_fl_ack: ['sl:filtered-ack'], event_callback_lres_sent: ['sl:local-response'] },
  setup(host, params): Sl {
    const sl = createSl(host, params)
    host.provide(slApi, {
      reply: (context, status, text) => sendReply(sl, context, status, text),
      replyInTransaction: (context, status, text) => sendReplyByTransaction(sl, context, status, text),
      toTag: (context) => sl.tags.tagFor(context.message),
      watch: (watcher) => void sl.watchers.push(watcher),
    })
    host.onRequest((context) => {
      if (!isAckToOwnReply(sl, context.message)) return true
      sl.counters.get('received_ACKs')?.increment()
      for (const watcher of sl.watchers) watcher.ackFiltered(context)
      if (sl.filteredAck !== undefined) void host.runEvent(sl.filteredAck, context)
      return false
    })
    return sl
  },
  start(sl, host) {
    if (sl.params.bind_tm !== 0) sl.tm = host.api(tmApi)
    findRoutes(sl, host)
  },
  reloaded: findRoutes,
  functions: {
    sl_send_reply: { ...replying('Answers the request.', ['request'], sendReply), aliases: ['sl_reply'] },
    send_reply: replying(
      'Answers the request, within its transaction when there is one.', ['request', 'onreply', 'failure'], sendReplyByTransaction,
    ),
    send_reply_mode: fn({
      summary: 'As send_reply(); the mode makes no difference.',
      routes: ['request', 'onreply', 'failure'],
      args: [code, reason, arg.int('mode', 'Any number.')],
      run: (context, sl: Sl, status, text) => answer(sendReplyByTransaction, sl, context, status, text),
    }),
    sl_reply_error: fn({
      summary: 'Answers with what went wrong last.',
      routes: ['request'],
      args: [],
      readsError: true,
      run: (context, sl: Sl) => sendErrorReply(sl, context),
    }),
    send_reply_error: fn({
      summary: 'Answers with what went wrong last, within the transaction when there is one.',
      routes: ['request', 'onreply', 'failure'],
      args: [],
      readsError: true,
      run: (context, sl: Sl) => sendErrorReply(sl, context),
    }),
    sl_forward_reply: {
      summary: 'Passes the reply on now, with another status or reason if given.',
      forms: [
        form({
          routes: ['onreply'],
          mayWait: true,
          args: [arg.optional(arg.str('code', 'New status.')), arg.optional(arg.str('reason', 'New reason.'))],
          run: (context, _sl: Sl, status, text) => {
            const { message } = context
            if (status) message.newStatus = Number(status)
            if (text) message.newReason = text
            const sent = forwardReply(context)
            const result = (problem: string | undefined): number => (problem === undefined ? 1 : -1)
            return sent instanceof Promise ? sent.then(result) : result(sent)
          },
        }),
      ],
    },
  },
  rpc: {
    'sl.stats': {
      summary: 'How many replies of each kind were sent.',
      run: (sl) => {
        const answer = new RpcStruct()
        for (const [name, counter] of sl.counters) {
          if (/^[2-6]|^xxx/.test(name)) answer.add(name.replace('_replies', ''), counter.value)
        }
        return [answer]
      },
    },
  },
  variables: {
    ltt: variableFamily<Sl>('To tag of replies made here: s without, t with a transaction, x as it is.', { inner: 'required' }, (key) => {
      if (key !== 's' && key !== 't' && key !== 'x') return `$ltt(${key ?? ''}): it is s, t or x`
      return { get: (context, sl) => localTag(sl, context, key) }
    }),
  },
  events: {
    'sl:local-response': 'A stateless reply was sent; the reply is the message.',
    'sl:filtered-ack': 'An ACK to a stateless failure reply came and ends here.',
  },
  statistics: counterNames,
})

function findRoutes(sl: Sl, { routes }: Host): void {
  sl.localResponse = routes.event('sl:local-response')
  sl.filteredAck = routes.event('sl:filtered-ack')
}
