import { defineModule, param, RpcFault, RpcStruct, SetupError } from '../../define/define.ts'
import { drawLoadError } from '../../kemi/load-error.ts'
import { apiListCommand, scriptParams } from '../../kemi/script-module.ts'
import { toBytes } from '../../kemi/text.ts'
import type { Host } from '../../runtime/host.ts'
import { TsEngine } from './engine.ts'

interface State {
  readonly host: Host
  readonly engine: TsEngine
  loads: number
}

export default defineModule({
  name: 'app_ts',
  summary: 'Routes in TypeScript: functions of a module, which may await anything.',
  area: 'core',
  params: {
    load: param.str('', 'The script, .ts or .js; a path without a leading slash is beside the configuration file.'),
    ...scriptParams,
  },
  setup(host, params): State {
    const engine = new TsEngine(host, params)
    host.addScriptEngine(engine)
    return { host, engine, loads: 0 }
  },
  async start({ engine, host }) {
    if (host.scriptEngine !== engine) return undefined
    const error = await engine.reload()
    return error === undefined ? undefined : new SetupError(toBytes(`failed running: ${drawLoadError(error)}`))
  },
  stop: ({ engine }) => engine.stop(),
  rpc: {
    'app_ts.reload': {
      summary: 'Loads the script anew, for messages and transactions to come; a script with an error changes nothing.',
      async run(state) {
        const error = await state.engine.reloadAndTell()
        if (error !== undefined) return new RpcFault(500, toBytes(drawLoadError(error)))
        state.loads++
        return [new RpcStruct().add('loads', state.loads)]
      },
    },
    'app_ts.api_list': apiListCommand,
  },
})
