/** A configuration that is read anew while the server runs: what takes the new routes, what ends in the old ones, what stays. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { seededRandom } from '../../src/base/random.ts'
import { ReloadRefused, type Reloaded } from '../../src/runtime/reload.ts'
import { loadConfiguration, StartFailure, type LoadedConfiguration } from '../../src/server/start.ts'
import { startServer, type Server } from '../../src/server/server.ts'
import { heapBytes } from '../support/heap.ts'
import { VirtualClock } from '../support/virtual-clock.ts'
import { SimulatedNetwork } from './network.ts'
import { messageText, readMessage, valueOf, valuesOf } from './sip-text.ts'
import { simulatedWorld } from './world.ts'

const proxy = { address: '192.0.2.1', port: 5060 }
const phone = { address: '192.0.2.2', port: 5060 }
const second = { address: '192.0.2.4', port: 5060 }
const caller = { address: '192.0.2.3', port: 5060 }

/** A server whose file changes at will. */
class Bench {
  readonly clock = new VirtualClock()
  readonly log: string[] = []
  /** What reached the caller, and the phone. */
  readonly answers: string[] = []
  readonly asked: string[] = []
  readonly #random = seededRandom(1)
  readonly network = new SimulatedNetwork(this.clock, this.#random)
  text = ''
  #server: Server | undefined

  get server(): Server {
    if (this.#server === undefined) throw new Error('not started')
    return this.#server
  }

  async start(text: string): Promise<this> {
    this.text = text
    const read = (): Promise<LoadedConfiguration> => loadConfiguration({
      path: 'kamailio.cfg', readFile: () => this.text, defines: new Map(), substs: [], environment: {},
    })
    const loaded = await read()
    const server = await startServer({
      loaded, settings: loaded.configuration.settings, listens: [], aliases: [], environment: {}, addon: undefined,
      world: simulatedWorld({ clock: this.clock, random: this.#random, network: this.network }),
      sink: () => ({ colours: new Map(), write: (record) => void this.log.push(record.text.trimEnd()), close: () => undefined }),
      onShutdown: () => undefined,
      reread: read,
    })
    if (server instanceof StartFailure) {
      throw new Error(`${server.reason} ${server.diagnostics.map(({ message }) => message).join('; ')}`)
    }
    this.#server = server
    this.network.bind(caller, (message) => void this.answers.push(message.split('\r\n')[0] ?? ''))
    this.network.bind(phone, (message) => void this.asked.push(message))
    return this
  }

  async reload(text: string): Promise<Reloaded | ReloadRefused> {
    this.text = text
    return this.server.host.reload()
  }

  async taken(text: string): Promise<Reloaded> {
    const outcome = await this.reload(text)
    if (outcome instanceof ReloadRefused) throw new Error(outcome.reasons.join('\n'))
    return outcome
  }

  async refused(text: string): Promise<string> {
    const good = this.text
    const outcome = await this.reload(text)
    this.text = good
    if (outcome instanceof ReloadRefused) return outcome.reasons.join('\n')
    throw new Error('it was taken')
  }

  async ask(method: string, user: string, ms = 100): Promise<void> {
    this.network.send(request(method, user), caller, proxy)
    await this.clock.advance(ms)
  }

  /** What was logged since the last time. */
  lines(): readonly string[] {
    return this.log.splice(0).filter((line) => !line.startsWith('reload') && !line.startsWith('the configuration is'))
  }
}

let number = 0

function request(method: string, user: string): string {
  number++
  return messageText(`${method} sip:${user}@example.com SIP/2.0`, [
    ['Via', `SIP/2.0/UDP ${caller.address}:${caller.port};branch=z9hG4bK-${number}-abcdefghij`],
    ['Max-Forwards', '70'], ['From', `<sip:alice@example.com>;tag=f${number}`], ['To', `<sip:${user}@example.com>`],
    ['Call-ID', `call-${number}@${caller.address}`], ['CSeq', `1 ${method}`], ['Contact', `<sip:alice@${caller.address}>`],
  ])
}

function reply(text: string, status: string): string {
  const asked = readMessage(text)
  const kept = asked.headers.filter(({ name }) => ['from', 'to', 'call-id', 'cseq'].includes(name))
  return messageText(`SIP/2.0 ${status}`, [
    ...valuesOf(asked, 'via').map((via) => ['Via', via] as const), ...kept.map(({ name, value }) => [name, value] as const),
  ])
}

const modules = ['pv', 'xlog', 'tm', 'sl', 'rtimer', 'htable', 'cfg_rpc', 'tmx', 'cfgutils']
  .map((name) => `loadmodule "${name}.so"\n`).join('')
const head = `listen=udp:${proxy.address}:${proxy.port}\n${modules}
modparam("htable", "htable", "a=>size=4;")
modparam("pv", "shvset", "kept=i:0")
modparam("rtimer", "timer", "name=t;interval=1;mode=1;")
modparam("rtimer", "exec", "timer=t;route=TICK")
`

/** All routes name the generation of the script. */
const script = (generation: string): string => `
route[TICK] { xlog("tick ${generation}\\n"); }
request_route {
  $var(n) = $var(n) + 1;
  $shv(kept) = $shv(kept) + 1;
  $sht(a=>n) = $shv(kept);
  if ($rU == "count") {
    xlog("${generation} $var(n) $shv(kept) $sht(a=>n) $sel(cfg_get.own.value) $sel(cfg_get.own.other)\\n");
    sl_send_reply("200", "OK ${generation}");
    exit;
  }
  $du = "sip:${phone.address}:${phone.port}";
  t_on_branch("B"); t_on_reply("R"); t_on_failure("F");
  route(NEXT);
  t_relay();
}
route[NEXT] { xlog("route ${generation}\\n"); }
branch_route[B] { xlog("branch ${generation}\\n"); }
onreply_route[R] { xlog("onreply ${generation} $rs\\n"); }
failure_route[F] {
  xlog("failure ${generation} $T_reply_code\\n");
  if ($T_reply_code == 404) { $du = "sip:${second.address}:${second.port}"; t_on_branch("B"); t_on_failure("F"); t_relay(); }
  if (check_route_exists("ONLY_${generation}")) { xlog("own routes\\n"); }
}
route[ONLY_${generation}] { exit; }
event_route[tm:local-response] { xlog("event ${generation}\\n"); }
`

let bench: Bench
before(async () => {
  bench = await new Bench().start(`${head}own.value = 1\nown.other = "x"\n${script('old')}`)
})
after(() => bench.server.stop())

test('the next message takes the new routes; values of workers, $shv, tables, and timers go on', async () => {
  await bench.ask('OPTIONS', 'count')
  assert.deepEqual(bench.lines(), ['old 1 1 1 1 x'])
  const outcome = await bench.taken(`${head}own.value = 2\nown.other = "x"\nown.more = 3\n${script('new')}`)
  assert.deepEqual(outcome.changed, ['own.value: 1 -> 2', 'own.more: nothing -> 3'])
  assert.deepEqual(outcome.restart, [])
  await bench.ask('OPTIONS', 'count')
  assert.deepEqual(bench.lines(), ['new 2 2 2 2 x'])
  assert.deepEqual(bench.answers.splice(0), ['SIP/2.0 200 OK old', 'SIP/2.0 200 OK new'])
  await bench.clock.advance(1000)
  assert.deepEqual(bench.lines(), ['tick new'])
})

test('a transaction ends in the routes that it began in', async () => {
  await bench.taken(`${head}own.value = 2\nown.other = "x"\n${script('old')}`)
  await bench.ask('INVITE', 'callee')
  assert.deepEqual(bench.lines(), ['route old', 'event old', 'branch old'])
  await bench.taken(`${head}own.value = 2\nown.other = "x"\n${script('new')}`)
  const later: string[] = []
  bench.network.bind(second, (message) => void later.push(message))
  bench.network.send(reply(bench.asked[0] ?? '', '180 Ringing'), phone, proxy)
  await bench.clock.advance(50)
  bench.network.send(reply(bench.asked[0] ?? '', '404 Not Found'), phone, proxy)
  await bench.clock.advance(50)
  assert.deepEqual(bench.lines().filter((line) => !line.startsWith('tick')),
    ['onreply old 180', 'onreply old 404', 'failure old 404', 'branch old', 'own routes'])
  bench.network.send(reply(later[0] ?? '', '486 Busy Here'), second, proxy)
  await bench.clock.advance(50)
  assert.deepEqual(bench.lines().filter((line) => !line.startsWith('tick')), ['onreply old 486', 'failure old 486', 'own routes'])
  assert.match(valueOf(readMessage(later.at(-1) ?? ''), 'cseq'), /ACK/)
  bench.asked.length = 0
  await bench.ask('INVITE', 'callee')
  assert.deepEqual(bench.lines().filter((line) => !line.startsWith('tick')), ['route new', 'event new', 'branch new'])
  bench.network.unbind(second)
})

test('a faulty file changes nothing and is told with its line', async () => {
  const good = bench.text
  const reason = await bench.refused(good.replace('route(NEXT);', 'route(NEXTT);'))
  assert.match(reason, /kamailio\.cfg:\d+:\d+: error KAH0330: there is no route\[NEXTT\]/)
  assert.match(reason, /^ +route\(NEXTT\);\n +\^~+/m)
  assert.match(reason, /help: did you mean route\(NEXT\)\?/)
  assert.match(await bench.refused(good.replace('request_route {', 'request_route { if (')), /error KAH/)
  assert.match(await bench.refused(`${good}\nlog_facility = LOG_NOTHING\n`), /LOG_NOTHING/)
  bench.answers.length = 0
  await bench.ask('OPTIONS', 'count')
  assert.deepEqual(bench.answers.splice(0), ['SIP/2.0 200 OK new'])
  bench.lines()
})

test('parameters that may change are taken over, others are named with what to do', async () => {
  const good = bench.text
  const outcome = await bench.taken(`${good}
modparam("tm", "fr_timer", 2000)
modparam("tm", "hash_size", 12)
modparam("htable", "htable", "b=>size=4;")
loadmodule "textops.so"
modparam("pv", "shvset", "later=i:1")
debug=2
tcp_children=3
listen=udp:192.0.2.1:5070
alias="example.net";
`.replace('modparam("tm", "hash_size", 12)\n', 'modparam("tm", "wt_timer", 7000)\n'))
  assert.deepEqual(outcome.changed.filter((line) => !line.startsWith('own')),
    ['debug: 0 -> 2', 'tm.fr_timer: 30000 -> 2000', 'tm.wt_timer: 5000 -> 7000'])
  assert.deepEqual(outcome.restart.map((line) => line.split(':')[0]).toSorted(), [
    'alias example.net', 'listen udp', 'loadmodule textops', 'modparam htable htable', 'modparam pv shvset', 'tcp_children',
  ])
  assert.ok(outcome.restart.every((line) => line.includes('needs a restart')))
  assert.equal(bench.server.log.level, 2)
  // The new time of the first reply is in force: the phone is silent.
  bench.answers.length = 0
  await bench.ask('INVITE', 'callee', 2500)
  assert.ok(bench.answers.some((line) => line.startsWith('SIP/2.0 408')), bench.answers.join(', '))
  // A route that needs a module which is not loaded cannot be taken.
  const refused = await bench.refused(`${good}\nloadmodule "textops.so"\nroute[X] { append_hf("A: b\\r\\n"); }\n`)
  assert.match(refused, /append_hf belongs to module textops/)
  assert.match(refused, /textops is not loaded in the running server: it needs a restart/)
  await bench.taken(good)
  bench.lines()
})

test('what cfg.set changed stays, unless the file changes it', async () => {
  const { host } = bench.server
  const good = bench.text
  assert.deepEqual(await host.rpc('cfg.set', ['own', 'value', 9]), [])
  await bench.taken(`${good}\nown.fresh = 1\n`)
  assert.deepEqual(await host.rpc('cfg.get', ['own', 'value']), [9])
  assert.deepEqual(await host.rpc('cfg.reset', ['own']), [])
  assert.deepEqual(await host.rpc('cfg.get', ['own', 'value']), [2])
  assert.deepEqual(await host.rpc('cfg.get', ['own', 'fresh']), [1])
  await bench.taken(good.replace('own.value = 2', 'own.value = 5'))
  assert.deepEqual(await host.rpc('cfg.get', ['own', 'value']), [5])
  const answer = await host.rpc('cfg.reload', [])
  assert.ok(Array.isArray(answer) && answer.length === 1)
})

test('many reloads leave memory where it was', async (t) => {
  const rounds = Number(process.env['KAHEA_RELOADS'] ?? 100)
  const text = (round: number): string => `${head}own.value = ${round % 7}\nown.other = "x"\n${script(`g${round % 5}`)}# ${round}\n`
  const run = async (from: number, to: number): Promise<void> => {
    for (let round = from; round < to; round++) {
      await bench.taken(text(round))
      await bench.ask('OPTIONS', 'count', 10)
      bench.log.length = 0
      bench.answers.length = 0
    }
  }
  await run(0, 50)
  const first = heapBytes()
  await run(50, 50 + rounds)
  const grown = heapBytes() - first
  t.diagnostic(`${rounds} reloads: ${Math.round(grown / 1024)} KB more, ${Math.round(grown / rounds)} bytes each`)
  assert.ok(grown < 3 << 20, `${grown} bytes after ${rounds} reloads`)
})
