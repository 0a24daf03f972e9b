import { defineModule, fn, param, SetupError } from '../../define/define.ts'
import { dispatch, type State } from './dispatch.ts'

export default defineModule({
  name: 'xhttp_rpc',
  summary: 'RPC commands as pages for a browser.',
  area: 'operations',
  params: {
    xhttp_rpc_root: param.str('rpc', 'First part of the path of all pages.'),
    xhttp_rpc_buf_size: param.int(0, 'Bytes that a page may have; 0 for 2.7 MB.'),
  },
  setup: (host, params): State | SetupError =>
    host.hasModule('xhttp') ? { host, params, groups: undefined } : new SetupError('module xhttp_rpc needs module xhttp'),
  functions: {
    dispatch_xhttp_rpc: fn({
      summary: 'Answers the HTTP request with the page that its URL names, and ends the route.',
      routes: ['request'],
      args: [],
      mayWait: true,
      run: (context, state: State) => dispatch(context, state),
    }),
  },
})
