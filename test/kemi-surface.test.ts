/** KSR has what Kamailio 5.6.3's own `app_jsdt.api_list` tells (test/fixtures/kemi): under the same names, with the same arguments and answers. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { PrepareEnv } from '../src/define/arg.ts'
import { createKsr } from '../src/kemi/ksr-table.ts'
import core from '../src/modules/core/core.ts'
import { modules } from '../src/modules/index.ts'

const wanted = readFileSync(join(import.meta.dirname, 'fixtures/kemi/exports-5.6.3.txt'), 'utf8').trim().split('\n')

const env: PrepareEnv = { variable: () => 'none', format: () => 'none', regex: () => 'none' }

test("KSR has all that Kamailio's has", async () => {
  const owners = [{ definition: core, state: undefined }]
  const loaded = await Promise.all(Object.values(modules).map(async (load) => ({ definition: await load(), state: undefined })))
  const table = createKsr([...owners, ...loaded], env)
  const signatures = new Map(table.functions.map(({ module, name, args, returns }) =>
    [`${module}.${name}`, `(${args.map(({ type }) => type).join(',')}):${returns}`]))
  const differing = wanted.filter((line) => {
    const [, name = '', signature = ''] = /^([^(]*)(\(.*)$/.exec(line) ?? []
    const key = name.includes('.') ? name : `.${name}`
    return signatures.get(key) !== signature
  })
  assert.deepEqual(differing, [])
  assert.ok(wanted.length > 800)
})

test('every function of KSR says what it does', async () => {
  const loaded = await Promise.all(Object.values(modules).map(async (load) => ({ definition: await load(), state: undefined })))
  const silent = createKsr([{ definition: core, state: undefined }, ...loaded], env).functions.filter(({ summary }) => summary === '')
  assert.deepEqual(silent.map(({ module, name }) => `${module}.${name}`), [])
})
