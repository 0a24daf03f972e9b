/** Messages for tests of what reads and builds them. */
import assert from 'node:assert/strict'
import type { ListenSocket, ReceivedFrom, TransportName } from '../../src/sip/endpoint.ts'
import type { SipMessage } from '../../src/sip/message.ts'
import { ParseError } from '../../src/sip/parse-error.ts'
import { parseMessage } from '../../src/sip/parse-message.ts'

export function testSocket(changes: Partial<ListenSocket> = {}): ListenSocket {
  return {
    index: 0, transport: 'udp', address: '192.0.2.1', port: 5060, family: 4, name: undefined, advertise: undefined,
    isVirtual: false, ...changes,
  }
}

/** From 192.0.2.9:5070, over UDP unless said otherwise. */
export function testSource(changes: Partial<ReceivedFrom> = {}, transport: TransportName = 'udp'): ReceivedFrom {
  return { socket: testSocket({ transport }), sourceAddress: '192.0.2.9', sourcePort: 5070, connectionId: 0, ...changes }
}

/** The message in a text that must be one. */
export function readMessage(text: string, received = testSource()): SipMessage {
  const message = parseMessage(text, received, 1)
  assert.ok(!(message instanceof ParseError), message instanceof ParseError ? message.reason : '')
  return message
}

/** The message with these lines (CRLF between them) and body. */
export function messageOf(lines: readonly string[], body = '', received = testSource()): SipMessage {
  return readMessage(`${lines.join('\r\n')}\r\n\r\n${body}`, received)
}

/** What a parser answered, which must not be an error. */
export function good<T>(value: T | ParseError | undefined): T {
  assert.ok(!(value instanceof ParseError), value instanceof ParseError ? value.reason : '')
  assert.ok(value !== undefined)
  return value
}
