/**
 * Both servers ask the same name server and get the same out of it. The tables of `dns/` run where a mount of their own
 * puts other files in the place of resolv.conf and hosts, which takes root and Linux.
 */
import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import type { Answer } from 'dns-packet'
import { startFakeDnsServer, type FakeDnsServer } from '../support/fake-dns-server.ts'
import { loadCase } from './harness/find-cases.ts'
import { kamailioInstalled } from './harness/server-process.ts'

const NAME_SERVER = '127.0.30.53'
const LONG_NAME = `${'a23456789.'.repeat(7)}long.test`
/** Runs a command where the first two files stand in the place of resolv.conf and hosts. */
const MOUNTED = 'mount --bind "$1" /etc/resolv.conf && mount --bind "$2" /etc/hosts && shift 2 && exec "$@"'

const ipv4 = (name: string, data: string, ttl = 60): Answer => ({ name, type: 'A', ttl, data })
const ipv6 = (name: string, data: string): Answer => ({ name, type: 'AAAA', ttl: 60, data })
const alias = (name: string, data: string): Answer => ({ name, type: 'CNAME', ttl: 60, data })

const srv = (domain: string, priority: number, weight: number, port: number, target: string): Answer =>
  ({ name: `_sip._udp.${domain}`, type: 'SRV', ttl: 60, data: { priority, weight, port, target } })

const naptr = (
  name: string, order: number, preference: number, flags: string, services: string, regexp: string, replacement: string,
): Answer => ({ name, type: 'NAPTR', ttl: 60, data: { order, preference, flags, services, regexp, replacement } })

/** over.127.0.30.8.test is `next`, and `next2` behind it; the name moves to a slot as addresses do. */
const twoServers = (offset: number): readonly Answer[] => {
  const name = `over.127.0.30.${offset + 8}.test`
  return [
    srv(name, 1, 1, 5080, `a.${name}`), ipv4(`a.${name}`, `127.0.30.${offset + 8}`),
    srv(name, 2, 1, 5080, `b.${name}`), ipv4(`b.${name}`, `127.0.30.${offset + 6}`),
  ]
}

const many = Array.from({ length: 40 }, (_, index) => index + 1)

const zone: readonly Answer[] = [
  ipv4('one.test', '192.0.2.1'),
  ipv4('both.test', '192.0.2.7'), ipv4('both.test', '192.0.2.6'),
  ipv6('both.test', '2001:db8::7'), ipv6('both.test', '2001:db8::6'),
  ipv6('six.test', '2001:db8::5'),
  ipv4('brief.test', '192.0.2.8', 0), ipv4('brief2.test', '192.0.2.8', 0),
  ipv4('fail.test', '192.0.2.9'),
  ...many.map((index) => ipv4('lots.test', `192.0.3.${index}`)),
  alias('alias.test', 'one.test'), alias('_sip._udp.alias.test', '_sip._udp.s.test'),
  srv('s.test', 20, 1, 5062, 'c.test'), srv('s.test', 20, 9, 5063, 'D.test'),
  srv('s.test', 10, 5, 5060, 'a.test'), srv('s.test', 10, 1, 5061, 'b.test'),
  srv('equal.test', 1, 2, 3, 'e.test'), srv('equal.test', 1, 2, 4, 'f.test'), srv('equal.test', 1, 2, 5, 'g.test'),
  srv('dot.test', 0, 0, 0, '.'),
  srv('long.test', 1, 1, 5060, LONG_NAME),
  ...many.map((index) => srv('lots.test', 50 - index, 1, 5060, `h${index}.test`)),
  naptr('n.test', 20, 1, 'S', 'SIP+D2U', '', '_sip._udp.n.test'),
  naptr('n.test', 10, 5, 'u', 'E2U+sip', '!^.*$!sip:info@example.com!', '.'),
  naptr('n.test', 10, 1, 's', 'SIP+D2T', '', '_sip._TCP.N.test'),
  naptr('long.test', 1, 1, 'f'.repeat(70), 'x'.repeat(70), 'y'.repeat(70), LONG_NAME),
  ...Array.from({ length: 12 }, (_, slot) => twoServers(slot * 20)).flat(),
  ...many.map((index) => naptr('lots.test', 50 - index, 1, 's', 'SIP+D2U', '', `h${index}.test`)),
]

const reasonToSkip = (): string | false => {
  if (!kamailioInstalled()) return 'kamailio is not installed (apt-get install kamailio)'
  const mounted = spawnSync('unshare', ['-m', 'mount', '--bind', '/etc/hosts', '/etc/hosts'], { stdio: 'ignore' })
  return mounted.status === 0 ? false : 'no mounts of our own here: run as root on Linux'
}

const TRIES = 4
const tables = join(import.meta.dirname, 'dns')

describe('kahea asks name servers as kamailio does', { skip: reasonToSkip() }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-dns-'))
  const [resolvConf, hosts] = [join(folder, 'resolv.conf'), join(folder, 'hosts')]
  let server: FakeDnsServer | undefined
  before(async () => {
    server = await startFakeDnsServer(NAME_SERVER, zone, 53)
    server.faults.set('fail.test', 'server failure')
    writeFileSync(resolvConf, `nameserver ${NAME_SERVER}\n`)
    writeFileSync(hosts, '127.0.0.1 localhost\n192.0.2.77 Hosted.test\n')
  })
  after(async () => {
    await server?.close()
    rmSync(folder, { recursive: true, force: true })
  })
  for (const file of readdirSync(tables).filter((name) => /\.(table|cfg)$/.test(name))) {
    test(file.replace(/\.\w+$/, ''), async () => {
      const show = [process.execPath, '--import', 'tsx', join(import.meta.dirname, 'show.ts'), join(tables, file)]
      const isToBeSame = loadCase(join(tables, file)).knownDifference === null
      let [from, shown, isSame] = [0, '', !isToBeSame]
      // What differs each time differs.
      for (let round = 0; round < TRIES && isSame !== isToBeSame; round++) {
        from = server?.questions.length ?? 0
        shown = (await promisify(execFile)('unshare', ['-m', 'sh', '-c', MOUNTED, 'sh', resolvConf, hosts, ...show])).stdout
        isSame = / no difference\n/.test(shown)
      }
      assert.equal(isSame, isToBeSame, shown)
      assertAskedAlike(server?.questions.slice(from) ?? [], /brief|equal/)
    })
  }
})

/** Questions about what is cached or never cached: each server asked half of them. */
function assertAskedAlike(questions: readonly string[], names: RegExp): void {
  const asked = questions.filter((question) => names.test(question))
  // A case that neither server starts with would show no difference either.
  assert.ok(questions.length > 0, 'nobody asked')
  const half = asked.length / 2
  assert.deepEqual(asked.slice(0, half), asked.slice(half))
}
