/**
 * What routing in another language costs: the same REGISTER and call routes natively and in every language that is there, in Kāhea and in
 * Kamailio.
 *
 *     npm run build && node --import tsx bench/kemi.ts [--seconds 4] [--warmup 2] [--rounds 2] [--only WORD] [--scenario call|register]
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { modules } from '../src/modules/index.ts'
import { buildGenerator, contenders, measure, type Contender, type Load, type Measurement } from './measure.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    warmup: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '2' },
    window: { type: 'string', default: '100' },
    only: { type: 'string', default: '' },
    scenario: { type: 'string', default: '' },
  },
})

const scripts = join(import.meta.dirname, 'kemi')

interface Language {
  readonly name: string
  readonly module: string
  readonly script: string
  readonly engine: string
}

const languages: readonly Language[] = [
  { name: 'TypeScript', module: 'app_ts', script: 'routes.ts', engine: 'ts' },
  { name: 'JavaScript', module: 'app_jsdt', script: 'routes.js', engine: 'jsdt' },
  { name: 'Lua', module: 'app_lua', script: 'routes.lua', engine: 'lua' },
  { name: 'Python', module: 'app_python3', script: 'routes.py', engine: 'python' },
  { name: 'Ruby', module: 'app_ruby', script: 'routes.rb', engine: 'ruby' },
]

interface Entry {
  readonly name: string
  readonly contender: Contender
  readonly cfg: string
}

function entries(folder: string): readonly Entry[] {
  const head = readFileSync(join(scripts, 'head.cfg'), 'latin1')
  const write = (name: string, text: string): string => {
    const path = join(folder, `${name}.cfg`)
    writeFileSync(path, head + text, 'latin1')
    return path
  }
  const native = write('native', readFileSync(join(scripts, 'native.cfg'), 'latin1'))
  const cfgs = languages.map((language) => ({
    ...language,
    cfg: write(language.module, `loadmodule "${language.module}.so"\nmodparam("${language.module}", "load", "${join(scripts, language.script)}")\n` +
      `cfgengine "${language.engine}"\n`),
  }))
  const found: Entry[] = []
  for (const contender of contenders.filter(({ name, command }) => name !== 'kahea, dgram' && existsSync(command[0] ?? ''))) {
    const isKamailio = contender.name === 'kamailio'
    found.push({ name: `${contender.name} native`, contender, cfg: native })
    for (const { name, module, cfg } of cfgs) {
      const isThere = isKamailio ? existsSync(`/usr/lib/x86_64-linux-gnu/kamailio/modules/${module}.so`) : Object.hasOwn(modules, module)
      if (isThere) found.push({ name: `${contender.name} ${name}`, contender, cfg })
    }
  }
  return found.filter(({ name }) => name.toLowerCase().includes(values.only.toLowerCase()))
}

const folder = mkdtempSync(join(tmpdir(), 'kahea-kemi-'))
try {
  const generator = buildGenerator(folder)
  const all = entries(folder)
  for (const mode of (['register', 'call'] as const).filter((name) => name.includes(values.scenario))) {
    const load: Load = { mode, seconds: Number(values.seconds), warmupSeconds: Number(values.warmup), window: Number(values.window) }
    const found = new Map<string, Measurement[]>(all.map(({ name }) => [name, []]))
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const { name, contender, cfg } of round % 2 === 0 ? all : all.toReversed()) {
        found.get(name)?.push(await measure(contender, cfg, load, generator))
      }
    }
    console.log(`\n${mode}: CPU us each, beside Kāhea's native cfg, memory MB, lost`)
    const cpu = (name: string): number => Math.min(...(found.get(name) ?? []).map(({ cpuMicroseconds }) => cpuMicroseconds))
    const base = cpu('kahea native')
    for (const [name, runs] of found) {
      const lost = runs.reduce((sum, run) => sum + run.lost, 0)
      const memory = Math.max(...runs.map(({ memoryMb }) => memoryMb))
      console.log(`${name.padEnd(22)} ${cpu(name).toFixed(2).padStart(8)} ${(cpu(name) / base).toFixed(2).padStart(6)} ` +
        `${memory.toFixed(0).padStart(6)} ${String(lost).padStart(5)}`)
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
