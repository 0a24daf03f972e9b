import { defineModule, kemi, type KemiDef, type PvValue, type VariableHandle } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'

interface State {
  readonly host: Host
  /** The variables behind the functions, by name of the function. */
  readonly variables: Map<string, VariableHandle>
}

type Kemi = KemiDef<State>

/** What can be read: its name, the variable, and what it is. Those with `gete` and `getw` have forms for what holds nothing. */
const values: readonly (readonly [name: string, variable: string, summary: string, forms?: 'all'])[] = [
  ['au', '$au', 'user name of the credentials', 'all'],
  ['body', '$rb', 'body', 'all'],
  ['callid', '$ci', 'Call-ID'],
  ['cturi', '$ctu', 'URI of the first Contact', 'all'],
  ['duri', '$du', 'destination', 'all'],
  ['fhost', '$fd', "host of From's URI", 'all'],
  ['furi', '$fu', "From's URI"],
  ['fuser', '$fU', "user of From's URI", 'all'],
  ['method', '$rm', 'method'],
  ['msgbuf', '$mb', 'message as it came'],
  ['nhuri', '$nh(u)', 'next hop'],
  ['ouri', '$ou', 'Request-URI as it came'],
  ['proto', '$proto', 'transport the message came by'],
  ['rcv_sock_name', '$Rn', 'name of the socket the message came to'],
  ['rcvaddr_sock', '$Ras', 'socket the message came to, transport:address:port'],
  ['rcvadvip', '$RAi', 'advertised address of the socket the message came to'],
  ['rcvadvport', '$RAp', 'advertised port of the socket the message came to'],
  ['rcvip', '$Ri', 'address the message came to'],
  ['rcvport', '$Rp', 'port the message came to'],
  ['rhost', '$rd', 'host of the Request-URI', 'all'],
  ['ruri', '$ru', 'Request-URI'],
  ['ruser', '$rU', 'user of the Request-URI', 'all'],
  ['send_sock', '$fs', 'socket to send from'],
  ['send_sock_name', '$fsn', 'name of the socket to send from'],
  ['srcaddr_sock', '$sas', 'where the message came from, transport:address:port'],
  ['srcip', '$si', 'address the message came from'],
  ['srcport', '$sp', 'port the message came from'],
  ['srcuri', '$su', 'where the message came from, as URI'],
  ['thost', '$td', "host of To's URI", 'all'],
  ['turi', '$tu', "To's URI"],
  ['tuser', '$tU', "user of To's URI", 'all'],
  ['ua', '$ua', 'User-Agent', 'all'],
]

const read = (name: string, summary: string, missing: PvValue): Kemi =>
  kemi({
    summary, args: [], returns: 'xval',
    run(context, { variables }: State) {
      const value = variables.get(name)?.get(context) ?? missing
      return value === '' ? missing : value
    },
  })

const reading = Object.fromEntries(values.flatMap(([name, , what, forms]): [string, Kemi][] => {
  const one: [string, Kemi] = [`get_${name}`, read(name, `The ${what}; nothing where there is none.`, null)]
  if (forms === undefined) return [one]
  return [
    one,
    [`gete_${name}`, read(name, `The ${what}; an empty text where there is none.`, '')],
    [`getw_${name}`, read(name, `The ${what}; \`<null>\` where there is none.`, '<null>')],
  ]
}))

const numbers: readonly (readonly [name: string, variable: string, summary: string, missing?: number])[] = [
  ['bodylen', '$bs', 'Length of the body.'],
  ['conid', '$conid', 'Connection the message came by; -1 for datagrams.', -1],
  ['msglen', '$ml', 'Length of the message.'],
  ['msgtype', '$mt', '1 for a request, 2 for a reply.'],
  ['protoid', '$prid', 'Number of the transport the message came by.'],
  ['send_sock_port', '$fsp', 'Port of the socket to send from; 0 where none is set.'],
  ['status', '$rs', 'Status of a reply; -1 for a request.', -1],
  ['timestamp', '$TS', 'Seconds since 1970.'],
]

const counting = Object.fromEntries(numbers.map(([name, , summary, missing = 0]): [string, Kemi] => [
  `get_${name}`,
  kemi({ summary, args: [], run: (context, { variables }: State) => Number(variables.get(name)?.get(context) ?? missing) }),
]))

const named = (summary: string, family: string): Kemi =>
  kemi({
    summary, args: ['name'], returns: 'xval',
    run: (context, { host }: State, name) => host.ksr.variable(context, `$${family}(${name})`)?.get(context) ?? '',
  })

const namedNumber = (summary: string, family: string): Kemi =>
  kemi({
    summary, args: ['name'],
    run(context, { host }: State, name) {
      const value = host.ksr.variable(context, `$${family}(${name})`)?.get(context)
      return typeof value === 'number' ? value : 0
    },
  })

export default defineModule({
  name: 'kemix',
  summary: 'What scripts in other languages ask for most, by functions of its own (KSR.kx).',
  area: 'core',
  setup: (host): State => ({ host, variables: new Map() }),
  start({ variables }, host) {
    for (const [name, text] of [...values, ...numbers]) {
      const variable = host.prepare.variable(text)
      if (typeof variable !== 'string') variables.set(name, variable)
    }
  },
  kemi: {
    ...reading,
    ...counting,
    gets_status: kemi({
      summary: 'Status of a reply as a text; nothing for a request.', args: [], returns: 'xval',
      run: ({ message }) => (message.isRequest ? null : String(message.newStatus || message.status)),
    }),
    get_def: named('Text of a #!define.', 'def'),
    get_defn: namedNumber('A #!define as a number.', 'defn'),
    get_env: named('Variable of the environment.', 'env'),
    get_envn: namedNumber('Variable of the environment as a number.', 'envn'),
    ifdef: kemi({
      summary: 'Tells whether that is a #!define.', args: ['name'], returns: 'bool',
      run: (_context, { host }: State, name) => host.defines.has(name),
    }),
    ifndef: kemi({
      summary: 'Tells whether that is no #!define.', args: ['name'], returns: 'bool',
      run: (_context, { host }: State, name) => !host.defines.has(name),
    }),
  },
})
