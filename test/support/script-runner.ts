/**
 * Runs scripts without a server: a few modules made for tests, one message, a log that is kept. Variables here are
 * small ones of the tests' own, so that the language is tested and nothing else.
 */
import type { LogRecord } from '../../src/base/log.ts'
import {
  arg, defineModule, fn, form, param, variable, variableFamily, type AnyModule, type PvValue,
} from '../../src/define/define.ts'
import { RouteContext } from '../../src/runtime/context.ts'
import { runTopRoute } from '../../src/runtime/flow.ts'
import type { Host } from '../../src/runtime/host.ts'
import { createPrepareEnv } from '../../src/runtime/prepare.ts'
import { scriptSupport } from '../../src/runtime/script-support.ts'
import type { Settings } from '../../src/runtime/settings.ts'
import { compileConfig, type CompiledConfig, type CompileOptions } from '../../src/script/compile.ts'
import { parseConfig } from '../../src/script/parse.ts'
import { createRegistry, type LoadedModule } from '../../src/script/registry.ts'
import { ParseError } from '../../src/sip/parse-error.ts'
import { parseMessage } from '../../src/sip/parse-message.ts'
import type { SipMessage } from '../../src/sip/message.ts'
import { testHost, testSocket } from './test-host.ts'

export const OPTIONS = [
  'OPTIONS sip:bob@127.0.50.1;transport=udp SIP/2.0', 'Via: SIP/2.0/UDP 127.0.50.9:5070;branch=z9hG4bKabc',
  'From: <sip:alice@example.org>;tag=1', 'To: <sip:bob@example.org>', 'Call-ID: c1', 'CSeq: 7 OPTIONS',
  'Max-Forwards: 70', 'Content-Length: 0', '', '',
].join('\r\n')

const socket = testSocket({ address: '127.0.50.1' })

export function messageOf(text = OPTIONS): SipMessage {
  const message = parseMessage(text, { socket, sourceAddress: '127.0.50.9', sourcePort: 5070, connectionId: 0 }, 1)
  if (message instanceof ParseError) throw message
  return message
}

/** Values of `$var` and `$avp` for one run. */
interface Values {
  readonly vars: Map<string, PvValue>
  readonly avps: Map<string, PvValue>
}

const scriptVariables = (values: Values) =>
  defineModule({
    name: 'pv',
    summary: 'Variables of tests.',
    area: 'text',
    setup: () => ({}),
    variables: {
      null: variable('Nothing.', () => null),
      rc: variable('Last result.', (context) => context.returnCode),
      rm: variable('Method.', (context) => context.message.method, { int: (context) => context.message.methodId }),
      ua: variable('User-Agent.', () => null),
      si: variable('Source address.', (context) => context.message.received.sourceAddress),
      ru: variable('Request-URI.', (context) => context.message.uri, {
        set(context, value) {
          if (typeof value === 'string') context.message.setUri(value)
          return typeof value === 'string'
        },
      }),
      var: variableFamily('A variable, 0 at first.', { inner: 'required', writable: true }, (inner = '') => ({
        get: () => values.vars.get(inner) ?? 0,
        set(_context, _state, value) {
          values.vars.set(inner, value ?? 0)
          return true
        },
      })),
      avp: variableFamily('A value, undefined at first.', { inner: 'required', writable: true }, (inner = '') => ({
        get: () => values.avps.get(inner) ?? null,
        set(_context, _state, value) {
          values.avps.set(inner, value)
          return true
        },
      })),
    },
    transformations: {
      's.len': { summary: 'Length.', params: [], bind: () => (value) => (value === null ? null : String(value).length) },
    },
  })

/** `$cfg(line)` and its like, which the module corex has; two selects. */
const whereabouts = defineModule({
  name: 'corex',
  summary: 'Where the script is.',
  area: 'core',
  setup: () => ({}),
  variables: {
    cfg: variableFamily('Where the script is.', { inner: 'required' }, (inner) => ({
      get: (context) => (inner === 'line' ? context.line : inner === 'route' ? context.routeName : context.file),
    })),
  },
  selects: [
    { path: 'from.uri.user', summary: 'User of From.', bind: () => () => 'alice' },
    { path: 'msg.header', summary: 'A header.', bind: ([, step]) => () => (step?.index === 'To' ? 'x' : null) },
  ],
})

const print = (printed: string[]) =>
  fn({
    summary: 'Keeps a text.',
    routes: 'any',
    args: [arg.format('text', 'Text with variables.')],
    run(context, _state, text) {
      const line = text.evaluate(context)
      printed.push(line)
      context.host.log.write({ level: -1, origin: '', text: line, isVerbatim: true })
      return 1
    },
  })

const functionsOf = (printed: string[]) =>
  defineModule({
    name: 'tests',
    summary: 'Functions of tests.',
    area: 'text',
    params: {
      limit: param.int(70, 'A number.', { min: 0, max: 255 }),
      prefix: param.str('', 'A text.'),
      entry: param.list('Texts and numbers.', ['str', 'int']),
    },
    setup: () => ({}),
    functions: {
      print: print(printed),
      xerr: print(printed),
      is_method: fn({
        summary: 'Compares the method.',
        routes: ['request', 'failure'],
        args: [arg.literal('method', 'Method.')],
        run: (context, _state, method) => (context.message.method === method ? 1 : -1),
      }),
      give: {
        summary: 'Gives its argument, or what the two make.',
        forms: [
          form({ routes: 'any', args: [arg.int('result', 'The result.')], run: (_context, _state, result) => result }),
          form({
            routes: 'any',
            args: [arg.int('a', 'A part.'), arg.int('b', 'A part.'), arg.optional(arg.str('c', 'A text.'))],
            run: (_context, _state, a, b, c) => a * 10 + b + (c?.length ?? 0),
          }),
        ],
      },
      slow: fn({
        summary: 'Gives its argument some time later.',
        routes: 'any',
        mayWait: true,
        args: [arg.int('result', 'The result.')],
        run: (_context, _state, result) => (result > 100 ? result : new Promise((resolve) => setTimeout(() => resolve(result), 1))),
      }),
      only_branch: fn({ summary: 'For branch routes.', routes: ['branch'], args: [], run: () => 1 }),
    },
  })

const core = defineModule({
  name: 'core',
  summary: 'Core functions of tests.',
  area: 'core',
  setup: () => ({}),
  functions: {
    setflag: fn({
      summary: 'Sets a flag.',
      routes: 'any',
      args: [arg.constant('flag', 'Number.')],
      run(context, _state, flag) {
        context.message.flags |= 1 << flag
        return 1
      },
    }),
    isflagset: fn({
      summary: 'Looks at a flag.',
      routes: 'any',
      args: [arg.constant('flag', 'Number.')],
      run: (context, _state, flag) => (context.message.flags & (1 << flag) ? 1 : -1),
    }),
  },
})

export interface ScriptRun {
  /** What print() was given. */
  readonly printed: string[]
  /** Lines of the log, with those of print() among them. */
  readonly log: LogRecord[]
  readonly compiled: CompiledConfig
  readonly context: RouteContext
  /** Runs the request route again. */
  readonly run: () => number | Promise<number>
}

export interface RunOptions {
  readonly settings?: Partial<Settings>
  /** Take the place of this runner's own modules of the same names. */
  readonly modules?: readonly LoadedModule[]
  readonly message?: SipMessage
  readonly trace?: CompileOptions['trace']
  readonly traceAssigned?: CompileOptions['traceAssigned']
  /** The host that the modules were set up with. */
  readonly world?: TestWorld
}

/** A host for tests of scripts, and the log it keeps. */
export interface TestWorld {
  readonly host: Host
  readonly log: LogRecord[]
}

/** Compiles a configuration; the routes are there unless it has errors. */
export function compileScript(cfg: string, options: RunOptions = {}): ScriptRun {
  const printed: string[] = []
  const { host, log } = options.world ?? testWorld()
  Object.assign(host.settings, options.settings)
  const values: Values = { vars: new Map(), avps: new Map() }
  const definitions: readonly AnyModule[] = [core, scriptVariables(values), whereabouts, functionsOf(printed)]
  const given = options.modules ?? []
  const own = definitions
    .filter(({ name }) => !given.some(({ definition }) => definition.name === name))
    .map((definition) => ({ definition, state: undefined }))
  const registry = createRegistry([...own, ...given], ['textops', 'xlog'])
  const env = createPrepareEnv(registry)
  const parsed = parseConfig('kamailio.cfg', { readFile: (path) => (path === 'kamailio.cfg' ? cfg : undefined) })
  const compiled = compileConfig({
    config: parsed.config, registry, env, support: scriptSupport, fileName: 'kamailio.cfg',
    ...(options.trace && { trace: options.trace }), ...(options.traceAssigned && { traceAssigned: options.traceAssigned }),
  })
  const context = new RouteContext(host, { index: 0, variables: [] }, options.message ?? messageOf())
  const main = compiled.routes?.request('')
  const both = { ...compiled, diagnostics: [...parsed.diagnostics, ...compiled.diagnostics] }
  return { printed, log, compiled: both, context, run: () => (main ? runTopRoute(context, main) : Number.NaN) }
}

/** Compiles and runs statements as the request route. */
export async function runScript(statements: string, options: RunOptions = {}): Promise<ScriptRun & { readonly result: number }> {
  const script = compileScript(statements.includes('request_route') ? statements : `request_route {\n${statements}\n}\n`, options)
  const [first] = script.compiled.diagnostics.filter((diagnostic) => diagnostic.severity === 'error')
  if (first) throw new Error(`${first.span.line}:${first.span.column} ${first.code} ${first.message}`)
  return { ...script, result: await script.run() }
}

export function testWorld(): TestWorld {
  const log: LogRecord[] = []
  const host = testHost({ sockets: [socket], records: log })
  const network: Host['network'] = {
    ...host.network,
    locate: ({ host: name }) => ({
      targets: name === 'nine.example.org' ? [{ transport: 'udp', address: '127.0.50.9', port: 5060 }] : [], reason: '',
    }),
  }
  return { host: { ...host, network, provide: () => undefined, onRequest: () => undefined, onReply: () => undefined, onScriptEnd: () => undefined, onForeign: () => undefined }, log }
}
