import { arg, defineModule, fn, param, variableFamily } from '../../define/define.ts'
import { dispatchHttp } from './dispatch.ts'
import { executeForScript } from './execute.ts'
import { replyPart } from './reply-part.ts'
import { listen, setUp, stop, type Jsonrpcs } from './state.ts'

export default defineModule({
  name: 'jsonrpcs',
  summary: 'RPC by JSON-RPC 2.0: over a FIFO, datagrams, HTTP, and from the script.',
  area: 'operations',
  params: {
    pretty_format: param.int(1, 'Break answers into lines.'),
    transport: param.int(6, 'What is opened, as a sum: 1 HTTP, 2 FIFO, 4 datagrams; 0 for all.'),
    fifo_name: param.str('kamailio_rpc.fifo', 'The FIFO that requests are read from; in the run folder unless absolute.'),
    fifo_mode: param.int(0o660, 'Rights of the FIFO.'),
    fifo_group: param.list('Group of the FIFO: name or number.', ['str', 'int']),
    fifo_user: param.list('Owner of the FIFO: name or number.', ['str', 'int']),
    fifo_reply_dir: param.str('/tmp/', 'Folder of the FIFOs that answers go to.'),
    dgram_socket: param.str('kamailio_rpc.sock', 'Unix socket for datagrams, in the run folder unless absolute; or `udp:ADDRESS:PORT`.'),
    dgram_workers: param.int(1, 'Kamailio\'s processes for datagrams; one process serves them here.'),
    dgram_mode: param.int(0o660, 'Rights of the Unix socket.'),
    dgram_group: param.list('Group of the Unix socket: name or number.', ['str', 'int']),
    dgram_user: param.list('Owner of the Unix socket: name or number.', ['str', 'int']),
    dgram_timeout: param.int(2000, 'Milliseconds Kamailio tries to send an answer; sending never waits here.'),
  },
  setup: (host, params) => setUp(host, params),
  start: (state) => listen(state),
  stop: (state) => stop(state),
  functions: {
    jsonrpc_dispatch: fn({
      summary: 'Answers the HTTP request with what its JSON-RPC body asks for: in event_route[xhttp:request].',
      routes: ['request'],
      args: [],
      mayWait: true,
      run: (context, state: Jsonrpcs) => dispatchHttp(context, state),
    }),
    jsonrpc_exec: fn({
      summary: 'Runs the command of a JSON-RPC document; the answer is in `$jsonrpl(body)`.',
      routes: 'any',
      args: [arg.str('document', 'The request as JSON.')],
      mayWait: true,
      run: (context, state: Jsonrpcs, document) => executeForScript(context, state, document),
    }),
  },
  variables: {
    jsonrpl: variableFamily('The answer to jsonrpc_exec(): `code`, `text` or `body`.', { inner: 'required' }, replyPart),
  },
  rpc: {
    'jsonrpc.echo': {
      summary: 'Gives back a text and a number.',
      returnsArray: true,
      run: (_state, _params, call) => {
        const text = call.anyText(0)
        if (text === undefined) return []
        const number = call.count > 1 ? call.int(1) : undefined
        return number === undefined ? [text] : [text, number]
      },
    },
  },
  events: { 'xhttp:request': 'A HTTP request came (module xhttp): the place for jsonrpc_dispatch().' },
})
