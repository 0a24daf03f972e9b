/** The cases there are: files under cases/ that end in .cfg or .table. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readCase } from './case-file.ts'
import type { Case } from './case-file.ts'
import { readTable } from './table.ts'
import type { Table } from './table.ts'

const folder = join(import.meta.dirname, '..', 'cases')

export const loadCase = (path: string): Case | Table => (path.endsWith('.table') ? readTable(path) : readCase(path))

export const casePaths = (): string[] => readdirSync(folder, { withFileTypes: true })
  .filter((area) => area.isDirectory())
  .flatMap((area) => readdirSync(join(folder, area.name)).sort().map((file) => join(folder, area.name, file)))
  .filter((path) => /\.(cfg|table)$/.test(path))
