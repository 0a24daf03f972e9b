import { readFileSync, writeFileSync } from 'node:fs'
import { transformSync } from 'esbuild'
import { convertFile } from '../src/convert/convert-file.ts'
import { eventLines, settingsText } from '../src/convert/settings.ts'
import { loadConfiguration, existingModuleNames } from '../src/server/start.ts'
import { drawDiagnostic } from '../src/script/diagnostic.ts'
import { loadCase, casePaths } from '../test/differential/harness/find-cases.ts'
import { comparePrepared } from '../test/differential/harness/run-case.ts'
import { kamailio, subject } from '../test/differential/harness/server-process.ts'

const readFile = (p: string) => { try { return readFileSync(p, 'latin1') } catch { return undefined } }
async function convertText(path: string, text: string, defines = new Map<string, string | undefined>()) {
  const read = (p: string) => (p === path ? text : readFile(p))
  const loaded = await loadConfiguration({ path, readFile: read, defines, substs: [], environment: {} })
  return convertFile(path, { readFile: read, defines }, { definitions: loaded.definitions, existing: existingModuleNames })
}
const pattern = new RegExp(process.argv[2] ?? '.')
const verbose = process.argv.includes('-v')
let same = 0, differ = 0, cannot = 0, refused = 0, skipped = 0
for (const path of casePaths()) {
  const item = loadCase(path)
  if (!pattern.test(item.name) || item.knownDifference) continue
  const { converted, parsed } = await convertText('case.cfg', item.cfg).catch((e) => { console.log('THROWS', item.name, e); throw e })
  const errors = converted.diagnostics.filter((d) => d.severity === 'error')
  if (errors.length > 0) {
    if (errors.some((d) => d.code !== 'KAH0390')) { skipped++; continue }
    cannot++
    console.log(`cannot ${item.name}: ${errors.map((d) => d.message).join('; ')}`)
    continue
  }
  const { definitions } = await loadConfiguration({ path: 'case.cfg', readFile: (p) => (p === 'case.cfg' ? item.cfg : readFile(p)), defines: new Map(), substs: [], environment: {} })
  const prepare = (cfg: string, folder: string) => {
    const again = convertFile('case.cfg', { readFile: (p) => (p === 'case.cfg' ? cfg : readFile(p)) }, { definitions, existing: existingModuleNames })
    const js = transformSync(again.converted.source, { loader: 'ts' }).code.replace(/^export \{[^}]*\};?/gm, '').replace(/^export /gm, '')
    writeFileSync(`${folder}/routes.js`, js)
    return settingsText(again.parsed, ['loadmodule "app_jsdt.so"', 'modparam("app_jsdt", "load", "routes.js")', 'cfgengine "jsdt"', ...eventLines(again.converted.events)])
  }
  if (verbose) console.log(converted.source)
  const result = await comparePrepared(item, [kamailio, subject()], prepare)
  if (result.difference === null) { same++; if (verbose) console.log('same', item.name) }
  else { differ++; console.log(`DIFFERS ${item.name}\n${result.difference.slice(0, 1500)}`); if (verbose || result.other.lines.some((l) => l.includes('refuses'))) console.log(result.other.stderr.slice(0, 1500)) }
}
console.log({ same, differ, cannot, skipped })
process.exit(0)
