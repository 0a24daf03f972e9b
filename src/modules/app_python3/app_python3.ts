import { arg, defineModule, form, kemi, param, RpcStruct, SetupError } from '../../define/define.ts'
import { apiList } from '../../kemi/api-list.ts'
import type { Host } from '../../runtime/host.ts'
import { PythonEngine } from './engine.ts'

interface State {
  readonly host: Host
  readonly engine: PythonEngine
  stop: () => void
}

const method = arg.str('method', 'Name of a method of the script\'s object.')
const text = arg.str('args', 'A text that it is called with.')
/** What is called may wait for anything. */
const any = { routes: 'any', mayWait: true } as const

const running = (args: readonly string[]) =>
  kemi({
    summary: 'Calls a method of the script\'s object.', args: ['method', ...args], mayWait: true,
    run: (context, { engine }: State, name: string, ...given: readonly string[]) => engine.runMethod(context, name, given),
  })

export default defineModule({
  name: 'app_python3',
  summary: 'Routes in Python: Kamailio\'s KEMI scripts as they are, on CPython 3.14.',
  area: 'core',
  params: {
    load: param.str('', 'The script; a path without a leading slash is beside the configuration file.'),
    script_name: param.str('handler.py', 'The same by its older name; load goes before it.'),
    mod_init_function: param.str('mod_init', 'The function that gives the object whose methods are the routes.'),
    child_init_method: param.str('child_init', 'A method called once with 1: here one process serves all messages.'),
    threads_mode: param.int(0, 'Kamailio\'s way with threads; here there is one.'),
    time_limit: param.int(2000, 'Milliseconds that a script may run without waiting, before it is ended.', { min: 1 }),
    watch: param.int(0, '1 loads the script anew whenever its file is saved.', { min: 0, max: 1 }),
  },
  setup(host, params): State {
    const engine = new PythonEngine(host, params)
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
    python_exec: {
      summary: 'Calls a method of the script\'s object with the message, and a text.',
      forms: [
        form({ ...any, kemi: 'exec', args: [method], run: (context, { engine }: State, name) => engine.runMethod(context, name, []) }),
        form({
          ...any, kemi: 'exec_p1', args: [method, text],
          run: (context, { engine }: State, name, value) => engine.runMethod(context, name, [value]),
        }),
      ],
    },
  },
  kemi: { exec: running([]), exec_p1: running(['p1']), execx: running([]) },
  rpc: {
    'app_python.reload': {
      summary: 'Loads the script anew, for the next message; what is wrong with it stands in the log and changes nothing.',
      async run({ engine }) {
        const old = engine.version
        engine.version++
        await engine.reloadAndTell()
        return [new RpcStruct().add('old', old).add('new', engine.version)]
      },
    },
    'app_python.api_list': {
      summary: 'The functions that scripts may call.',
      run: ({ host }) => [apiList(host.ksr)],
    },
  },
})
