/** What the modules that route in another language (app_*) have alike: parameters, calls from elsewhere, commands. */
import { arg, form, kemi, param, RpcStruct, SetupError, type FunctionForm, type KemiDef, type RpcDef } from '../define/define.ts'
import type { RouteContext } from '../runtime/context.ts'
import type { Host } from '../runtime/host.ts'
import { apiList } from './api-list.ts'

/** An engine that a module starts, and whose functions can be called from other scripts. */
export interface StartedEngine {
  /** Starts the language and loads the script; a text says why that did not work. */
  start(): Promise<string | undefined>
  /** Follows the script's files where that is wanted, until the answer is called. */
  watch(): () => void
  /** Calls a function of the script by its name. */
  runFunction(context: RouteContext, name: string, args: readonly string[]): number | Promise<number>
}

/** Numbers the loads, as Kamailio's reload commands tell them. */
export interface VersionedEngine extends StartedEngine {
  version: number
  /** What is wrong with the new script stands in the log; the old one goes on then. */
  reloadAndTell(): Promise<unknown>
}

export interface ScriptState<Engine> {
  readonly host: Host
  readonly engine: Engine
  stopWatching: () => void
}

export function scriptState<Engine>(host: Host, engine: Engine): ScriptState<Engine> {
  return { host, engine, stopWatching: () => undefined }
}

export async function startScript(state: ScriptState<StartedEngine>): Promise<SetupError | undefined> {
  const problem = await state.engine.start()
  if (problem !== undefined) return new SetupError(problem)
  state.stopWatching = state.engine.watch()
  return undefined
}

export const scriptParams = {
  time_limit: param.int(2000, 'Milliseconds that a script may run without waiting, before it is ended.', { min: 1 }),
  watch: param.int(0, '1 loads the script anew whenever its file, or one that it follows, is saved.', { min: 0, max: 1 }),
}

/** What is called may wait for anything. */
export const callsAnything = { routes: 'any', mayWait: true } as const

const functionName = arg.str('function', 'Name of a function of the script.')
const parameter = (number: number) => arg.optional(arg.str(`p${number}`, 'What it is called with.'))

/** `lua_run("name", "p1")` of the native script, with up to three texts. */
export const runForm: FunctionForm<ScriptState<StartedEngine>> = form({
  ...callsAnything, args: [functionName, parameter(1), parameter(2), parameter(3)],
  run: (context, { engine }: ScriptState<StartedEngine>, name, ...given) =>
    engine.runFunction(context, name, given.filter((value): value is string => value !== undefined)),
})

/** The same for scripts in yet another language. */
export const runFromKsr = (args: readonly string[]): KemiDef<ScriptState<StartedEngine>> =>
  kemi({
    summary: 'Calls a function of the script.', args: ['function', ...args], mayWait: true,
    run: (context, { engine }: ScriptState<StartedEngine>, name: string, ...given: readonly string[]) =>
      engine.runFunction(context, name, given),
  })

export const runsFromKsr = {
  run: runFromKsr([]), run_p1: runFromKsr(['p1']), run_p2: runFromKsr(['p1', 'p2']), run_p3: runFromKsr(['p1', 'p2', 'p3']),
}

export const reloadCommand: RpcDef<ScriptState<VersionedEngine>> = {
  summary: 'Loads the script anew, for the next message; what is wrong with it stands in the log and changes nothing.',
  async run({ engine }) {
    const old = engine.version
    engine.version++
    await engine.reloadAndTell()
    return [new RpcStruct().add('old', old).add('new', engine.version)]
  },
}

export const apiListCommand: RpcDef<{ readonly host: Host }> = {
  summary: 'The functions that scripts may call.',
  run: ({ host }) => [apiList(host.ksr)],
}
