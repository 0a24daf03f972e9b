import { defineModule, param } from '../../define/define.ts'
import {
  apiListCommand, reloadCommand, runForm, runsFromKsr, scriptParams, scriptState, startScript, type ScriptState,
} from '../../kemi/script-module.ts'
import { RubyEngine } from './engine.ts'

export default defineModule({
  name: 'app_ruby',
  summary: 'Routes in Ruby: Kamailio\'s KEMI scripts as they are, on Ruby 3.4.',
  area: 'core',
  params: {
    load: param.str('', 'The script; a path without a leading slash is beside the configuration file.'),
    xval_mode: param.int(1, '1 gives nil for texts of functions outside of KSR::PV, as Kamailio does; 0 gives the texts.'),
    modproc: param.str('app_ruby_proc.so', 'Kamailio\'s library that holds Ruby; here there is none.'),
    ...scriptParams,
  },
  setup(host, params): ScriptState<RubyEngine> {
    const engine = new RubyEngine(host, params)
    host.addScriptEngine(engine)
    return scriptState(host, engine)
  },
  start: startScript,
  stop: (state) => state.stopWatching(),
  functions: {
    ruby_run: { summary: 'Calls a function of the script, with up to three texts.', forms: [runForm] },
  },
  kemi: runsFromKsr,
  rpc: { 'app_ruby.reload': reloadCommand, 'app_ruby.api_list': apiListCommand },
})
