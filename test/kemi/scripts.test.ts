/** Scripts in JavaScript and TypeScript: waiting, failing, running away, and being changed while the server runs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startScript, type ScriptServer } from './script-server.ts'
import { heapBytes } from '../support/heap.ts'

const finals = ({ answers }: ScriptServer): string[] => answers.filter((line) => !line.startsWith('SIP/2.0 1'))

test('a JavaScript route that waits lets other messages go on, and works on its own message behind the wait', async () => {
  const script = await startScript('js', `
    function pause() { KSR.cfgutils.usleep(50000); }
    function ksr_request_route() {
      if (KSR.is_MESSAGE()) {
        for (var i = 0; i < 2; i++) pause()
        if (KSR.x.modf("usleep", 1000) > 0 && KSR.kx.get_callid()) KSR.hdr.append_to_reply("X-Call: " + KSR.kx.get_callid() + "\\r\\n")
      }
      KSR.sl.sl_send_reply(200, KSR.pv.get("$rm"))
    }`)
  script.send('MESSAGE', 1)
  script.send('OPTIONS', 2)
  await script.wait(5)
  assert.deepEqual(script.answers, ['SIP/2.0 200 OPTIONS'])
  await script.wait(120)
  await script.wait(20)
  assert.deepEqual(script.answers, ['SIP/2.0 200 OPTIONS', 'SIP/2.0 200 MESSAGE'])
  assert.match(script.replies[1] ?? '', /X-Call: call-1\r\n/)
  await script.server.stop()
})

test('exit, drop, errors and loops without an end in JavaScript end the route, and no more', async () => {
  const script = await startScript('js', `
    var count = 0
    function ksr_request_route() {
      if (KSR.is_INFO()) throw new Error("boom")
      if (KSR.is_MESSAGE()) { while (true) { count++ } }
      if (KSR.is_NOTIFY()) for (;;) try { for (;;) ; } catch (e) { }
      if (KSR.is_OPTIONS()) { KSR.sl.sl_send_reply(200, "OK"); KSR.x.exit(); KSR.err("not here") }
    }`)
  for (const method of ['INFO', 'MESSAGE', 'NOTIFY', 'OPTIONS']) {
    script.send(method, 1)
    await script.wait(5)
  }
  assert.deepEqual(script.answers, ['SIP/2.0 200 OK'])
  const log = script.log.join('\n')
  assert.match(log, /app_jsdt: error stack from js: Error: boom\n    at ksr_request_route \(\/routes.js:4:/)
  assert.equal(log.match(/Overrun: the script ran for more than 100 ms/g)?.length, 2)
  assert.doesNotMatch(log, /not here/)
  await script.server.stop()
})

test('TypeScript routes get the message, hand functions over for failures and may await anything', async () => {
  const script = await startScript('ts', `
    import { htable, type Message } from 'kahea'
    import { setTimeout as pause } from 'node:timers/promises'
    const seen = htable('t')
    export async function requestRoute(msg: Message): Promise<unknown> {
      await pause(1)
      if (msg.method === 'OPTIONS') {
        return msg.reply(200, 'Grüße', { headers: { 'X-Who': msg.from.uri.user, 'X-Seen': String(seen.increment('n')) } })
      }
      msg.headers.set('X-Mark', KSR.kx.get_method())
      return msg.relay({ onFailure: (failed) => failed.reply(404, 'Not ' + failed.method), timeoutMs: 200, inviteTimeoutMs: 200 })
    }`)
  script.answerNext('486 Busy')
  script.send('INVITE', 1)
  await script.until(() => finals(script).length > 0)
  assert.ok(script.answers.includes('SIP/2.0 404 Not INVITE'), script.log.join('\n'))
  script.send('OPTIONS', 2)
  await script.until(() => finals(script).includes('SIP/2.0 200 Gr\xc3\xbc\xc3\x9fe'))
  assert.match(script.replies.at(-1) ?? '', /^SIP\/2.0 200 Gr\xc3\xbc\xc3\x9fe\r\n[^]*X-Who: alice\r\n[^]*X-Seen: 1\r\n/)
  await script.server.stop()
})

test('an error in TypeScript shows the line of the source', async () => {
  const script = await startScript('ts', `
interface Nothing {
  readonly a: number
}
export function requestRoute(): void {
  const nothing: Nothing | undefined = undefined
  throw new RangeError('line seven')
}`)
  process.setSourceMapsEnabled(true)
  script.send('OPTIONS', 1)
  await script.wait(5)
  assert.match(script.log.join('\n'), /RangeError: line seven\n    at requestRoute \(\/routes.ts:7:/)
  await script.server.stop()
})

const version = (reason: string): string => `
  export function requestRoute(msg) {
    if (msg.method === 'OPTIONS') return msg.reply(200, '${reason}')
    return msg.relay({ onFailure: busy })
  }
  export function busy(msg) { msg.reply(600, '${reason}') }`

test('a new version is for new messages; transactions end with the old one, and a faulty one changes nothing', async () => {
  const script = await startScript('ts', version('old'))
  script.send('INVITE', 1)
  await script.wait(5)
  script.files['/routes.ts'] = version('new')
  assert.equal(await script.server.host.scriptEngine?.reload(), undefined)
  script.send('OPTIONS', 2)
  await script.wait(5)
  assert.deepEqual(finals(script), ['SIP/2.0 200 new'])
  script.answerNext('486 Busy')
  await script.wait(600)
  assert.ok(finals(script).includes('SIP/2.0 600 old'), finals(script).join())

  script.files['/routes.ts'] = 'export function requestRoute(msg) {\n  msg.reply(\n}'
  const error = await script.server.host.scriptEngine?.reload()
  assert.deepEqual([error?.file, error?.line, error?.text], ['/routes.ts', 3, '}'])
  script.send('OPTIONS', 3)
  await script.wait(5)
  assert.equal(finals(script).at(-1), 'SIP/2.0 200 new')
  await script.server.stop()
})

test('a thousand reloads leave memory where it was', async () => {
  for (const language of ['js', 'ts'] as const) {
    const source = (round: number): string => (language === 'js'
      ? `var table = new Array(2000).fill(${round}); function ksr_request_route() { KSR.sl.sl_send_reply(200, "OK " + table.length) }`
      : `const table = new Array(2000).fill(${round}); export function requestRoute(msg) { msg.reply(200, 'OK ' + table.length) }`)
    const script = await startScript(language, source(0))
    const reload = async (rounds: number): Promise<void> => {
      for (let round = 0; round < rounds; round++) {
        script.files[`/routes.${language}`] = source(round)
        assert.equal(await script.server.host.scriptEngine?.reload(), undefined)
        if (round % 50 === 0) {
          script.send('OPTIONS', round)
          await script.wait(5)
        }
      }
    }
    await reload(300)
    const before = heapBytes()
    await reload(1000)
    const growth = heapBytes() - before
    // A version that stays weighs more than 16 kB.
    assert.ok(growth < 2_000_000, `${language}: ${growth} bytes`)
    await script.server.stop()
  }
})

test('no message is lost while the script is changed again and again', async () => {
  const seconds = Number(process.env['KAHEA_SCRIPT_SECONDS'] ?? 1)
  const script = await startScript('ts', version('OK'))
  script.answerNext('200 OK')
  let sent = 0
  for (let tenth = 0; tenth < seconds * 10; tenth++) {
    const reloading = script.server.host.scriptEngine?.reload()
    for (let call = 0; call < 50; call++) script.send(call % 2 === 0 ? 'OPTIONS' : 'MESSAGE', sent++)
    await script.wait(95)
    assert.equal(await reloading, undefined)
  }
  await script.wait(200)
  assert.equal(finals(script).filter((line) => line === 'SIP/2.0 200 OK').length, sent)
  await script.server.stop()
})
