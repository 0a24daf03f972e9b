import { arg, defineModule, fn, variable, type FunctionDef } from '../../define/define.ts'
import { isOwnAddress } from '../../runtime/own-address.ts'
import { kexRpc } from './rpc.ts'
import { setUp, type Kex } from './state.ts'

const flag = arg.int('flag', 'Number of the flag, 0 to 31.', { min: 0, max: 31 })
const branch = arg.optional(arg.int('branch', 'Number of the branch; 0 is the Request-URI itself.', { min: 0 }))
const target = arg.writable('variable', 'The variable to set.')
const format = arg.format('format', 'The text.')

/** A function on a flag of a branch; the flags are those of the message for branch 0. */
const branchFlag = (summary: string, change: (flags: number, bit: number) => number | boolean): FunctionDef<Kex> =>
  fn({
    summary,
    routes: 'any',
    args: [flag, branch],
    run: (context, _state: Kex, number, index = 0) => {
      const bit = 1 << number
      const owner = index === 0 ? undefined : context.branches.list[index - 1]
      if (index !== 0 && owner === undefined) return -1
      const changed = change(owner ? owner.flags : context.message.branchFlags, bit)
      if (typeof changed === 'boolean') return changed ? 1 : -1
      if (owner) owner.flags = changed >>> 0
      else context.message.branchFlags = changed >>> 0
      return 1
    },
  })

const scriptFlag = (summary: string, change: (flags: number, bit: number) => number | boolean): FunctionDef<Kex> =>
  fn({
    summary,
    routes: 'any',
    args: [flag],
    run: (context, _state: Kex, number) => {
      const changed = change(context.scriptFlags, 1 << number)
      if (typeof changed === 'boolean') return changed ? 1 : -1
      context.scriptFlags = changed >>> 0
      return 1
    },
  })

const printing = (summary: string): FunctionDef<Kex> =>
  fn({
    summary,
    routes: 'any',
    args: [target, format],
    run: (context, _state: Kex, handle, text) => (handle.set(context, text.evaluate(context)) ? 1 : -1),
  })

const set = (flags: number, bit: number): number => flags | bit
const reset = (flags: number, bit: number): number => flags & ~bit
const isSet = (flags: number, bit: number): boolean => (flags & bit) !== 0

export default defineModule({
  name: 'kex',
  summary: 'Functions of the core that came late: flags, destination, own addresses, statistics.',
  area: 'core',
  setup: (host): Kex => setUp(host),
  functions: {
    setsflag: scriptFlag('Sets a flag of the script.', set),
    resetsflag: scriptFlag('Clears a flag of the script.', reset),
    issflagset: scriptFlag('Tells whether a flag of the script is set.', isSet),
    setbflag: branchFlag('Sets a flag of a branch.', set),
    resetbflag: branchFlag('Clears a flag of a branch.', reset),
    isbflagset: branchFlag('Tells whether a flag of a branch is set.', isSet),
    setdsturi: fn({
      summary: 'Sets the destination URI.',
      routes: 'any',
      args: [arg.str('uri', 'The URI.')],
      run: (context, _state: Kex, uri) => {
        context.message.setDestination(uri)
        return 1
      },
    }),
    resetdsturi: fn({
      summary: 'Clears the destination URI.',
      routes: 'any',
      args: [],
      run: (context) => {
        context.message.setDestination(undefined)
        return 1
      },
    }),
    isdsturiset: fn({
      summary: 'Tells whether a destination URI is set.',
      routes: 'any',
      args: [],
      run: (context) => (context.message.dstUri === undefined ? -1 : 1),
    }),
    avp_printf: printing('Sets a variable to a text with variables.'),
    pv_printf: printing('Sets a variable to a text with variables.'),
    is_myself: fn({
      summary: 'Tells whether a URI or host is this server.',
      routes: 'any',
      args: [arg.str('uri', 'URI or host.')],
      run: (_context, { host }: Kex, uri) => (isOwnAddress(host.network, uri) ? 1 : -1),
    }),
    is_myhost: fn({
      summary: 'Tells whether the host of a URI is this server, whatever the port.',
      routes: 'any',
      args: [arg.str('uri', 'URI or host.')],
      run: (_context, { host }: Kex, uri) => (isOwnAddress(host.network, uri, true) ? 1 : -1),
    }),
    setdebug: fn({
      summary: 'Sets the level of log lines.',
      routes: 'any',
      args: [arg.int('level', 'From -5 to 3.')],
      run: (_context, { host }: Kex, level) => {
        host.log.level = level
        return 1
      },
    }),
    resetdebug: fn({
      summary: 'Sets the level of log lines back to `debug`.',
      routes: 'any',
      args: [],
      run: (_context, { host }: Kex) => {
        host.log.level = host.settings.debug
        return 1
      },
    }),
  },
  variables: {
    sruid: variable('A text unlike any other of this server.', (_context, state: Kex) => state.nextId()),
  },
  rpc: kexRpc,
})
