/** The module pv in scripts: every case of pv-cases.ts here and in Kamailio. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync, openSync, closeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { arg, defineModule, fn, SetupError } from '../../src/define/define.ts'
import { coreVariables } from '../../src/modules/core/variables.ts'
import pv from '../../src/modules/pv/pv.ts'
import { RouteContext } from '../../src/runtime/context.ts'
import { runTopRoute } from '../../src/runtime/flow.ts'
import type { Host } from '../../src/runtime/host.ts'
import { createPrepareEnv } from '../../src/runtime/prepare.ts'
import { scriptSupport } from '../../src/runtime/script-support.ts'
import { compileConfig } from '../../src/script/compile.ts'
import { parseConfig } from '../../src/script/parse.ts'
import { createRegistry } from '../../src/script/registry.ts'
import { ParseError } from '../../src/sip/parse-error.ts'
import { parseMessage } from '../../src/sip/parse-message.ts'
import { testHost, testSocket } from '../support/test-host.ts'
import { pvCases, pvMessages, type PvCase } from './pv-cases.ts'

const KAMAILIO = '/usr/sbin/kamailio'

/** A case's script with its prints numbered, as both programs take it. */
function scriptOf(index: number): string {
  let print = 0
  return (pvCases[index]?.script ?? '').replace(/\bP\("((?:[^"\\]|\\.)*)"\);/g, (_whole, text: string) => {
    print++
    return `xlog("L_ERR", "@@${index}.${print}<${text}>@@\\n");`
  })
}

function messageText(index: number, kind: PvCase['message']): string {
  return pvMessages[kind].replace('@@', `case-${index}@home`)
}

const initial = {
  shvset: ['first=s:shared'],
  varset: ['init=s:gw', 'initn=i:3'],
  avp_aliases: ['email=s:email_addr;tmp=i:100'],
}

/** Runs one case here; the answer is what it printed. */
async function runHere(index: number): Promise<string[]> {
  const printed: string[] = []
  const host: Host = testHost({
    sockets: [testSocket({ address: '127.0.60.1', port: 5060, name: 'sock1' })],
    identity: { pid: 1, startedAtMs: 0, product: 'kamailio (5.6.3 (x86_64/linux))', version: '5.6.3' },
  })
  const logging = defineModule({
    name: 'xlog',
    summary: 'Keeps what is printed.',
    area: 'logging',
    setup: () => host,
    functions: {
      xlog: fn({
        summary: 'Keeps a text.',
        routes: 'any',
        args: [arg.literal('level', 'The level.'), arg.format('text', 'The text.')],
        run(context, _state: Host, _level, text) {
          printed.push(text.evaluate(context))
          return 1
        },
      }),
    },
  })
  const core = defineModule({
    name: 'core',
    summary: 'The core.',
    area: 'core',
    setup: () => host,
    variables: coreVariables,
    functions: {
      setflag: fn({
        summary: 'Sets a flag.',
        routes: 'any',
        args: [arg.constant('flag', 'Its number.')],
        run(context, _state: Host, flag) {
          context.message.flags |= 1 << flag
          return 1
        },
      }),
    },
  })
  const state = await pv.setup(host, initial)
  assert.ok(!(state instanceof SetupError))
  const registry = createRegistry([
    { definition: core, state: host },
    { definition: pv, state },
    { definition: logging, state: host },
  ])
  const cfg = `request_route {\n${scriptOf(index)}\n}\n`
  const parsed = parseConfig('kamailio.cfg', { readFile: (path) => (path === 'kamailio.cfg' ? cfg : undefined) })
  const compiled = compileConfig({
    config: parsed.config,
    registry,
    env: createPrepareEnv(registry),
    support: scriptSupport,
    fileName: 'kamailio.cfg',
  })
  const problems = [...parsed.diagnostics, ...compiled.diagnostics].filter(({ severity }) => severity === 'error')
  assert.deepEqual(problems.map(({ code, message }) => `${code} ${message}`), [])
  const kind = pvCases[index]?.message ?? 'invite'
  const received = { socket: host.network.sockets[0]!, sourceAddress: '127.0.60.9', sourcePort: 5070, connectionId: 0 }
  const message = parseMessage(messageText(index, kind), received, index)
  assert.ok(!(message instanceof ParseError))
  const route = compiled.routes?.request('')
  assert.ok(route)
  await runTopRoute(new RouteContext(host, { index: 0, variables: [] }, message), route)
  return printed.map((line) => line.replace(/^@@[0-9.]+</, '').replace(/>@@\n$/, ''))
}

/** Runs all cases in Kamailio; the answers by case. */
async function runKamailio(): Promise<Map<number, string[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'pv-'))
  const blocks = pvCases.map((each, index) => {
    const body = `if ($ci == "case-${index}@home") {\n${scriptOf(index)}\n}`
    return { body, isReply: each.message === 'reply' }
  })
  const modparams = Object.entries(initial).flatMap(([name, values]) => values.map((value) => `modparam("pv", "${name}", "${value}")`))
  const cfg = [
    'debug=-1', 'log_stderror=yes', 'children=1', 'listen=udp:127.0.60.1:5060 name "sock1"', 'tcp_children=1',
    'mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"', 'loadmodule "pv.so"', 'loadmodule "xlog.so"',
    'modparam("xlog", "buf_size", 16384)', ...modparams,
    'request_route {', ...blocks.filter(({ isReply }) => !isReply).map(({ body }) => body), 'exit; }',
    'reply_route {', ...blocks.filter(({ isReply }) => isReply).map(({ body }) => body), 'drop; }', '',
  ].join('\n')
  const cfgPath = join(folder, 'kamailio.cfg')
  const logPath = join(folder, 'log')
  writeFileSync(cfgPath, cfg, 'latin1')
  const log = openSync(logPath, 'w')
  const args = ['-f', cfgPath, '-DD', '-E', '-w', folder, '-Y', folder, '-P', join(folder, 'pid'), '-m', '64', '-M', '64']
  const child = spawn(KAMAILIO, args, { stdio: ['ignore', log, log] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const socket = createSocket('udp4')
  await new Promise<void>((resolve) => socket.bind(5070, '127.0.60.9', resolve))
  const read = (): string => readFileSync(logPath, 'latin1')
  for (let wait = 0; wait < 100 && !existsSync(join(folder, 'pid')); wait++) await sleep(50)
  await sleep(300)
  for (const [index, each] of pvCases.entries()) {
    socket.send(Buffer.from(messageText(index, each.message), 'latin1'), 5060, '127.0.60.1')
    await sleep(3)
  }
  const last = pvCases.length - 1
  for (let wait = 0; wait < 60 && !read().includes(`@@${last}.2<`); wait++) await sleep(50)
  socket.close()
  child.kill('SIGTERM')
  await ended
  closeSync(log)
  const text = read()
  rmSync(folder, { recursive: true })
  const answers = new Map<number, string[]>()
  for (const [, index, value = ''] of text.matchAll(/@@(\d+)\.\d+<([\s\S]*?)>@@/g)) {
    const at = Number(index)
    answers.set(at, [...(answers.get(at) ?? []), value])
  }
  const missing = [...pvCases.keys()].filter((index) => !answers.has(index))
  assert.deepEqual(missing, [], `kamailio did not run all cases: ${text.slice(-1500)}`)
  return answers
}

test('variables are read and written as in Kamailio', { skip: existsSync(KAMAILIO) ? false : 'kamailio is not installed' }, async (t) => {
  const expected = await runKamailio()
  for (const [index, each] of pvCases.entries()) {
    await t.test(each.title, async () => {
      const here = await runHere(index)
      assert.ok(here.length > 0)
      assert.deepEqual(here, expected.get(index))
    })
  }
})

test('every case runs without errors of its script', async () => {
  for (const index of pvCases.keys()) assert.ok((await runHere(index)).length > 0, pvCases[index]?.title)
})
