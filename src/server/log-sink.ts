/** Where the log's lines go: standard error, or the system's log. */
import { writeSync } from 'node:fs'
import type { LogLevel, LogRecord } from '../base/log.ts'
import type { NativeAddon } from '../net/native-addon.ts'
import type { Settings } from '../runtime/settings.ts'
import { stderrLine, syslogDatagram } from './log-output.ts'
import type { LogScope } from './log-scope.ts'

export interface LogSink {
  colours: ReadonlyMap<LogLevel, string>
  write(record: LogRecord): void
  close(): void
}

/** Lines wait at most this long, so that a flood of them costs few system calls. */
const BATCH_BYTES = 32_768

/** Lines on standard error in Kamailio's form. They leave in one piece at the end of the turn, or when much has gathered. */
export function createStderrSink(scope: LogScope, isColoured: boolean, pid: number): LogSink {
  let pending = ''
  let isScheduled = false
  const flush = (): void => {
    isScheduled = false
    const bytes = Buffer.from(pending, 'latin1')
    pending = ''
    let at = 0
    while (at < bytes.length) {
      try {
        at += writeSync(2, bytes, at)
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') continue
        return
      }
    }
  }
  const options = { pid, coloured: isColoured, colours: new Map<LogLevel, string>() }
  return {
    colours: options.colours,
    write(record) {
      pending += stderrLine(record, scope.prefix(), scope.isInMessage ? 1 : 0, { ...options, colours: this.colours })
      if (pending.length >= BATCH_BYTES) flush()
      else if (!isScheduled) {
        isScheduled = true
        setImmediate(flush)
      }
    },
    close: flush,
  }
}

/** Lines to /dev/log; to standard error when there is none or the add-on is not built. */
export function createSyslogSink(scope: LogScope, settings: Settings, addon: NativeAddon | undefined, pid: number): LogSink {
  const socket = addon?.openUnix({}, () => undefined)
  const fallback = createStderrSink(scope, false, pid)
  if (socket === undefined || 'error' in socket) return fallback
  const program = settings.log_name === '' ? 'kahea' : settings.log_name
  return {
    colours: new Map(),
    write(record) {
      const line = syslogDatagram(record, scope.prefix(), { facility: settings.log_facility, program, pid, now: new Date() })
      if (socket.send(line, '/dev/log') !== 0) fallback.write(record)
    },
    close() {
      socket.close()
      fallback.close()
    },
  }
}
