/** Running a command for a message, and what becomes of its output. */
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import type { ProgramEnd } from '../../runtime/program-port.ts'
import { avpNameOf, type AvpName } from '../../runtime/avp.ts'
import { environmentOf } from './environment.ts'

export interface Exec {
  readonly host: Host
  readonly params: { readonly time_to_kill: number; readonly setvars: number; readonly bash_safety: number }
}

const FAILED = -1
/** Nothing runs for longer, whatever the parameters say. */
const TIME_MS_MAX = 300_000
const OUTPUT_BYTES_MAX = 1024 * 1024
/** Longer lines are several, as Kamailio reads them. */
const LINE_BYTES_MAX = 1023

interface Options {
  readonly input?: string
  readonly isAboutMessage?: boolean
}

async function run({ host, params }: Exec, { message }: RouteContext, command: string, options: Options): Promise<ProgramEnd | undefined> {
  const environment = options.isAboutMessage !== false && params.setvars !== 0 ? environmentOf(message, params.bash_safety !== 0) : {}
  const timeMs = params.time_to_kill > 0 ? Math.min(params.time_to_kill * 1000, TIME_MS_MAX) : TIME_MS_MAX
  const end = await host.programs.run({ command, input: options.input, environment, timeMs, outputBytesMax: OUTPUT_BYTES_MAX })
  if (typeof end !== 'string') return end
  host.log.error('exec', `cannot open pipe: ${command}: ${end}`)
  return undefined
}

/** 1, or -1 for a command that did not end with 0. */
function resultOf({ host }: Exec, command: string, { status, signal }: ProgramEnd): number {
  if (status === 0) return 1
  if (signal !== undefined) host.log.error('exec', `cmd ${command} failed. It was ended by ${signal}`)
  return FAILED
}

/** exec_cmd(): only how it ends counts. */
export async function runCommand(exec: Exec, context: RouteContext, command: string): Promise<number> {
  const end = await run(exec, context, command, { isAboutMessage: false })
  return end === undefined ? FAILED : resultOf(exec, command, end)
}

/** exec_msg(): it reads the message as it came. */
export async function feedCommand(exec: Exec, context: RouteContext, command: string): Promise<number> {
  const end = await run(exec, context, command, { input: context.message.text })
  return end === undefined ? FAILED : resultOf(exec, command, end)
}

/** Lines that have something in them, without blanks at their ends. */
function linesOf({ output }: ProgramEnd): readonly string[] {
  const found: string[] = []
  for (const line of output.split('\n')) {
    for (let at = 0; at === 0 || at < line.length; at += LINE_BYTES_MAX) {
      const piece = line.slice(at, at + LINE_BYTES_MAX).replace(/[\r\n\t ]+$/, '')
      if (piece !== '') found.push(piece)
    }
  }
  return found
}

/** For the shell, whatever is in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** exec_dset(): its lines are URIs, the first for the request, the others for branches. */
export async function askForUris(exec: Exec, context: RouteContext, command: string): Promise<number> {
  const { message, branches, host } = context
  const whole = `${command} ${quoted(message.uri)}`
  const end = await run(exec, context, whole, {})
  if (end === undefined) return FAILED
  const [first, ...others] = linesOf(end)
  if (first === undefined) {
    host.log.error('exec', `no uri from ${whole}`)
    resultOf(exec, command, end)
    return FAILED
  }
  message.setUri(first)
  for (const uri of others) {
    const isTaken = branches.append({
      uri, dstUri: '', path: '', q: -1, socket: undefined, flags: 0, instance: '', regId: 0, ruid: '', locationUserAgent: '',
    }, host.settings.max_branches)
    if (isTaken) continue
    host.log.error('exec', 'append_branch failed; too many or too long URIs?')
    resultOf(exec, command, end)
    return FAILED
  }
  return resultOf(exec, command, end)
}

/** exec_avp(): its lines are values of the AVPs named, or of those called 1, 2, 3 ... */
export async function askForAvps(exec: Exec, context: RouteContext, command: string, names: readonly AvpName[]): Promise<number> {
  const end = await run(exec, context, command, {})
  if (end === undefined) return FAILED
  for (const [index, line] of linesOf(end).entries()) {
    const name = names[index] ?? avpNameOf(index + 1)
    if (name !== undefined) context.avps.add(name, line)
  }
  return resultOf(exec, command, end)
}
