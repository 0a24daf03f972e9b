/** Debian's kamcmd against module ctl: the same commands give the same output as from Kamailio, over each kind of socket. */
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { readPacket } from '../../src/rpc/binrpc-read.ts'
import { binrpcRequest } from '../../src/rpc/binrpc-write.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea, type RunningServer } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'
import { startKamailio } from './kamailio.ts'

const ADDRESS = '127.0.57.1'
const PORT = 5060
const CTL_PORT = 2049

const cfg = (folder: string): string => `
debug=0
log_stderror=yes
children=1
tcp_children=1
auto_aliases=no
listen=udp:${ADDRESS}:${PORT}
listen=tcp:${ADDRESS}:${PORT}
alias=foo.example:5060
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "kex.so"
loadmodule "corex.so"
loadmodule "tm.so"
loadmodule "tmx.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "ctl.so"
loadmodule "cfg_rpc.so"
loadmodule "counters.so"
loadmodule "dispatcher.so"
modparam("dispatcher", "list_file", "${folder}/dispatcher.list")
modparam("dispatcher", "ds_ping_latency_stats", 1)
loadmodule "db_sqlite.so"
loadmodule "htable.so"
loadmodule "dialplan.so"
loadmodule "pike.so"
loadmodule "ratelimit.so"
loadmodule "pipelimit.so"
loadmodule "permissions.so"
loadmodule "domain.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
modparam("dialplan|permissions|domain|pipelimit|usrloc", "db_url", "sqlite:///${folder}/kamailio.db")
modparam("permissions", "db_mode", 1)
modparam("usrloc", "hash_size", 4)
modparam("htable", "htable", "rep=>size=4;")
modparam("htable", "htable", "ipban=>size=8;autoexpire=300;")
modparam("pike", "reqs_density_per_unit", 30)
modparam("ratelimit", "queue", "0:REGISTER")
modparam("ratelimit", "pipe", "0:TAILDROP:100")
modparam("ratelimit", "pipe", "1:RED:50")
loadmodule "rr.so"
loadmodule "uac.so"
modparam("uac", "reg_db_url", "sqlite:///${folder}/none.db")
modparam("uac", "reg_contact_addr", "${ADDRESS}:${PORT}")
modparam("uac", "reg_active", 0)
modparam("pv", "shvset", "x=i:5")
modparam("pv", "shvset", "y=s:abc")
modparam("counters", "script_counter", "a a first counter")
modparam("ctl", "binrpc", "unixs:${folder}/ctl")
modparam("ctl", "binrpc", "unixd:${folder}/ctl.dgram")
modparam("ctl", "binrpc", "tcp:${ADDRESS}:${CTL_PORT}")
modparam("ctl", "binrpc", "udp:${ADDRESS}:${CTL_PORT}")
my.val = 5 desc "a number"
my.str = "abc" desc "a text"
request_route { if ($rm == "REGISTER") save("location"); sl_send_reply("200", "OK"); }
`

const DESTINATIONS = `
1 sip:127.0.57.9:15091 8 5 weight=50;socket=udp:${ADDRESS}:${PORT};duid=gw2
1 sip:127.0.57.9:15090;transport=udp 8 10 weight=50;duid=gw1
2 sip:127.0.57.10:15060;transport=tcp
`

const TABLES = ['standard', 'dialplan', 'permissions', 'domain', 'pipelimit', 'usrloc']
const ROWS = `
INSERT INTO dialplan (dpid, pr, match_op, match_exp, match_len, subst_exp, repl_exp, attrs)
  VALUES (1, 2, 0, '112', 3, '', '', 'em'), (1, 1, 1, '^0([0-9]+)$', 0, '^0([0-9]+)$', '+49\\1', 'de');
INSERT INTO address (grp, ip_addr, mask, port, tag)
  VALUES (1, '::1', 128, 0, 'v6'), (2, '127.0.1.9', 32, 15090, 'gw'), (3, '10.0.0.0', 8, 0, 'net'), (4, 'example.invalid', 32, 0, 'name');
INSERT INTO trusted (src_ip, proto, from_pattern, tag, priority) VALUES ('127.0.1.9', 'any', '^sip:.*$', 'peer', 0);
INSERT INTO domain (domain, did) VALUES ('example.com', 'example'), ('example.org', 'example');
INSERT INTO domain_attrs (did, name, type, value) VALUES ('example', 'limit', 0, '7');
INSERT INTO pl_pipes (pipeid, algorithm, plimit) VALUES ('one', 'TAILDROP', 10);
`

/** Each is run on both; what differs by nature is taken out by `masked`. */
const commands: readonly string[] = [
  'core.echo a 1 s:1', 'core.echo a 1.5', 'core.prints abc', 'core.prints 5', 'core.printi 5', 'core.printi x', 'core.printi',
  'core.uptime', 'core.sockets_list', 'core.aliases_list', 'core.tcp_info', 'core.tcp_list', 'core.tcp_options',
  'core.udp4_raw_info', 'core.modules', 'core.ppdefines', 'core.sctp_info', 'core.pwd',
  'corex.list_sockets', 'corex.list_aliases', 'corex.debug',
  'cfg.list', 'cfg.list my', 'cfg.get core debug', 'cfg.get tm', 'cfg.get tm fr_timer', 'cfg.seti tm fr_timer 25000',
  'cfg.sets core nosuch x', 'cfg.get my', 'cfg.set my val 6', 'cfg.get my val', 'cfg.diff', 'cfg.set_delayed_int my val 7',
  'cfg.diff', 'cfg.commit', 'cfg.get my', 'cfg.seti my val abc', 'cfg.help',
  'cnt.grps_list', 'cnt.var_list shmem', 'cnt.get script a', 'cnt.get script nope', 'cnt.help script a', 'cnt.get_raw script a',
  'dns.view', 'dns.add_a foo.example 600 127.0.0.9 0', 'dns.lookup a foo.example', 'dns.view', 'dns.delete_all', 'dst_blocklist.view',
  'pv.shvGet', 'pv.shvGet x', 'pv.shvGet nope', 'pv.shvSet x int 7', 'pv.shvSet x int abc', 'pv.shvSet',
  'stats.get_statistics', 'stats.get_statistics sl:', 'stats.fetch tcp:', 'stats.fetchn tcp:', 'sl.stats', 'tm.stats',
  'dispatcher.list', 'dispatcher.list short', 'dispatcher.list full', 'dispatcher.hash 2 x', 'dispatcher.hash 5 alice example.com',
  'dispatcher.set_state ip 2 all', 'dispatcher.set_state d 1 sip:127.0.57.9:15091', 'dispatcher.set_duid_state tp 1 gw1',
  'dispatcher.set_state x 1 all', 'dispatcher.set_state i 9 sip:127.0.57.9', 'dispatcher.list', 'dispatcher.ping_active',
  'dispatcher.ping_active 0', 'dispatcher.add 3 sip:127.0.57.9:15092 0', 'dispatcher.reload', 'dispatcher.remove 3 sip:127.0.57.9:15092',
  'dispatcher.list', 'dispatcher.hash',
  'htable.listTables', 'htable.sets rep k v', 'htable.seti rep n 5', 'htable.setex rep k 100', 'htable.get rep k', 'htable.get rep n',
  'htable.get ipban nosuch', 'htable.get nosuch k', 'htable.dump rep', 'htable.dump nosuch', 'htable.stats', 'htable.delete rep k', 'htable.dump rep',
  'htable.flush rep', 'htable.dump rep', 'dialplan.dump 1', 'dialplan.dump 9', 'dialplan.translate 1 s:0301', 'dialplan.translate 1 s:112',
  'dialplan.translate 1 s:xyz', 'dialplan.translate 9 s:1', 'dialplan.reload', 'pike.top', 'pike.top ALL', 'pike.list', 'rl.stats', 'rl.get_pipes',
  'rl.get_queues', 'rl.set_pipe 1 TAILDROP 7', 'rl.set_pipe 99 TAILDROP 7', 'rl.get_pipes', 'rl.get_pid', 'pl.stats', 'pl.list', 'pl.get_pipes',
  'pl.set_pipe one RED 5', 'pl.list', 'permissions.addressDump', 'permissions.subnetDump', 'permissions.domainDump', 'permissions.trustedDump',
  'permissions.testUri', 'domain.dump', 'domain.reload',
  'ul.add location manual sip:m@127.0.57.9:5070 0 1.0 <sip:127.0.57.8;lr> 0 0 5951', 'ul.lookup location manual',
  'ul.lookup location nosuch', 'ul.dump', 'ul.dump brief', 'ul.rm location manual', 'ul.rm location manual', 'ul.dump', 'ul.flush', 'ul.db_users location',
  'ul.db_contacts location', 'ul.db_expired_contacts location',
  'system.methodSignature core.echo', 'system.methodHelp nosuch', 'nosuch.cmd', 'ctl.listen', 'ctl.who', 'ctl.connections',
  'listen', 'who', 'uptime',
  'uac.reg_dump', 'uac.reg_add u1 l1 a.example r1 b.example b.example auth1 pw . sip:127.0.57.2 60 0 0 . .',
  'uac.reg_add u2 l2 a.example r2 b.example b.example auth2 . 0123456789abcdef0123456789abcdef sip:127.0.57.2 90 1 5 x 127.0.57.3',
  'uac.reg_add u2 l2 a.example r2 b.example b.example auth2 pw . sip:127.0.57.2 60 0 0 . .', 'uac.reg_add u3', 'uac.reg_dump',
  'uac.reg_info l_uuid u1', 'uac.reg_info l_uuid nosuch', 'uac.reg_info r_username r2', 'uac.reg_info realm b.example', 'uac.reg_info',
  'uac.reg_disable l_uuid u1', 'uac.reg_enable l_uuid u2', 'uac.reg_enable l_uuid nosuch', 'uac.reg_dump', 'uac.reg_active', 'uac.reg_active i:1',
  'uac.reg_remove l_uuid u1', 'uac.reg_remove u1', 'uac.reg_remove u1', 'uac.reg_unregister auth_username nosuch', 'uac.reg_dump',
]

function kamcmd(socket: string, command: string): string {
  const run = spawnSync('kamcmd', ['-s', socket, ...command.split(' ')], { encoding: 'latin1', timeout: 10_000 })
  return run.stdout + run.stderr
}

function masked(text: string, folder: string): string {
  return text
    .replaceAll(folder, '{folder}')
    .replace(/\w{3} \w{3} +\d+ \d\d:\d\d:\d\d \d{4}/g, '<time>')
    .replace(/(uptime|size_bytes|reference_counter|expires|rr_expires|last_used): \d+/g, '$1: <number>')
    .replace(/(Ruid|Last-Keepalive|Last-Modified): \S+/g, '$1: <of its own>')
    .replace(/(reg_init|diff_expires|timer_expires): -?\d{2,}/g, '$1: <number>')
    .replace(/Up since.*|uptime.*/gi, '<uptime>')
}

describe('kamcmd talks to Kāhea as to Kamailio', { skip: missingPrograms('kamcmd', 'kamailio', 'sqlite3') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-kamcmd-'))
  const path = join(folder, 'kamailio.cfg')
  const wanted = new Map<string, string>()
  let server: RunningServer | undefined

  before(async () => {
    writeFileSync(path, cfg(folder))
    writeFileSync(join(folder, 'dispatcher.list'), DESTINATIONS)
    const tables = TABLES.map((name) => readFileSync(`/usr/share/kamailio/db_sqlite/${name}-create.sql`, 'latin1')).join('\n')
    execFileSync('sqlite3', [join(folder, 'kamailio.db')], { input: `PRAGMA journal_mode = OFF;\n${tables}\n${ROWS}` })
    const kamailio = await startKamailio(path, cfg(folder), folder)
    await until(() => statSync(join(folder, 'ctl'), { throwIfNoEntry: false }) !== undefined, () => 'the control socket is not there')
    commands.forEach((command, index) => wanted.set(`${index} ${command}`, masked(kamcmd(`unixs:${folder}/ctl`, command), folder)))
    await kamailio.stop()
    // Kamailio's working folder is its own; the server's must be the same for core.pwd.
    server = await startKahea(['-f', path, '-w', folder, '-E'])
    await until(() => statSync(join(folder, 'ctl'), { throwIfNoEntry: false }) !== undefined, () => 'the control socket is not there')
  })

  after(async () => {
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('each command prints the same', () => {
    const got = new Map(commands.map((command, index) =>
      [`${index} ${command}`, masked(kamcmd(`unixs:${folder}/ctl`, command), folder)]))
    assert.deepEqual(Object.fromEntries(got), Object.fromEntries(wanted))
  })

  for (const socket of ['unixd:{folder}/ctl.dgram', `tcp:${ADDRESS}:${CTL_PORT}`, `udp:${ADDRESS}:${CTL_PORT}`]) {
    test(`kamcmd gets its answer over ${socket}`, () => {
      assert.equal(kamcmd(socket.replace('{folder}', folder), 'core.echo hello 7'), 'hello\n7\n')
    })
  }

  test('the Unix sockets are for their owner only', () => {
    assert.equal(statSync(join(folder, 'ctl')).mode & 0o777, 0o600)
    assert.equal(statSync(join(folder, 'ctl.dgram')).mode & 0o777, 0o600)
  })

  test('answers beyond binrpc_max_body_size arrive whole', async () => {
    const names = Array.from({ length: 400 }, (_none, index) => `a-rather-long-name-of-host-number-${index}.example`)
    await addRecords(join(folder, 'ctl'), names)
    const shown = kamcmd(`unixs:${folder}/ctl`, 'dns.view')
    assert.ok(shown.length > 64 * 1024, `${shown.length} bytes`)
    assert.deepEqual(names.filter((name) => !shown.includes(`name: ${name}\n`)), [])
  })

  test('bytes that are no binrpc end the connection, and the server goes on', async () => {
    for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '\xa1\x03', '\xa1\xff\xff\xff\xff\xff\xff', '\xa1\x00\x02\x01\x71\x00', '\xa1\x00\x01\x01\x03']) {
      await new Promise<void>((resolve) => {
        const socket = connect(join(folder, 'ctl'), () => socket.end(Buffer.from(bytes, 'latin1')))
        socket.on('error', () => resolve())
        socket.on('close', () => resolve())
        socket.resume()
      })
    }
    assert.equal(kamcmd(`unixs:${folder}/ctl`, 'core.echo still here'), 'still\nhere\n')
  })
})

/** `dns.add_a NAME 600 127.0.0.9 0` for each, all on one connection and without waiting between. */
function addRecords(path: string, names: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let bytes = ''
    let answers = 0
    const socket = connect(path, () => {
      for (const name of names) socket.write(binrpcRequest('dns.add_a', [name, 600, '127.0.0.9', 0], answers), 'latin1')
    })
    socket.on('error', reject)
    socket.on('data', (data) => {
      bytes += data.toString('latin1')
      for (let packet = readPacket(bytes, 65_536); packet !== undefined && typeof packet !== 'string'; packet = readPacket(bytes, 65_536)) {
        bytes = bytes.slice(packet.size)
        answers++
      }
      if (answers < names.length) return
      socket.destroy()
      resolve()
    })
  })
}
