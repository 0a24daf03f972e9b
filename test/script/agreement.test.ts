import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseConfig } from '../../src/script/parse.ts'
import { drawDiagnostic } from '../../src/script/diagnostic.ts'
import { agreementCases, type AgreementCase } from './agreement-cases.ts'

const environment = new Map(Object.entries(process.env).map(([name, value]) => [name, value ?? '']))

function parserVerdict({ text }: AgreementCase): { verdict: 'accept' | 'reject'; report: string } {
  const readFile = (path: string): string | undefined => (path === 'case.cfg' ? text : undefined)
  const { diagnostics, sources } = parseConfig('case.cfg', { readFile, environment })
  const report = diagnostics.map((diagnostic) => drawDiagnostic(diagnostic, sources)).join('\n')
  return { verdict: diagnostics.some(({ severity }) => severity === 'error') ? 'reject' : 'accept', report }
}

test('the parser accepts and rejects what Kamailio does', () => {
  const wrong: string[] = []
  for (const one of agreementCases) {
    const { verdict, report } = parserVerdict(one)
    if (verdict !== one.verdict) wrong.push(`should ${one.verdict}:\n${one.text}\n${report}`)
  }
  assert.equal(wrong.length, 0, `${wrong.length} of ${agreementCases.length}:\n\n${wrong.join('\n\n')}`)
})

test('Kamailio gives the verdicts that the cases are noted with', (t) => {
  const found = spawnSync('kamailio', ['-v'], { encoding: 'latin1' })
  if (found.error !== undefined || !found.stdout.includes('kamailio 5.6.')) {
    t.skip('Kamailio 5.6 is not installed')
    return
  }
  const folder = mkdtempSync(join(tmpdir(), 'kahea-agreement-'))
  try {
    const wrong: string[] = []
    for (const one of agreementCases) {
      const file = join(folder, 'case.cfg')
      writeFileSync(file, one.text, 'latin1')
      const { verdict, log } = kamailioVerdict(file)
      if (verdict !== one.verdict) wrong.push(`noted as ${one.verdict}:\n${one.text}\n${log}`)
    }
    assert.equal(wrong.length, 0, `${wrong.length} of ${agreementCases.length}:\n\n${wrong.join('\n\n')}`)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

/** With an address of its own Kamailio asks no name server about those of the machine. */
function kamailioVerdict(file: string): { verdict: 'accept' | 'reject'; log: string } {
  try {
    execFileSync('kamailio', ['-c', '-E', '-l', 'udp:127.0.0.1:5060', '-f', file], { encoding: 'latin1', stdio: 'pipe', timeout: 20_000 })
    return { verdict: 'accept', log: '' }
  } catch (thrown) {
    if (thrown instanceof Error && 'signal' in thrown && thrown.signal !== null) throw thrown
    const log = thrown instanceof Error && 'stderr' in thrown ? String(thrown.stderr) : String(thrown)
    return { verdict: 'reject', log: log.split('\n').filter((line) => /ERROR|CRITICAL/.test(line)).slice(0, 3).join('\n') }
  }
}
