/** rtpproxy beside Kamailio: with a proxy of the tests' own, whose commands are compared as well. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FakeRtpProxy } from './fake-rtpproxy.ts'
import { caseFromText } from './harness/case-file.ts'
import { difference } from './harness/compare.ts'
import { runServer } from './harness/run-case.ts'
import { kamailio, kamailioInstalled, subject } from './harness/server-process.ts'
import { takeSlot } from './harness/slots.ts'
import { rtpproxyCases } from './rtpproxy-cases.ts'

const skip = kamailioInstalled() ? false : 'kamailio is not installed (apt-get install kamailio)'

describe('rtpproxy does as in Kamailio', { concurrency: 1 }, () => {
  for (const [index, { name, cfg, traffic, isSilent }] of rtpproxyCases.entries()) {
    test(name, { skip }, async () => {
      const port = 27000 + index * 2
      const proxies = [new FakeRtpProxy('127.0.41.1', port), new FakeRtpProxy('127.0.41.2', port)]
      for (const proxy of proxies) await proxy.open()
      const slot = await takeSlot()
      try {
        const item = caseFromText(name, name, cfg.replaceAll('PORT', String(port)), traffic.replaceAll('PORT', String(port)))
        const run = async (reference: Awaited<ReturnType<typeof runServer>> | null) => {
          for (const proxy of proxies) proxy.commands = []
          if (isSilent === true) for (const proxy of proxies) proxy.answers = false
          const done = await runServer(item, reference === null ? kamailio : subject(), slot.index, reference)
          const asked = proxies.flatMap(({ commands }, number) => commands.map((command) => `proxy ${number + 1}: ${command}`))
          return { ...done, commands: asked }
        }
        const left = await run(null)
        const right = await run(left)
        assert.equal(difference([...left.lines, ...left.commands], [...right.lines, ...right.commands], ['kamailio', 'kahea']), null,
          `${left.commands.join('\n')}\n--- kahea\n${right.commands.join('\n')}\n${right.stderr}`)
      } finally {
        slot.release()
        for (const proxy of proxies) proxy.close()
      }
    })
  }
})
