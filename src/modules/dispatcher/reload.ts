/** Changing the sets while the server runs, not too often. */
import { loadSets } from './load.ts'
import { fail, type Dispatcher } from './state.ts'

/** Lets one change through in reload_delta seconds; false, with a line in the log, for others. */
export function mayReload(state: Dispatcher): boolean {
  const now = Math.floor(state.host.clock.now() / 1000)
  const { reload_delta } = state.params
  if (state.reloadedAt !== 0 && state.reloadedAt > now - Math.max(0, reload_delta)) {
    fail(state, 'ongoing reload')
    return false
  }
  state.reloadedAt = now
  return true
}

/** Makes a change of the sets when those asked for before are done. */
export function inOrder<T>(state: Dispatcher, change: () => Promise<T>): Promise<T> {
  const changed = state.changing.then(change)
  state.changing = changed.catch(() => undefined)
  return changed
}

/** Reads all sets anew; false, with a line in the log, when that fails. */
export async function reloadSets(state: Dispatcher): Promise<boolean> {
  if (await inOrder(state, () => loadSets(state, true))) return true
  fail(state, `Error reloading from ${state.database === undefined ? 'list' : 'db'}`)
  return false
}
