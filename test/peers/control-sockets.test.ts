/** Who gets in: what is opened for commands without a word in the file, and with which rights, here and by Kamailio. */
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { missingPrograms } from '../support/installed.ts'
import { startKahea, type RunningServer } from '../support/kahea-process.ts'
import { until } from '../support/until.ts'
import { startKamailio } from './kamailio.ts'

const ADDRESS = '127.0.64.1'

interface Started {
  readonly folder: string
  readonly port: number
  readonly server: RunningServer
  readonly path: string
}

async function start(t: TestContext, name: 'kahea' | 'kamailio', more: string): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-control-'))
  const port = await freePort(ADDRESS)
  const path = join(folder, 'kamailio.cfg')
  const cfg = `debug=0
log_stderror=yes
children=1
tcp_children=1
listen=udp:${ADDRESS}:${port}
listen=tcp:${ADDRESS}:${port}
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "pv.so"
loadmodule "sl.so"
${more.replaceAll('FOLDER', folder)}
`
  writeFileSync(path, cfg)
  const server = name === 'kamailio'
    ? await startKamailio(path, cfg, folder)
    : await startKahea(['-f', path, '-DD', '-E', '-w', folder, '-Y', folder])
  t.after(async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  return { folder, port, server, path }
}

/** Sockets and FIFOs in the folder: kind and rights. */
function doors(folder: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of readdirSync(folder).sort()) {
    const stats = statSync(join(folder, name))
    if (stats.isSocket() || stats.isFIFO()) found[name] = `${stats.isSocket() ? 'socket' : 'fifo'} ${(stats.mode & 0o777).toString(8)}`
  }
  return found
}

/** The processes whose command line names the file. */
function processesOf(path: string): readonly string[] {
  return readdirSync('/proc').filter((entry) => {
    try {
      return /^\d+$/.test(entry) && readFileSync(`/proc/${entry}/cmdline`, 'latin1').split('\0').includes(path)
    } catch {
      return false
    }
  })
}

/** Ports that they listen on over TCP, or read from over UDP. */
function openPorts(path: string): readonly string[] {
  const inodes = new Set<string>()
  for (const pid of processesOf(path)) {
    for (const file of readdirSync(`/proc/${pid}/fd`)) {
      try {
        const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${file}`))?.[1]
        if (inode !== undefined) inodes.add(inode)
      } catch {
        // It was closed meanwhile.
      }
    }
  }
  const found = new Set<string>()
  for (const [transport, file] of [['tcp', 'tcp'], ['tcp', 'tcp6'], ['udp', 'udp'], ['udp', 'udp6']] as const) {
    for (const line of readFileSync(`/proc/net/${file}`, 'latin1').split('\n').slice(1)) {
      const [, local = '', , state = '', , , , , , inode = ''] = line.trim().split(/\s+/)
      if (inodes.has(inode) && (transport === 'udp' || state === '0A')) found.add(`${transport} ${parseInt(local.split(':')[1] ?? '', 16)}`)
    }
  }
  return [...found].sort()
}

const rows: readonly (readonly [what: string, cfg: string, doors: Readonly<Record<string, string>>])[] = [
  ['nothing without a module', '', {}],
  ['files for local users by default', 'loadmodule "ctl.so"\nloadmodule "jsonrpcs.so"', {
    kamailio_ctl: 'socket 600', 'kamailio_rpc.fifo': 'fifo 660', 'kamailio_rpc.sock': 'socket 660',
  }],
  ['files with the rights that are asked for', `loadmodule "ctl.so"
loadmodule "jsonrpcs.so"
modparam("ctl", "binrpc", "unixs:FOLDER/own_ctl")
modparam("ctl", "mode", 0640)
modparam("jsonrpcs", "fifo_mode", 0600)
modparam("jsonrpcs", "dgram_mode", 0600)`, { own_ctl: 'socket 640', 'kamailio_rpc.fifo': 'fifo 600', 'kamailio_rpc.sock': 'socket 600' }],
  ['no file where HTTP alone is wanted', `loadmodule "xhttp.so"
loadmodule "jsonrpcs.so"
modparam("jsonrpcs", "transport", 1)
event_route[xhttp:request] { jsonrpc_dispatch(); }`, {}],
]

for (const [what, cfg, wanted] of rows) {
  for (const name of ['kahea', 'kamailio'] as const) {
    test(`${name} opens ${what}, and no port beside those of SIP`, { skip: name === 'kamailio' && missingPrograms('kamailio') }, async (t) => {
      const { folder, port, path } = await start(t, name, `${cfg}\nrequest_route { exit; }`)
      await until(() => Object.keys(doors(folder)).length === Object.keys(wanted).length, () => JSON.stringify(doors(folder)))
      assert.deepEqual(doors(folder), wanted)
      // Kamailio's processes come one after the other, and hand sockets on.
      const own = [`tcp ${port}`, `udp ${port}`]
      const seen = new Set<string>()
      const hasSeenOwn = (): boolean => {
        for (const each of openPorts(path)) seen.add(each)
        return own.every((each) => seen.has(each))
      }
      await until(hasSeenOwn, () => [...seen].join())
      assert.deepEqual([...seen].sort(), own)
    })
  }
}

/** Whether an HTTP request gets any answer before the server would have closed a connection that it does not want. */
async function isAnswered(port: number, text: string): Promise<boolean> {
  let answer = ''
  const socket = connect({ host: ADDRESS, port })
  const closed = new Promise<void>((resolve) => { socket.on('close', () => resolve()) })
  socket.on('error', () => undefined)
  socket.on('data', (bytes: Buffer) => {
    answer += bytes.toString('latin1')
  })
  // A request that is no message at all makes the server close the connection: then all in front of it is done.
  socket.write(`${text}nothing\r\n: x\r\nl: 0\r\n\r\n`)
  await closed
  return answer !== ''
}

const document = '{"jsonrpc":"2.0","method":"core.echo","id":1}'
const http = `POST /RPC HTTP/1.1\r\nContent-Length: ${document.length}\r\n\r\n${document}`
const modules = 'tcp_accept_no_cl=yes\nloadmodule "xhttp.so"\nloadmodule "jsonrpcs.so"\nmodparam("jsonrpcs", "transport", 1)'

test('HTTP gets no answer where the file does not ask for it', async (t) => {
  const { port } = await start(t, 'kahea', 'tcp_accept_no_cl=yes\nloadmodule "jsonrpcs.so"\nrequest_route { jsonrpc_dispatch(); }')
  assert.equal(await isAnswered(port, http), false)
})

test('commands by HTTP get no answer where the route does not call for it', async (t) => {
  const { port } = await start(t, 'kahea', `${modules}\nevent_route[xhttp:request] { exit; }`)
  assert.equal(await isAnswered(port, http), false)
})

test('commands by HTTP are answered where it does', async (t) => {
  const { port } = await start(t, 'kahea', `${modules}\nevent_route[xhttp:request] { jsonrpc_dispatch(); }`)
  assert.equal(await isAnswered(port, http), true)
})
