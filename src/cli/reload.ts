/** `kahea reload`: the running server reads its configuration anew (cfg.reload of module cfg_rpc). */
import { RpcFault, RpcStruct, type RpcValue } from '../define/define.ts'
import { callServer, NoServer } from './cmd-call.ts'
import { DEFAULT_SOCKET } from './cmd.ts'
import type { Terminal } from './main.ts'

const USAGE = `kahea reload [-s SOCKET] [-t SECONDS]

The running server reads its configuration file anew, and all that it includes. The next message takes the new routes; calls and
transactions that are up end in the routes they began in. A faulty file changes nothing.

  -s SOCKET     where the server listens (module ctl): unix:PATH, tcp:HOST:PORT; default ${DEFAULT_SOCKET}
  -t SECONDS    how long to wait for the answer; default 30

Leaves with 0 when all is taken over, 3 when something needs a restart, 1 when the file is refused, 2 when no server answers.
`

export async function reloadCommand(words: readonly string[], io: Terminal): Promise<number> {
  let socket = DEFAULT_SOCKET
  let seconds = 30
  for (let at = 0; at < words.length; at++) {
    const word = words[at]
    if (word === '--help' || word === '-h') {
      io.out(USAGE)
      return 0
    }
    const value = words[++at]
    if (word === '-s' && value !== undefined) socket = value
    else if (word === '-t' && Number(value) > 0) seconds = Number(value)
    else {
      io.err(`kahea reload: ${word ?? ''}: there are -s SOCKET and -t SECONDS; the server knows its file\n${USAGE}`)
      return 255
    }
  }
  const answer = await callServer(socket, 'cfg.reload', [], seconds * 1000)
  if (answer instanceof NoServer) {
    io.err(`kahea reload: no server answers at ${socket} (${answer.reason})\n`
      + 'Is it running, with loadmodule "ctl.so"? -s names another socket, as modparam("ctl", "binrpc", ...) has it.\n')
    return 2
  }
  if (answer instanceof RpcFault) {
    const isUnknown = /not found/.test(answer.reason)
    io.err(isUnknown ? 'kahea reload: the server has no cfg.reload: it needs loadmodule "cfg_rpc.so"\n'
      : `${answer.reason.trimEnd()}\nERROR: nothing is changed, the server goes on with the configuration it has\n`)
    return 1
  }
  return show(answer[0], io)
}

function show(answer: RpcValue | undefined, io: Terminal): number {
  const entries = answer instanceof RpcStruct ? new Map(answer.entries) : new Map<string, RpcValue>()
  for (const line of linesOf(entries.get('warnings'))) io.err(`${line}\n`)
  io.out(`reloaded: ${String(entries.get('routes'))} routes, in ${String(entries.get('milliseconds'))} ms\n`)
  for (const line of linesOf(entries.get('changed'))) io.out(`  ${line}\n`)
  const restart = linesOf(entries.get('restart'))
  for (const line of restart) io.out(`  ${line}\n`)
  return restart.length > 0 ? 3 : 0
}

const linesOf = (value: RpcValue | undefined): readonly string[] =>
  (Array.isArray(value) ? value.filter((line): line is string => typeof line === 'string') : [])
