import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coreParamAliases, coreParamOpposites, coreParams } from '../../src/runtime/settings.ts'
import { globalParameters } from '../../src/script/global-parameters.ts'

/** Read by the parser itself, so that nothing of them reaches the settings. */
const OWN_SYNTAX = new Set(['listen', 'alias'])

function settingOf(name: string): string {
  return coreParamOpposites[name] ?? coreParamAliases[name] ?? name
}

test('every global parameter that the parser takes is a setting, and its other names are the same one', () => {
  for (const { name, aliases } of globalParameters) {
    if (OWN_SYNTAX.has(name)) continue
    const setting = settingOf(name)
    assert.ok(Object.hasOwn(coreParams, setting), `${name} is no setting`)
    for (const alias of aliases) assert.equal(settingOf(alias), setting, alias)
  }
})

test('a parameter that the parser takes as a number is a number in the settings', () => {
  for (const { name, form } of globalParameters) {
    if (OWN_SYNTAX.has(name) || (form !== 'number' && form !== 'int')) continue
    assert.equal(coreParams[settingOf(name) as keyof typeof coreParams].type, 'int', name)
  }
})
