import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RpcCall, RpcFault, RpcStruct, SetupError, type RpcAnswer } from '../../define/define.ts'
import { testHost } from '../../../test/support/test-host.ts'
import { parseAvpAliases, parseInitialValue } from './params.ts'
import { setUp } from './setup.ts'
import { sharedRpc } from './shared-rpc.ts'

function stateWith(shvset: readonly string[]) {
  const state = setUp(testHost(), { shvset, varset: [], avp_aliases: [] })
  assert.ok(!(state instanceof SetupError))
  return state
}

async function call(state: ReturnType<typeof stateWith>, name: string, params: readonly (string | number)[]): Promise<RpcAnswer> {
  const command = sharedRpc[name]
  assert.ok(command)
  return command.run(state, params, new RpcCall('binrpc', params))
}

test('pv.shvSet sets variables that exist, pv.shvGet shows them', async () => {
  const state = stateWith(['debug=i:1', 'gw=s:sip:x'])
  assert.deepEqual(await call(state, 'pv.shvSet', ['debug', 'int', 7]), ['Ok. Variable set to new value.'])
  assert.equal(state.shared.get('debug'), 7)
  await call(state, 'pv.shvSet', ['gw', 'str', 'sip:y'])
  const [shown] = await call(state, 'pv.shvGet', ['gw']) as readonly unknown[]
  assert.ok(shown instanceof RpcStruct)
  assert.deepEqual(shown.entries, [['name', 'gw'], ['type', 'string'], ['value', 'sip:y']])
})

test('pv.shvSet refuses what is incomplete or unknown', async () => {
  const state = stateWith(['debug=i:1'])
  const cases: readonly (readonly [readonly (string | number)[], number])[] = [
    [[], 500], [['debug'], 500], [['debug', 'real', 1], 500], [['debug', 'int', 'x'], 500], [['debug', 'str'], 500],
    [['nope', 'int', 1], 404],
  ]
  for (const [params, code] of cases) {
    const answer = await call(state, 'pv.shvSet', params)
    assert.ok(answer instanceof RpcFault, String(params))
    assert.equal(answer.code, code, String(params))
  }
  assert.equal(state.shared.get('debug'), 1)
})

test('pv.shvGet without a name shows all, the newest first', async () => {
  const state = stateWith(['a=i:1', 'b=s:x'])
  const answer = await call(state, 'pv.shvGet', [])
  assert.ok(!(answer instanceof RpcFault) && answer[0] instanceof RpcStruct)
  const [items] = answer[0].entries
  assert.ok(items && items[1] instanceof RpcStruct)
  assert.deepEqual(items[1].entries.map(([name]) => name), ['shv', 'shv'])
})

test('initial values are numbers or texts', () => {
  const cases = [
    ['a=i:1', { name: 'a', value: 1 }],
    ['a=I:-1', { name: 'a', value: -1 }],
    ['gw=s:sip:h;x=y', { name: 'gw', value: 'sip:h;x=y' }],
    ['a=s:', { name: 'a', value: '' }],
    ['a=i:x', undefined],
    ['a=1', undefined],
    ['=i:1', undefined],
  ] as const
  for (const [text, want] of cases) assert.deepEqual(parseInitialValue(text), want, text)
})

test('aliases of AVPs are lists; faulty ones are refused', () => {
  const aliases = parseAvpAliases(['email=s:email_addr; tmp=i:100', 'Z=t.x'])
  assert.ok(aliases instanceof Map)
  assert.deepEqual([...aliases], [['email', 's:email_addr'], ['tmp', 'i:100'], ['z', 't.x']])
  for (const faulty of ['email', 'a=i:x', 'a=', 'a=x;', 'a=x;A=y']) assert.equal(typeof parseAvpAliases([faulty]), 'string', faulty)
})
