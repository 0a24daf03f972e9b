import { arg, defineModule, fn, param, RpcFault, SetupError, variableFamily } from '../../define/define.ts'
import { matchAddress, MatchResult, placeIn, PLACE_KEYS, reloadDatabase, Geoip2 } from './lookup.ts'

export default defineModule({
  name: 'geoip2',
  summary: 'Where addresses are in the world, from a MaxMind GeoIP2 or GeoLite2 file.',
  area: 'routing',
  params: {
    path: param.str('', 'The file, such as /var/lib/GeoIP/GeoLite2-City.mmdb. It is read whole, and may be replaced.'),
  },
  setup(host, { path }): Geoip2 | SetupError {
    if (path === '') return new SetupError('path is not set: modparam("geoip2", "path", "/path/GeoLite2-City.mmdb")')
    return new Geoip2(host, path)
  },
  async start(geoip2) {
    const problem = await reloadDatabase(geoip2)
    return problem === undefined ? undefined : new SetupError(problem)
  },
  functions: {
    geoip2_match: fn({
      summary: 'Looks an address up; $gip2(container=>key) tells what was found.',
      returns: {
        [MatchResult.found]: 'found',
        [MatchResult.notFound]: 'not in the database, or no address',
        [MatchResult.noContainer]: 'no variable reads the container',
      },
      routes: 'any',
      args: [arg.str('ipaddr', 'Address, IPv6 without brackets.'), arg.str('pvc', 'Container, as in $gip2(pvc=>key).')],
      run: (context, geoip2: Geoip2, address, container) => matchAddress(geoip2, context, address, container),
    }),
  },
  variables: {
    gip2: variableFamily<Geoip2>(
      `What was found for a container: ${Object.keys(PLACE_KEYS).join(', ')}.`,
      { inner: 'required' },
      (inner = '', _index, _env, geoip2) => {
        const [, container = '', key = ''] = /^\s*([^=\s]*)\s*=>(.*)$/s.exec(inner) ?? []
        const read = PLACE_KEYS[key]
        if (read === undefined) return `$gip2(${inner}): it is $gip2(container=>key), with a key of ${Object.keys(PLACE_KEYS).join(', ')}`
        if (geoip2 instanceof Geoip2) geoip2.containers.add(container)
        return {
          get: (context, state) => {
            const place = placeIn(state, context, container)
            return place === undefined ? null : read(place)
          },
        }
      },
    ),
  },
  rpc: {
    'geoip2.reload': {
      summary: 'Reads the file again; the old one stays when that fails.',
      run: async (geoip2) => {
        const problem = await reloadDatabase(geoip2)
        if (problem === undefined) return []
        geoip2.host.log.error('geoip2', problem)
        return new RpcFault(500, 'Reload failed')
      },
    },
  },
})
