/** Tells when one of some files was saved: once for all that is written together, also where an editor puts a new file in its place. */
import { statSync, watch, type FSWatcher } from 'node:fs'
import { dirname, join } from 'node:path'

/** Editors write, rename and touch; what happens within this time is one save. */
const QUIET_MS = 150

export class FileWatch {
  readonly #saved: (files: readonly string[]) => void
  /** By folder: a watch on a file would be lost when another file takes its name. */
  readonly #watchers = new Map<string, FSWatcher>()
  readonly #changed = new Set<string>()
  #files: ReadonlySet<string> = new Set()
  #timer: NodeJS.Timeout | undefined = undefined

  constructor(saved: (files: readonly string[]) => void) {
    this.#saved = saved
  }

  /** Watches these files, given by their whole paths, and no others. */
  follow(files: readonly string[]): void {
    this.#files = new Set(files)
    const folders = new Set(files.map((file) => dirname(file)))
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue
      watcher.close()
      this.#watchers.delete(folder)
    }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#open(folder)
  }

  /** Takes those for saved that were changed after they had been read at that time (milliseconds since 1970), before they were watched. */
  catchUp(readAt: number): void {
    for (const file of this.#files) {
      const stat = statSync(file, { throwIfNoEntry: false })
      if (stat !== undefined && stat.mtimeMs > readAt) this.#take(file)
    }
  }

  close(): void {
    clearTimeout(this.#timer)
    this.follow([])
  }

  #open(folder: string): void {
    try {
      const watcher = watch(folder, (_event, name) => {
        if (name !== null) this.#take(join(folder, name))
      })
      // A folder that goes is watched no more.
      watcher.on('error', () => {
        watcher.close()
        this.#watchers.delete(folder)
      })
      this.#watchers.set(folder, watcher)
    } catch {
      // It is not there: nothing in it can be saved.
    }
  }

  #take(file: string): void {
    if (!this.#files.has(file)) return
    this.#changed.add(file)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      const files = [...this.#changed]
      this.#changed.clear()
      this.#saved(files)
    }, QUIET_MS)
  }
}
