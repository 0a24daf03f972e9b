/** examples/authentication as its README says: sipp registers and calls with passwords, users are in an SQLite file. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea } from '../support/kahea-process.ts'
import { startProgram, type Finished } from '../support/program.ts'

const example = join(import.meta.dirname, '..', '..', 'examples', 'authentication')
const PROXY = '127.0.61.21'
const CALLEE = '127.0.61.22'
const PHONE = '127.0.61.23'

interface Account {
  readonly user: string
  readonly password: string
  /** The user in From, where it is another. */
  readonly from?: string
}

const headers = (method: string, uri: string, cseq: number, { user, from = user }: Account): string => `${method} ${uri} SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:${from}@example.com>;tag=[pid]call[call_number]
To: <${method === 'REGISTER' ? `sip:${from}@example.com` : uri}>
Call-ID: [call_id]
CSeq: ${cseq} ${method}
Contact: <sip:${from}@[local_ip]:[local_port];transport=[transport]>
Max-Forwards: 70
`

const send = (text: string): string => `<send retrans="500"><![CDATA[\n${text}Content-Length: 0\n\n]]></send>`
const receive = (status: number, extra = ''): string => `<recv response="${status}"${extra}></recv>`
const credentials = ({ user, password }: Account): string => `[authentication username=${user} password=${password}]\n`

/** A request, the challenge, the request with credentials, its result. */
function challenged(method: string, uri: string, account: Account, challenge: number, result: number): string {
  const ack = method === 'INVITE' ? `<send><![CDATA[\n${headers('ACK', uri, 1, account)}Content-Length: 0\n\n]]></send>` : ''
  return [
    send(headers(method, uri, 1, account)),
    ...(method === 'INVITE' ? [receive(100, ' optional="true"')] : []),
    receive(challenge, ' auth="true"'),
    ack,
    send(headers(method, uri, 2, account) + credentials(account)),
    ...(method === 'INVITE' ? [receive(100, ' optional="true"')] : []),
    receive(result),
  ].join('\n')
}

const scenario = (steps: string): string => `<?xml version="1.0" encoding="ISO-8859-1" ?>\n<scenario name="phone">\n${steps}\n</scenario>\n`

const CALLEE_SCENARIO = scenario(`<recv request="INVITE"></recv>
<send><![CDATA[
SIP/2.0 486 Busy Here
[last_Via:]
[last_From:]
[last_To:];tag=callee
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
<recv request="ACK"></recv>`)

interface Outcome {
  readonly phone: Finished
  readonly calleeMessages: string
  readonly log: string
}

/** Runs the example with its users, and a phone with a scenario; a callee is there where somebody is to be called. */
async function withPhone(steps: string, transport: 'u1' | 't1', isCalled = false): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-authentication-'))
  const users = join(folder, 'users.db')
  execFileSync('sqlite3', [users], { input: readFileSync(join(example, 'users.sql')) })
  const proxy = `${PROXY}:${await freePort(PROXY)}`
  const calleePort = await freePort(CALLEE)
  const cfg = readFileSync(join(example, 'kamailio.cfg'), 'latin1')
    .replaceAll('/tmp/kahea-users.db"', `${users}"`)
    .replaceAll('127.0.0.1:5060', proxy)
    .replaceAll('127.0.0.1:5070', `${CALLEE}:${calleePort}`)
  writeFileSync(join(folder, 'kamailio.cfg'), cfg, 'latin1')
  writeFileSync(join(folder, 'phone.xml'), scenario(steps))
  writeFileSync(join(folder, 'callee.xml'), CALLEE_SCENARIO)
  const server = await startKahea(['-f', join(folder, 'kamailio.cfg'), '-DD', '-E'])
  const common = ['-m', '1', '-nostdin', '-trace_msg', '-timeout', '10']
  const callee = isCalled
    ? startProgram('sipp', ['-sf', 'callee.xml', '-i', CALLEE, '-p', String(calleePort), '-t', 'u1', ...common], folder)
    : undefined
  try {
    if (callee !== undefined) await new Promise((resolve) => setTimeout(resolve, 500))
    const phonePort = String(await freePort(PHONE))
    const phone = await startProgram('sipp', [proxy, '-sf', 'phone.xml', '-i', PHONE, '-p', phonePort, '-t', transport, ...common], folder).finished
    await callee?.finished
    const file = readdirSync(folder).find((name) => name.startsWith('callee_') && name.endsWith('_messages.log'))
    return { phone, calleeMessages: file === undefined ? '' : readFileSync(join(folder, file), 'latin1'), log: server.output() }
  } finally {
    await server.stop()
  }
}

const skip = missingPrograms('sipp', 'sqlite3')
const alice: Account = { user: 'alice', password: 'wonderland' }

for (const transport of ['u1', 't1'] as const) {
  test(`a phone registers with its password over ${transport === 'u1' ? 'UDP' : 'TCP'}`, { skip }, async () => {
    const { phone, log } = await withPhone(challenged('REGISTER', 'sip:example.com', alice, 401, 200), transport)
    assert.equal(phone.status, 0, phone.output + log)
    assert.match(log, /alice is here, mail to alice@example\.com/)
  })
}

test('a wrong password is challenged again, and another user in From is forbidden', { skip }, async () => {
  const wrong = await withPhone(challenged('REGISTER', 'sip:example.com', { ...alice, password: 'guess' }, 401, 401), 'u1')
  assert.equal(wrong.phone.status, 0, wrong.phone.output + wrong.log)
  assert.match(wrong.log, /alice has no credentials, or wrong ones \(-2\)/)
  const other = await withPhone(challenged('REGISTER', 'sip:example.com', { ...alice, from: 'bob' }, 401, 403), 'u1')
  assert.equal(other.phone.status, 0, other.phone.output + other.log)
  assert.match(other.log, /alice says to be bob/)
})

test('a call with credentials goes on without them, to whom an alias stands for', { skip }, async () => {
  const steps = challenged('INVITE', 'sip:100@example.com', alice, 407, 486)
    + `<send><![CDATA[\n${headers('ACK', 'sip:100@example.com', 2, alice)}Content-Length: 0\n\n]]></send>`
  const { phone, calleeMessages, log } = await withPhone(steps, 'u1', true)
  assert.equal(phone.status, 0, phone.output + log)
  assert.match(calleeMessages, /^INVITE sip:bob@example\.com SIP\/2\.0\r?$/m)
  assert.doesNotMatch(calleeMessages, /Proxy-Authorization/)
  assert.match(log, /dialled an alias of bob[\s\S]*alice calls bob/)
})

test('who is no subscriber cannot be called', { skip }, async () => {
  const steps = challenged('INVITE', 'sip:nobody@example.com', alice, 407, 404)
    + `<send><![CDATA[\n${headers('ACK', 'sip:nobody@example.com', 2, alice)}Content-Length: 0\n\n]]></send>`
  const { phone, log } = await withPhone(steps, 'u1')
  assert.equal(phone.status, 0, phone.output + log)
})
