/** Scripts of every language are loaded anew when they are saved; one with an error changes nothing and says where it is. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { startKahea } from '../support/kahea-process.ts'
import { Probe, save } from '../support/probe.ts'
import { until } from '../support/until.ts'

const [SERVER, CALLER] = ['127.0.31.91', '127.0.31.92']

interface Language {
  readonly module: string
  readonly engine: string
  readonly file: string
  /** Answers with that reason. */
  readonly script: (reason: string) => string
  /** A line that is no code, behind the script's. */
  readonly wrong: string
}

const languages: readonly Language[] = [
  {
    module: 'app_ts', engine: 'ts', file: 'routes.ts', wrong: 'export function (',
    script: (reason) => `import type { Message } from 'kahea'\nexport const requestRoute = (msg: Message): unknown => msg.reply(200, '${reason}')\n`,
  },
  {
    module: 'app_jsdt', engine: 'jsdt', file: 'routes.js', wrong: 'function (',
    script: (reason) => `function ksr_request_route() {\n  KSR.sl.sl_send_reply(200, "${reason}")\n}\n`,
  },
  {
    module: 'app_lua', engine: 'lua', file: 'routes.lua', wrong: 'function (',
    script: (reason) => `function ksr_request_route()\n  KSR.sl.sl_send_reply(200, "${reason}")\nend\n`,
  },
  {
    module: 'app_python3', engine: 'python', file: 'routes.py', wrong: 'def (',
    script: (reason) => `import KSR\ndef mod_init():\n  return kamailio()\nclass kamailio:\n  def child_init(self, rank):\n    return 0\n`
      + `  def ksr_request_route(self, msg):\n    KSR.sl.sl_send_reply(200, "${reason}")\n    return 1\n`,
  },
  {
    module: 'app_ruby', engine: 'ruby', file: 'routes.rb', wrong: 'def (',
    script: (reason) => `def ksr_request_route()\n  KSR::SL.sl_send_reply(200, "${reason}")\n  return 1\nend\n`,
  },
]

for (const { module, engine, file, script, wrong } of languages) {
  test(`${module} follows its script`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kahea-follow-'))
    const path = join(folder, file)
    const port = await freePort(SERVER)
    writeFileSync(join(folder, 'kamailio.cfg'), `#!KAMAILIO
listen=udp:${SERVER}:${port}
loadmodule "sl.so"
loadmodule "${module}.so"
modparam("${module}", "load", "${path}")
modparam("${module}", "watch", 1)
cfgengine "${engine}"
`)
    save(path, script('one'))
    const server = await startKahea(['-f', join(folder, 'kamailio.cfg'), '-DD', '-E'])
    const probe = await new Probe(SERVER, port, CALLER).open()
    try {
      assert.equal(await probe.ask(), 'one')
      save(path, script('two'))
      assert.equal(await probe.askUntil('two'), 'two', server.output())
      save(path, `${script('three')}${wrong}\n`)
      const line = script('three').split('\n').length
      const place = new RegExp(`${file.replace('.', '\\.')}\\D{1,20}${line}\\b`)
      await until(() => place.test(server.output()), server.output)
      assert.equal(await probe.ask(), 'two')
      save(path, script('four'))
      assert.equal(await probe.askUntil('four'), 'four', server.output())
    } finally {
      probe.close()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  })
}
