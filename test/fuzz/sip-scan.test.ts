import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { mutatedMessage, torture, USUAL } from './sip-mutations.ts'
import { disagreement, looks, scannedHeaders } from './sip-scan-compare.ts'

const root = join(import.meta.dirname, '..', '..')

/** At the edges of what the look knows: each is told up to there, or left to JavaScript. */
const EDGES: readonly string[] = [
  'Via: SIP/2.0/UDP a', 'Via: SIP/2.0/UDP a:70606;rport', 'Via: SIP/2.0/UDP a;branch=1;branch=2', 'Via: SIP/2.0/UDP a;rport=;branch=1',
  'Via: SIP/2.0/UDP a;rport=5;rport', 'v: SIP/2.0/TLS a;branch=1', 'VIA: SIP/2.0/UDP a;branch=1 ', 'Via: SIP/2.0/UDP a;received=192.0.2.7;rport=1',
  'To: "a" <sip:a@b>;tag=', 'To: <sip:a@b>;tag=1;x=y', 'To: a <sip:a@b>', 't:<sip:a@b>', 'T : <sip:a@b>', 'To: <sip:a@b> ',
  'CSeq: 0000000001 INVITE', 'CSeq: 1  INVITE', 'CSeq: 1', 'CSeq: 1 A B', 'cseq: 2147483648 INVITE', 'Content-Length: 0', 'Content-Length:',
  'Content-Length: 1x', 'l: 1234567890', 'Contact:', 'X:\t', 'X-Y_z.+~1: a', 'X!: a', ': a', 'nothing', 'Supported: a\r\n b', 'X: a\0', 'X: \0', 'X: a\n', 'X: a\rb', 'Max\rForwards: 7', 'Contact_: a', 'c\0: a',
]

for (const [name, look] of Object.entries(looks)) {
  if (typeof look === 'string') {
    test(`the look of the ${name}`, { skip: look }, () => undefined)
    continue
  }

  test(`${name}: the look goes over all headers of a usual message`, () => {
    assert.equal(scannedHeaders(look, USUAL), USUAL.split('\r\n\r\n')[0]?.split('\r\n').slice(1).length)
  })

  test(`${name}: the look and JavaScript find the same in mutated messages`, () => {
    fc.assert(fc.property(mutatedMessage, (text) => {
      assert.equal(disagreement(look, text), undefined)
    }), { numRuns: 5000 })
  })

  test(`${name}: and in the messages of RFC 4475, whole or cut anywhere`, { skip: torture.length === 0 && 'they are not here' }, () => {
    for (const text of torture) {
      for (let end = text.length; end > 0; end -= 5) assert.equal(disagreement(look, text.slice(0, end)), undefined)
    }
  })

  test(`${name}: the look and JavaScript find the same at the edges`, () => {
    for (const line of EDGES) {
      for (const text of [USUAL.replace('Contact:', `${line}\r\nContact:`), USUAL.replace(/SIP\/2\.0\r\n/, `SIP/2.0\r\n${line}\r\n`)]) {
        assert.equal(disagreement(look, text), undefined)
        assert.equal(disagreement(look, text.replace(/^.*\r\n/, 'SIP/2.0 180 Ringing\r\n')), undefined)
      }
    }
    const firstLines = [
      'SIP/2.0 200 ', 'SIP/2.0 200  OK', 'SIP/2.0 2000 OK', 'SIP/2.0 99 OK', 'SIP/2.0 000 Zero', 'sip/2.0 200 OK', 'A b SIP/2.0', 'A  b SIP/2.0',
      'A b SIP/2.0 ', 'a b SIP/2.0', 'A b\tSIP/2.0',
    ]
    for (const line of firstLines) assert.equal(disagreement(look, USUAL.replace(/^.*(?=\r\n)/, line)), undefined)
    for (const count of [23, 24, 25, 60]) assert.equal(disagreement(look, USUAL.replace('Contact:', 'X: y\r\n'.repeat(count) + 'Contact:')), undefined)
  })
}

function clangVersion(): string {
  try {
    return execFileSync('clang', ['--version'], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

test('native/sip-scan.wasm is what its source gives', (t: TestContext) => {
  // Another compiler makes other bytes of the same source.
  if (!clangVersion().includes('version 14.0.6')) return t.skip('needs clang 14.0.6, Debian 12\'s')
  const folder = mkdtempSync(join(tmpdir(), 'kahea-wasm-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const made = join(folder, 'made.wasm')
  execFileSync(process.execPath, ['--import', 'tsx', join(root, 'scripts', 'build-wasm.ts'), '--output', made], { cwd: root })
  assert.ok(readFileSync(made).equals(readFileSync(join(root, 'native', 'sip-scan.wasm'))), 'run npm run build:wasm')
})
