import { arg, defineModule, form, param } from '../../define/define.ts'
import {
  apiListCommand, callsAnything, reloadCommand, runFromKsr, scriptParams, scriptState, startScript, type ScriptState,
} from '../../kemi/script-module.ts'
import { PythonEngine } from './engine.ts'

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
    ...scriptParams,
  },
  setup(host, params): ScriptState<PythonEngine> {
    const engine = new PythonEngine(host, params)
    host.addScriptEngine(engine)
    return scriptState(host, engine)
  },
  start: startScript,
  stop: (state) => state.stopWatching(),
  functions: {
    python_exec: {
      summary: 'Calls a method of the script\'s object with the message, and a text.',
      forms: [
        form({
          ...callsAnything,
          args: [
            arg.str('method', 'Name of a method of the script\'s object.'),
            arg.optional(arg.str('args', 'A text that it is called with.')),
          ],
          run: (context, { engine }: ScriptState<PythonEngine>, name, text) =>
            engine.runFunction(context, name, text === undefined ? [] : [text]),
        }),
      ],
    },
  },
  kemi: { exec: runFromKsr([]), exec_p1: runFromKsr(['p1']), execx: runFromKsr([]) },
  rpc: { 'app_python.reload': reloadCommand, 'app_python.api_list': apiListCommand },
})
