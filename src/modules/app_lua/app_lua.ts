import { arg, defineModule, fn, form, kemi, param, RpcFault, RpcStruct, SetupError } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { apiList } from '../../kemi/api-list.ts'
import { LuaEngine } from './engine.ts'

interface State {
  readonly host: Host
  readonly engine: LuaEngine
  stop: () => void
}

const functionName = arg.str('function', 'Name of a function of the scripts.')
const script = arg.str('script', 'Lua.')
const file = arg.str('path', 'Path of a file with Lua.')
const parameter = (number: number) => arg.optional(arg.str(`p${number}`, 'What it is called with.'))
/** What is called may wait for anything. */
const any = { routes: 'any', mayWait: true } as const

const running = (args: readonly string[]) =>
  kemi({
    summary: 'Calls a function of the scripts.', args: ['function', ...args], mayWait: true,
    run: (context, { engine }: State, name: string, ...given: readonly string[]) => engine.runFunction(context, name, given),
  })

export default defineModule({
  name: 'app_lua',
  summary: 'Routes in Lua: Kamailio\'s KEMI scripts as they are, on Lua 5.4.',
  area: 'core',
  params: {
    load: param.list('A script; a path without a leading slash is beside the configuration file.'),
    reload: param.list('0 refuses app_lua.reload.', ['int', 'str']),
    log_mode: param.int(0, '1 tells each call of a KSR function on the debug level.'),
    time_limit: param.int(2000, 'Milliseconds that a script may run without waiting, before it is ended.', { min: 1 }),
    watch: param.int(0, '1 loads the scripts anew whenever one of their files is saved.', { min: 0, max: 1 }),
  },
  setup(host, params): State {
    const engine = new LuaEngine(host, params)
    host.addScriptEngine(engine)
    return { host, engine, stop: () => undefined }
  },
  async start(state) {
    const problem = await state.engine.start()
    if (problem !== undefined) return new SetupError(problem)
    state.stop = state.engine.watch()
    return undefined
  },
  stop: (state) => state.stop(),
  functions: {
    lua_dofile: fn({
      summary: 'Runs a file, apart from the loaded scripts.', ...any, kemi: 'dofile', args: [file],
      run: (context, { engine }: State, path) => engine.runFile(context, path),
    }),
    lua_dostring: fn({
      summary: 'Runs a text, apart from the loaded scripts.', ...any, kemi: 'dostring', args: [script],
      run: (context, { engine }: State, text) => engine.runText(context, text, true),
    }),
    lua_runstring: fn({
      summary: 'Runs a text among the functions of the loaded scripts.', ...any, kemi: 'runstring', args: [script],
      run: (context, { engine }: State, text) => engine.runText(context, text, false),
    }),
    lua_run: {
      summary: 'Calls a function of the loaded scripts, with up to three texts.',
      forms: [
        form({
          ...any, args: [functionName, parameter(1), parameter(2), parameter(3)],
          run: (context, { engine }: State, name, ...given) =>
            engine.runFunction(context, name, given.filter((value): value is string => value !== undefined)),
        }),
      ],
    },
  },
  kemi: { run: running([]), run_p1: running(['p1']), run_p2: running(['p1', 'p2']), run_p3: running(['p1', 'p2', 'p3']) },
  rpc: {
    'app_lua.list': {
      summary: 'The scripts with their numbers.',
      run: ({ engine }) => engine.scripts.map((path, index) => `${index}: [${path}]`),
    },
    'app_lua.reload': {
      summary: 'Loads all scripts anew, or one by its number, for the next message; what is wrong with one changes nothing.',
      async run({ host, engine }, _params, call) {
        const refused = (reason: string): RpcFault => {
          host.log.error('app_lua', reason)
          return new RpcFault(500, 'Reload Failed')
        }
        if (!engine.reloads) return refused('reload is not activated')
        const index = call.count === 0 ? -1 : (call.int(0) ?? -1)
        if (index >= engine.scripts.length) return refused('pos out of range')
        const error = await engine.reloadAndTell(index < 0 ? undefined : index)
        return error === undefined ? [new RpcStruct()] : new RpcFault(500, 'Reload Failed')
      },
    },
    'app_lua.api_list': {
      summary: 'The functions that scripts may call.',
      run: ({ host }) => [apiList(host.ksr)],
    },
  },
})
