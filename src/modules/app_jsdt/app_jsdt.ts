import { arg, defineModule, fn, form, kemi, param, RpcStruct, SetupError } from '../../define/define.ts'
import { apiList } from '../../kemi/api-list.ts'
import { drawLoadError } from '../../kemi/load-error.ts'
import { toBytes } from '../../kemi/text.ts'
import type { Host } from '../../runtime/host.ts'
import { JsdtEngine } from './engine.ts'

interface State {
  readonly host: Host
  readonly engine: JsdtEngine
  stop: () => void
}

const functionName = arg.str('function', 'Name of a function of the script.')
const text = arg.str('text', 'JavaScript.')
const file = arg.str('file', 'Path of a file with JavaScript.')
const parameter = (number: number) => arg.str(`p${number}`, 'What it is called with.')
/** What is called may wait for anything. */
const any = { routes: 'any', mayWait: true } as const

const running = (args: readonly string[]) =>
  kemi({
    summary: 'Calls a function of the script.', args: ['function', ...args], mayWait: true,
    run: (context, { engine }: State, name: string, ...given: readonly string[]) => engine.runFunction(context, name, given),
  })

export default defineModule({
  name: 'app_jsdt',
  summary: 'Routes in JavaScript: Kamailio\'s KEMI scripts as they are, on Node.js.',
  area: 'core',
  params: {
    load: param.str('', 'The script; a path without a leading slash is beside the configuration file, or in loaddir.'),
    loaddir: param.str('', 'Where scripts are that are named without a folder.'),
    mode: param.int(1, 'Kamailio\'s way of loading; here scripts are always loaded at the start and by app_jsdt.reload.'),
    time_limit: param.int(2000, 'Milliseconds that a script may run without waiting, before it is ended.', { min: 1 }),
    watch: param.int(0, '1 loads the script anew whenever its file is saved.', { min: 0, max: 1 }),
  },
  setup(host, params): State {
    const engine = new JsdtEngine(host, params)
    host.addScriptEngine(engine)
    return { host, engine, stop: () => undefined }
  },
  async start(state) {
    const error = await state.engine.reload()
    if (error !== undefined) return new SetupError(toBytes(`failed running: ${drawLoadError(error)}`))
    state.stop = state.engine.watch()
    return undefined
  },
  stop: (state) => state.stop(),
  functions: {
    jsdt_dofile: fn({
      summary: 'Runs a file with JavaScript.', ...any, kemi: 'dofile', args: [file],
      run: (context, { engine }: State, path) => engine.runFile(context, path),
    }),
    jsdt_dostring: fn({
      summary: 'Runs a text as JavaScript, among the functions of the script.', ...any, kemi: 'dostring', args: [text],
      run: (context, { engine }: State, source) => engine.runText(context, source),
    }),
    jsdt_runstring: fn({
      summary: 'Runs a text as JavaScript, among the functions of the script.', ...any, kemi: 'runstring', args: [text],
      run: (context, { engine }: State, source) => engine.runText(context, source),
    }),
    jsdt_run: {
      summary: 'Calls a function of the script, with up to three texts.',
      forms: [
        form({
          ...any, args: [functionName, arg.optional(parameter(1)), arg.optional(parameter(2)), arg.optional(parameter(3))],
          run: (context, { engine }: State, name, ...given) =>
            engine.runFunction(context, name, given.filter((value): value is string => value !== undefined)),
        }),
      ],
    },
  },
  kemi: { run: running([]), run_p1: running(['p1']), run_p2: running(['p1', 'p2']), run_p3: running(['p1', 'p2', 'p3']) },
  rpc: {
    'app_jsdt.reload': {
      summary: 'Loads the script anew, for the next message; what is wrong with it stands in the log and changes nothing.',
      async run({ engine }) {
        const old = engine.version
        engine.version++
        await engine.reloadAndTell()
        return [new RpcStruct().add('old', old).add('new', engine.version)]
      },
    },
    'app_jsdt.api_list': {
      summary: 'The functions that scripts may call.',
      run: ({ host }) => [apiList(host.ksr)],
    },
  },
})
