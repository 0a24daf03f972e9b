/**
 * Finds and runs the tests: node --import tsx scripts/test.ts [--help] [WORD ...]
 *
 * Without words all `*.test.ts` under src, test and bench run; with words those whose path contains one of them. The exit status is
 * 0 when all passed. The last line is `N passed, N failed, N skipped`.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const folders = ['src', 'test', 'bench', 'examples']

const testFiles = (folder: string): string[] => {
  let names
  try {
    names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  } catch {
    return []
  }
  return names.filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules')).map((name) => join(folder, name)).sort()
}

/**
 * The tests of the sources share a process: they take milliseconds each, and a process of its own takes half a second to read the sources.
 * The runner wants a file, which imports them all.
 */
const inOneProcess = (files: readonly string[]): string[] => {
  const ofSources = files.filter((file) => file.startsWith('src/'))
  if (ofSources.length < 2) return [...files]
  const folder = join(root, 'node_modules', '.cache', 'kahea')
  mkdirSync(folder, { recursive: true })
  const together = join(folder, 'sources.test.mts')
  writeFileSync(together, ofSources.map((file) => `import ${JSON.stringify(join(root, file))}\n`).join(''))
  return [together, ...files.filter((file) => !file.startsWith('src/'))]
}

/** A file of tests that hangs fails by name; the longest takes a quarter of an hour on a busy machine with two cores. */
const LONGEST_FILE_MS = 2_400_000

/** Counts of the runner's own summary, `# pass 12` or `ℹ pass 12`. */
const countOf = (output: string, what: string): number =>
  Number(new RegExp(`^(?:#|ℹ) ${what} (\\d+)$`, 'm').exec(output)?.[1] ?? 0)

const run = (files: string[]): Promise<number> => new Promise((resolve) => {
  const args = ['--import', 'tsx', '--test', '--test-concurrency=2', `--test-timeout=${LONGEST_FILE_MS}`, '--test-reporter=spec', ...files]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let tail = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (text: string) => {
    process.stdout.write(text)
    // The summary stands at the end, or before the list of failures: only the counts are looked for.
    tail += text
  })
  child.on('close', (code) => {
    // A suite whose hook failed is in no count.
    const failed = Math.max(countOf(tail, 'fail') + countOf(tail, 'cancelled'), code === 0 ? 0 : 1)
    const skipped = countOf(tail, 'skipped') + countOf(tail, 'todo')
    console.log(`${countOf(tail, 'pass')} passed, ${failed} failed, ${skipped} skipped`)
    resolve(code ?? 1)
  })
})

const words = process.argv.slice(2)
if (words.includes('--help')) {
  console.log('usage: node --import tsx scripts/test.ts [WORD ...]   runs the test files whose path contains a WORD, or all')
} else {
  const files = folders.flatMap(testFiles).filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  if (files.length === 0) {
    console.error(`no test file matches ${words.join(' ')}`)
    process.exitCode = 1
  } else {
    process.exitCode = await run(inOneProcess(files))
  }
}
