/** Clusters on machines of their own: servers of our kind, and together with Debian's Kamailio; parted, killed, and losing packets. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { clusterCommand } from '../../src/cli/cluster.ts'
import { missingPrograms } from '../support/installed.ts'
import { Namespaces, namespacesMissing } from '../support/namespaces.ts'
import { ClusterNodes, PHONE, untilAsked } from './cluster-nodes.ts'

const [n1, n2, n3] = [1, 2, 3].map((number) => Namespaces.address(number)) as [string, string, string]

/** As the articles have it: SIP on 5060, DMQ on 5090, and a name that stands for all nodes. */
const COMMON = `
listen=udp:0.0.0.0:5060
listen=tcp:0.0.0.0:5060
listen=udp:0.0.0.0:5090
loadmodule "kex.so"
loadmodule "pv.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "dmq.so"
loadmodule "dmq_usrloc.so"
loadmodule "htable.so"
modparam("tm", "fr_timer", 900)
modparam("registrar", "min_expires", 1)
modparam("dmq", "ping_interval", 1)
modparam("dmq_usrloc", "enable", 1)
modparam("htable", "enable_dmq", 1)
modparam("htable", "dmq_init_sync", 1)
modparam("htable", "htable", "t=>size=8;dmqreplicate=1")
modparam("htable", "timer_interval", 1)
modparam("htable", "htable", "x=>size=4;autoexpire=600;dmqreplicate=1")
request_route {
  if (is_method("KDMQ") && $Rp == 5090) {
    dmq_handle_message();
  }
  if (is_method("REGISTER")) {
    save("location");
  } else if (is_method("INVITE|MESSAGE")) {
    if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
    t_relay();
  } else if (!is_method("ACK")) {
    sl_reply("500", "Nope");
  }
}
`
const byName = `modparam("dmq", "server_address", "sip:0.0.0.0:5090")
modparam("dmq", "notification_address", "sip:dmq.example.com:5090")
modparam("dmq", "multi_notify", 1)
`
const byAddress = (own: string, other: string): string => `modparam("dmq", "server_address", "sip:${own}:5090")
modparam("dmq", "server_socket", "udp:0.0.0.0:5090")
modparam("dmq", "notification_address", "sip:${other}:5090")
`
const HOSTS = `${n1} dmq.example.com\n${n2} dmq.example.com\n${n3} dmq.example.com\n`
const cfgOf = (dmq: string): string => COMMON.replace('request_route', `${dmq}request_route`)

async function withNodes(work: (nodes: ClusterNodes) => Promise<void>): Promise<void> {
  const nodes = new ClusterNodes()
  try {
    await nodes.startPhone()
    for (const [index, name] of ['n1', 'n2', 'n3'].entries()) nodes.machines.machine(name, index + 1, HOSTS)
    await work(nodes)
  } finally {
    await nodes.end()
  }
}

const activeNodes = async (nodes: ClusterNodes, name: string): Promise<number> =>
  (await nodes.rpc(name, 'dmq.list_nodes')).split('"status":"active"').length - 1

async function untilAllActive(nodes: ClusterNodes, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await untilAsked(async () => await activeNodes(nodes, name) === names.length, async () => `${name}: ${await nodes.rpc(name, 'dmq.list_nodes')}`)
  }
}

async function untilSame(nodes: ClusterNodes, names: readonly string[], isDone: (holdings: string) => boolean = () => true): Promise<string> {
  let all: readonly string[] = []
  await untilAsked(async () => {
    all = await Promise.all(names.map((name) => nodes.holdings(name)))
    return all.every((holdings) => holdings === all[0]) && isDone(all[0] ?? '')
  }, async () => `${all.map((holdings, index) => `--- ${names[index]}\n${holdings}\n${nodes.output(names[index] ?? '')}`).join('\n')}`)
  return all[0] ?? ''
}

async function clusterDiff(nodes: ClusterNodes, name: string): Promise<{ status: number; out: string }> {
  let out = ''
  const take = (text: string): void => { out += text }
  const status = await clusterCommand(['diff', '-s', `unix:${nodes.socket(name)}`], { out: take, err: take, isColoured: false })
  return { status, out }
}

describe('a cluster', { skip: namespacesMissing(), concurrency: 2 }, () => {
  test('finds its nodes by one name; phones of one are called through another; parted, killed and losing packets it becomes one again', async () => {
    await withNodes(async (nodes) => {
      await nodes.start('n1', 'kahea', cfgOf(byName))
      await nodes.register(n1, 'early', 'early', 300)
      await nodes.start('n2', 'kahea', cfgOf(byName))
      await untilAllActive(nodes, ['n1', 'n2'])
      await untilSame(nodes, ['n1', 'n2'], (holdings) => holdings.includes('early'))
      await nodes.register(n1, 'alice', 'alice', 300)
      await untilSame(nodes, ['n1', 'n2'], (holdings) => holdings.includes('alice'))
      assert.match(await nodes.ask(n2, 5060, 'INVITE', 'alice', 'Max-Forwards: 10\n'), /^SIP\/2\.0 200/)
      assert.ok(nodes.heard().some((text) => text.startsWith(`INVITE sip:alice@${PHONE}:5060`)))
      // As kamcmd shows it of Kamailio.
      const listed = await nodes.rpc('n1', 'dmq.list_nodes')
      assert.deepEqual(listed.split('\n').filter((line) => line.includes('"active"')).sort(), [
        '{"host":"0.0.0.0","port":"5090","proto":"*","resolved_ip":"0.0.0.0","status":"active","last_notification":0,"local":1}',
        `{"host":"${n2}","port":"5090","proto":"*","resolved_ip":"${n2}","status":"active","last_notification":0,"local":0}`,
      ])

      // A third one comes, and has all there is.
      await nodes.start('n3', 'kahea', cfgOf(byName))
      await untilAllActive(nodes, ['n1', 'n2', 'n3'])
      await untilSame(nodes, ['n1', 'n2', 'n3'], (holdings) => holdings.includes('alice'))

      // Nobody else may say anything.
      const forged = await nodes.ask(n1, 5090, 'KDMQ', 'usrloc', 'Max-Forwards: 1\nContent-Type: application/json\n', '{"action":3}')
      assert.match(forged, /^SIP\/2\.0 403 Forbidden/)
      assert.match(await nodes.rpc('n1', 'stats.get_statistics', 'dmq:'), /dmq:refused = 1/)

      // Parted: n1 alone on one side; both sides go on. n2 loses packets.
      nodes.machines.lose('n2', 30)
      await nodes.register(n1, 'bob', 'bob', 300)
      nodes.machines.connect('n3', false)
      for (let index = 0; index < 12; index++) {
        await nodes.rpc('n1', 'htable.sets', 't', `k${index}`, `one ${index}`)
        await nodes.rpc('n3', 'htable.sets', 't', `k${index % 5}`, `three ${index}`)
        await nodes.rpc('n2', 'htable.seti', 't', `m${index}`, index)
        await nodes.register(n1, `u${index}`, `u${index}`, 300)
      }
      await nodes.register(n1, 'alice', 'alice', 0)
      await nodes.rpc('n1', 'htable.delete', 't', 'k11')
      await nodes.rpc('n3', 'ul.rm', 'location', 'early')
      await untilAsked(async () => !(await nodes.rpc('n1', 'dmq.list_nodes')).includes(`"${n3}","status":"active"`),
        () => nodes.rpc('n1', 'dmq.list_nodes'))
      await untilAsked(async () => (await clusterDiff(nodes, 'n1')).status === 1, async () => (await clusterDiff(nodes, 'n1')).out)
      await nodes.stop('n2')
      await nodes.start('n2', 'kahea', cfgOf(byName))
      nodes.machines.lose('n2', 0)
      nodes.machines.connect('n3', true)
      const healed = await untilSame(nodes, ['n1', 'n2', 'n3'],
        (holdings) => holdings.includes('u11 ') && !holdings.includes('alice') && !holdings.includes('early') && !holdings.includes('k11'))
      assert.match(healed, /t k10 "one 10"/)
      await untilAsked(async () => (await clusterDiff(nodes, 'n1')).status === 0, async () => (await clusterDiff(nodes, 'n1')).out)
      await untilAsked(async () => /\n0 different\n$/.test((await clusterDiff(nodes, 'n2')).out), async () => (await clusterDiff(nodes, 'n2')).out)

      // One that died is seen, and is itself again when it returns.
      await nodes.stop('n3')
      await untilAsked(async () => await activeNodes(nodes, 'n1') === 2, () => nodes.rpc('n1', 'dmq.list_nodes'))
      await nodes.register(n2, 'carol', 'carol', 300)
      await nodes.start('n3', 'kahea', cfgOf(byName))
      await untilSame(nodes, ['n1', 'n2', 'n3'], (holdings) => holdings.includes('carol'))
    })
  })

  test('lives together with Kamailio: each takes contacts and items of the other, dies and returns', { skip: missingPrograms('kamailio') }, async () => {
    await withNodes(async (nodes) => {
      await nodes.start('n1', 'kahea', cfgOf(byAddress(n1, n2)))
      await nodes.register(n1, 'early', 'early', 300)
      await nodes.rpc('n1', 'htable.sets', 't', 'before', 'text "q"')
      await nodes.start('n2', 'kamailio', cfgOf(byAddress(n2, n1)))
      await nodes.start('n3', 'kahea', cfgOf(byAddress(n3, n2)))
      const all = ['n1', 'n2', 'n3']
      await untilAllActive(nodes, all)
      await untilSame(nodes, all, (holdings) => holdings.includes('early') && holdings.includes('before'))

      // From each to all: new, changed, removed.
      for (const [index, address] of [n1, n2, n3].entries()) {
        const user = `user${index}`
        await nodes.register(address, user, user, 300)
        await untilSame(nodes, all, (holdings) => holdings.includes(user))
        await nodes.rpc(all[index] ?? '', 'htable.sets', 't', user, 'one')
        await nodes.rpc(all[index] ?? '', 'htable.seti', 't', `${user}-n`, 7)
        await nodes.rpc(all[index] ?? '', 'htable.sets', 'x', user, 'short')
        await untilSame(nodes, all, (holdings) => holdings.includes(`t ${user} "one"`) && holdings.includes(`t ${user}-n 7`))
        for (const name of all) {
          await untilAsked(async () => (await nodes.rpc(name, 'htable.dump', 'x')).includes(`"${user}"`), () => nodes.rpc(name, 'htable.dump', 'x'))
        }
        await nodes.rpc(all[index] ?? '', 'htable.setex', 'x', user, 1)
      }
      for (const [index, address] of [n2, n3, n1].entries()) {
        const user = `user${index}`
        // Through another server than the one it registered at.
        await nodes.register(address, user, user, 0)
        await nodes.rpc(all[index] ?? '', 'htable.delete', 't', `${user}-n`)
      }
      await untilSame(nodes, all, (holdings) => !holdings.includes('user1 sip') && !holdings.includes('user2-n') && !holdings.includes('user0-n'))
      for (const name of all) {
        await untilAsked(async () => !/short/.test(await nodes.rpc(name, 'htable.dump', 'x')), () => nodes.rpc(name, 'htable.dump', 'x'))
      }

      // Kamailio dies, is seen to be away, returns, and has all.
      await nodes.stop('n2', 'SIGTERM')
      await untilAsked(async () => await activeNodes(nodes, 'n1') === 2, () => nodes.rpc('n1', 'dmq.list_nodes'))
      await nodes.register(n1, 'dora', 'dora', 300)
      await nodes.start('n2', 'kamailio', cfgOf(byAddress(n2, n1)))
      await untilSame(nodes, all, (holdings) => holdings.includes('dora') && holdings.includes('before'))

      // A server of our kind dies; Kamailio sees it, and both give it all when it returns.
      await nodes.stop('n1')
      await untilAsked(async () => await activeNodes(nodes, 'n2') === 2, () => nodes.rpc('n2', 'dmq.list_nodes'))
      await nodes.register(n2, 'erin', 'erin', 300)
      await nodes.start('n1', 'kahea', cfgOf(byAddress(n1, n2)))
      await untilSame(nodes, all, (holdings) => holdings.includes('erin') && holdings.includes('dora'))
      assert.doesNotMatch(nodes.output('n2'), /CRITICAL|unrecognized field/)
    })
  })
})
