/** What kahea convert writes is TypeScript in order: strict, without a name that nobody uses. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ksrTypes } from '../scripts/ksr.ts'
import { convertFile } from '../src/convert/convert-file.ts'
import { existingModuleNames, loadConfiguration } from '../src/server/start.ts'
import { casePaths, loadCase } from './differential/harness/find-cases.ts'

const root = join(import.meta.dirname, '..')
const AREAS = /^(?:tm|registrar|expressions|forwarding)\//
const options = {
  strict: true, noEmit: true, noUnusedLocals: true, noUnusedParameters: true, target: 'es2023', lib: ['es2023'], module: 'nodenext',
  moduleResolution: 'nodenext', skipLibCheck: true, types: ['node'], typeRoots: [join(root, 'node_modules', '@types')],
}

test('converted scripts pass the compiler', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-convert-'))
  const files = ['ksr.d.ts']
  try {
    writeFileSync(join(folder, 'ksr.d.ts'), await ksrTypes())
    for (const path of casePaths()) {
      const item = loadCase(path)
      if (!AREAS.test(item.name)) continue
      const readFile = (name: string): string | undefined => (name === 'a.cfg' ? item.cfg : undefined)
      const { definitions } = await loadConfiguration({ path: 'a.cfg', readFile, defines: new Map(), substs: [], environment: {} })
      const { converted } = convertFile('a.cfg', { readFile }, { definitions, existing: existingModuleNames })
      if (converted.diagnostics.some(({ severity }) => severity === 'error')) continue
      const name = `${files.length}.ts`
      writeFileSync(join(folder, name), `// ${item.name}\n${converted.source}\n`)
      files.push(name)
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files }))
    context.diagnostic(`${files.length - 1} scripts`)
    assert.ok(files.length > 50, String(files.length))
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' })
    assert.equal(stdout.split('\n').slice(0, 20).join('\n'), '')
    assert.equal(status, 0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
