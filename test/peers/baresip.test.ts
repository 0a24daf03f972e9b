/**
 * Two baresip phones call each other. The proxy keeps no state: it rewrites the domain's URIs to the phones, and writes its own
 * Record-Route, so that requests within the dialog come back to it and go on to their Request-URI without their Route.
 * The same calls go through Kamailio, which shows that what is expected here is what a proxy does.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { missingPrograms } from '../support/installed.ts'
import type { Phone } from './baresip.ts'
import {
  BY_PEER, BY_USER, branchesOf, callThrough, hangUp, PROXY, ring, scriptLines, servers, talk, type PhoneCall, type Transport,
} from './phone-calls.ts'

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

interface CallCase extends PhoneCall {
  readonly recordsRoute?: false
  /** The first of each request and reply is lost in the proxy. */
  readonly losesOnce?: true
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

for (const server of servers) {
  for (const transport of ['udp', 'tcp'] as const) {
    for (const row of calls) {
      // Nothing is sent again over TCP.
      if (row.losesOnce === true && transport === 'tcp') continue
      const title = `baresip over ${transport.toUpperCase()} through ${server.name}: ${row.title}`
      test(title, { skip: missingPrograms('baresip', ...server.needs) }, async (t) => {
        const { caller, callee, log, trace } = await callThrough(t, server, transport, row, (parts) => configuration({
          ...parts, transport, recordsRoute: row.recordsRoute ?? true, losesOnce: row.losesOnce ?? false,
        }))
        assert.deepEqual(caller.events, row.callerSees)
        assert.deepEqual(callee.events, row.calleeSees)
        assert.deepEqual(scriptLines(log, transport), row.log)
        assertBranches(row, trace)
      })
    }
  }
}
