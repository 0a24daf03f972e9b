import assert from 'node:assert/strict'
import { test } from 'node:test'
import { customChanges, paramChanges, restartNeeds, settingChanges, type Whole } from './changes.ts'
import { collectParams } from './module-params.ts'
import { loadConfiguration } from './start.ts'

async function whole(text: string): Promise<Whole> {
  const { configuration, definitions } = await loadConfiguration({
    path: 'a.cfg',
    readFile: () => `loadmodule "tm.so"\n${text}\nrequest_route { exit; }\n`,
    defines: new Map(), substs: [], environment: {},
  })
  return { configuration, definitions, settings: configuration.settings, params: collectParams(definitions, configuration.modParams) }
}

const rows: readonly (readonly [before: string, after: string, follow: readonly string[], restart: readonly string[]])[] = [
  ['', '', [], []],
  ['debug=1', 'debug=2', ['debug 1 2'], []],
  ['', 'children=3', [], ['children: needs a restart; 8 stays in force until then']],
  ['', 'modparam("tm", "fr_timer", 500)', ['tm.fr_timer 30000 500'], []],
  ['my.a = 1', 'my.a = 2\nmy.b = "x"', ['my.a 1 2', 'my.b undefined x'], []],
  ['my.a = 1', '', ['my.a 1 undefined'], []],
  ['', 'my[3].a = 1', ['my[3].a undefined 1'], []],
  ['listen=udp:127.0.0.1:5060', 'listen=udp:127.0.0.1:5061', [], [
    'listen udp:127.0.0.1:5061: needs a restart; nothing listens there until then',
    'listen udp:127.0.0.1:5060 is gone: needs a restart; the socket stays open until then',
  ]],
  ['listen=udp:127.0.0.1:5060', '\n\nlisten=udp:127.0.0.1:5060', [], []],
  ['', 'loadmodule "sl.so"', [], ['loadmodule sl: needs a restart; the module is not loaded until then']],
  ['loadmodule "sl.so"', '', [], ['loadmodule sl is gone: needs a restart; the module stays loaded until then']],
]

for (const [before, after, follow, restart] of rows) {
  test(`from '${before.trim()}' to '${after.trim()}'`, async () => {
    const [one, two] = [await whole(before), await whole(after)]
    const found = [
      ...settingChanges(one.settings, two.settings).map(({ name, before: was, value }) => `${name} ${was} ${value}`),
      ...paramChanges(two.definitions, one.params, two.params).map((each) => `${each.module}.${each.name} ${each.before} ${each.value}`),
      ...customChanges(one.configuration, two.configuration).map(({ group, index, name, before: was, value }) =>
        `${group}${index === undefined ? '' : `[${index}]`}.${name} ${was} ${value}`),
    ]
    assert.deepEqual(found, follow)
    assert.deepEqual(restartNeeds(one, two), restart)
  })
}
