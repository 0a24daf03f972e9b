import { coreHash } from '../../base/core-hash.ts'
import { arg, defineModule, fn, param, RpcFault, variable, type FunctionDef } from '../../define/define.ts'
import { setUp, type CfgUtils } from './state.ts'

const flag = arg.int('flag', 'Bits of the global flags.', { min: 0 })
const key = arg.str('key', 'What the lock stands for.')

const doing = (summary: string, run: (state: CfgUtils) => number): FunctionDef<CfgUtils> =>
  fn({ summary, routes: 'any', args: [], run: (_context, state: CfgUtils) => run(state) })

/** Memory pools are Kamailio's; here the figures of the process are logged in their place. */
const memory = (what: string) =>
  doing(`Logs how much memory the process uses (in place of Kamailio's ${what}).`, ({ host }) => {
    const { rss, heapUsed, heapTotal } = process.memoryUsage()
    host.log.info('cfgutils', `memory: ${rss} bytes in all, ${heapUsed} of ${heapTotal} bytes of the heap in use`)
    return 1
  })

const waiting = (summary: string, unitMs: number): FunctionDef<CfgUtils> =>
  fn({
    summary,
    routes: 'any',
    mayWait: true,
    args: [arg.int('time', 'How long.', { min: 0 })],
    run: (_context, { host }: CfgUtils, time) =>
      time * unitMs < 0.05 ? 1 : new Promise((resolve) => host.clock.after(time * unitMs, () => resolve(1))),
  })

const badParameters = new RpcFault(500, 'Invalid Parameters')

export default defineModule({
  name: 'cfgutils',
  summary: 'Chance, locks, waits and global flags for scripts.',
  area: 'core',
  params: {
    initial_probability: param.int(10, 'Probability of rand_event() in percent.', { min: 0, max: 100 }),
    hash_file: param.str('', 'File whose change cfgutils.check_config_hash notices.'),
    initial_gflags: param.int(0, 'Global flags at the start.'),
    lock_set_size: param.int(0, 'Number of locks as a power of two; 0 for none.', { min: 0, max: 20 }),
  },
  setup: setUp,
  functions: {
    rand_set_prob: fn({
      summary: 'Sets the probability of rand_event().',
      routes: 'any',
      args: [arg.int('percent', 'From 0 to 100.', { min: 0, max: 100 })],
      run: (_context, state: CfgUtils, percent) => {
        state.probability = percent
        return 1
      },
    }),
    rand_get_prob: doing('Gives the probability of rand_event() as its result.', (state) => state.probability),
    rand_reset_prob: doing('Sets the probability of rand_event() back to initial_probability.', (state) => {
      state.probability = state.params.initial_probability
      return 1
    }),
    rand_event: doing('Is true with the set probability.', (state) => (state.host.random.integer(100) < state.probability ? 1 : -1)),
    sleep: waiting('Waits that many seconds; only this message waits.', 1000),
    usleep: waiting('Waits that many microseconds; only this message waits.', 0.001),
    abort: doing('Ends the server at once, for debugging.', () => process.abort()),
    pkg_status: memory('private pool'),
    pkg_summary: memory('private pool by place'),
    shm_status: memory('shared pool'),
    shm_summary: memory('shared pool by place'),
    set_gflag: fn({
      summary: 'Sets bits of the global flags.',
      routes: 'any',
      args: [flag],
      run: (_context, state: CfgUtils, bits) => {
        state.flags = (state.flags | bits) >>> 0
        return 1
      },
    }),
    reset_gflag: fn({
      summary: 'Clears bits of the global flags.',
      routes: 'any',
      args: [flag],
      run: (_context, state: CfgUtils, bits) => {
        state.flags = (state.flags & ~bits) >>> 0
        return 1
      },
    }),
    is_gflag: fn({
      summary: 'Tells whether all of these bits of the global flags are set.',
      routes: 'any',
      args: [flag],
      run: (_context, state: CfgUtils, bits) => ((state.flags & bits) === bits ? 1 : -1),
    }),
    lock: fn({
      summary: 'Takes the lock of a key; waits until it is free.',
      routes: 'any',
      mayWait: true,
      args: [key],
      run: (_context, state: CfgUtils, name) => state.locks.take(name),
    }),
    trylock: fn({
      summary: 'Takes the lock of a key if it is free.',
      routes: 'any',
      args: [key],
      run: (_context, state: CfgUtils, name) => (state.locks.tryTake(name) ? 1 : -1),
    }),
    unlock: fn({
      summary: 'Gives the lock of a key back.',
      routes: 'any',
      args: [key],
      run: (_context, state: CfgUtils, name) => {
        state.locks.release(name)
        return 1
      },
    }),
    check_route_exists: fn({
      summary: 'Tells whether there is a route of that name.',
      routes: 'any',
      args: [arg.str('name', 'The route.')],
      run: ({ routes }, _state: CfgUtils, name) => (routes.request(name) ? 1 : -1),
    }),
    route_if_exists: fn({
      summary: 'Runs the route of that name; -1 when there is none.',
      routes: 'any',
      mayWait: true,
      args: [arg.str('name', 'The route.')],
      run: (context, _state: CfgUtils, name) => context.routes.request(name)?.(context) ?? -1,
    }),
    core_hash: fn({
      summary: 'Gives the hash of two texts as its result: 1 up to the size.',
      routes: 'any',
      args: [
        arg.str('first', 'Text.'),
        arg.str('second', 'Text, may be empty.'),
        arg.int('size', 'Power of two: 4 for hashes up to 16; 0 counts as 1.', { min: 0, max: 31 }),
      ],
      run: (_context, _state: CfgUtils, first, second, size) => coreHash(first, second, 2 ** Math.max(size, 1)) + 1,
    }),
  },
  variables: {
    RANDOM: variable('A random whole number.', (_context, { host }: CfgUtils) => host.random.integer(0x7fff_ffff)),
  },
  rpc: {
    'cfgutils.rand_set_prob': {
      summary: 'Sets the probability of rand_event().',
      run: (state, _params, call) => {
        const percent = call.int(0)
        if (percent === undefined) return badParameters
        if (percent < 0 || percent > 100) return new RpcFault(500, 'Invalid Percent')
        state.probability = percent
        return []
      },
    },
    'cfgutils.rand_reset_prob': {
      summary: 'Sets the probability of rand_event() back.',
      run: (state) => {
        state.probability = state.params.initial_probability
        return []
      },
    },
    'cfgutils.rand_get_prob': {
      summary: 'The probability of rand_event().',
      run: (state) => [`actual probability: ${state.probability} percent`],
    },
    'cfgutils.check_config_hash': {
      summary: 'Tells whether hash_file is still as it was at the start.',
      run: (state) => {
        const now = state.fileHash()
        if (state.initialHash === undefined || now === undefined) return new RpcFault(500, 'No hash file')
        return now === state.initialHash
          ? ['The actual config file hash is identical to the stored one.']
          : new RpcFault(400, 'The actual config file hash is not identical to the stored one.')
      },
    },
    'cfgutils.get_config_hash': {
      summary: 'The hash of hash_file at the start.',
      run: (state) => [state.initialHash ?? ''],
    },
    'cfgutils.set_gflag': {
      summary: 'Sets bits of the global flags.',
      run: (state, _params, call) => {
        const bits = call.int(0)
        if (bits === undefined) return badParameters
        state.flags = (state.flags | bits) >>> 0
        return []
      },
    },
    'cfgutils.reset_gflag': {
      summary: 'Clears bits of the global flags.',
      run: (state, _params, call) => {
        const bits = call.int(0)
        if (bits === undefined) return badParameters
        state.flags = (state.flags & ~bits) >>> 0
        return []
      },
    },
    'cfgutils.is_gflag': {
      summary: 'Tells whether bits of the global flags are set.',
      run: (state, _params, call) => {
        const bits = call.int(0)
        if (bits === undefined) return badParameters
        return [(state.flags & bits) === bits ? 'TRUE' : 'FALSE']
      },
    },
    'cfgutils.get_gflags': {
      summary: 'The global flags in hexadecimal and decimal.',
      run: (state) => [`0x${state.flags.toString(16).toUpperCase()} (${state.flags})`],
    },
  },
})
