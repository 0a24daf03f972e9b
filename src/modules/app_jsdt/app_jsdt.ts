import { arg, defineModule, fn, param } from '../../define/define.ts'
import {
  apiListCommand, callsAnything, reloadCommand, runForm, runsFromKsr, scriptParams, scriptState, startScript, type ScriptState,
} from '../../kemi/script-module.ts'
import { JsdtEngine } from './engine.ts'

type State = ScriptState<JsdtEngine>

const text = arg.str('text', 'JavaScript.')
const file = arg.str('file', 'Path of a file with JavaScript.')

export default defineModule({
  name: 'app_jsdt',
  summary: 'Routes in JavaScript: Kamailio\'s KEMI scripts as they are, on Node.js.',
  area: 'core',
  params: {
    load: param.str('', 'The script; a path without a leading slash is beside the configuration file, or in loaddir.'),
    loaddir: param.str('', 'Where scripts are that are named without a folder.'),
    mode: param.int(1, 'Kamailio\'s way of loading; here scripts are always loaded at the start and by app_jsdt.reload.'),
    ...scriptParams,
  },
  setup(host, params): State {
    const engine = new JsdtEngine(host, params)
    host.addScriptEngine(engine)
    return scriptState(host, engine)
  },
  start: startScript,
  stop: (state) => state.stopWatching(),
  functions: {
    jsdt_dofile: fn({
      summary: 'Runs a file with JavaScript.', ...callsAnything, kemi: 'dofile', args: [file],
      run: (context, { engine }: State, path) => engine.runFile(context, path),
    }),
    jsdt_dostring: fn({
      summary: 'Runs a text as JavaScript, among the functions of the script.', ...callsAnything, kemi: 'dostring', args: [text],
      run: (context, { engine }: State, source) => engine.runText(context, source),
    }),
    jsdt_runstring: fn({
      summary: 'Runs a text as JavaScript, among the functions of the script.', ...callsAnything, kemi: 'runstring', args: [text],
      run: (context, { engine }: State, source) => engine.runText(context, source),
    }),
    jsdt_run: { summary: 'Calls a function of the script, with up to three texts.', forms: [runForm] },
  },
  kemi: runsFromKsr,
  rpc: { 'app_jsdt.reload': reloadCommand, 'app_jsdt.api_list': apiListCommand },
})
