/** The XML file with this Diameter node, its peers and routes, read as Kamailio reads it. */
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import type { AcceptorConfig, ApplicationConfig, DiameterConfig, PeerConfig, Route } from '../../diameter/config.ts'

/** Why a file does not do. */
export class PeerFileProblem {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
}

const ROOT = 'diameterpeer'
const DEPTH_MAX = 32
const ELEMENTS_MAX = 100_000

/** The elements of a document; a text says what is wrong with it. */
function readElements(xml: string): Element | string {
  const parser = new SaxesParser()
  const open: Element[] = []
  let root: Element | undefined
  let problem: string | undefined
  let count = 0
  parser.on('error', (error) => {
    problem ??= error.message
  })
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    const element = { name: name.toLowerCase(), attributes, children: [] }
    if (++count > ELEMENTS_MAX || open.length === DEPTH_MAX) problem ??= 'too many elements'
    else open.at(-1)?.children.push(element)
    root ??= element
    open.push(element)
  })
  parser.on('closetag', () => void open.pop())
  parser.write(xml).close()
  return problem ?? root ?? 'no element'
}

/** As atoi() reads it: leading digits, else 0. */
function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const digits = /^\s*([-+]?\d+)/.exec(text)?.[1]
  return digits === undefined ? 0 : Number(digits) | 0
}

/** Without quotes that stand inside of the attribute's own. */
const unquoted = (text: string | undefined): string => (text ?? '').replace(/^"/, '').replace(/"$/, '')

const peerOf = ({ attributes }: Element): PeerConfig => ({
  fqdn: unquoted(attributes['FQDN']),
  realm: unquoted(attributes['Realm']),
  port: numberOf(attributes['port']) ?? 0,
  sourceAddress: unquoted(attributes['src_addr']),
})

const acceptorOf = ({ attributes }: Element): AcceptorConfig => ({
  port: numberOf(attributes['port']) ?? 0,
  bind: unquoted(attributes['bind']),
})

const applicationOf = ({ name, attributes }: Element): ApplicationConfig => ({
  id: (numberOf(attributes['id']) ?? 0) >>> 0,
  vendorId: (numberOf(attributes['vendor']) ?? 0) >>> 0,
  kind: name === 'auth' ? 'auth' : 'acct',
})

/** In the order of their metrics; of equal ones, the last in the file is first. */
function routesOf(elements: readonly Element[], name: string): readonly Route[] {
  const routes: Route[] = []
  for (const { attributes } of elements.filter((element) => element.name === name)) {
    const route = { fqdn: unquoted(attributes['FQDN']), metric: numberOf(attributes['metric']) ?? 0 }
    const at = routes.findIndex(({ metric }) => route.metric <= metric)
    routes.splice(at < 0 ? routes.length : at, 0, route)
  }
  return routes
}

/** The text of a file's bytes, in the encoding that its first line names; undefined where it is not of that. */
function textOf(bytes: string): string | undefined {
  const encoding = /^<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(bytes)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(Buffer.from(bytes, 'latin1'))
  } catch {
    return undefined
  }
}

/** `xml` is the bytes of the file. */
export function readPeerFile(xml: string, path: string): DiameterConfig | PeerFileProblem {
  const text = textOf(xml)
  const root = text === undefined ? 'its bytes are not of its encoding' : readElements(text)
  if (typeof root === 'string') {
    return new PeerFileProblem(`parse_dp_config_file():  This is not a valid XML file <${path}> (${root.replace(/\s+/g, ' ')})`)
  }
  // The beginning of the name is enough, as Kamailio compares it.
  if (!ROOT.startsWith(root.name.slice(0, ROOT.length))) return new PeerFileProblem('parse_dp_config(): XML Root is not <DiameterPeer>')
  const { attributes, children } = root
  const number = (name: string, missing: number): number => numberOf(attributes[name]) ?? missing
  const named = (name: string): readonly Element[] => children.filter((child) => child.name === name)
  return {
    fqdn: unquoted(attributes['FQDN']),
    realm: unquoted(attributes['Realm']),
    vendorId: number('Vendor_Id', 0) >>> 0,
    productName: unquoted(attributes['Product_Name']),
    acceptsUnknownPeers: number('AcceptUnknownPeers', 1) !== 0,
    dropsUnknownOnDisconnect: number('DropUnknownOnDisconnect', 1) !== 0,
    tcSeconds: number('Tc', 30),
    workers: number('Workers', 4),
    queueLength: number('QueueLength', 32),
    connectTimeoutSeconds: number('ConnectTimeout', 5),
    transactionTimeoutSeconds: number('TransactionTimeout', 5),
    sessionsHashSize: number('SessionsHashSize', 128),
    defaultAuthSessionTimeoutSeconds: number('DefaultAuthSessionTimeout', 60),
    maxAuthSessionTimeoutSeconds: number('MaxAuthSessionTimeout', 300),
    peers: named('peer').map(peerOf),
    acceptors: named('acceptor').map(acceptorOf),
    applications: children.filter(({ name }) => name === 'auth' || name === 'acct').map(applicationOf),
    supportedVendors: named('supportedvendor').map(({ attributes: { vendor } }) => (numberOf(vendor) ?? 0) >>> 0),
    routes: children.some(({ name }) => name === 'realm' || name === 'defaultroute')
      ? {
        realms: named('realm').map((realm) => ({ name: unquoted(realm.attributes['name']), routes: routesOf(realm.children, 'route') })),
        defaults: routesOf(children, 'defaultroute'),
      }
      : undefined,
  }
}
