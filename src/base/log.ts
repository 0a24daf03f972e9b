/** Log levels, numbered as in Kamailio's `debug` parameter. */
export const LogLevel = {
  alert: -5,
  bug: -4,
  crit2: -3,
  crit: -2,
  err: -1,
  warn: 0,
  notice: 1,
  info: 2,
  dbg: 3,
} as const
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel]

/** One line on its way out. */
export interface LogRecord {
  readonly level: LogLevel
  /** Printed in front of the text as it is: `<core>: `, `<script>: `. */
  readonly origin: string
  readonly text: string
  /** The text goes out as it is, with no line end added (scripts bring their own). */
  readonly isVerbatim?: boolean
  /** Overrides `log_facility` for this line (xlogm and modules with a facility of their own). */
  readonly facility?: string
  /** Stands in place of the level's usual name. */
  readonly levelName?: string
}

/** Where lines go. The server's writes Kamailio's form to stderr or syslog; a test's keeps them. */
export interface Log {
  /** Lines above this level are not written (`debug`). */
  level: number
  /** What a module has of its own, in place of `debug` and `log_facility`. */
  modules: ModuleLogs | undefined
  /** Terminal codes of levels that differ from the usual colours. */
  readonly colours: Map<LogLevel, string>
  isEnabled(level: LogLevel): boolean
  write(record: LogRecord): void
  /** `origin` is `<core>` or a module's name. */
  error(origin: string, text: string): void
  warning(origin: string, text: string): void
  notice(origin: string, text: string): void
  info(origin: string, text: string): void
  debug(origin: string, text: string): void
}

/** Levels and facilities of single modules; undefined for those that have none. */
export interface ModuleLogs {
  levelOf(module: string): number | undefined
  facilityOf(module: string): string | undefined
  /** The highest of the levels. */
  readonly highest: number
}

/** The module that a line comes from; scripts write by xlog. */
function moduleOf(origin: string): string {
  const name = origin.endsWith(': ') ? origin.slice(0, -2) : origin
  return name === '<core>' ? 'core' : name === '<script>' ? 'xlog' : name
}

/** A log that hands each enabled line to `sink`. */
export function createLog(level: number, sink: (record: LogRecord) => void): Log {
  const log: Log = {
    level,
    modules: undefined,
    colours: new Map(),
    isEnabled: (wanted) => wanted <= (log.modules === undefined ? log.level : Math.max(log.level, log.modules.highest)),
    write(record) {
      if (log.modules === undefined) {
        if (record.level <= log.level) sink(record)
        return
      }
      const name = moduleOf(record.origin)
      if (record.level > (log.modules.levelOf(name) ?? log.level)) return
      const facility = record.facility ?? log.modules.facilityOf(name)
      sink(facility === undefined ? record : { ...record, facility })
    },
    error: (origin, text) => log.write({ level: LogLevel.err, origin: `${origin}: `, text }),
    warning: (origin, text) => log.write({ level: LogLevel.warn, origin: `${origin}: `, text }),
    notice: (origin, text) => log.write({ level: LogLevel.notice, origin: `${origin}: `, text }),
    info: (origin, text) => log.write({ level: LogLevel.info, origin: `${origin}: `, text }),
    debug: (origin, text) => log.write({ level: LogLevel.dbg, origin: `${origin}: `, text }),
  }
  return log
}
