/** Selects and the messages they are tried on. */
const RECEIVER = '127.0.70.1:5060'

const all = [
  `INVITE sip:bob:secret@${RECEIVER};user=phone;transport=udp;lr;x=yz?Subject=hi SIP/2.0`,
  'Via: SIP/2.0/UDP 127.0.70.2:5099;branch=z9hG4bKabc;rport;alias;i=3;received=9.9.9.9;foo=bar',
  'Via: SIP/2.0/TCP host2:5080;branch=z9hG4bKdef, SIP/2.0/TLS host3;branch=z9;maddr=1.1.1.1',
  'From: "Alice A" <sip:alice:pw@example.com:5062;transport=tcp;q=ab>;tag=a1;x=y;z="q r"',
  'To: Bob B <sip:bob@example.org;p=1>;tag=totag;w=1',
  'Call-ID: c1@host',
  'CSeq: 7 INVITE',
  'Contact: "C" <sip:alice@127.0.70.2:5070;ob>;q=0.7;expires=60, <sip:two@h>;q=0.1',
  'Contact: <sip:three@h>',
  'Max-Forwards: 70',
  'Record-Route: "R" <sip:rr1;lr;a=b>;c=d, <sip:rr2;lr>',
  'Record-Route: <sip:rr3;lr>',
  'Event: presence;id=5',
  'Refer-To: "Ref" <sip:ref@h;a=1>;tag=rt;k=v',
  'Remote-Party-ID: "RP" <sip:rpid@h;b=2>;tag=rpt;party=calling',
  'Proxy-Authorization: Digest username="alice@example.com", realm="example.com", nonce="abc", uri="sip:example.com", cnonce="cn", nc=00000001, response="0123", opaque="op", algorithm=MD5, qop=auth',
  'Authorization: Digest username="bob", realm="r2", nonce="n2", uri="sip:u2", response="99"',
  'Expires: 600',
  'User-Agent: UA/1.0',
  'Organization: Org',
  'Priority: urgent',
  'Subject: Subj here',
  'Session-Expires: 1800;refresher=uac',
  'Min-SE: 90',
  'SIP-If-Match: etag1',
  'Date: Sat, 13 Nov 2010 23:29:00 GMT',
  'Identity: "ident"',
  'Identity-Info: <https://x/y>;alg=rsa',
  'X-F: "D d" <sip:f@b:9;p=q>;hp=hv;h2="h 2"',
  'X-Plain: p1=1;p2="two";p3',
  'X-Two: one',
  'X-Two: <sip:second@h>',
  'Content-Type: application/sdp;charset=x',
  'Content-Length: 45',
  '',
  'v=0', 'o=- 1 1 IN IP4 1.2.3.4', 'a=one', 'a=two', 'c=IN', 'x', 'y',
].join('\r\n')

function request(uri: string, headers: readonly string[] = []): string {
  return [
    `INVITE ${uri} SIP/2.0`, 'Via: SIP/2.0/UDP 127.0.70.2:5099;branch=z9hG4bKabc', 'From: <sip:alice@h>;tag=1', 'To: sip:bob@h',
    'Call-ID: c', 'CSeq: 7 INVITE', ...headers, 'Content-Length: 0', '', '',
  ].join('\r\n')
}

const reply = [
  'SIP/2.0 486 Busy Here', `Via: SIP/2.0/UDP ${RECEIVER};branch=z9hG4bKxyz`, 'Via: SIP/2.0/UDP 127.0.70.2:5099;branch=z9hG4bKabc',
  'From: <sip:alice@h>;tag=1', 'To: <sip:bob@h>;tag=2', 'Call-ID: c', 'CSeq: 7 INVITE', 'Content-Length: 0', '', '',
].join('\r\n')

const join = (prefixes: string, suffixes: string): string[] =>
  prefixes.split(' ').flatMap((prefix) => suffixes.split(' ').map((suffix) => (suffix === '-' ? prefix : `${prefix}.${suffix}`)))

const URI = '- type user rn_user pwd host port hostport params transport params.transport params.x params.lr params["x"] params.user nope'

export interface SelectGroup {
  readonly title: string
  readonly message: string
  /** Statements that run first. */
  readonly before?: string
  readonly globals?: string
  readonly selects: readonly string[]
  /** Of this module rather than the core. */
  readonly module?: 'textopsx'
}

const values = request('sip:u@h', [
  'X-Foo: "Disp" <sip:foo@bar:99;pp=qq>;hp=hv;h2="h 2"', 'X-Foo: second', 'X-Plain: p1=1;p2="two";p3',
  'Contact: "C" <sip:alice@127.0.70.2:5070;ob>;q=0.7;expires=60, <sip:two@h>;q=0.1', 'Contact: <sip:three@h>',
  'X-List: a;p=1, "b,c";q=2 ,<sip:d,e@f>;r="s,t",last', 'X-Uri: t="sip:in@param:7;x=y"; u="<sip:z@w>"', 'X-Empty:',
])

export const selectGroups: readonly SelectGroup[] = [
  {
    title: 'a request with everything',
    message: all,
    globals: 'mygrp.val = 5 desc "x"\nmygrp.str = "\\"N A\\" <sip:u@h:1;p=q>;tag=5;y=\\"q\\"" desc "y"\nmygrp.addr = "sip:g@h2" desc "z"\n',
    selects: [
      ...join('ruri next_hop dst_uri from.uri to.uri refer_to.uri rpid.uri contact.uri rr.uri msg.request.uri msg.header["X-F"].nameaddr.uri', URI),
      ...join('request_uri f.uri t.uri remote_party_id.uri m.uri record_route.uri', '- user host'),
      ...join('from f to t refer_to rpid remote_party_id', '- name tag params params.x params.z params.w params.tag params.k params.party params["z"] nope'),
      ...join('contact m', '- name q expires methods received instance params params.foo params.q params.nope'),
      ...join('via v via[0] via[1] via[2] via[3] via[4] via[-1] via[-2]', '- name version transport host port branch received rport i alias params params.foo params.branch params.maddr'),
      ...join('rr record_route', '- name params params.c params["c"]'),
      ...join('cseq', '- num method nope'),
      ...join('received', '- proto ip port ip_port proto_ip_port nope'),
      ...join('src dst', '- ip port ip_port'),
      ...'event call_id method version status code reason date identity identity_info expires max_forwards content_type'.split(' '),
      ...'content_length subject organization priority session_expires user_agent min_se sip_if_match event.params'.split(' '),
      ...join('authorization.r2 authorization["r2"] authorization["nope"] proxy_authorization["example.com"]', '- username username.user username.domain realm nonce uri cnonce nc response opaque algorithm qop'),
      ...'authorization proxy_authorization authorization.username'.split(' '),
      ...join('msg message', '- first_line flags len id.hex type body content body.sdp'),
      ...join('msg.body.sdp', 'line line["a"] line["v"] line.v line["o"] line["zz"] line["a="] line.z'),
      ...join('msg.header', '["X-F"] ["x-f"] x_f X_F h.x ["From"] ["f"] ["Nope"] ["Via"] ["Contact"] ["X-Two"] x_two ["X_Two"]').map((text) => text.replace('.[', '[')),
      ...join('msg.header["X-F"] msg.h.x_f msg.header["X-Two"] msg.header["Contact"]', 'nameaddr.name nameaddr.uri nameaddr.uri.user nameaddr.params.hp nameaddr.params.h2 nameaddr'),
      ...join('msg.header["X-Plain"]', 'params params.p1 params.p2 params.p3 params.nope params["p1"]'),
      ...join('msg.request msg.req msg.response msg.res', '- method uri version status code reason'),
      ...'sys.server_id branch.count branch.uri branch.uri[0] branch.dst_uri branch.uriq branch.q branch.q[0]'.split(' '),
      ...join('cfg_get.mygrp.str', '- uri.user nameaddr.name nameaddr.uri nameaddr.uri.host nameaddr.params.tag nameaddr.params.y'),
      ...'cfg_get.mygrp.val cfg_get.mygrp.addr.uri.user cfg_get["mygrp"].val cfg_get.core.udp_mtu cfg_get.tcp.rd_buf_size'.split(' '),
      ...'To.uri to.URI to["uri"].user to.nope nope to.uri.nope event.x src.nope msg.id.dec cseq.num[1] via["1"]'.split(' '),
    ],
  },
  ...[
    'sips:+1;npdi;rn=+2@h;user=phone', 'tel:+1;a=b;phone-context=x', 'tel:+1;rn=+5', 'sips:u@[::1]:5070;lr;transport=ws', 'sip:u;rn=5;x=y@h;a',
    'urn:service:sos', 'sips:h', 'tel:+1;transport=tcp', 'sip:u@h;transport=tls', 'sips:u@h;transport=tcp', 'sip:h', 'sip:u@h;user=ip;lr=on',
  ].map((uri) => ({ title: uri, message: request(uri), selects: [...join('ruri', URI), 'next_hop.hostport', 'method', 'msg.type'] })),
  {
    title: 'a request with little',
    message: request('sip:u@h'),
    selects: [
      ...join('from to refer_to rpid contact rr via', '- name'),
      ...'from.tag to.tag to.uri contact.q via.rport via.port event expires refer_to.uri rpid.uri.user content_type subject identity_info'.split(' '),
      ...'authorization.r msg.body msg.body.sdp msg.body.sdp.line.v msg.flags proxy_authorization["x"].realm'.split(' '),
    ],
  },
  {
    title: 'a quoted contact with parameters',
    message: request('sip:u@h', [
      'Contact: "C \\"x\\"" <sip:alice@h:5070;ob>;q=0.7;expires=60;methods="INVITE,BYE";received="sip:1.2.3.4:5";+sip.instance="<urn:uuid:1>";foo=bar',
    ]),
    selects: join('contact', '- name uri q expires methods received instance params.foo params.ob params.nope'),
  },
  { title: 'a star', message: request('sip:u@h', ['Contact: *']), selects: join('contact', '- uri name q') },
  {
    title: 'several contacts',
    message: request('sip:u@h', ['Contact: "A" <sip:a@h>;q=1, "B" <sip:b@h>;q=0.5', 'Record-Route: <sip:1;lr>;x=1,<sip:2;lr>;x=2']),
    selects: [...join('contact', '- uri name q'), ...join('rr', '- uri params.x')],
  },
  {
    title: 'added branches',
    message: request('sip:u@h'),
    before: '$du="sip:127.0.70.9:5099;transport=tcp"; $ru="sip:new@host2:77"; append_branch("sip:one@h1","0.5"); append_branch("sip:two@h2"); setflag(3);',
    selects: [
      ...join('branch.uri branch.dst_uri branch.uriq branch.q', '-'),
      ...join('branch.uri[0] branch.uri[1] branch.uri[2] branch.uri[-1] branch.dst_uri[0]', '- user host'),
      ...'branch.count branch.uriq[0] branch.uriq[1] branch.q[0] branch.q[1] branch.q[-1]'.split(' '),
      ...'dst_uri dst_uri.host next_hop next_hop.host ruri ruri.user msg.request.uri msg.first_line msg.flags'.split(' '),
    ],
  },
  {
    title: 'a reply',
    message: reply,
    selects: [
      ...'method version status code reason ruri ruri.user next_hop msg.type msg.first_line cseq.method to.tag via[2].branch via.host'.split(' '),
      ...join('msg.request msg.response msg.res', '- method uri version status code reason'),
    ],
  },
  {
    title: 'values of headers',
    message: values,
    module: 'textopsx',
    selects: [
      ...join('hf_value.x_foo hf_value.x_foo[1] hf_value.x_foo[2] hf_value.x_foo[-1] hf_value.x_foo[0] hf_value.x_foo[3] hf_value.contact hf_value.contact[2] hf_value.nope', '- name uri uri.user uri.host params params.hp nameaddr nameaddr.name nameaddr.uri nameaddr.uri.host nope'),
      ...join('hf_value.x_list hf_value.x_list[1] hf_value.x_list[2] hf_value.x_list[3] hf_value.x_list[4] hf_value.x_list[5] hf_value.x_list[-2]', '- name p.p p.q p.r'),
      ...join('hf_value.contact[1] hf_value.contact[2] hf_value.contact[3]', 'p.q param.q param.expires p.nope'),
      ...join('hf_value.x_plain hf_value["X-Plain"]', '- params.p1 params.p2 params.p3 params.nope'),
      ...join('hf_value.x_plain[1]', 'p.p1 param.p2 p.p3'),
      ...join('hf_value2.x_foo hf_value2.x_foo[1] hf_value2.x_foo[2] hf_value2.x_foo[-1] hf_value2.x_foo[0] hf_value2.x_foo[3] hf_value2.contact hf_value2.nope', '- params params.hp params.q name uri'),
      ...join('hf_value2.x_plain', 'params.p1 params.p2 params.p3 params.nope'),
      ...join('hf_value2.x_uri.params.t hf_value2.x_uri[1].params.t hf_value2.x_uri[1].params.u hf_value2.x_uri.t hf_value2.x_uri.param.t', '- uri uri.user nameaddr nameaddr.name nameaddr.uri'),
      ...'hf_value_exists.x_foo hf_value_exists.x_foo.second hf_value_exists["X-Foo"].second hf_value_exists.x_foo.nope hf_value_exists.x_list.a'.split(' '),
      ...'hf_value_exists.x_list.last hf_value_exists.x_list.LAST hf_value_exists.nope.x hf_value hf_value2 hf_value_exists hf_value.x_empty hf_value2.x_empty'.split(' '),
    ],
  },
]
