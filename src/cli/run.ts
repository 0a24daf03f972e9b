import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setParameter } from '../server/configuration.ts'
import { createStderrSink, createSyslogSink } from '../server/log-sink.ts'
import { loadNetworkAddon } from '../server/network.ts'
import { ReloadRefused } from '../runtime/reload.ts'
import { startServer, type Server } from '../server/server.ts'
import {
  checkConfiguration, hasErrors, loadConfiguration, StartFailure, type LoadedConfiguration, type SourceOptions,
} from '../server/start.ts'
import type { Settings } from '../runtime/settings.ts'
import { endpointText } from '../base/address.ts'
import { packageRoot } from '../base/package-root.ts'
import type { Terminal } from './main.ts'
import type { OptionName, ParsedOptions } from './options.ts'
import { DEFAULT_FILE, lastOf, sourceOptions } from './source-options.ts'
import { drawAll } from './check.ts'
import { FileWatch } from '../server/file-watch.ts'
import { freezeYoungGeneration, raiseInliningLimits } from './v8-flags.ts'

const BUILT_IN_FILE = fileURLToPath(new URL('etc/kahea.cfg', packageRoot))

export interface RunRequest {
  readonly file: string | undefined
  /** `kahea run`: the log on the terminal, and a word on what to try next. */
  readonly isFriendly: boolean
}

/** Starts the server and stays until a signal ends it; 0 then, 255 when it could not start. */
export async function runCommand(options: ParsedOptions, io: Terminal, request: RunRequest): Promise<number> {
  const builtIn = request.isFriendly && request.file === undefined && !options.given.has('file')
  const path = request.file ?? lastOf(options, 'file') ?? (builtIn ? BUILT_IN_FILE : DEFAULT_FILE)
  if (options.given.has('chroot')) {
    io.err('kahea: -t: a Node process cannot change its root folder; use a container or systemd\'s RootDirectory\n')
    return 255
  }
  const startFolder = process.cwd()
  const source = startedIn(startFolder, sourceOptions(options, path))
  const read = (): Promise<LoadedConfiguration> => loadConfiguration(source, options.given.get('loadModule'))
  const readAt = Date.now()
  const loaded = await read()
  const diagnostics = checkConfiguration(loaded)
  drawAll(diagnostics, loaded, io)
  if (hasErrors(diagnostics)) return 255

  const settings = applyOptions(loaded, options, request)
  const workDir = lastOf(options, 'workDir') ?? settings.workdir
  if (workDir !== '') process.chdir(workDir)
  raiseInliningLimits()
  freezeYoungGeneration()
  const addon = loadNetworkAddon()
  let latest = loaded
  let leave: (reason: string) => void = () => undefined
  const left = new Promise<string>((resolve) => {
    leave = resolve
  })
  const server = await startServer({
    loaded,
    settings,
    listens: options.given.get('listen') ?? [],
    aliases: options.given.get('alias') ?? [],
    environment: process.env,
    addon,
    sink: (scope) =>
      settings.log_stderror !== 0
        ? createStderrSink(scope, settings.log_color !== 0, process.pid)
        : createSyslogSink(scope, settings, addon, process.pid),
    onShutdown: leave,
    reread: async () => {
      const again = await read()
      applyOptions(again, options, request)
      latest = again
      return again
    },
  })
  if (server instanceof StartFailure) {
    drawAll(server.diagnostics, loaded, io)
    io.err(`ERROR: ${server.reason}\n`)
    return 255
  }
  announce(server, io, builtIn)
  writePidFiles(options)
  const refused = dropPrivileges(settings)
  if (refused !== undefined) {
    io.err(`ERROR: ${refused}\n`)
    await server.stop()
    return 255
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => leave(signal))
  const watch = options.given.has('watch') ? watchFiles(server, io, () => filesOf(latest, startFolder), readAt) : undefined
  const reason = await left
  watch?.close()
  server.log.notice('<core>', `Thank you for calling kahea (${reason})`)
  await server.stop()
  return 0
}

/** Files are named from the folder where the command was given, whatever the working folder is later. */
function startedIn(folder: string, source: SourceOptions): SourceOptions {
  return { ...source, readFile: (path) => source.readFile(resolve(folder, path)) }
}

/** The configuration file and all that it includes, those that could not be read among them. */
function filesOf(loaded: LoadedConfiguration, folder: string): readonly string[] {
  return [...loaded.parsed.sources.keys()].map((file) => resolve(folder, file))
}

/** Reloads when a file is saved, and watches the files that the configuration has then. */
function watchFiles(server: Server, io: Terminal, files: () => readonly string[], readAt: number): FileWatch {
  const reload = async (saved: readonly string[]): Promise<void> => {
    const outcome = await server.host.reload()
    watch.follow([...new Set([...saved, ...files()])])
    if (outcome instanceof ReloadRefused) {
      for (const reason of outcome.reasons) io.err(`${reason}\n`)
      io.err('ERROR: nothing is changed, the server goes on with the configuration it has\n')
      return
    }
    for (const line of outcome.warnings) io.err(`${line}\n`)
    io.out(`reloaded: ${outcome.routes} routes, in ${outcome.totalMs} ms\n`)
  }
  let running = Promise.resolve()
  const watch = new FileWatch((saved) => {
    running = running.then(() => reload(saved))
  })
  watch.follow(files())
  watch.catchUp(readAt)
  return watch
}

/** The file's global parameters as the command line changes them. */
function applyOptions(loaded: LoadedConfiguration, options: ParsedOptions, request: RunRequest): Settings {
  const { settings } = loaded.configuration
  const has = (name: OptionName): boolean => options.given.has(name)
  const given = (name: OptionName): string | undefined => lastOf(options, name)
  if (has('stderr') || request.isFriendly) settings.log_stderror = 1
  if (has('colour')) settings.log_color = 1
  const steps = options.given.get('debug')?.length ?? 0
  if (steps > 0) settings.debug = Math.min(3, steps)
  const level = given('debugLevel')
  if (level !== undefined) settings.debug = Number(level)
  if (has('noTcp')) settings.disable_tcp = 1
  if (has('checkVia')) settings.check_via = 1
  if (has('dnsVia')) settings.dns = 1
  if (has('reverseDnsVia')) settings.rev_dns = 1
  const span = { file: '', line: 0, column: 0, endLine: 0, endColumn: 0 }
  const texts = [
    ['group', 'group'], ['user', 'user'], ['serverId', 'server_id'], ['receiveBuffer', 'maxbuffer'], ['runDir', 'rundir'],
  ] as const
  for (const [option, name] of texts) {
    const value = given(option)
    if (value !== undefined) setParameter(settings, name, [{ type: 'string', value, span }])
  }
  const aliasMode = given('autoAliases')
  if (aliasMode !== undefined) settings.auto_aliases = /^(yes|on)$/i.test(aliasMode) ? 1 : 0
  return settings
}

/** What it listens on, in Kamailio's form; for the built-in configuration, what to try. */
function announce(server: Server, io: Terminal, isFirstLook: boolean): void {
  const lines = server.sockets.map((socket) => {
    const name = socket.name === undefined ? '' : ` name ${socket.name}`
    const advertised = socket.advertise ? ` advertise ${endpointText(socket.advertise.host, socket.advertise.port)}` : ''
    return `             ${socket.transport}: ${endpointText(socket.address, socket.port)}${advertised}${name}\n`
  })
  const aliases = server.aliases.map((alias) => `             ${alias}\n`)
  io.out(`Listening on \n${lines.join('')}Aliases: \n${aliases.join('')}\n`)
  if (server.udpBody === 'dgram') {
    io.out('UDP by Node\'s dgram: the native add-on is not built here (needs a C compiler), so expect half the speed.\n')
  }
  if (!isFirstLook) return
  const first = server.sockets[0]
  if (first === undefined) return
  const place = endpointText(first.address, first.port)
  io.out(`Kahea is up with its built-in configuration (etc/kahea.cfg). Try next:
  sipsak -vv -s sip:${place}                  an OPTIONS, answered by the script
  kahea run examples/stateless-proxy/kamailio.cfg   a proxy to change
  kahea check /etc/kamailio/kamailio.cfg            your own file: every error, with its line
Stop with Ctrl-C.
`)
}

function writePidFiles(options: ParsedOptions): void {
  const pidFile = lastOf(options, 'pidFile')
  if (pidFile !== undefined) writeFileSync(pidFile, `${process.pid}\n`)
  const groupFile = lastOf(options, 'groupFile')
  if (groupFile !== undefined) writeFileSync(groupFile, `${process.pid}\n`)
}

/** Becomes the configured user and group; what went wrong, if anything. */
function dropPrivileges(settings: Settings): string | undefined {
  try {
    if (settings.group !== '') process.setgid?.(idOf(settings.group))
    if (settings.user !== '') process.setuid?.(idOf(settings.user))
    return undefined
  } catch (error) {
    return `cannot become user '${settings.user}', group '${settings.group}': ${error instanceof Error ? error.message : String(error)}`
  }
}

function idOf(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text
}
