import { spawnSync } from 'node:child_process'

/** The path of a program; undefined when it is not installed. */
export function programPath(name: string): string | undefined {
  const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' })
  return found.status === 0 ? found.stdout.trim() : undefined
}

/** For a test's `skip`: false when all are installed, else what to install. */
export function missingPrograms(...names: readonly string[]): string | false {
  const missing = names.filter((name) => programPath(name) === undefined)
  return missing.length === 0 ? false : `not installed: ${missing.join(', ')} (.ci/run installs them)`
}
