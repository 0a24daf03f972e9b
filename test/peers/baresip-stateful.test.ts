/**
 * Two baresip phones call each other through a proxy with transactions that stays in the dialog (tm, rr). It answers copies of
 * requests, ends failures with ACKs of its own, and passes CANCEL on. The same calls go through Kamailio.
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
  readonly losesOnce: boolean
}

const configuration = ({ proxyPort, callee, transport, losesOnce }: CfgParts): string => `#!KAMAILIO
log_stderror=yes
children=1
tcp_children=1
listen=udp:${PROXY}:${proxyPort}
listen=tcp:${PROXY}:${proxyPort}
${losesOnce ? '#!define WITH_LOSS' : ''}

loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "tmx.so"
loadmodule "rr.so"
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
	if (is_method("CANCEL")) {
		xlog("$proto $rm\\n");
		t_relay_cancel();
		exit;
	}
	# Copies end here, and so do ACKs to failures.
	t_check_trans();
	if (has_totag()) {
		if (!loose_route()) {
			xlog("$proto $rm without route\\n");
			exit;
		}
		xlog("$proto routed $rm $rdir(name)\\n");
		t_on_reply("REPLIES");
		t_relay();
		exit;
	}
	xlog("$proto $rm\\n");
	record_route();
	# No registrar yet: where Bob is stands here.
	if ($rU == "bob" && uri == myself) $ru = "sip:bob@${callee.address}:${callee.port};transport=${transport}";
	$avp(who) = $fU;
	t_on_reply("REPLIES");
	t_on_failure("FAILED");
	t_relay();
}

#!ifdef WITH_LOSS
reply_route {
	# Nobody sends a provisional reply again while the caller has its 100.
	if ($rs >= 200) {
		$var(key) = "," + $rs + " " + $rm + ",";
		if (!($shv(lost) =~ $var(key))) {
			$shv(lost) = $shv(lost) + $var(key);
			xlog("$proto lost $rs $rr $rm\\n");
			drop;
		}
	}
}
#!endif

onreply_route[REPLIES] {
	xlog("$proto $rs $rr $rm $avp(who)\\n");
}

failure_route[FAILED] {
	if (t_is_canceled()) xlog("$proto canceled $T_reply_code $avp(who)\\n");
	else xlog("$proto failed $T_reply_code $avp(who)\\n");
}
`

interface StatefulCall extends PhoneCall {
  /** The first of each request and final reply is lost in the proxy. */
  readonly losesOnce?: true
}

const SETUP = ['INVITE', '180 Ringing INVITE alice', '200 Answering INVITE alice', 'routed ACK downstream'] as const

const calls: readonly StatefulCall[] = [
  {
    title: 'a call that the caller ends',
    act: async (call) => {
      await talk(call)
      await hangUp(call.caller, call)
    },
    callerSees: ['CALL_RINGING', 'CALL_ESTABLISHED', BY_USER],
    calleeSees: ['CALL_INCOMING', 'CALL_ESTABLISHED', BY_PEER],
    log: [...SETUP, 'routed BYE downstream', '200 OK BYE <null>'],
  },
  {
    title: 'a call that the callee ends',
    act: async (call) => {
      await talk(call)
      await hangUp(call.callee, call)
    },
    callerSees: ['CALL_RINGING', 'CALL_ESTABLISHED', BY_PEER],
    calleeSees: ['CALL_INCOMING', 'CALL_ESTABLISHED', BY_USER],
    log: [...SETUP, 'routed BYE upstream', '200 OK BYE <null>'],
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
    log: [...SETUP, 'routed INVITE downstream', '200 OK INVITE <null>', 'routed BYE downstream', '200 OK BYE <null>'],
  },
  {
    title: 'a call of which each request and final reply is lost once',
    losesOnce: true,
    act: async (call) => {
      await talk(call)
      await hangUp(call.caller, call)
    },
    callerSees: ['CALL_RINGING', 'CALL_ESTABLISHED', BY_USER],
    calleeSees: ['CALL_INCOMING', 'CALL_ESTABLISHED', BY_PEER],
    log: [
      'lost INVITE', 'INVITE', '180 Ringing INVITE alice', 'lost 200 Answering INVITE', '200 Answering INVITE alice', 'lost ACK',
      'routed ACK downstream', 'lost BYE', 'routed BYE downstream', 'lost 200 OK BYE', '200 OK BYE <null>',
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
    log: ['INVITE', '180 Ringing INVITE alice', '486 Rejected INVITE alice', 'failed 486 alice'],
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
    log: ['INVITE', '180 Ringing INVITE alice', 'CANCEL', '487 Request Terminated INVITE alice', 'canceled 487 alice'],
  },
]

/** RFC 3261 §9.1, §17.1.1.3: CANCEL and the ACK to a failure have their INVITE's branch; the ACK to a 2xx and BYE have their own. */
function assertBranches(row: StatefulCall, trace: string): void {
  const distinct = (method: string): readonly string[] => [...new Set(branchesOf(method, trace))]
  const invite = distinct('INVITE')
  if (row.log.includes('CANCEL')) assert.deepEqual(distinct('CANCEL'), invite)
  if (!row.log.includes('routed ACK downstream')) assert.deepEqual(distinct('ACK'), invite)
  else for (const branch of [...distinct('ACK'), ...distinct('BYE')]) assert.ok(!invite.includes(branch), trace)
}

for (const server of servers) {
  for (const transport of ['udp', 'tcp'] as const) {
    for (const row of calls) {
      // Nothing is sent again over TCP.
      if (row.losesOnce === true && transport === 'tcp') continue
      const title = `baresip over ${transport.toUpperCase()} through a stateful ${server.name}: ${row.title}`
      test(title, { skip: missingPrograms('baresip', ...server.needs) }, async (t) => {
        const { caller, callee, log, trace } = await callThrough(t, server, transport, row, (parts) => configuration({
          ...parts, transport, losesOnce: row.losesOnce ?? false,
        }))
        assert.deepEqual(caller.events, row.callerSees)
        assert.deepEqual(callee.events, row.calleeSees)
        assert.deepEqual(scriptLines(log, transport), row.log)
        assertBranches(row, trace)
      })
    }
  }
}
