/** A gateway by sipp: it answers OPTIONS and takes calls, until it is stopped. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startProgram } from '../support/program.ts'

const reply = (status: string, tag: string, more: string): string => `<send><![CDATA[
SIP/2.0 ${status}
[last_Via:]
[last_Record-Route:]
[last_From:]
[last_To:]${tag}
[last_Call-ID:]
[last_CSeq:]
${more}
Content-Length: 0

]]></send>`

const CONTACT = 'Contact: <sip:gateway@[local_ip]:[local_port]>'

const SCENARIO = `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="gateway">
<recv request="OPTIONS" optional="true" next="ping"></recv>
<recv request="INVITE"></recv>
${reply('180 Ringing', ';tag=[pid]gateway[call_number]', CONTACT)}
<pause milliseconds="100"/>
${reply('200 OK', ';tag=[pid]gateway[call_number]', CONTACT)}
<recv request="ACK"></recv>
<recv request="BYE"></recv>
${reply('200 OK', '', CONTACT)}
<nop next="end"></nop>
<label id="ping"/>
${reply('200 OK', ';tag=[pid]ping[call_number]', CONTACT)}
<label id="end"/>
</scenario>
`

export interface Gateway {
  /** Ends it, as a gateway goes that is switched off. */
  stop(): Promise<void>
  output(): string
}

const LIFE_MS_MAX = 120_000

/** `place` is `address:port`. */
export function startGateway(place: string): Gateway {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-gateway-'))
  writeFileSync(join(folder, 'gateway.xml'), SCENARIO)
  const [address = '', port = ''] = place.split(':')
  const program = startProgram('sipp', ['-sf', 'gateway.xml', '-i', address, '-p', port, '-t', 'u1', '-nostdin'], folder, LIFE_MS_MAX)
  return {
    output: program.output,
    async stop() {
      program.kill()
      await program.finished
    },
  }
}
