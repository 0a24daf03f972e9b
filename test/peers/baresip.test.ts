/**
 * Two baresip phones call each other. The proxy keeps no state: it rewrites the domain's URIs to the phones, and writes its own
 * Record-Route, so that requests within the dialog come back to it and go on to their Request-URI without their Route.
 * The same calls go through Kamailio, which shows that what is expected here is what a proxy does.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea, type RunningServer } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'
import { startPhone, type CallEvent, type Phone } from './baresip.ts'
import { startKamailio } from './kamailio.ts'

const PROXY = '127.0.31.1'
const CALLER = '127.0.31.11'
const CALLEE = '127.0.31.12'

type Transport = 'udp' | 'tcp'

interface CfgParts {
  readonly proxyPort: number
  readonly callee: Phone
  readonly transport: Transport
  readonly recordsRoute: boolean
  readonly losesOnce: boolean
}

const configuration = ({ proxyPort, callee, transport, recordsRoute, losesOnce }: CfgParts): string => `#!KAMAILIO
log_stderror=yes
children=1
tcp_children=1
listen=udp:${PROXY}:${proxyPort}
listen=tcp:${PROXY}:${proxyPort}
${recordsRoute ? '#!define WITH_RECORD_ROUTE' : ''}
${losesOnce ? '#!define WITH_LOSS' : ''}

loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "sl.so"
loadmodule "textops.so"
loadmodule "siputils.so"

modparam("pv", "shvset", "lost=s:")

request_route {
#!ifdef WITH_LOSS
	$var(key) = "," + $rm + ",";
	if (!($shv(lost) =~ $var(key))) {
		$shv(lost) = $shv(lost) + $var(key);
		xlog("$proto lost $rm\\n");
		exit;
	}
#!endif
	if (has_totag() && is_present_hf("Route")) {
		xlog("$proto routed $rm\\n");
		remove_hf("Route");
		forward();
		exit;
	}
	xlog("$proto $rm\\n");
#!ifdef WITH_RECORD_ROUTE
	if (is_method("INVITE")) insert_hf("Record-Route: <sip:$Ri:$Rp;transport=$proto;lr>\\r\\n");
#!endif
	# No registrar yet: where Bob is stands here.
	if ($rU == "bob" && uri == myself) $ru = "sip:bob@${callee.address}:${callee.port};transport=${transport}";
	forward();
}

reply_route {
#!ifdef WITH_LOSS
	$var(key) = "," + $rs + " " + $rm + ",";
	if (!($shv(lost) =~ $var(key))) {
		$shv(lost) = $shv(lost) + $var(key);
		xlog("$proto lost $rs $rr $rm\\n");
		drop;
	}
#!endif
	xlog("$proto $rs $rr $rm\\n");
}
`

interface Call {
  readonly caller: Phone
  readonly callee: Phone
}

interface CallCase {
  readonly title: string
  readonly recordsRoute?: false
  /** The first of each request and reply is lost in the proxy. */
  readonly losesOnce?: true
  readonly act: (call: Call) => Promise<void>
  readonly callerSees: readonly CallEvent[]
  readonly calleeSees: readonly CallEvent[]
  readonly log: readonly string[]
}

const BY_USER = 'CALL_CLOSED Connection reset by user'
const BY_PEER = 'CALL_CLOSED Connection reset by peer'

async function ring({ caller, callee }: Call): Promise<void> {
  await callee.saw('CALL_INCOMING')
  await caller.saw('CALL_RINGING')
}

/** Up to where each hears the other. */
async function talk(call: Call): Promise<void> {
  await ring(call)
  call.callee.command('accept')
  for (const phone of [call.caller, call.callee]) {
    await phone.saw('CALL_ESTABLISHED')
    await phone.saw('CALL_RTPESTAB')
  }
}

async function hangUp(by: Phone, call: Call): Promise<void> {
  by.command('hangup')
  await call.caller.saw('CALL_CLOSED')
  await call.callee.saw('CALL_CLOSED')
}

const calls: readonly CallCase[] = [
  {
    title: 'a call that the caller ends',
    act: async (call) => {
      await talk(call)
      await hangUp(call.caller, call)
    },
    callerSees: ['CALL_RINGING', 'CALL_ESTABLISHED', BY_USER],
    calleeSees: ['CALL_INCOMING', 'CALL_ESTABLISHED', BY_PEER],
    log: ['INVITE', '180 Ringing INVITE', '200 Answering INVITE', 'routed ACK', 'routed BYE', '200 OK BYE'],
  },
  {
    title: 'a call that the callee ends',
    act: async (call) => {
      await talk(call)
      await hangUp(call.callee, call)
    },
    callerSees: ['CALL_RINGING', 'CALL_ESTABLISHED', BY_PEER],
    calleeSees: ['CALL_INCOMING', 'CALL_ESTABLISHED', BY_USER],
    log: ['INVITE', '180 Ringing INVITE', '200 Answering INVITE', 'routed ACK', 'routed BYE', '200 OK BYE'],
  },
  {
    title: 'a call that is put on hold within the dialog',
    act: async (call) => {
      await talk(call)
      call.caller.command('hold')
      for (const phone of [call.caller, call.callee]) await phone.saw('CALL_REMOTE_SDP', 2)
      await hangUp(call.caller, call)
    },
    callerSees: ['CALL_RINGING', 'CALL_ESTABLISHED', BY_USER],
    calleeSees: ['CALL_INCOMING', 'CALL_ESTABLISHED', BY_PEER],
    log: [
      'INVITE', '180 Ringing INVITE', '200 Answering INVITE', 'routed ACK',
      'routed INVITE', '200 OK INVITE', 'routed BYE', '200 OK BYE',
    ],
  },
  {
    title: 'a call whose proxy does not stay in the dialog',
    recordsRoute: false,
    act: async (call) => {
      await talk(call)
      await hangUp(call.caller, call)
    },
    callerSees: ['CALL_RINGING', 'CALL_ESTABLISHED', BY_USER],
    calleeSees: ['CALL_INCOMING', 'CALL_ESTABLISHED', BY_PEER],
    log: ['INVITE', '180 Ringing INVITE', '200 Answering INVITE'],
  },
  {
    title: 'a call of which each message is lost once',
    losesOnce: true,
    act: async (call) => {
      await talk(call)
      await hangUp(call.caller, call)
    },
    callerSees: ['CALL_RINGING', 'CALL_ESTABLISHED', BY_USER],
    calleeSees: ['CALL_INCOMING', 'CALL_ESTABLISHED', BY_PEER],
    log: [
      'lost INVITE', 'INVITE', 'lost 180 Ringing INVITE', '180 Ringing INVITE', 'lost 200 Answering INVITE', '200 Answering INVITE',
      'lost ACK', 'routed ACK', 'lost BYE', 'routed BYE', 'lost 200 OK BYE', '200 OK BYE',
    ],
  },
  {
    title: 'a call that the callee refuses',
    act: async (call) => {
      await ring(call)
      await hangUp(call.callee, call)
      await call.callee.got('ACK')
    },
    callerSees: ['CALL_RINGING', 'CALL_CLOSED 486 Rejected'],
    calleeSees: ['CALL_INCOMING', BY_USER],
    log: ['INVITE', '180 Ringing INVITE', '486 Rejected INVITE', 'ACK'],
  },
  {
    title: 'a call that the caller cancels while it rings',
    act: async (call) => {
      await ring(call)
      await hangUp(call.caller, call)
      await call.callee.got('ACK')
    },
    callerSees: ['CALL_RINGING', BY_USER],
    calleeSees: ['CALL_INCOMING', BY_PEER],
    log: ['INVITE', '180 Ringing INVITE', 'CANCEL', '200 OK CANCEL', '487 Request Terminated INVITE', 'ACK'],
  },
]

/** What the script logged; a line that a retransmission repeats counts once. */
function scriptLines(log: string, transport: Transport): readonly string[] {
  const lines = [...log.matchAll(/<script>: (.*)/g)].map(([, text = '']) => text)
  for (const line of lines) assert.ok(line.startsWith(`${transport} `), `${line} came over ${transport}`)
  return [...new Set(lines.map((line) => line.slice(transport.length + 1)))]
}

/** The branches of the own Via in the requests of this method that the phone got, each time they came. */
function branchesOf(method: string, trace: string): readonly string[] {
  const start = `^${method} sip:.*\\r?\\n(?:Record-Route: .*\\r?\\n)?`
  const own = new RegExp(`${start}Via: SIP/2\\.0/\\w+ ${PROXY}[^;]*;branch=([^;\\s]+)`, 'gm')
  return [...trace.matchAll(own)].map(([, branch = '']) => branch)
}

/** RFC 3261 §16.11: a stateless proxy computes the same branch again, for a retransmission, and for CANCEL and ACK of their INVITE. */
function assertBranches(row: CallCase, trace: string): void {
  const distinct = (method: string): ReadonlySet<string> => new Set(branchesOf(method, trace))
  const invite = distinct('INVITE')
  assert.equal(invite.size, row.log.filter((line) => /^(?:routed )?INVITE$/.test(line)).length, trace)
  if (row.log.includes('CANCEL')) assert.deepEqual(distinct('CANCEL'), invite)
  if (row.log.includes('ACK')) assert.deepEqual(distinct('ACK'), invite)
  if (row.losesOnce !== true) return
  for (const method of ['INVITE', 'BYE']) {
    assert.ok(branchesOf(method, trace).length > 1, `${method} came again: ${trace}`)
    assert.equal(distinct(method).size, 1, trace)
  }
}

const servers = [
  { name: 'Kāhea', needs: [], start: (path: string): Promise<RunningServer> => startKahea(['-f', path, '-DD', '-E']) },
  { name: 'Kamailio', needs: ['kamailio'], start: startKamailio },
] as const

for (const server of servers) {
  for (const transport of ['udp', 'tcp'] as const) {
    for (const row of calls) {
      // Nothing is sent again over TCP.
      if (row.losesOnce === true && transport === 'tcp') continue
      const title = `baresip over ${transport.toUpperCase()} through ${server.name}: ${row.title}`
      test(title, { skip: missingPrograms('baresip', ...server.needs) }, async (t) => {
        const folder = mkdtempSync(join(tmpdir(), 'kahea-phones-'))
        const proxyPort = await freePort(PROXY)
        const phone = { transport, domain: `${PROXY}:${proxyPort}`, folder } as const
        const caller = await startPhone({ ...phone, user: 'alice', address: CALLER })
        t.after(() => caller.quit())
        const callee = await startPhone({ ...phone, user: 'bob', address: CALLEE })
        t.after(() => callee.quit())
        const cfg = configuration({
          proxyPort, callee, transport, recordsRoute: row.recordsRoute ?? true, losesOnce: row.losesOnce ?? false,
        })
        const path = join(folder, 'kamailio.cfg')
        writeFileSync(path, cfg)
        const proxy = await server.start(path, cfg, folder)
        t.after(() => proxy.stop())

        caller.command('dial', `sip:bob@${phone.domain};transport=${transport}`)
        const logged = (line: string): Promise<void> =>
          until(() => proxy.output().includes(`<script>: ${transport} ${line}\n`), () => `${line} in the log\n${proxy.output()}`)
        await row.act({ caller, callee })
        // What reached the phone need not have reached this process through the log yet.
        for (const line of row.log) await logged(line)
        await caller.quit()
        const { output: trace } = await callee.quit()

        assert.deepEqual(caller.events, row.callerSees)
        assert.deepEqual(callee.events, row.calleeSees)
        assert.deepEqual(scriptLines(proxy.output(), transport), row.log)
        assertBranches(row, trace)
      })
    }
  }
}
