import { arg, defineModule, fn, form, param, SetupError, variableFamily, type FunctionDef, type FunctionForm } from '../../define/define.ts'
import { LogLevel } from '../../base/log.ts'
import { setLevelColours, terminalColour } from './colour.ts'
import { prepareFacility, prepareLevel, type Level } from './level.ts'
import { xlogKemi } from './kemi.ts'
import { createLogger, type Logger } from './logger.ts'

const text = arg.format('format', 'Text with variables.')
const level = arg.custom<Level>('level', 'L_ALERT to L_DBG (the third letter decides), or a variable with -5 to 3.', prepareLevel)
const facility = arg.custom<string>('facility', 'Syslog facility of this line, such as LOG_LOCAL3.', prepareFacility)

/** xlog and xlogl: the same forms, without and with the line of the script in front. */
const logForms = (withLine: boolean): readonly FunctionForm<Logger>[] => [
  form({
    routes: 'any',
    args: [text],
    run: (context, logger: Logger, format) => logger.print(context, LogLevel.err, format, withLine),
  }),
  form({
    routes: 'any',
    args: [level, text],
    run: (context, logger: Logger, wanted, format) => logger.printAt(context, wanted, format, withLine),
  }),
  form({
    routes: 'any',
    kemi: 'xlog_facility',
    args: [facility, level, text],
    run: (context, logger: Logger, name, wanted, format) => logger.printAt(context, wanted, format, withLine, name),
  }),
]

const atLevel = (wanted: LogLevel, levelName: string, withLine = false): FunctionDef<Logger> =>
  fn({
    summary: `Logs a text at level ${levelName}${withLine ? ', with the line of the script' : ''}.`,
    routes: 'any',
    args: [text],
    run: (context, logger: Logger, format) => logger.print(context, wanted, format, withLine),
  })

export default defineModule({
  name: 'xlog',
  summary: 'Logs texts with variables in them.',
  area: 'logging',
  params: {
    buf_size: param.int(4096, 'Longest line in bytes.'),
    force_color: param.int(0, 'Keep colour codes when logging to syslog.'),
    long_format: param.int(0, 'xlogl and xdbgl print the file too.'),
    prefix: param.str('<script>: ', 'Text in front of each line.'),
    prefix_mode: param.int(0, '1: the prefix holds variables.'),
    log_facility: param.str('', 'Syslog facility of all lines; empty for the core\'s.'),
    log_colors: param.list('Colours of a level: `L_ERR=rx`, several with `;`.'),
    methods_filter: param.int(-1, 'Bits of the methods for which xlogm() stays silent.', { reloadable: true }),
    auto_newline: param.int(0, 'End each line that has no line end with one.'),
  },
  setup(host, params) {
    const refused = setLevelColours(host.log, params.log_colors)
    return refused === undefined ? createLogger(host, params) : new SetupError(refused)
  },
  kemi: xlogKemi,
  start: (logger) => logger.preparePrefix(),
  functions: {
    xlog: { summary: 'Logs a text, at level L_ERR when none is given.', forms: logForms(false) },
    xlogl: { summary: 'Logs a text with the line of the script in front.', forms: logForms(true) },
    xlogm: fn({
      summary: 'Logs a text unless methods_filter has the bit of the request\'s method.',
      routes: 'any',
      args: [level, text],
      run: (context, logger: Logger, wanted, format) =>
        logger.isMethodSilent(context) ? 1 : logger.printAt(context, wanted, format, false),
    }),
    xalert: atLevel(LogLevel.alert, 'L_ALERT'),
    xbug: atLevel(LogLevel.bug, 'L_BUG'),
    xcrit: atLevel(LogLevel.crit, 'L_CRIT'),
    xerr: atLevel(LogLevel.err, 'L_ERR'),
    xwarn: atLevel(LogLevel.warn, 'L_WARN'),
    xnotice: atLevel(LogLevel.notice, 'L_NOTICE'),
    xinfo: atLevel(LogLevel.info, 'L_INFO'),
    xdbg: atLevel(LogLevel.dbg, 'L_DBG'),
    xdbgl: atLevel(LogLevel.dbg, 'L_DBG', true),
  },
  variables: {
    C: variableFamily<Logger>('Terminal colour: a letter each for text and background.', { inner: 'required' }, (inner) => {
      const code = terminalColour(inner ?? '')
      return code === undefined
        ? `'${inner}' is no colour: write two letters such as rx, the first for the text, the second for the background`
        : { get: (_context, logger) => (logger.showsColour ? code : '') }
    }),
  },
})
