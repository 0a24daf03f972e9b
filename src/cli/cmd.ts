/** `kahea cmd METHOD ARGS`: an RPC command for a running server, by binrpc as kamcmd does it. */
import { RpcDouble, RpcFault, type RpcArgument, type RpcAnswer } from '../define/define.ts'
import { jsonOf } from '../rpc/json-rpc.ts'
import { writeJson } from '../rpc/json-write.ts'
import { callServer, NoServer } from './cmd-call.ts'
import { completionScript } from './cmd-completion.ts'
import { shownForPeople } from './cmd-table.ts'
import type { Terminal } from './main.ts'

const USAGE = `kahea cmd [-s SOCKET] [-t SECONDS] [--json] METHOD [ARGUMENT ...]

  -s SOCKET     where the server listens (module ctl): unix:PATH, tcp:HOST:PORT; default unix:/run/kamailio/kamailio_ctl
  -t SECONDS    how long to wait for the answer; default 10
  --json        the answer as JSON: a list of the values
  --completion  a script for bash: source <(kahea cmd --completion)

A number is sent as a number, 1.5 as a double, s:12 as the text 12. Names of all commands: kahea cmd system.listMethods
`

interface CmdOptions {
  socket: string
  seconds: number
  isJson: boolean
  words: readonly string[]
}

export const DEFAULT_SOCKET = 'unix:/run/kamailio/kamailio_ctl'

export async function cmdCommand(words: readonly string[], io: Terminal): Promise<number> {
  if (words.length === 0 || words[0] === '--help' || words[0] === '-h') {
    io.out(USAGE)
    return words.length === 0 ? 255 : 0
  }
  if (words[0] === '--completion') {
    io.out(completionScript)
    return 0
  }
  const options = readOptions(words)
  if (typeof options === 'string') {
    io.err(`kahea cmd: ${options}\n${USAGE}`)
    return 255
  }
  const [method = '', ...args] = options.words
  const answer = await callServer(options.socket, method, args.map(readArgument), options.seconds * 1000)
  return show(answer, options, io)
}

/** Options stand before the method: what follows it is the command's own. */
function readOptions(words: readonly string[]): CmdOptions | string {
  const options: CmdOptions = { socket: DEFAULT_SOCKET, seconds: 10, isJson: false, words: [] }
  let at = 0
  for (; at < words.length && words[at]?.startsWith('-') === true; at++) {
    const word = words[at] ?? ''
    if (word === '--json') options.isJson = true
    else if (word === '-s' || word === '-t') {
      const value = words[++at]
      if (value === undefined) return `${word} needs a value`
      if (word === '-s') options.socket = value
      else options.seconds = Number(value)
    } else return `there is no option ${word}`
  }
  if (!(options.seconds > 0)) return '-t needs a number of seconds'
  options.words = words.slice(at)
  return options.words.length === 0 ? 'which command?' : options
}

/** `12`, `-3` are numbers, `1.5` is a double, `s:12` a text. */
export function readArgument(word: string): RpcArgument {
  if (word.startsWith('s:')) return bytes(word.slice(2))
  if (/^[-+]?\d+$/.test(word)) return Number(word)
  return /^[-+]?\d+\.\d+$/.test(word) ? new RpcDouble(Number(word)) : bytes(word)
}

/** The shell's words are UTF-8: on the wire each byte is a character. */
function bytes(word: string): string {
  return Buffer.from(word, 'utf8').toString('latin1')
}

function show(answer: RpcAnswer | NoServer, { isJson, socket }: CmdOptions, io: Terminal): number {
  if (answer instanceof NoServer) {
    io.err(`kahea cmd: no server answers at ${socket} (${answer.reason})\n`
      + 'Is it running, with loadmodule "ctl.so"? -s names another socket, as modparam("ctl", "binrpc", ...) has it.\n')
    return 2
  }
  if (answer instanceof RpcFault) {
    io.err(`error: ${answer.code} - ${answer.reason.trimEnd()}\n`)
    return 1
  }
  io.out(isJson ? `${writeJson(answer.map(jsonOf), true)}\n` : shownForPeople(answer))
  return 0
}
