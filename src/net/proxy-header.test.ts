import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readProxyHeader, type ProxyHeader } from './proxy-header.ts'

const signature = '\r\n\r\n\0\r\nQUIT\n'
const bytes = (...values: number[]): string => String.fromCharCode(...values)
const v4 = signature + bytes(0x21, 0x11, 0, 12, 203, 0, 113, 7, 203, 0, 113, 8, 0x9c, 0x40, 0x13, 0xc4)
const v6 = signature + bytes(0x21, 0x21, 0, 36) + bytes(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9)
  + '\0'.repeat(16) + bytes(0x9c, 0x40, 0x13, 0xc4)

const source = (address: string, port: number, length: number): ProxyHeader => ({ length, source: { address, port } })

const cases: readonly { title: string; text: string; want: ProxyHeader | 'incomplete' | 'bad' }[] = [
  {
    title: 'a line for IPv4', text: 'PROXY TCP4 203.0.113.7 203.0.113.8 40000 5060\r\nX',
    want: source('203.0.113.7', 40000, 47),
  },
  {
    title: 'a line for IPv6', text: 'PROXY TCP6 2001:db8::9 ::1 40000 5060\r\n',
    want: source('2001:db8::9', 40000, 39),
  },
  { title: 'a line about nobody', text: 'PROXY UNKNOWN\r\n', want: { length: 15, source: undefined } },
  { title: 'half a line', text: 'PROXY TCP4 203', want: 'incomplete' },
  { title: 'the first byte', text: 'P', want: 'incomplete' },
  { title: 'nothing', text: '', want: 'incomplete' },
  { title: 'SIP', text: 'OPTIONS sip:a@b SIP/2.0\r\n', want: 'bad' },
  { title: 'a line that is too long', text: `PROXY TCP4 ${'1'.repeat(100)}`, want: 'bad' },
  { title: 'an address of the other family', text: 'PROXY TCP4 ::1 ::1 1 2\r\n', want: 'bad' },
  { title: 'a port beyond 65535', text: 'PROXY TCP4 1.2.3.4 1.2.3.4 70000 2\r\n', want: 'bad' },
  { title: 'version 2, IPv4', text: `${v4}rest`, want: source('203.0.113.7', 40000, 28) },
  { title: 'version 2, IPv6', text: v6, want: source('2001:db8::9', 40000, 52) },
  {
    title: 'version 2, a health check', text: `${signature}${bytes(0x20, 0, 0, 0)}`,
    want: { length: 16, source: undefined },
  },
  { title: 'half of version 2', text: v4.slice(0, 20), want: 'incomplete' },
  { title: 'half of its signature', text: signature.slice(0, 5), want: 'incomplete' },
  { title: 'version 2 of unreasonable length', text: `${signature}${bytes(0x21, 0x11, 0xff, 0xff)}`, want: 'bad' },
  {
    title: 'version 2 with too few addresses', text: `${signature}${bytes(0x21, 0x11, 0, 4, 1, 2, 3, 4)}`,
    want: 'bad',
  },
]
for (const { title, text, want } of cases) {
  test(`PROXY header: ${title}`, () => assert.deepEqual(readProxyHeader(text), want))
}
