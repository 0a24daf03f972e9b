import { appendFileSync, closeSync, constants, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import type { NativeAddon } from '../net/native-addon.ts'
import type { FileAccess } from '../runtime/host.ts'
import { FileWatch } from './file-watch.ts'

/** Files as byte strings, one character per byte. Node knows no Unix datagrams: without the add-on none are sent. */
export function systemFiles(addon: NativeAddon | undefined): FileAccess {
  return {
    read(path) {
      try {
        return readFileSync(path, 'latin1')
      } catch {
        return undefined
      }
    },
    write(path, text, append) {
      try {
        if (append) appendFileSync(path, text, 'latin1')
        else writeFileSync(path, text, 'latin1')
        return true
      } catch {
        return false
      }
    },
    watch: watchFiles,
    writeFifo,
    sendUnix(path, text) {
      const opened = addon?.openUnix({}, () => undefined) ?? 'this needs the native add-on'
      if (typeof opened === 'string') return opened
      if ('error' in opened) return opened.text
      const result = opened.send(text, path)
      opened.close()
      return result === 0 ? true : `error ${-result}`
    },
  }
}

function watchFiles(paths: readonly string[], changed: () => void): () => void {
  const watch = new FileWatch(changed)
  watch.follow(paths)
  return () => watch.close()
}

/** Does not wait: a FIFO that nobody reads, or that is full, is an error. */
function writeFifo(path: string, text: string): true | string {
  let file = -1
  try {
    file = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
    const bytes = Buffer.from(text, 'latin1')
    return writeSync(file, bytes) === bytes.length ? true : 'not all of it could be written'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    if (file >= 0) closeSync(file)
  }
}
