import { LogLevel } from '../../base/log.ts'
import { arg, defineModule, fn, form, param, SetupError } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { dumpVariables, DUMP_ALL } from './dump.ts'
import { FACILITY, moduleLogsOf, readFacilities, readLevels } from './module-logs.ts'
import { debuggerRpc } from './rpc.ts'
import { showMessage } from './show-message.ts'
import { Watch, type Debugger, type DebuggerParams } from './state.ts'
import { tracerOf } from './trace.ts'

/** By the letter behind `L_`. */
const LEVELS: Readonly<Record<string, LogLevel>> = {
  A: LogLevel.alert, B: LogLevel.bug, C: LogLevel.crit2, E: LogLevel.err, W: LogLevel.warn, N: LogLevel.notice, I: LogLevel.info,
  D: LogLevel.dbg,
}
const level = arg.custom<LogLevel>('level', '`L_ERR`, `L_INFO` ...', (text) => {
  const found = LEVELS[text.charAt(2)]
  return found === undefined ? `unknown log level ${text}` : { fixed: found }
})
const mask = arg.custom<number>('mask', 'What is shown, as bits: 1 what is empty, 2 AVPs, 4 $var, 8 XAVPs, 16 others.', (text) =>
  (/^\d+$/.test(text) ? { fixed: Number(text) } : `the mask is a number, not '${text}'`))
const facility = arg.custom<string>('facility', '`LOG_LOCAL0` ...', (text) =>
  (FACILITY.test(text) ? { fixed: text } : `invalid log facility ${text}`))

function setUp(host: Host, params: DebuggerParams): Debugger | SetupError {
  if (params.log_facility !== '' && !FACILITY.test(params.log_facility)) return new SetupError('invalid log facility configured')
  const levels = new Map<string, number>()
  const facilities = new Map<string, string>()
  const problem = readLevels(params.mod_level, levels) ?? readFacilities(params.mod_facility, facilities)
  if (problem !== undefined) return new SetupError(problem)
  if (params.mod_hash_size <= 0 && levels.size + facilities.size > 0) {
    return new SetupError('mod_level and mod_facility need mod_hash_size')
  }
  const bounded = Math.max(LogLevel.alert, Math.min(LogLevel.dbg, params.log_level))
  const state: Debugger = {
    host, params, levels, facilities, level: Object.values(LogLevel).find((known) => known === bounded) ?? LogLevel.err,
    watches: (params.cfgtrace === 1 ? Watch.trace : 0) | (params.breakpoint === 1 ? Watch.breakpoints : 0),
    variables: new Map(),
  }
  if (params.mod_hash_size > 0) host.log.modules = moduleLogsOf(state)
  if (params.breakpoint === 1) host.log.warning('debugger', 'breakpoints hold no message here: others would wait with it')
  host.traceScript(tracerOf(state))
  return state
}

export default defineModule({
  name: 'debugger',
  summary: 'Shows in the log what the script does and holds; levels of the log for single modules.',
  area: 'logging',
  cfgGroup: 'dbg',
  params: {
    cfgtrace: param.int(0, '1: a line of the log for each action of the script; dbg.trace changes it.'),
    cfgtrace_format: param.int(0, '1: without the file.'),
    breakpoint: param.int(0, 'Accepted: no message is ever held.'),
    log_level: param.int(LogLevel.err, 'Level of the trace.'),
    log_facility: param.str('', 'Facility of the trace.'),
    log_prefix: param.str('*** cfgtrace:', 'What its lines begin with.'),
    log_level_name: param.str('', 'Shown in place of the name of the level.'),
    log_assign: param.int(0, '1: a line of level DEBUG for each assignment.'),
    step_usleep: param.int(100000, 'Accepted for compatibility; nothing to act on here.'),
    step_loops: param.int(200, 'Accepted for compatibility; nothing to act on here.'),
    mod_hash_size: param.int(0, 'Above 0: modules may have levels and facilities of their own.'),
    mod_level_mode: param.int(0, '1: the levels of modules are in force.', { min: 0, max: 1, reloadable: true }),
    mod_level: param.list('`module=level`.'),
    mod_facility_mode: param.int(0, '1: the facilities of modules are in force.', { min: 0, max: 1, reloadable: true }),
    mod_facility: param.list('`module=facility`.'),
    reset_msgid: param.int(0, '1: let dbg.reset_msgid count messages from 1 again.'),
    cfgpkgcheck: param.int(0, 'Accepted for compatibility; nothing to act on here.'),
    cfgtest: param.int(0, 'Needs the module cfgt.'),
  },
  setup(host, params): Debugger | SetupError {
    return params.cfgtest === 1 ? new SetupError("can't find cfgt module") : setUp(host, params)
  },
  functions: {
    dbg_breakpoint: fn({
      summary: 'Marks a place in the script. No message is held there.',
      routes: 'any',
      args: [arg.literal('mode', '0 or 1.')],
      run: () => 1,
    }),
    dbg_pv_dump: {
      summary: 'Writes what the script\'s variables hold to the log, as JSON.',
      forms: [
        form({
          args: [arg.optional(mask), arg.optional(level)],
          routes: 'any',
          run: (context, state: Debugger, bits, at) => {
            dumpVariables(state, context, bits ?? DUMP_ALL, at ?? LogLevel.dbg)
            return 1
          },
        }),
      ],
    },
    dbg_sip_msg: {
      summary: 'Writes the message as it is now, and what the script changed, to the log.',
      forms: [
        form({
          args: [arg.optional(level), arg.optional(facility)],
          routes: ['request', 'onreply'],
          run: (context, { host }: Debugger, at, where) => {
            const usual = Object.values(LogLevel).find((known) => known === host.log.level)
            return showMessage(context, context.line, at ?? usual ?? LogLevel.err, where)
          },
        }),
      ],
    },
  },
  rpc: debuggerRpc,
})
