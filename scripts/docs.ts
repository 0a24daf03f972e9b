/** npm run docs: writes docs/reference from the module definitions. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { referencePages } from './reference.ts'

const folder = join(import.meta.dirname, '..', 'docs', 'reference')

if (process.argv.includes('--help')) {
  console.log('usage: npm run docs   writes docs/reference from the module definitions')
} else {
  rmSync(folder, { recursive: true, force: true })
  const pages = await referencePages()
  for (const [path, text] of pages) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  console.log(`${pages.size} pages in docs/reference`)
}
