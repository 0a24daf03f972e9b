/** examples/typescript/routes.ts: phones register and call, and who does not answer three times gets a mailbox. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startOwn } from './script-server.ts'

const path = join(import.meta.dirname, '..', '..', 'examples', 'typescript', 'routes.ts')
const source = readFileSync(path, 'utf8').replace('udp:127.0.0.1:5060', 'udp:192.0.2.1:5060')

test('the example registers phones, places calls, and counts those that are missed', async () => {
  const script = await startOwn(path, source)
  const own = 'sip:192.0.2.1'
  script.send('OPTIONS', 1, [], own)
  script.send('INVITE', 2, [], 'sip:bob@192.0.2.1')
  await script.until(() => script.answers.includes('SIP/2.0 404 Nobody is there'))
  assert.ok(script.answers.includes('SIP/2.0 200 OK'))

  const bob = '<sip:bob@192.0.2.1>'
  script.send('REGISTER', 3, [['From', `${bob};tag=r`], ['To', bob], ['Contact', '<sip:bob@192.0.2.2:5060>'], ['CSeq', '1 REGISTER']], own)
  await script.until(() => script.replies.some((reply) => reply.includes('Contact: <sip:bob@192.0.2.2:5060>;expires=3600')))
  script.answerNext('486 Busy')
  for (const call of [4, 5]) {
    script.send('INVITE', call, [['To', bob]], 'sip:bob@192.0.2.1')
    await script.until(() => script.log.some((line) => line.includes(`missed bob for the ${call - 3}. time`)))
  }
  assert.equal(script.answers.filter((line) => line === 'SIP/2.0 486 Busy').length > 0, true, script.log.join(''))
  await script.server.stop()
})
