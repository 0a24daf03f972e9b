import { readFileSync } from 'node:fs'
import { convertFile } from '../src/convert/convert-file.ts'
import { loadConfiguration, existingModuleNames } from '../src/server/start.ts'
import { drawDiagnostic } from '../src/script/diagnostic.ts'
const path = process.argv[2]!
const readFile = (p: string) => { try { return readFileSync(p, 'latin1') } catch { return undefined } }
const defines = new Map<string, string|undefined>(process.argv.slice(3).map((d) => [d, undefined]))
const loaded = await loadConfiguration({ path, readFile, defines, substs: [], environment: {} })
const { converted, parsed } = convertFile(path, { readFile, defines }, { definitions: loaded.definitions, existing: existingModuleNames })
console.log(converted.source)
for (const d of converted.diagnostics) console.error(drawDiagnostic(d, parsed.sources))
console.error(converted.constants, converted.events.map(({module,param,name}) => ({module,param,name})))
