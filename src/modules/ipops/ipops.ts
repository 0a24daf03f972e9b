import { arg, defineModule, fn, type FunctionDef } from '../../define/define.ts'
import { ipType, isInSubnets, isPrivate, isSameAddress, type IpType } from './address.ts'
import { detailedIpType, detailedIpv4Type, detailedIpv6Type } from './detailed-type.ts'
import { matchesInternal, matchesSystem, queryAddresses, queryName, queryPointers, queryServices } from './queries.ts'
import { setUp, type Ipops } from './state.ts'
import { ipopsVariables } from './variables.ts'

const ip = arg.str('ip', 'The address.')
const first = arg.str('ip1', 'One address.')
const second = arg.str('ip2', 'The other address.')
const hostname = arg.str('hostname', 'The host.')
const container = arg.str('pvid', 'Name under which the variable shows the results.')
const result = arg.writable('result', 'Gets the type.')

const test = (summary: string, isTrue: (text: string) => boolean, kemi?: string): FunctionDef<Ipops> =>
  fn({ summary, routes: 'any', kemi, args: [ip], run: (_context, _state: Ipops, text) => (isTrue(text) ? 1 : -1) })

const ofTypes = (summary: string, types: readonly IpType[], kemi?: string): FunctionDef<Ipops> =>
  test(summary, (text) => types.some((type) => type === ipType(text)), kemi)

const compare = (summary: string, isReferenceTaken: boolean): FunctionDef<Ipops> =>
  fn({
    summary,
    routes: 'any',
    args: [first, second],
    run: (_context, _state: Ipops, left, right) => (isSameAddress(left, right, isReferenceTaken) ? 1 : -1),
  })

const detailed = (summary: string, typeOf: (text: string) => string | undefined): FunctionDef<Ipops> =>
  fn({
    summary,
    routes: 'any',
    args: [ip, result],
    run: (context, _state: Ipops, text, target) => {
      const type = typeOf(text)
      if (type !== undefined) return target.set(context, type) ? 1 : -1
      context.host.log.error('ipops', 'bad ip parameter')
      return -1
    },
  })

const TYPE_NUMBERS: Readonly<Record<IpType, number>> = { ipv4: 1, ipv6: 2, reference: 3 }

export default defineModule({
  name: 'ipops',
  summary: 'IP addresses: what they are, comparing them, networks, DNS.',
  area: 'network',
  setup: (host): Promise<Ipops> => setUp(host),
  functions: {
    is_ip: ofTypes('Is it an address: IPv4, IPv6, or IPv6 in brackets?', ['ipv4', 'ipv6', 'reference']),
    is_pure_ip: ofTypes('Is it an address: IPv4, or IPv6 without brackets?', ['ipv4', 'ipv6']),
    is_ipv4: ofTypes('Is it an IPv4 address?', ['ipv4'], 'is_ip4'),
    is_ipv6: ofTypes('Is it an IPv6 address without brackets?', ['ipv6'], 'is_ip6'),
    is_ipv6_reference: ofTypes('Is it an IPv6 address in brackets?', ['reference'], 'is_ip6_reference'),
    is_ip_rfc1918: test('Is it a private IPv4 address (RFC 1918)?', isPrivate),
    ip_type: fn({
      summary: 'Tells what kind of address it is.',
      returns: { 1: 'IPv4', 2: 'IPv6', 3: 'IPv6 in brackets', [-1]: 'no address' },
      routes: 'any',
      args: [ip],
      run: (_context, _state: Ipops, text) => {
        const type = ipType(text)
        return type ? TYPE_NUMBERS[type] : -1
      },
    }),
    detailed_ip_type: detailed('Puts what an address is for into a variable.', detailedIpType),
    detailed_ipv4_type: detailed('Puts what an IPv4 address is for into a variable.', detailedIpv4Type),
    detailed_ipv6_type: detailed('Puts what an IPv6 address is for into a variable.', detailedIpv6Type),
    compare_ips: compare('Are both the same address, with brackets or without?', true),
    compare_pure_ips: compare('Are both the same address, none of them in brackets?', false),
    is_in_subnet: fn({
      summary: 'Is an address within one of the networks?',
      routes: 'any',
      args: [ip, arg.str('subnets_list', 'Networks such as 10.0.0.0/8, separated by commas.')],
      run: (_context, _state: Ipops, text, list) => (isInSubnets(text, list) ? 1 : -1),
    }),
    dns_sys_match_ip: fn({
      summary: 'Is the address one of those that the system finds for a host?',
      returns: { [-1]: 'it is another', [-3]: 'no address', [-4]: 'the host is not found' },
      routes: 'any',
      mayWait: true,
      args: [hostname, arg.str('ipaddr', 'The address.')],
      run: (context, _state: Ipops, name, address) => matchesSystem(context, name, address),
    }),
    dns_int_match_ip: fn({
      summary: 'Is the address one of those that SIP messages to a host would go to?',
      returns: { [-1]: 'it is another', [-3]: 'no address', [-4]: 'the host is not found' },
      routes: 'any',
      mayWait: true,
      args: [hostname, arg.str('ipaddr', 'The address.')],
      run: (context, _state: Ipops, name, address) => matchesInternal(context, name, address),
    }),
    dns_query: fn({
      summary: 'Finds the addresses of a host; $dns shows them.',
      returns: { [-2]: 'the name is too long', [-4]: 'the host is not found' },
      routes: 'any',
      mayWait: true,
      args: [hostname, container],
      run: (context, { results }: Ipops, name, id) => queryAddresses(context, results.of(context), name, id),
    }),
    ptr_query: fn({
      summary: 'Finds the name of an address; $ptrquery shows it. (Kamailio has it since 6.0.)',
      returns: { [-2]: 'the text is too long', [-4]: 'no address', [-5]: 'one in brackets', [-6]: 'it has no name' },
      routes: 'any',
      mayWait: true,
      args: [ip, container],
      run: (context, { results }: Ipops, address, id) => queryName(context, results.of(context), address, id),
    }),
    srv_query: fn({
      summary: 'Finds SRV records; $srvquery shows them by priority and weight.',
      returns: { [-2]: 'the name is empty', [-3]: 'the container has no name of letters and digits' },
      routes: 'any',
      mayWait: true,
      args: [arg.str('srvcname', 'Service and domain: _sip._udp.example.com.'), container],
      run: (context, { results }: Ipops, name, id) => queryServices(context, results.of(context), name, id),
    }),
    naptr_query: fn({
      summary: 'Finds NAPTR records; $naptrquery shows them by order and preference.',
      returns: { [-2]: 'the name is empty', [-3]: 'the container has no name of letters and digits' },
      routes: 'any',
      mayWait: true,
      args: [arg.str('domain', 'The domain.'), container],
      run: (context, { results }: Ipops, name, id) => queryPointers(context, results.of(context), name, id),
    }),
    dns_set_local_ttl: fn({
      summary: 'Keeps answers for finding hosts so many seconds, dns_int_match_ip() included.',
      routes: 'any',
      args: [arg.int('vttl', 'Seconds; 0 leaves it to the records.')],
      run: ({ host }, _state: Ipops, seconds) => {
        host.names.keepAnswers(Math.max(0, seconds))
        return 1
      },
    }),
  },
  variables: ipopsVariables,
})
