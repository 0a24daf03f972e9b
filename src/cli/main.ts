/** The command: Kamailio's own options, or `kahea COMMAND`. */
import { checkCommand } from './check.ts'
import { helpText } from './help.ts'
import { parseOptions } from './options.ts'
import { runCommand } from './run.ts'
import { internalsText, versionText } from './version.ts'

/** What a command needs from its surroundings; tests bring their own. */
export interface Terminal {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly isColoured: boolean
}

const terminal: Terminal = {
  out: (text) => void process.stdout.write(Buffer.from(text, 'latin1')),
  err: (text) => void process.stderr.write(Buffer.from(text, 'latin1')),
  isColoured: process.stderr.isTTY === true && !process.env['NO_COLOR'],
}

/** Runs the command line; the answer is the exit status. Kamailio's own errors leave with 255 (its -1). */
export async function main(words: readonly string[], io: Terminal = terminal): Promise<number> {
  // Stack traces of routes then show lines of the configuration file.
  process.setSourceMapsEnabled(true)
  // A command for a running server has options and arguments of its own.
  if (words[0] === 'reload') return (await import('./reload.ts')).reloadCommand(words.slice(1), io)
  if (words[0] === 'cmd') return (await import('./cmd.ts')).cmdCommand(words.slice(1), io)
  if (words[0] === 'cluster') return (await import('./cluster.ts')).clusterCommand(words.slice(1), io)
  const options = parseOptions(words)
  const has = (name: Parameters<typeof options.given.has>[0]): boolean => options.given.has(name)
  if (options.errors.length > 0) {
    for (const error of options.errors) io.err(`kahea: ${error}\n`)
    io.err('Try kahea --help.\n')
    return 255
  }
  if (has('version')) {
    io.out(versionText())
    return 0
  }
  if (has('internals')) {
    io.out(internalsText())
    return 0
  }
  if (has('help')) {
    io.out(helpText())
    return 0
  }

  const [command, file, ...rest] = options.operands
  // Read when asked for: with it come the clients of all databases.
  if (command === 'db') return (await import('./db.ts')).dbCommand(io, options.operands.slice(1))
  if (command === 'convert') return (await import('./convert.ts')).convertCommand(options, io, options.operands.slice(1))
  if (rest.length > 0) {
    io.err(`kahea: ${rest.join(' ')}: one configuration file is enough\n`)
    return 255
  }
  switch (command) {
    case undefined:
      return has('check') ? checkCommand(options, io, undefined) : runCommand(options, io, { file: undefined, isFriendly: false })
    case 'run':
      return runCommand(options, io, { file, isFriendly: true })
    case 'check':
      return checkCommand(options, io, file)
    case 'help':
      io.out(helpText())
      return 0
    default:
      io.err(`kahea: there is no command '${command}'; there are run, check, reload, convert, cmd, cluster, db and help (kahea --help)\n`)
      return 255
  }
}
