/** Sockets, own names, connections. */
import { RpcFault, RpcNamedList, RpcStruct, type RpcAnswer, type RpcDef, type RpcValue } from '../../../define/define.ts'
import type { Host } from '../../../runtime/host.ts'
import type { Settings } from '../../../runtime/settings.ts'
import { byTransport } from '../../../runtime/socket-order.ts'

const noTcp = new RpcFault(500, 'tcp support disabled')

function whereTcp(host: Host, answer: () => RpcAnswer): RpcAnswer {
  return host.settings.disable_tcp === 0 ? answer() : noTcp
}

function sockets({ network }: Host): RpcNamedList {
  const list = new RpcNamedList()
  for (const socket of byTransport(network.sockets)) {
    list.add('socket', new RpcStruct()
      .add('proto', socket.transport)
      .add('address', socket.address)
      .add('ipaddress', socket.address)
      .add('port', String(socket.port))
      .add('mcast', 'no')
      .add('mhomed', 'no')
      .add('virtual', socket.isVirtual ? 'yes' : 'no'))
  }
  return list
}

/** The newest first. */
function aliases({ network }: Host): RpcNamedList {
  const list = new RpcNamedList()
  for (const text of network.ownNameTexts().toReversed()) {
    const [, proto = '*', address = '', port = '*'] = /^(\S+): (.*):(\d+|\*)$/.exec(text) ?? []
    list.add('alias', new RpcStruct().add('proto', proto).add('address', address).add('port', port === '*' ? '*' : Number(port)))
  }
  return list
}

/** Names as Kamailio shows them and where the values are. */
function options(settings: Settings): RpcStruct {
  return new RpcStruct()
    .add('connect_timeout', settings.tcp_connect_timeout)
    .add('send_timeout', settings.tcp_send_timeout)
    .add('connection_lifetime', settings.tcp_connection_lifetime)
    .add('max_connections(soft)', settings.tcp_max_connections)
    .add('max_tls_connections(soft)', settings.tls_max_connections)
    .add('no_connect', settings.tcp_no_connect)
    .add('fd_cache', settings.tcp_fd_cache)
    .add('async', settings.tcp_async)
    .add('connect_wait', 1)
    .add('conn_wq_max', settings.tcp_conn_wq_max)
    .add('wq_max', settings.tcp_wq_max)
    .add('defer_accept', settings.tcp_defer_accept)
    .add('delayed_ack', settings.tcp_delayed_ack)
    .add('syncnt', settings.tcp_syncnt)
    .add('linger2', settings.tcp_linger2)
    .add('keepalive', settings.tcp_keepalive)
    .add('keepidle', settings.tcp_keepidle)
    .add('keepintvl', settings.tcp_keepintvl)
    .add('keepcnt', settings.tcp_keepcnt)
    .add('crlf_ping', settings.tcp_crlf_ping)
    .add('accept_aliases', settings.tcp_accept_aliases)
    .add('alias_flags', 1)
    .add('new_conn_alias_flags', 2)
}

function information({ settings, network }: Host): RpcStruct {
  const { open, openTls, queuedBytes } = network.connectionFigures()
  return new RpcStruct()
    .add('readers', settings.tcp_children)
    .add('max_connections', settings.tcp_max_connections)
    .add('max_tls_connections', settings.tls_max_connections)
    .add('opened_connections', open)
    .add('opened_tls_connections', openTls)
    .add('write_queued_bytes', queuedBytes)
}

function connections({ network, settings }: Host): readonly RpcValue[] {
  return network.connections().map((each) =>
    new RpcStruct()
      .add('id', each.id)
      .add('type', each.transport.toUpperCase())
      .add('state', each.state)
      .add('timeout', each.secondsLeft)
      .add('lifetime', settings.tcp_connection_lifetime)
      .add('ref_count', 2)
      .add('src_ip', each.remoteAddress)
      .add('src_port', each.remotePort)
      .add('dst_ip', each.localAddress)
      .add('dst_port', each.localPort))
}

/** The time to live of raw packets where the file says nothing: what the system gives to any packet. */
const SYSTEM_TTL = 64

export const networkRpc: Readonly<Record<string, RpcDef<Host>>> = {
  'core.sockets_list': { summary: 'Where the server listens.', run: (host) => [sockets(host)] },
  'core.aliases_list': {
    summary: 'Further own names, the newest first.',
    run: (host) => [new RpcStruct().add('myself_callbacks', 'no').add('aliases', aliases(host))],
  },
  'core.tcp_info': { summary: 'Figures of connections.', run: (host) => whereTcp(host, () => [information(host)]) },
  'core.tcp_options': { summary: 'How connections are treated.', run: (host) => whereTcp(host, () => [options(host.settings)]) },
  'core.tcp_list': { summary: 'The open connections.', returnsArray: true, run: (host) => whereTcp(host, () => connections(host)) },
  'core.udp4_raw_info': {
    summary: 'Settings of raw UDP packets; the server sends none.',
    run: ({ settings }) => [
      new RpcStruct()
        .add('udp4_raw', settings.udp4_raw)
        .add('udp4_raw_mtu', settings.udp4_raw_mtu)
        .add('udp4_raw_ttl', settings.udp4_raw_ttl < 0 ? SYSTEM_TTL : settings.udp4_raw_ttl),
    ],
  },
}
