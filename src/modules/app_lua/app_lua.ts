import { arg, defineModule, fn, param, RpcFault, RpcStruct } from '../../define/define.ts'
import {
  apiListCommand, callsAnything, runForm, runsFromKsr, scriptParams, scriptState, startScript, type ScriptState,
} from '../../kemi/script-module.ts'
import { LuaEngine } from './engine.ts'

type State = ScriptState<LuaEngine>

const script = arg.str('script', 'Lua.')
const file = arg.str('path', 'Path of a file with Lua.')

export default defineModule({
  name: 'app_lua',
  summary: 'Routes in Lua: Kamailio\'s KEMI scripts as they are, on Lua 5.4.',
  area: 'core',
  params: {
    load: param.list('A script; a path without a leading slash is beside the configuration file.'),
    reload: param.list('0 refuses app_lua.reload.', ['int', 'str']),
    log_mode: param.int(0, '1 tells each call of a KSR function on the debug level.'),
    ...scriptParams,
  },
  setup(host, params): State {
    const engine = new LuaEngine(host, params)
    host.addScriptEngine(engine)
    return scriptState(host, engine)
  },
  start: startScript,
  stop: (state) => state.stopWatching(),
  functions: {
    lua_dofile: fn({
      summary: 'Runs a file, apart from the loaded scripts.', ...callsAnything, kemi: 'dofile', args: [file],
      run: (context, { engine }: State, path) => engine.runFile(context, path),
    }),
    lua_dostring: fn({
      summary: 'Runs a text, apart from the loaded scripts.', ...callsAnything, kemi: 'dostring', args: [script],
      run: (context, { engine }: State, text) => engine.runText(context, text, true),
    }),
    lua_runstring: fn({
      summary: 'Runs a text among the functions of the loaded scripts.', ...callsAnything, kemi: 'runstring', args: [script],
      run: (context, { engine }: State, text) => engine.runText(context, text, false),
    }),
    lua_run: { summary: 'Calls a function of the loaded scripts, with up to three texts.', forms: [runForm] },
  },
  kemi: runsFromKsr,
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
    'app_lua.api_list': apiListCommand,
  },
})
