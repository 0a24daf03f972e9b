import { defineModule, param } from '../../define/define.ts'
import { ctlRpc } from './rpc.ts'
import { listen, setUp, stop } from './state.ts'

export default defineModule({
  name: 'ctl',
  summary: 'RPC by binrpc, the protocol of kamcmd: over Unix sockets, TCP and UDP.',
  area: 'operations',
  params: {
    binrpc: param.list(
      'Where to listen, once for each place: `unixs:PATH`, `unixd:PATH`, `tcp:HOST:PORT`, `udp:HOST:PORT`; '
        + 'without any, the stream socket `kamailio_ctl` in the run folder.',
    ),
    fifo: param.list('Places for the text protocol that came before binrpc; it is not spoken here.'),
    mode: param.int(0o600, 'Rights of Unix sockets.'),
    user: param.list('Owner of Unix sockets: name or number.', ['str', 'int']),
    group: param.list('Group of Unix sockets: name or number.', ['str', 'int']),
    autoconversion: param.int(0, 'Take texts for numbers and numbers for texts.'),
    binrpc_buffer_size: param.int(1024, 'Bytes of Kamailio\'s print buffer; nothing is cut here.'),
    binrpc_max_body_size: param.int(32, 'KB an answer may have in Kamailio; larger ones go out here.'),
    binrpc_struct_max_body_size: param.int(8, 'KB a structure may have in Kamailio; larger ones go out here.'),
  },
  setup: (host, params) => setUp(host, params),
  start: (state) => listen(state),
  stop: (state) => stop(state),
  rpc: ctlRpc,
})
