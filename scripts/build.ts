/**
 * Puts the sources into few files: node --import tsx scripts/build.ts [--help]
 *
 * `dist/cli/main.js` is the command, `dist/lib/index.js` what programs import, `dist/workers/` the threads, `dist/chunks/` what they share and each
 * module by itself. Node takes about twice as long to start from some hundred files. Types come from tsc (`dist/types`).
 * Every file stands two folders below the package, as src/base/package-root.ts expects.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { ksrTypes } from './ksr.ts'

const root = join(import.meta.dirname, '..')

if (process.argv.includes('--help')) {
  console.log('usage: node --import tsx scripts/build.ts   writes dist/cli, dist/lib, dist/workers and dist/chunks')
} else {
  for (const folder of ['cli', 'lib', 'workers', 'chunks']) rmSync(join(root, 'dist', folder), { recursive: true, force: true })
  await build({
    absWorkingDir: root,
    entryPoints: { 'cli/main': 'src/cli/main.ts', 'lib/index': 'src/index.ts', 'workers/sqlite': 'src/db/sqlite/worker.ts' },
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  })
  // Editors find KSR where they find the package's own types.
  const index = join(root, 'dist/types/index.d.ts')
  if (existsSync(index)) {
    writeFileSync(join(root, 'dist/types/ksr.d.ts'), await ksrTypes())
    const text = readFileSync(index, 'utf8')
    const line = "export type * from './ksr.js'\n"
    if (!text.includes(line)) writeFileSync(index, text + line)
  }
}
