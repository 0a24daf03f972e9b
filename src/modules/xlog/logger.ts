import { LogLevel } from '../../base/log.ts'
import type { FormatText } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { levelOf, type Level } from './level.ts'

export interface LoggerParams {
  readonly buf_size: number
  readonly force_color: number
  readonly long_format: number
  readonly prefix: string
  readonly prefix_mode: number
  readonly log_facility: string
  readonly methods_filter: number
  readonly auto_newline: number
}

export interface Logger {
  readonly showsColour: boolean
  print(context: RouteContext, level: LogLevel, format: FormatText, withLine: boolean, facility?: string): number
  printAt(context: RouteContext, level: Level, format: FormatText, withLine: boolean, facility?: string): number
  isMethodSilent(context: RouteContext): boolean
  preparePrefix(): void
}

/** Prints the script's lines; the results are what the xlog functions return. */
export function createLogger(host: Host, params: LoggerParams): Logger {
  let prefixFormat: FormatText | undefined
  const facilityOfModule = params.log_facility === '' ? undefined : params.log_facility

  const print: Logger['print'] = (context, level, format, withLine, facility) => {
    if (!host.log.isEnabled(level)) return 1
    const text = format.evaluateWithin(context, params.buf_size)
    if (text === null) return -1
    const place = !withLine ? '' : params.long_format ? `${context.file}:${context.line}:` : `${context.line}:`
    host.log.write({
      level,
      origin: prefixFormat ? prefixFormat.evaluate(context) : params.prefix,
      text: params.auto_newline && !text.endsWith('\n') ? `${place}${text}\n` : place + text,
      facility: facility ?? facilityOfModule,
      isVerbatim: true,
    })
    return 1
  }

  return {
    get showsColour() {
      return host.settings.log_stderror !== 0 || params.force_color !== 0
    },
    print,
    printAt(context, level, format, withLine, facility) {
      if (typeof level === 'number') return print(context, level, format, withLine, facility)
      const value = level.get(context)
      const computed = levelOf(value)
      if (computed === undefined) {
        host.log.error('xlog', `${level.text} holds no log level: ${value === null ? 'it is null' : `'${value}'`}`)
        return -1
      }
      return print(context, computed, format, withLine, facility)
    },
    isMethodSilent: (context) => (context.message.methodId & params.methods_filter) !== 0,
    preparePrefix() {
      if (params.prefix_mode === 0) return
      const format = host.prepare.format(params.prefix)
      if (typeof format === 'string') host.log.error('xlog', `prefix is used as it is: ${format}`)
      else prefixFormat = format
    },
  }
}
