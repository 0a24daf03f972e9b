import { arg, defineModule, form, kemi, param, RpcStruct, SetupError } from '../../define/define.ts'
import { apiList } from '../../kemi/api-list.ts'
import type { Host } from '../../runtime/host.ts'
import { RubyEngine } from './engine.ts'

interface State {
  readonly host: Host
  readonly engine: RubyEngine
  stop: () => void
}

const functionName = arg.str('function', 'Name of a function of the script.')
const parameter = (number: number) => arg.optional(arg.str(`p${number}`, 'What it is called with.'))

const running = (args: readonly string[]) =>
  kemi({
    summary: 'Calls a function of the script.', args: ['function', ...args], mayWait: true,
    run: (context, { engine }: State, name: string, ...given: readonly string[]) => engine.runFunction(context, name, given),
  })

export default defineModule({
  name: 'app_ruby',
  summary: 'Routes in Ruby: Kamailio\'s KEMI scripts as they are, on Ruby 3.4.',
  area: 'core',
  params: {
    load: param.str('', 'The script; a path without a leading slash is beside the configuration file.'),
    xval_mode: param.int(1, '1 gives nil for texts of functions outside of KSR::PV, as Kamailio does; 0 gives the texts.'),
    modproc: param.str('app_ruby_proc.so', 'Kamailio\'s library that holds Ruby; here there is none.'),
    time_limit: param.int(2000, 'Milliseconds that a script may run without waiting, before it is ended.', { min: 1 }),
    watch: param.int(0, '1 loads the script anew whenever its file is saved.', { min: 0, max: 1 }),
  },
  setup(host, params): State {
    const engine = new RubyEngine(host, params)
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
    ruby_run: {
      summary: 'Calls a function of the script, with up to three texts.',
      forms: [
        form({
          routes: 'any', mayWait: true, args: [functionName, parameter(1), parameter(2), parameter(3)],
          run: (context, { engine }: State, name, ...given) =>
            engine.runFunction(context, name, given.filter((value): value is string => value !== undefined)),
        }),
      ],
    },
  },
  kemi: { run: running([]), run_p1: running(['p1']), run_p2: running(['p1', 'p2']), run_p3: running(['p1', 'p2', 'p3']) },
  rpc: {
    'app_ruby.reload': {
      summary: 'Loads the script anew, for the next message; what is wrong with it stands in the log and changes nothing.',
      async run({ engine }) {
        const old = engine.version
        engine.version++
        await engine.reloadAndTell()
        return [new RpcStruct().add('old', old).add('new', engine.version)]
      },
    },
    'app_ruby.api_list': {
      summary: 'The functions that scripts may call.',
      run: ({ host }) => [apiList(host.ksr)],
    },
  },
})
