const WAIT_MS_MAX = 10_000
const STEP_MS = 5

/** Waits until something holds; when it does not in time, fails with `describe()`. */
export async function until(holds: () => boolean, describe: () => string, waitMs = WAIT_MS_MAX): Promise<void> {
  const endMs = performance.now() + waitMs
  while (!holds()) {
    if (performance.now() > endMs) throw new Error(`not within ${waitMs} ms: ${describe()}`)
    await new Promise((resolve) => { setTimeout(resolve, STEP_MS) })
  }
}
