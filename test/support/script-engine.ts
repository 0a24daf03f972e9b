/** What tests of script engines hand to scripts: a small KSR whose functions note what they are asked, and wait where they are told to. */
import type { KemiReturn, KemiValue, KsrFunction, KsrTable } from '../../src/define/kemi.ts'
import type { LogRecord } from '../../src/base/log.ts'
import { RouteContext } from '../../src/runtime/context.ts'
import type { Host } from '../../src/runtime/host.ts'
import { testHost } from './test-host.ts'
import { messageOf } from './sip-message.ts'

export interface ScriptBench {
  readonly host: Host
  readonly records: LogRecord[]
  /** What KSR.note() was told, each with the number of its message. */
  readonly notes: string[]
  /** Files by path. */
  readonly files: Map<string, string>
  /** Lets the oldest KSR.wait() go on with a number. */
  readonly release: (value: number) => void
  readonly message: (number: number) => RouteContext
}

const str = (name: string) => ({ name, type: 'str' as const })
const int = (name: string) => ({ name, type: 'int' as const })

export function scriptBench(scripts: Readonly<Record<string, string>>): ScriptBench {
  const records: LogRecord[] = []
  const notes: string[] = []
  const files = new Map(Object.entries(scripts))
  const waiting: ((value: number) => void)[] = []
  const fn = (
    module: string, name: string, args: KsrFunction['args'], returns: KemiReturn,
    call: (context: RouteContext, ...given: readonly (string | number)[]) => KemiValue | Promise<KemiValue>,
    mayWait = false,
  ): KsrFunction => ({ module, name, args, returns, mayWait, summary: '', call })
  const functions: readonly KsrFunction[] = [
    fn('', 'note', [str('text')], 'none', (context, text) => void notes.push(`${context.worker.index}: ${String(text)}`)),
    fn('', 'wait', [], 'int', () => new Promise<number>((resolve) => waiting.push(resolve)), true),
    fn('', 'no_wait', [], 'int', () => 7, true),
    fn('', 'is_it', [int('flag')], 'bool', (_context, flag) => flag === 1),
    fn('pv', 'get', [str('variable')], 'xval', (context, name) => (name === '$null' ? null : name === '$n' ? context.worker.index : `<${name}>`)),
    fn('pv', 'sets', [str('variable'), str('value')], 'bool', (_context, name, value) => {
      notes.push(`${String(name)}=${String(value)}`)
      return true
    }),
    fn('pv', 'many', [int('a'), str('b'), int('c'), str('d')], 'str', (_context, ...given) => given.join('|')),
    fn('sql', 'query', [str('text')], 'int', () => new Promise<number>((resolve) => waiting.push(resolve)), true),
  ]
  const ksr: KsrTable = {
    functions,
    variable: () => undefined,
    find: (module, name) => functions.find((each) => each.module === module && each.name === name),
    modf(_context, name, args) {
      notes.push(`modf ${name} ${args.join(' ')}`)
      return 1
    },
  }
  const host = {
    ...testHost({
      records,
      files: {
        read: (path) => files.get(path),
        write(path, text, append) {
          files.set(path, (append ? (files.get(path) ?? '') : '') + text)
          return true
        },
      },
    }),
    ksr,
    addScriptEngine: () => undefined,
  }
  return {
    host, records, notes, files,
    release: (value) => waiting.shift()?.(value),
    message: (number) => new RouteContext(host, { index: number, variables: [] }, messageOf(['OPTIONS sip:bob@example.com SIP/2.0', 'Call-ID: 1', 'CSeq: 1 OPTIONS'])),
  }
}
