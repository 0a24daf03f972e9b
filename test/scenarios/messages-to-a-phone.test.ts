/**
 * A call to an emergency number, and a browser that opens a page, make a real phone (baresip) show a message: both are requests of the
 * server's own, by uac_req_send().
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { startPhone, type Phone } from '../peers/baresip.ts'
import { freePort } from '../support/free-port.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea, type RunningServer } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'

const run = promisify(execFile)
const SERVER = '127.0.65.1'
const PHONE = '127.0.65.2'
const CALLER = '127.0.65.3'
const WAIT_MS = 8_000

const configuration = (sipPort: number, webPort: number, phone: string): string => `#!KAMAILIO
log_stderror=yes
listen=udp:${SERVER}:${sipPort}
listen=tcp:${SERVER}:${sipPort}
listen=tcp:${SERVER}:${webPort}
tcp_accept_no_cl=yes

loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "rr.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "uac.so"
loadmodule "xhttp.so"
modparam("rr", "append_fromtag", 1)
modparam("xhttp", "url_match", "^/sip/")

request_route {
	if(is_method("INVITE") && ($rU == "000" or $tU == "112" or $tU == "116")){
		#Matches any INVITEs with the Request URI to Address as 000, 112 or 116
		xlog("Emergency call from $fU to $rU (Emergency number) CSeq is $cs ");
		route("EmergencyNotify");
		#You obviously would want this to route to an emergency services destination...
		sl_reply("200", "ok");
		exit;
	}
	if(is_method("INVITE")){
		#Matches everything else
		xlog("Just a regular call from $fU to $rU");
		sl_reply("404", "Not here");
	}
}

route[EmergencyNotify] {
	$uac_req(method)="MESSAGE";
	$uac_req(ruri)="${phone}";
	$uac_req(furi)="sip:thepbx@emergency.example";
	$uac_req(turi)="sip:thisphone";
	$uac_req(hdrs)="Subject: Emergency Alert\\r\\n";
	$uac_req(hdrs)=$uac_req(hdrs) + "Content-Type: text/plain\\r\\n";
	$uac_req(body)="Emergency call from " + $fU + " to " + $rU + " (CSeq: " + $cs + ")";
	$uac_req(evroute)=1;
	uac_req_send();
}

event_route[uac:reply] {
	xlog("$uac_req(method) to $uac_req(ruri) was answered with $uac_req(evcode): $rs $rr\\n");
}

event_route[xhttp:request] {
	xlog("Recieved HTTP request with request $hu"); #Write to log the URL of http request.
	$var(message) = $hu; #Set variable $var(message) to equal the URL of http request.
	$var(message) = $(var(message){s.substr,5,0}); #Cut off first 5 chars to exclude the /sip/ prefix from the HTTP request
	$var(message) = $(var(message){s.replace,%20,_}); #Replace %20 of space in HTTP request with Underscore _ for spaces
	xlog("var message is $var(message)"); #Write to log the http request minus the /sip/ prefix
	xhttp_reply("200", "OK", "text/html", "<html><body>OK</body></html>"); #Send HTTP response
	route(SEND_MESSAGE);
}

route[SEND_MESSAGE]{
	$uac_req(method)="MESSAGE";
	$uac_req(ruri)="${phone}";
	$uac_req(furi)="sip:nickvsnetworking.com";
	$uac_req(turi)="sip:thisphone";
	$uac_req(callid)=$(mb{s.md5});
	$uac_req(hdrs)="Subject: Test\\r\\n";
	$uac_req(hdrs)=$uac_req(hdrs) + "Content-Type: text/plain\\r\\n";
	$uac_req(body)=$var(message);
	uac_req_send();
}
`

describe('messages that a phone shows', { skip: missingPrograms('baresip') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-message-'))
  const caller: Socket = createSocket('udp4')
  const answers: string[] = []
  let phone: Phone | undefined
  let server: RunningServer | undefined
  let sipPort = 0
  let web = ''

  before(async () => {
    const [webPort, ownPort] = [await freePort(SERVER), await freePort(SERVER)]
    sipPort = ownPort
    web = `http://${SERVER}:${webPort}`
    phone = await startPhone({ user: 'phone', address: PHONE, transport: 'udp', domain: `${SERVER}:${sipPort}`, folder })
    const path = join(folder, 'kamailio.cfg')
    writeFileSync(path, configuration(sipPort, webPort, `sip:phone@${PHONE}:${phone.port}`), 'latin1')
    server = await startKahea(['-f', path, '-DD', '-E', '-Y', folder])
    caller.on('message', (bytes) => answers.push(bytes.toString('latin1')))
    await new Promise<void>((resolve) => caller.bind(0, CALLER, resolve))
  })

  after(async () => {
    await server?.stop()
    await phone?.quit()
    caller.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const log = (): string => `${server?.output() ?? ''}\n${phone?.output() ?? ''}`

  /** Calls a number; the status line of the answer. */
  async function call(number: string): Promise<string> {
    const before = answers.length
    caller.send(Buffer.from([
      `INVITE sip:${number}@${SERVER}:${sipPort} SIP/2.0`, `Via: SIP/2.0/UDP ${CALLER};rport;branch=z9hG4bK-${number}`,
      'From: "Test" <sip:Test@example.com>;tag=1', `To: <sip:${number}@${SERVER}>`, `Call-ID: call-${number}`, 'CSeq: 7 INVITE', 'Max-Forwards: 70',
      `Contact: <sip:Test@${CALLER}>`, 'Content-Length: 0', '', '',
    ].join('\r\n'), 'latin1'), sipPort, SERVER)
    await until(() => answers.length > before, log, WAIT_MS)
    return answers[before]?.split('\r\n')[0] ?? ''
  }

  const shows = (from: string, text: string): Promise<void> =>
    until(() => phone?.output().includes(`${from}: "${text}"`) === true, () => `the phone shows ${text}\n${log()}`, WAIT_MS)

  for (const number of ['000', '112', '116']) {
    test(`a call to ${number} is answered, and the phone shows who called`, async () => {
      assert.equal(await call(number), 'SIP/2.0 200 ok')
      await shows('sip:thepbx@emergency.example', `Emergency call from Test to ${number} (CSeq: 7)`)
      await until(() => log().includes(`Emergency call from Test to ${number} (Emergency number) CSeq is 7 `), log, WAIT_MS)
    })
  }

  test('the answer of the phone runs event_route[uac:reply], once for each message', async () => {
    const told = (): number => (server?.output().split('was answered with 200: 200 OK').length ?? 1) - 1
    await until(() => told() >= 3, log, WAIT_MS)
    assert.equal(told(), 3, log())
    assert.equal(await call('0355501234'), 'SIP/2.0 404 Not here')
    await until(() => log().includes('Just a regular call from Test to 0355501234'), log, WAIT_MS)
  })

  test('a browser that opens /sip/Hello World gets OK, and the phone shows Hello_World', { skip: missingPrograms('chromium') }, async () => {
    const profile = mkdtempSync(join(tmpdir(), 'kahea-browser-'))
    try {
      const { stdout } = await run('chromium', [
        '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync', `--user-data-dir=${profile}`, '--dump-dom', `${web}/sip/Hello%20World`,
      ], { timeout: 60_000, maxBuffer: 1 << 24 })
      assert.match(stdout, /<body>OK<\/body>/)
    } finally {
      rmSync(profile, { recursive: true, force: true })
    }
    await shows('sip:nickvsnetworking.com', 'Hello_World')
    await until(() => log().includes('Recieved HTTP request with request /sip/Hello%20World'), log, WAIT_MS)
  })

  test('the same by curl, on the port that phones use', { skip: missingPrograms('curl') }, async () => {
    const { stdout } = await run('curl', ['-sS', '-m', '10', `http://${SERVER}:${sipPort}/sip/Motion%20in%20the%20hall`])
    assert.equal(stdout, '<html><body>OK</body></html>')
    await shows('sip:nickvsnetworking.com', 'Motion_in_the_hall')
  })
})
