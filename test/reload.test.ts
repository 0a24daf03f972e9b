/** `kahea reload` and `kahea run --watch` as people use them, and reloads while many calls are placed. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { reloadCommand } from '../src/cli/reload.ts'
import { freePort } from './support/free-port.ts'
import { missingPrograms } from './support/installed.ts'
import { startKahea, type RunningServer } from './support/kahea-process.ts'
import { Probe, save } from './support/probe.ts'
import { startProgram } from './support/program.ts'
import { until } from './support/until.ts'

const PROXY = '127.0.31.81'
const CALLEE = '127.0.31.82'
const CALLER = '127.0.31.83'

interface Place {
  readonly folder: string
  readonly file: string
  readonly port: number
  readonly calleePort: number
}

async function place(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-reload-'))
  return { folder, file: join(folder, 'kamailio.cfg'), port: await freePort(PROXY), calleePort: await freePort(CALLEE) }
}

const configuration = ({ folder, port, calleePort }: Place, generation: string, more = ''): string => `#!KAMAILIO
listen=udp:${PROXY}:${port}
maxbuffer=8388608
loadmodule "pv.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "ctl.so"
loadmodule "cfg_rpc.so"
modparam("ctl", "binrpc", "unix:${folder}/ctl")
${more}
request_route {
  if (is_probe()) { sl_send_reply("200", "Now ${generation}"); exit; }
  $du = "sip:${CALLEE}:${calleePort}";
  t_on_reply("${generation}");
  t_relay();
}
onreply_route[${generation}] { $avp(seen) = $rs; }
`.replace('is_probe()', '$rU == "probe"')

interface Said {
  readonly status: number
  readonly out: string
  readonly err: string
}

async function reload(folder: string): Promise<Said> {
  let out = ''
  let err = ''
  const status = await reloadCommand(['-s', `unix:${folder}/ctl`], {
    out: (text) => { out += text }, err: (text) => { err += text }, isColoured: false,
  })
  return { status, out, err }
}

async function withServer(
  at: Place, words: readonly string[], run: (server: RunningServer, probe: Probe) => Promise<void>,
): Promise<void> {
  const server = await startKahea(words)
  const probe = await new Probe(PROXY, at.port, CALLER).open()
  try {
    await run(server, probe)
  } finally {
    probe.close()
    await server.stop()
    rmSync(at.folder, { recursive: true, force: true })
  }
}

test('kahea reload tells what was taken, what needs a restart, and why a file is refused', async () => {
  const at = await place()
  save(at.file, configuration(at, 'one'))
  await withServer(at, ['-f', at.file, '-DD', '-E'], async (_server, probe) => {
    assert.equal(await probe.ask(), 'Now one')
    save(at.file, configuration(at, 'two', 'modparam("tm", "fr_timer", 4000)'))
    const good = await reload(at.folder)
    assert.equal(good.status, 0)
    assert.match(good.out, /^reloaded: 2 routes, in \d+ ms\n {2}tm\.fr_timer: 30000 -> 4000\n$/)
    assert.equal(await probe.ask(), 'Now two')
    save(at.file, configuration(at, 'three', 'modparam("tm", "fr_timer", 4000)\nloadmodule "textops.so"\n'))
    const half = await reload(at.folder)
    assert.equal(half.status, 3)
    assert.match(half.out, /loadmodule textops: needs a restart/)
    assert.equal(await probe.ask(), 'Now three')
    save(at.file, configuration(at, 'four').replace('t_relay();', 't_relai();'))
    const bad = await reload(at.folder)
    assert.equal(bad.status, 1)
    assert.match(bad.err, /kamailio\.cfg:15:3: error KAH0310: .*t_relai.*\n +t_relai\(\);\n +\^~+\n.*did you mean t_relay/)
    assert.match(bad.err, /nothing is changed/)
    assert.equal(await probe.ask(), 'Now three')
    assert.equal((await reload(join(at.folder, 'nothing'))).status, 2)
  })
})

test('kahea run --watch reads the file, and what it includes, when they are saved', async () => {
  const at = await place()
  const included = { ...at, file: join(at.folder, 'part.cfg') }
  save(included.file, 'route[A] { sl_send_reply("200", "Part one"); exit; }\n')
  const withPart = (generation: string): string =>
    `${configuration(at, generation)}\nimport_file "part.cfg"\n`.replace('$du =', 'if ($rU == "part") { route(A); }\n  $du =')
  save(at.file, withPart('one'))
  await withServer(at, ['run', '--watch', at.file], async (server, probe) => {
    const becomes = async (wanted: string): Promise<void> => assert.equal(await probe.askUntil(wanted), wanted, server.output())
    save(at.file, withPart('two'))
    await becomes('Now two')
    save(included.file, 'route[A] { sl_send_reply("200", "Part two") exit; }\n')
    await until(() => server.output().includes('part.cfg:1:'), server.output)
    await until(() => server.output().includes('nothing is changed'), server.output)
    assert.equal(await probe.ask(), 'Now two')
    save(included.file, 'route[A] { sl_send_reply("200", "Part three"); exit; }\n')
    await until(() => (server.output().match(/^reloaded: /gm)?.length ?? 0) === 2, server.output)
    // A file written in place, in pieces, is one save.
    writeFileSync(at.file, withPart('three').slice(0, 100), 'latin1')
    writeFileSync(at.file, withPart('three'), 'latin1')
    await becomes('Now three')
  })
})

test('a server that runs TypeScript alone reads its settings anew as well', async () => {
  const at = await place()
  const routes = join(at.folder, 'routes.ts')
  const script = (generation: string, timer: number, port = at.port): string => `import type { Message } from 'kahea'
export const config = {
  listen: 'udp:${PROXY}:${port}',
  modules: { ctl: { binrpc: 'unix:${at.folder}/ctl' }, cfg_rpc: {}, tm: { fr_timer: ${timer} } },
}
export const requestRoute = (msg: Message): unknown => msg.reply(200, '${generation}')
`
  save(routes, script('one', 5000))
  await withServer(at, ['run', routes], async (_server, probe) => {
    assert.equal(await probe.ask(), 'one')
    save(routes, script('two', 4000))
    const good = await reload(at.folder)
    assert.equal(good.status, 0, good.err)
    assert.match(good.out, /^reloaded: 0 routes, in \d+ ms\n {2}tm\.fr_timer: 5000 -> 4000\n$/)
    assert.equal(await probe.ask(), 'two')
    save(routes, script('three', 4000, await freePort(PROXY)))
    const half = await reload(at.folder)
    assert.equal(half.status, 3)
    assert.match(half.out + half.err, /listen udp:127\.0\.31\.81:\d+ is gone: needs a restart/)
    assert.equal(await probe.ask(), 'three')
    save(routes, script('four', 4000).replace("'four')", "'four'"))
    const bad = await reload(at.folder)
    assert.equal(bad.status, 1)
    assert.match(bad.err, /routes\.ts:7:1: error KAH0130:[^]*\n +\^/)
    assert.equal(await probe.ask(), 'three')
  })
})

test('no call is lost by reloads, and the first message behind each takes the new routes', { skip: missingPrograms('sipp') }, async (t) => {
  const isFull = process.env['KAHEA_RELOAD_RATE'] !== undefined
  const rate = Number(process.env['KAHEA_RELOAD_RATE'] ?? 50)
  const seconds = isFull ? 30 : 3
  const at = await place()
  save(at.file, configuration(at, 'g0'))
  await withServer(at, ['-f', at.file, '-DD', '-E'], async (server, probe) => {
    const limit = (seconds + 40) * 1000
    const callerPort = await freePort(CALLER)
    const callee = startProgram('sipp', ['-sn', 'uas', '-i', CALLEE, '-p', String(at.calleePort), '-nostdin'], at.folder, limit)
    await new Promise((resolve) => { setTimeout(resolve, 500) })
    const caller = startProgram('sipp', [
      '-sn', 'uac', `${PROXY}:${at.port}`, '-i', CALLER, '-p', String(callerPort), '-nostdin', '-r', String(rate), '-m', String(rate * seconds),
      '-d', '300', '-l', String(rate * 20), '-trace_stat', '-stf', 'calls.csv', '-fd', '1',
    ], at.folder, limit)
    let isOver = false
    void caller.finished.then(() => { isOver = true })
    let reloads = 0
    const longest: number[] = []
    while (!isOver) {
      save(at.file, configuration(at, `g${++reloads}`))
      const begun = performance.now()
      const said = await reload(at.folder)
      longest.push(performance.now() - begun)
      assert.equal(said.status, 0, said.err)
      assert.equal(await probe.ask(), `Now g${reloads}`)
      await new Promise((resolve) => { setTimeout(resolve, isFull ? 2000 : 250) })
    }
    const end = await caller.finished
    callee.kill()
    await callee.finished
    const failed = /Failed call +\| +\d+ +\| +(\d+)/.exec(end.output)?.[1]
    const made = /Successful call +\| +\d+ +\| +(\d+)/.exec(end.output)?.[1]
    const again = /INVITE -+> +\d+ +(\d+)/.exec(end.output)?.[1]
    t.diagnostic(`${rate} calls a second, ${made} made, ${failed} failed, ${again} INVITEs sent again, ${reloads} reloads of ${
      Math.round(Math.max(...longest))} ms at most`)
    assert.equal(end.status, 0, end.output.slice(-3000))
    assert.equal(failed, '0')
    assert.equal(made, String(rate * seconds))
    assert.doesNotMatch(server.output(), /a route failed/)
  })
})
