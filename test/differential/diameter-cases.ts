/** What diameter.kamailio.test.ts runs. P1, P2 and P3 in configurations are the addresses of the peers, PORT their port. */
import { group, makeAvp, textAvp, unsignedAvp } from '../../src/diameter/avp.ts'
import { cxApplication, type PeerOptions } from '../support/diameter-peer.ts'

export interface DiameterCase {
  readonly name: string
  readonly cfg: string
  readonly xml: string
  readonly traffic: string
  /** P1 and P2; P3 never listens. */
  readonly peers: readonly Omit<PeerOptions, 'name'>[]
}

const M = 0x40
const attributes = 'FQDN="k1.test" Realm="test" Vendor_Id="10415" Product_Name="CDiameterPeer" Workers="2" TransactionTimeout="1"'

const xml = (inner: string, more = ''): string => `<?xml version="1.0" encoding="UTF-8"?>
<DiameterPeer ${attributes} ${more}>
${inner}
</DiameterPeer>
`

const USUAL_XML = xml(`  <Peer FQDN="P1" Realm="test" port="PORT"/>
  <Peer FQDN="P2" Realm="test" port="PORT" src_addr="127.0.43.9"/>
  <Peer FQDN="P3" Realm="test" port="PORT"/>
  <Acceptor port="3869" bind="127.0.30.1"/>
  <Acceptor port="3870" bind="127.0.30.1"/>
  <Auth id="16777216" vendor="10415"/>
  <Auth id="4" vendor="0"/>
  <Acct id="3" vendor="0"/>
  <SupportedVendor vendor="10415"/>
  <SupportedVendor vendor="13019"/>
  <Realm name="first.test"><Route FQDN="P2" metric="5"/><Route FQDN="P1" metric="3"/></Realm>
  <Realm name="second.test"><Route FQDN="P1" metric="9"/><Route FQDN="P2" metric="7"/></Realm>
  <Realm name="gone.test"><Route FQDN="P3" metric="1"/></Realm>
  <DefaultRoute FQDN="P1" metric="15"/>
  <DefaultRoute FQDN="P2" metric="13"/>`)

const HEAD = `# mask: k1\\.test;\\d+;\\d+
# log: all
loadmodule "jsonrpcs.so"
loadmodule "cfgutils.so"
loadmodule "cdp.so"
loadmodule "cdp_avp.so"
loadmodule "ims_diameter_server.so"
modparam("cdp", "config_file", "XML")
event_route[diameter:request] { xlog("asked\\n"); $diameter_response = '[{"avpCode":268,"vendorId":0,"Flags":64,"int32":2001}]'; }
`

/** What is on the way while servers start is not compared: the script waits for the peers first. */
const WAITING = `  if ($rU == "ready") { while (!cdp_check_peer("P1") || !cdp_check_peer("P2")) { usleep(20000); } exit; }
`

const SPECIFIC = '{"avpCode":260,"vendorId":0,"Flags":64,"list":[{"avpCode":266,"vendorId":0,"Flags":64,"int32":10415},' +
  '{"avpCode":258,"vendorId":0,"Flags":64,"int32":16777216}]}'
const text = (code: number, value: string): string => `{"avpCode":${code},"vendorId":0,"Flags":64,"string":"${value}"}`
const realm = (name: string): string => text(283, name)

/** Without a peer's name Kamailio 5.6.3 takes what happens to be there for one, so none is an empty text here. Rows of arguments behind `diameter_request(`; JSON stands for itself in a variable. */
const sent: readonly (readonly [name: string, call: string, json: string])[] = [
  ['named', '"P2", 16777216, 300, "$var(m)"', `[${SPECIFIC},${realm('test')},${text(1, 'alice')}]`],
  ['unknown', '"nobody.test", 16777216, 300, "$var(m)"', `[${text(1, 'a')}]`],
  ['away', '"P3", 16777216, 300, "$var(m)"', `[${text(1, 'a')}]`],
  ['empty', '"", 16777216, 300, "$var(m)"', `[${SPECIFIC},${realm('first.test')}]`],
  ['first', '"", 16777216, 300, "$var(m)"', `[${SPECIFIC},${realm('first.test')}]`],
  ['second', '"", 16777216, 300, "$var(m)"', `[${SPECIFIC},${realm('SECOND.test')}]`],
  ['gone', '"", 16777216, 300, "$var(m)"', `[${SPECIFIC},${realm('gone.test')}]`],
  ['default', '"", "16777216", "300", "$var(m)"', `[${SPECIFIC},${realm('elsewhere.test')}]`],
  ['norealm', '"", "16777216", "300", "$var(m)"', `[${SPECIFIC}]`],
  ['tohost', '"", 16777216, 300, "$var(m)"', `[${SPECIFIC},${text(293, 'P1')},${realm('elsewhere.test')}]`],
  ['plainapp', '"", 4, 272, "$var(m)"', `[{"avpCode":258,"vendorId":0,"Flags":64,"int32":4},${realm('first.test')}]`],
  ['acct', '"", 3, 271, "$var(m)"', `[{"avpCode":259,"vendorId":0,"Flags":64,"int32":3},${realm('first.test')}]`],
  ['otherapp', '"", 16777217, 306, "$var(m)"', `[{"avpCode":258,"vendorId":0,"Flags":64,"int32":16777217},${realm('first.test')}]`],
  ['flags', '"P1", 16777216, 300, "$var(m)"', '[{"avpCode":1,"vendorId":0,"Flags":0,"string":"a"},{"avpCode":9001,"vendorId":0,"Flags":96,' +
    '"string":"b"},{"avpCode":9002,"vendorId":77,"string":"c"},{"avpCode":269,"vendorId":0,"Flags":64,"string":"d"},' +
    '{"avpCode":281,"vendorId":0,"Flags":224,"string":"e"},{"avpCode":33,"vendorId":0,"Flags":255,"string":"f"}]'],
  ['numbers', '"P1", 16777216, 300, "$var(m)"', '[{"avpCode":9001,"vendorId":0,"int32":-1},{"avpCode":9001,"vendorId":0,"int32":2147483647},' +
    '{"avpCode":9001,"vendorId":0,"int32":1.9},{"avpCode":9001,"vendorId":0,"int32":"12"},' +
    '{"avpCode":9001,"vendorId":0,"int32":0,"string":"both"},{"avpCode":9001,"vendorId":0,"string":"x","data":"00"}]'],
  ['hexdump', '"P1", 16777216, 300, "$var(m)"', '[{"avpCode":9001,"vendorId":0,"hexdump":"00ffAB"},{"avpCode":9001,"vendorId":0,"hexdump":"0f1"}]'],
  ['missing', '"P1", 16777216, 300, "$var(m)"', '[{"vendorId":0,"string":"a"},{"avpCode":9001,"string":"a"},{"avpCode":9001,"vendorId":0},' +
    '{"avpCode":9001,"vendorId":0,"int64":5},{"avpCode":9001,"vendorId":0,"address":"1.2.3.4"},7,"x",{"avpCode":9003,"vendorId":0,"string":"z"}]'],
  ['blank', '"P1", 16777216, 300, "$var(m)"', '[{"avpCode":9001,"vendorId":0,"string":""},{"avpCode":9001,"vendorId":5,"list":[]},{"avpCode":9003,' +
    '"vendorId":0,"string":"z"}]'],
  ['deep', '"P1", 16777216, 300, "$var(m)"', '[{"avpCode":9001,"vendorId":10415,"Flags":192,"list":[{"avpCode":9002,"vendorId":0,"list":[' +
    '{"avpCode":9003,"vendorId":0,"list":[{"avpCode":9004,"vendorId":0,"string":"end"}]}]},{"avpCode":9005,"vendorId":0,"string":"odd"}]}]'],
  ['escapes', '"P1", 16777216, 300, "$var(m)"', '[{"avpCode":9001,"vendorId":0,"string":"q\\"b\\\\s\\/u\\u00e9"},{"AVPCODE":9001,"vendorid":0,"STRING":"case"}]'],
  ['object', '"P1", 16777216, 300, "$var(m)"', '{"a":{"avpCode":9001,"vendorId":0,"string":"in an object"}}'],
  ['none', '"P1", 16777216, 300, "$var(m)"', '[]'],
  ['badjson', '"P1", 16777216, 300, "$var(m)"', '[{"avpCode":1,'],
  ['nojson', '"P1", 16777216, 300, ""', ''],
  ['badapp', '"P1", "Cx", 300, "$var(m)"', '[]'],
  ['badcommand', '"P1", 16777216, "UAR", "$var(m)"', '[]'],
  ['otherresult', '"P1", 16777216, 300, "$var(m)"', `[${text(1, 'refused')}]`],
]

const requests: DiameterCase = {
  name: 'requests of the script, to peers that are named and by the routes',
  xml: USUAL_XML,
  cfg: `${HEAD}request_route {
${WAITING}${sent.map(([name, call, json]) => `  if ($rU == "${name}") { $var(m) = '${json.replaceAll('\\', '\\\\')}'; diameter_request(${call}); ` +
    `xlog("${name}: $rc\\n"); exit; }`).join('\n')}
}
`,
  traffic: `>>> client\nOPTIONS sip:ready@x\n--- wait 2500\n${sent.map(([name]) => `>>> client\nOPTIONS sip:${name}@x\n`).join('')}`,
  peers: [
    { applications: [cxApplication(), unsignedAvp(258, M, 4), unsignedAvp(259, M, 3)] },
    { applications: [cxApplication(), unsignedAvp(258, M, 4)] },
  ],
}

const states: DiameterCase = {
  name: 'what the script and RPC tell of peers',
  xml: USUAL_XML,
  cfg: `${HEAD}request_route {
${WAITING}  if (cdp_check_peer("P1")) xlog("P1 is there\\n");
  if (cdp_check_peer("P3")) xlog("P3 is there\\n");
  if (cdp_check_peer("nobody")) xlog("nobody is there\\n");
  if (cdp_check_peer("")) xlog("nobody is there\\n");
  if (cdp_has_app("16777216")) xlog("Cx\\n");
  if (cdp_has_app("10415", "16777216")) xlog("Cx of 3GPP\\n");
  if (cdp_has_app("0", "16777216")) xlog("Cx of 0\\n");
  if (cdp_has_app("13019", "16777216")) xlog("Cx of ETSI\\n");
  if (cdp_has_app("4")) xlog("Ro\\n");
  if (cdp_has_app("10415", "4")) xlog("Ro of 3GPP\\n");
  if (cdp_has_app("3")) xlog("Rf\\n");
  $var(a) = 4; if (cdp_has_app("$var(a)")) xlog("Ro by variable\\n");
  $var(a) = "4"; if (cdp_has_app("$var(a)")) xlog("Ro by text\\n");
  $var(a) = "x"; cdp_has_app("$var(a)"); xlog("x: $rc\\n");
  cdp_has_app("$null"); xlog("null: $rc\\n");
}
`,
  traffic: `>>> client
OPTIONS sip:ready@x
--- wait 2500
>>> client
OPTIONS sip:a@x
>>> rpc cdp.list_peers
>>> rpc cdp.disable_peer nobody
>>> rpc cdp.disable_peer
>>> rpc cdp.enable_peer s:5
>>> rpc cdp.enable_peer P1
`,
  peers: [
    { applications: [unsignedAvp(258, M, 4), cxApplication()] },
    { applications: [cxApplication(), makeAvp(260, 0, M, group([unsignedAvp(258, M, 4), unsignedAvp(266, M, 13_019)])), unsignedAvp(259, M, 3)] },
  ],
}

const answering: DiameterCase = {
  name: 'requests that are not answered, not in time, or with the end of the connection',
  xml: USUAL_XML,
  cfg: `# mask: \\[\\d+ms\\]|- \\d+ \\(
${HEAD}request_route {
${WAITING}  $var(m) = '[{"avpCode":1,"vendorId":0,"Flags":64,"string":"' + $rU + '"}]';
  diameter_request("P1", 16777216, 300, "$var(m)"); xlog("$rU: $rc\\n");
}
`,
  traffic: `>>> client
OPTIONS sip:ready@x
--- wait 2500
>>> client
OPTIONS sip:ok@x
>>> client
OPTIONS sip:silent@x
--- wait 2500
`,
  peers: [{
    answer: (request) => {
      const user = request.avps.find(({ code }) => code === 1)?.data.toString('latin1')
      return user === 'silent' ? 'silent' : [textAvp(1, M, 'bob')]
    },
  }, {}],
}

const asynchronous: DiameterCase = {
  name: 'requests that do not wait end the script',
  xml: USUAL_XML,
  cfg: `${HEAD}event_route[diameter:response] { xlog("response\\n"); }
request_route {
${WAITING}  $var(m) = '[${SPECIFIC},${realm('first.test')}]';
  if ($rU == "named") { diameter_request_async("P2", 16777216, 300, "$var(m)"); xlog("not reached $rc\\n"); }
  if ($rU == "routed") { diameter_request_async("", 16777216, 300, "$var(m)"); xlog("not reached $rc\\n"); }
  if ($rU == "unknown") { diameter_request_async("nobody", 16777216, 300, "$var(m)"); xlog("not reached $rc\\n"); }
  if ($rU == "bad") { diameter_request_async("P2", "x", 300, "$var(m)"); xlog("bad: $rc\\n"); }
  if ($rU == "badjson") { diameter_request_async("P2", 16777216, 300, "{"); xlog("bad: $rc\\n"); }
}
`,
  traffic: `>>> client\nOPTIONS sip:ready@x\n--- wait 2500\n${
    ['named', 'routed', 'unknown', 'bad', 'badjson'].map((user) => `>>> client\nOPTIONS sip:${user}@x\n`).join('')}`,
  peers: [{}, {}],
}

export const diameterCases: readonly DiameterCase[] = [requests, states, answering, asynchronous]
