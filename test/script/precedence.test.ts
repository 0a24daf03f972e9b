import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Expression } from '../../src/script/ast.ts'
import { simplify } from '../../src/script/compile-simplify.ts'
import { parseConfig } from '../../src/script/parse.ts'

const binaries = [
  '||', '&&', '|', '&', '^', '<<', '>>', '==', '!=', 'ieq', 'ine', '<', '<=', '>', '>=', '+', '-', '*', '/', 'mod', 'or', 'and',
]
const unaries = ['!', '-', '~', 'not ', '(int)']

/** Small numbers from a seed, the same in every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    return (state >>> 16) % below
  }
}

function createExpressions(count: number): string[] {
  const random = createRandom(20)
  return Array.from({ length: count }, () => {
    let text = ''
    for (let operand = 0; operand <= 2 + random(4); operand++) {
      if (operand > 0) text += ` ${binaries[random(binaries.length)] ?? '+'} `
      if (random(4) === 0) text += unaries[random(unaries.length)] ?? ''
      // Variables keep Kamailio from computing the result while it reads the file.
      text += random(3) === 0 ? `$var(v${1 + random(7)})` : String(1 + random(7))
    }
    return text
  })
}

/** The value of an expression of numbers in 32 bits; `undefined` where Kamailio's C leaves it open. */
function evaluate(expression: Expression): number | undefined {
  switch (expression.kind) {
    case 'int': return expression.value
    case 'variable': return Number(/\d+/.exec(expression.text)?.[0])
    case 'cast': return evaluate(expression.operand)
    case 'unary': {
      const value = evaluate(expression.operand)
      if (value === undefined) return undefined
      return expression.operator === '!' ? Number(value === 0) : expression.operator === '-' ? -value | 0 : ~value
    }
    case 'binary': {
      const a = evaluate(expression.left)
      const b = evaluate(expression.right)
      if (a === undefined || b === undefined) return undefined
      switch (expression.operator) {
        case '||': return Number(a !== 0 || b !== 0)
        case '&&': return Number(a !== 0 && b !== 0)
        case '|': return a | b
        case '&': return a & b
        case '^': return a ^ b
        case '<<': return b < 0 || b > 31 || a < 0 ? undefined : a << b
        case '>>': return b < 0 || b > 31 || a < 0 ? undefined : a >> b
        case '==': case 'ieq': return Number(a === b)
        case '!=': case 'ine': return Number(a !== b)
        case '<': return Number(a < b)
        case '<=': return Number(a <= b)
        case '>': return Number(a > b)
        case '>=': return Number(a >= b)
        case '+': return (a + b) | 0
        case '-': return (a - b) | 0
        case '*': return Math.imul(a, b)
        case '/': return b === 0 ? undefined : Math.trunc(a / b)
        case 'mod': return b === 0 ? undefined : a % b
      }
    }
  }
  return undefined
}

function configOf(expressions: readonly string[]): string {
  const values = [1, 2, 3, 4, 5, 6, 7].map((value) => `$var(v${value}) = ${value};`).join(' ')
  const lines = expressions.map((text, index) => `  $var(x) = ${text};\n  xlog("L_ERR", "value ${index} is $var(x) .\\n");`)
  return `debug=0\nlog_stderror=yes\nchildren=1\nlisten=udp:127.0.0.1:25897\ndisable_tcp=yes\nauto_aliases=no
loadmodule "pv.so"\nloadmodule "xlog.so"\nroute { drop; }
event_route[core:worker-one-init] {\n  ${values}\n${lines.join('\n')}\n  xlog("L_ERR", "all done\\n");\n}\n`
}

/** Runs the configuration until its last line has been logged. */
async function runKamailio(config: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'kahea-precedence-'))
  const file = join(folder, 'kamailio.cfg')
  writeFileSync(file, config)
  const child = spawn('kamailio', ['-f', file, '-DD', '-E', '-w', folder, '-Y', folder, '-P', join(folder, 'pid'), '-m', '32', '-M', '32'])
  let log = ''
  child.stderr.setEncoding('latin1')
  const timeout = setTimeout(() => child.kill('SIGTERM'), 20_000)
  child.stderr.on('data', (text: string) => {
    log += text
    if (log.includes('all done')) child.kill('SIGTERM')
  })
  await new Promise((resolve) => child.on('close', resolve))
  clearTimeout(timeout)
  rmSync(folder, { recursive: true })
  return log
}

test('expressions group and simplify as in Kamailio: their values are the same', async (t) => {
  const found = spawnSync('kamailio', ['-v'], { encoding: 'latin1' })
  if (found.error !== undefined || !found.stdout.includes('kamailio 5.6.')) {
    t.skip('Kamailio 5.6 is not installed')
    return
  }
  const candidates = createExpressions(600)
  const { config, diagnostics } = parseConfig('a.cfg', { readFile: () => configOf(candidates) })
  assert.deepEqual(diagnostics, [])
  const values = new Map<string, number>()
  for (const item of config.items) {
    if (item.kind !== 'route' || item.route !== 'event') continue
    const assigned = item.body.statements.filter((statement) => statement.kind === 'assign').slice(7)
    assigned.forEach((statement, index) => {
      const value = evaluate(simplify(statement.value))
      if (value !== undefined) values.set(candidates[index] ?? '', value)
    })
  }
  const expressions = [...values.keys()]
  assert.ok(expressions.length > 300)
  const log = await runKamailio(configOf(expressions))
  assert.ok(log.includes('all done'), log.slice(0, 2000))
  const wrong = expressions.flatMap((text, index) => {
    const value = new RegExp(`value ${index} is (-?\\d+) \\.`).exec(log)?.[1]
    return value === String(values.get(text)) ? [] : [`${text} is ${value ?? 'nothing'} in Kamailio, ${values.get(text)} here`]
  })
  assert.deepEqual(wrong, [])
})
