import { arg, defineModule, fn, form, SetupError } from '../../define/define.ts'
import { DiameterClient } from '../../diameter/client.ts'
import type { DiameterLog } from '../../diameter/config.ts'
import { DiameterNode } from '../../diameter/node.ts'
import type { Host } from '../../runtime/host.ts'
import { cdpApi } from './api.ts'
import { cdpParams } from './params.ts'
import { PeerFileProblem, readPeerFile } from './peer-file.ts'
import { cdpRpc } from './rpc.ts'
import type { Cdp } from './state.ts'
import { tlsOf } from './tls.ts'

/** How a variable without value is written. */
const NULL_TEXT = '<null>'

function logOf({ log }: Host): DiameterLog {
  return {
    error: (text) => log.error('cdp', text),
    warning: (text) => log.warning('cdp', text),
    info: (text) => log.info('cdp', text),
    debug: (text) => log.debug('cdp', text),
  }
}

/** The number that an argument stands for; undefined, with a line in the log, when it is none. */
function numberOf({ host: { log } }: Cdp, name: 'app' | 'vendor', text: string): number | undefined {
  if (/^[-+]?\d{1,10}$/.test(text)) return Number(text)
  log.error('cdp', text === NULL_TEXT ? 'no Vendor-ID' : `unable to get ${name} from [${text}]`)
  return undefined
}

/** Whether a peer that is open has the application; vendors of 0 and below are any. */
function hasApplication(state: Cdp, vendorText: string, applicationText: string): number {
  const vendor = numberOf(state, 'vendor', vendorText)
  const application = vendor === undefined ? undefined : numberOf(state, 'app', applicationText)
  if (vendor === undefined || application === undefined) return -1
  const { node } = state
  const isFound = node.peers.some((peer) => peer.isOpen && !peer.isDisabled && peer.applications.some(
    ({ id, vendorId }) => id === application >>> 0 && (vendor <= 0 || vendorId === vendor)))
  return isFound ? 1 : -1
}

/** Kamailio's statistics, by what the node counts. */
function publishFigures({ statistics }: Host, node: DiameterNode): void {
  const { figures } = node
  const figure = (name: string, read: () => number): void => statistics.counter('cdp', name).readFrom(read)
  figure('timeout', () => figures.timeouts)
  figure('replies_received', () => figures.replies)
  figure('replies_response_time', () => figures.replyMs)
  figure('queuelength', () => node.queueLength)
  figure('average_response_time', () => (figures.replies === 0 ? 0 : Math.floor(figures.replyMs / figures.replies)))
}

export default defineModule({
  name: 'cdp',
  summary: 'A Diameter peer: connections, watchdogs, routing by realm. Other modules speak applications over it.',
  area: 'network',
  params: cdpParams,
  setup(host, params): Cdp | SetupError {
    const xml = host.files.read(params.config_file)
    if (xml === undefined) {
      return new SetupError(`ERROR:parse_dp_config_file(): Error opening <${params.config_file}> file > No such file or directory`)
    }
    const config = readPeerFile(xml, params.config_file)
    if (config instanceof PeerFileProblem) return new SetupError(config.reason)
    const tls = tlsOf(params, host.files)
    if (tls instanceof SetupError) return tls
    const node = new DiameterNode(config, {
      clock: host.clock, random: host.random, streams: host.streams, log: logOf(host), addressesOf: (name) => host.names.addresses(name),
    }, {
      tls,
      latencyThresholdMs: params.latency_threshold,
      queueLatencyThresholdMs: params.workerq_latency_threshold,
      queueLengthThreshold: params.workerq_length_threshold_percentage,
      logsPeers: params.debug_heavy !== 0,
    })
    host.provide(cdpApi, {
      node,
      client: new DiameterClient(node),
      reportLate({ elapsedMs }) {
        if (elapsedMs <= params.latency_threshold) return
        host.log.error('cdp', `CDP response to Send_Message took too long (>${params.latency_threshold}ms) - [${elapsedMs}ms]`)
      },
    })
    publishFigures(host, node)
    return { host, params, node }
  },
  ready: ({ node }) => node.start(),
  stop: ({ node }) => node.stop(),
  functions: {
    cdp_check_peer: fn({
      summary: 'Tells whether a peer is connected, and not disabled.',
      routes: 'any',
      args: [arg.str('fqdn', 'Name of the peer.')],
      run: (_context, { node }: Cdp, fqdn) => {
        const peer = node.peer(fqdn)
        return peer !== undefined && peer.isOpen && !peer.isDisabled ? 1 : -1
      },
    }),
    cdp_has_app: {
      summary: 'Tells whether a connected peer has an application.',
      forms: [
        form({
          routes: 'any',
          args: [arg.format('application', 'Number of the application.')],
          run: (context, state: Cdp, application) => hasApplication(state, '0', application.evaluate(context)),
        }),
        form({
          routes: 'any', kemi: 'cdp_has_app2',
          args: [arg.format('vendorid', 'Number of the vendor; 0 for any.'), arg.format('application', 'Number of the application.')],
          run: (context, state: Cdp, vendor, application) =>
            hasApplication(state, vendor.evaluate(context), application.evaluate(context)),
        }),
      ],
    },
  },
  rpc: cdpRpc,
  statistics: {
    timeout: 'Requests that were not answered in time.',
    replies_received: 'Answers received.',
    replies_response_time: 'Milliseconds that all answers took together.',
    average_response_time: 'Milliseconds that an answer took, on average.',
    queuelength: 'Requests that wait for a worker.',
  },
})
