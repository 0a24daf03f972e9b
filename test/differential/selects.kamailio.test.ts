/** Every select on several messages, in Kamailio and here. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRegistry } from '../../src/script/registry.ts'
import { findSelect } from '../../src/script/compile-select.ts'
import { coreSelects } from '../../src/modules/core/selects.ts'
import { textopsxSelects } from '../../src/modules/textopsx/selects.ts'
import { RouteContext } from '../../src/runtime/context.ts'
import { ParseError } from '../../src/sip/parse-error.ts'
import { parseMessage } from '../../src/sip/parse-message.ts'
import { testHost, testSocket } from '../support/test-host.ts'
import { kamailioInstalled } from './harness/server-process.ts'
import { answersIn, ask, CLIENT, CLIENT_PORT, runScript, SERVER } from './scripted-run.ts'
import { selectGroups, type SelectGroup } from './select-rows.ts'

const customParameters = new Map<string, string | number>([
  ['mygrp.val', 5],
  ['mygrp.str', '"N A" <sip:u@h:1;p=q>;tag=5;y="q"'],
  ['mygrp.addr', 'sip:g@h2'],
])

/** What the statements of a group do to the message. */
function prepare(context: RouteContext, group: SelectGroup): void {
  if (group.before === undefined) return
  const { message } = context
  message.setDestination('sip:127.0.70.9:5099;transport=tcp')
  message.setUri('sip:new@host2:77')
  message.flags = 8
  const branch = {
    dstUri: 'sip:127.0.70.9:5099;transport=tcp', path: '', socket: undefined, flags: 0, instance: '', regId: 0, ruid: '',
    locationUserAgent: '',
  }
  context.branches.append({ ...branch, uri: 'sip:one@h1', q: 500 }, 12)
  context.branches.append({ ...branch, uri: 'sip:two@h2', q: -1 }, 12)
}

function ourAnswers(group: SelectGroup): (string | undefined)[] {
  const socket = testSocket({ address: SERVER })
  const message = parseMessage(group.message, { socket, sourceAddress: CLIENT, sourcePort: CLIENT_PORT, connectionId: 0 }, 1)
  if (message instanceof ParseError) throw new Error(message.reason)
  const host = testHost({ sockets: [socket], customParameters })
  const context = new RouteContext(host, { index: 0, variables: [] }, message)
  prepare(context, group)
  const core = { name: 'core', summary: '', area: 'core' as const, setup: () => host, selects: coreSelects }
  const textopsx = { name: 'textopsx', summary: '', area: 'text' as const, setup: () => host, selects: textopsxSelects }
  const registry = createRegistry([{ definition: core, state: host }, { definition: textopsx, state: host }])
  return group.selects.map((text) => {
    const plan = findSelect(text, registry)
    if (typeof plan === 'string') return undefined
    const value = plan.get(context, plan.state)
    return value === null ? '<null>' : String(value)
  })
}

async function theirAnswers(group: SelectGroup): Promise<Map<number, string | undefined>> {
  const lines = group.selects.map((select, row) => ask(row, `$sel(${select})`))
  const body = `${group.before ?? ''}\n${lines.join('\n')}`
  const log = await runScript({ body, message: group.message, globals: group.globals, modules: ['corex', 'textopsx'] })
  return answersIn(log)
}

const skip = !kamailioInstalled() && 'kamailio is not installed'

for (const group of selectGroups) {
  test(`selects read what Kamailio reads: ${group.title}`, { skip }, async () => {
    const theirs = await theirAnswers(group)
    const ours = ourAnswers(group)
    const show = (answer: string | undefined): string => (answer === undefined ? 'refused' : JSON.stringify(answer.slice(0, 80)))
    const differences = group.selects
      .map((select, row) => ({ select, their: theirs.get(row), our: ours[row] }))
      .filter(({ their, our }) => their !== our)
      .map(({ select, their, our }) => `@${select}: Kamailio ${show(their)}, here ${show(our)}`)
    assert.deepEqual(differences, [])
  })
}
