import { readFileSync } from 'node:fs'

/** A file's bytes, one character each; undefined where it cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}
