/** `kahea cluster diff`: whether the servers of a cluster hold the same. Asks one of them, by binrpc. */
import { RpcFault, RpcStruct, type RpcAnswer, type RpcValue } from '../define/define.ts'
import { DEFAULT_SOCKET } from './cmd.ts'
import { callServer, NoServer } from './cmd-call.ts'
import { shownForPeople } from './cmd-table.ts'
import type { Terminal } from './main.ts'

const USAGE = `kahea cluster diff [-s SOCKET] [-t SECONDS]     compare with all nodes; change nothing
kahea cluster repair [-s SOCKET] [-t SECONDS]   compare with all nodes now, and repair what is different
kahea cluster nodes [-s SOCKET] [-t SECONDS]    the nodes that the server knows

  -s SOCKET     where the server listens (module ctl): unix:PATH, tcp:HOST:PORT; default ${DEFAULT_SOCKET}
  -t SECONDS    how long to wait for the answer; default 60

diff ends with status 0 when nothing is different, 1 when something is or a node does not answer, 2 when there is no server.
`

const METHODS: Readonly<Record<string, string>> = { diff: 'dmq.diff', repair: 'dmq.compare', nodes: 'dmq.list_nodes' }
const OK = 0
const DIFFERENT = 1
const NO_SERVER = 2
const WRONG_WORDS = 255

export async function clusterCommand(words: readonly string[], io: Terminal): Promise<number> {
  const [command = '', ...rest] = words
  const method = Object.hasOwn(METHODS, command) ? METHODS[command] : undefined
  const options = readOptions(rest)
  if (method === undefined || options === undefined) {
    const isHelp = command === '--help' || command === '-h'
    if (isHelp) io.out(USAGE)
    else io.err(USAGE)
    return isHelp ? OK : WRONG_WORDS
  }
  const answer = await callServer(options.socket, method, [], options.seconds * 1000)
  if (answer instanceof NoServer) {
    io.err(`kahea cluster: no server answers at ${options.socket} (${answer.reason})\n`)
    return NO_SERVER
  }
  if (answer instanceof RpcFault) {
    io.err(`error: ${answer.code} - ${answer.reason.trimEnd()}\n`)
    return DIFFERENT
  }
  return command === 'diff' ? showDifferences(answer, io) : show(answer, io)
}

function show(answer: readonly RpcValue[], io: Terminal): number {
  io.out(shownForPeople(answer))
  return OK
}

interface Options {
  socket: string
  seconds: number
}

function readOptions(words: readonly string[]): Options | undefined {
  const options: Options = { socket: DEFAULT_SOCKET, seconds: 60 }
  for (let at = 0; at < words.length; at += 2) {
    const value = words[at + 1]
    if (value === undefined) return undefined
    if (words[at] === '-s') options.socket = value
    else if (words[at] === '-t') options.seconds = Number(value)
    else return undefined
  }
  return options.seconds > 0 ? options : undefined
}

/** Rows as they came, and the sum below them. */
function showDifferences(answer: Exclude<RpcAnswer, RpcFault>, io: Terminal): number {
  let different = 0
  let silent = 0
  const rows = answer.filter((row) => row instanceof RpcStruct).map((row) => {
    const fields = new Map<string, RpcValue>(row.entries)
    const count = fields.get('different')
    if (typeof count === 'number') different += count
    if (fields.get('answer') === 'none') silent++
    const shown = new RpcStruct()
    for (const name of ['node', 'status', 'answer', 'set', 'here', 'there', 'different']) shown.add(name, fields.get(name) ?? '-')
    return shown
  })
  if (rows.length > 0) io.out(shownForPeople(rows))
  io.out(`${different} different${silent === 0 ? '' : `, ${silent} ${silent === 1 ? 'node does' : 'nodes do'} not answer`}\n`)
  return different === 0 && silent === 0 ? OK : DIFFERENT
}
