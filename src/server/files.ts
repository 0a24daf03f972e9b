import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import type { FileAccess } from '../runtime/host.ts'

/** Files as byte strings, one character per byte. */
export const systemFiles: FileAccess = {
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
}
