/**
 * Finds and runs the tests: node --import tsx scripts/test.ts [--help] [WORD ...]
 *
 * Without words all `*.test.ts` under src, test and bench run; with words those whose path contains one of them. The exit status is
 * 0 when all passed. The last line is `N passed, N failed, N skipped`. Where phones and servers of others take part, the machine may be
 * too busy with the other tests: such files run once more alone when they failed, and that is told.
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

interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

interface Outcome extends Counts {
  readonly failedFiles: readonly string[]
}

const run = (files: readonly string[]): Promise<Outcome> => new Promise((resolve) => {
  const args = ['--import', 'tsx', '--test', '--test-concurrency=2', `--test-timeout=${LONGEST_FILE_MS}`, '--test-reporter=spec', ...files]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (text: string) => {
    process.stdout.write(text)
    // The summary stands at the end, or before the list of failures: only its lines are looked for.
    output += text
  })
  child.on('close', (code) => {
    resolve({
      passed: countOf(output, 'pass'),
      // A suite whose hook failed is in no count.
      failed: Math.max(countOf(output, 'fail') + countOf(output, 'cancelled'), code === 0 ? 0 : 1),
      skipped: countOf(output, 'skipped') + countOf(output, 'todo'),
      failedFiles: [...new Set([...output.matchAll(/^test at (\S+?\.test\.m?ts):\d+:\d+$/gm)].map(([, file = '']) => file))],
    })
  })
})

/** Whose tests meet other programs; the differential cases see to that themselves. */
const meetsOthers = (file: string): boolean =>
  /^test\/(?:peers|scenarios|kemi|differential)\//.test(file) && file !== 'test/differential/differential.test.ts'
/** More than a few are no accident. */
const BUSY_FILES_MAX = 3

/** Runs what failed again, where that may have been the other tests' doing. */
const runAndDoubt = async (files: readonly string[]): Promise<Counts> => {
  const outcome = await run(files)
  const { passed, failed, skipped, failedFiles } = outcome
  const isDoubtful = failedFiles.length > 0 && failedFiles.length <= BUSY_FILES_MAX && files.length > 1
    && failedFiles.every(meetsOthers)
  if (!isDoubtful) return outcome
  console.log(`\n${failed} failed beside other tests; once more, alone: ${failedFiles.join(' ')}\n`)
  let failedAgain = 0
  for (const file of failedFiles) failedAgain += (await run([file])).failed
  if (failedAgain === 0) console.log(`\nFAILED BESIDE OTHER TESTS AND PASSED ALONE: ${failedFiles.join(' ')}`)
  return failedAgain === 0 ? { passed: passed + failed, failed: 0, skipped } : outcome
}

const words = process.argv.slice(2)
if (words.includes('--help')) {
  console.log('usage: node --import tsx scripts/test.ts [WORD ...]   runs the test files whose path contains a WORD, or all')
} else {
  const files = folders.flatMap(testFiles).filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  if (files.length === 0) {
    console.error(`no test file matches ${words.join(' ')}`)
    process.exitCode = 1
  } else {
    const { passed, failed, skipped } = await runAndDoubt(inOneProcess(files))
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
    process.exitCode = failed === 0 ? 0 : 1
  }
}
