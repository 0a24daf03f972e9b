import { defineModule, param, SetupError, type Param } from '../../define/define.ts'
import { outboundApi } from './api.ts'
import { chooseFlow, type Outbound } from './flow-choice.ts'
import { decodeFlowToken, encodeFlowToken, keyOfSecret } from './flow-token.ts'

const KEY_BYTES = 20

const secret: Param<string | undefined> = {
  type: 'str',
  summary: 'What the key of flow tokens is made of: servers with the same one take each other\'s tokens, and their own after a new start.',
  initial: undefined,
}

export default defineModule({
  name: 'outbound',
  summary: 'Flow tokens in Path and Record-Route: an edge proxy sends requests to phones by the flows they opened (RFC 5626).',
  area: 'routing',
  params: {
    force_outbound_flag: param.int(-1, 'Flag of requests that get flow tokens whatever they hold.'),
    force_no_outbound_flag: param.int(-1, 'Flag of requests that get none.'),
    flow_token_secret: secret,
  },
  setup(host, params): Outbound | SetupError {
    if (!isFlag(params.force_outbound_flag)) return new SetupError(`bad force_outbound_flag value (${params.force_outbound_flag})`)
    if (!isFlag(params.force_no_outbound_flag)) return new SetupError(`bad no_outbound_flag value (${params.force_no_outbound_flag})`)
    const text = params.flow_token_secret
    if (text === '') host.log.warning('outbound', 'flow_token_secret is empty: anybody can make flow tokens')
    if (!host.hasModule('stun')) host.log.warning('outbound', 'module stun is not loaded: nothing answers the keep-alives of phones on UDP')
    const key = text === undefined ? Buffer.from(host.random.hex(KEY_BYTES), 'hex') : keyOfSecret(text)
    const outbound: Outbound = { host, key, params }
    host.publishParameter('outbound.outbound_enabled', 1)
    host.provide(outboundApi, {
      choose: (message) => chooseFlow(outbound, message),
      tokenOf: ({ socket, sourceAddress, sourcePort }) => encodeFlowToken(key, {
        transport: socket.transport,
        localAddress: socket.address,
        localPort: socket.port,
        peerAddress: sourceAddress,
        peerPort: sourcePort,
      }),
      flowOf(token) {
        const flow = decodeFlowToken(key, token)
        if (flow === 'forged') host.log.info('outbound', 'flow-token failed validation')
        return flow
      },
    })
    return outbound
  },
})

/** Unset, or the number of a message flag. */
function isFlag(value: number): boolean {
  return value >= -1 && value <= 31
}
