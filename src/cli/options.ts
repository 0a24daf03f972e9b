/**
 * The command line: Kamailio's own options (so that a start script needs only another program name), told apart by
 * what they mean here. Sizes of memory pools and process counts are taken and change nothing.
 */

export interface OptionDef {
  /** `-f` or `--debug`. */
  readonly flags: readonly string[]
  /** What follows; absent for switches. */
  readonly value?: string
  readonly summary: string
  /** Taken, and without effect in this server. */
  readonly ignored?: boolean
}

export const optionDefs = {
  autoAliases: { flags: ['-a'], value: 'mode', summary: 'own names by reverse DNS: yes, on, no or off' },
  alias: { flags: ['--alias'], value: 'address', summary: 'a further own name: [proto:]host[:port]' },
  atexit: { flags: ['--atexit'], value: 'y|n', summary: 'taken for compatibility', ignored: true },
  define: { flags: ['-A'], value: 'NAME[=value]', summary: "define for the preprocessor: -A WITH_AUTH, -A 'PORT=5080'" },
  receiveBuffer: { flags: ['-b'], value: 'bytes', summary: 'largest receive buffer to ask the system for' },
  check: { flags: ['-c'], summary: 'check the configuration file and leave' },
  configPrint: { flags: ['--cfg-print'], summary: 'print the configuration file with includes and defines done' },
  debug: { flags: ['-d'], summary: 'one more level of log lines (-dd for two)' },
  debugLevel: { flags: ['--debug'], value: 'level', summary: 'level of log lines, -5 to 3' },
  foreground: { flags: ['-D'], summary: 'stay in the foreground (the server always does)', ignored: true },
  colour: { flags: ['-e'], summary: 'coloured log lines (with -E)' },
  stderr: { flags: ['-E'], summary: 'log to standard error' },
  file: { flags: ['-f'], value: 'file', summary: 'configuration file (default /etc/kamailio/kamailio.cfg)' },
  group: { flags: ['-g'], value: 'gid', summary: 'become this group once the sockets are open' },
  groupFile: { flags: ['-G'], value: 'file', summary: 'write the process group number to this file' },
  help: { flags: ['-h', '--help'], summary: 'this help' },
  internals: { flags: ['-I'], summary: 'print what this build consists of' },
  checkVia: { flags: ['-K'], summary: 'check the host in Via when forwarding replies' },
  listen: { flags: ['-l'], value: 'address', summary: 'listen there: [proto:]address[:port][/advertised]; may be repeated' },
  loadModule: { flags: ['--loadmodule'], value: 'name', summary: 'load this module too' },
  logEngine: { flags: ['--log-engine'], value: 'name', summary: 'log engine, e.g. json' },
  modulePath: { flags: ['-L'], value: 'path', summary: 'module path; modules are built in, so it changes nothing', ignored: true },
  sharedMemory: { flags: ['-m'], value: 'megabytes', summary: 'shared memory; not needed here', ignored: true },
  privateMemory: { flags: ['-M'], value: 'megabytes', summary: 'private memory; not needed here', ignored: true },
  modParam: { flags: ['--modparam'], value: 'module:name:type:value', summary: 'set a module parameter; type is s or i' },
  children: { flags: ['-n'], value: 'processes', summary: 'worker processes; not needed here', ignored: true },
  tcpChildren: { flags: ['-N'], value: 'processes', summary: 'TCP worker processes; not needed here', ignored: true },
  optimisation: { flags: ['-O'], value: 'level', summary: 'script optimisation; always on here', ignored: true },
  pidFile: { flags: ['-P'], value: 'file', summary: 'write the process number to this file' },
  sctpChildren: { flags: ['-Q'], value: 'processes', summary: 'SCTP worker processes; not needed here', ignored: true },
  dnsVia: { flags: ['-r'], summary: 'look up the host in Via to decide on received=' },
  reverseDnsVia: { flags: ['-R'], summary: 'the same by reverse DNS' },
  serverId: { flags: ['--server-id'], value: 'number', summary: 'server_id' },
  subst: { flags: ['--subst'], value: 'expression', summary: 'a #!subst of the preprocessor' },
  substdef: { flags: ['--substdef'], value: 'expression', summary: 'a #!substdef of the preprocessor' },
  substdefs: { flags: ['--substdefs'], value: 'expression', summary: 'a #!substdefs of the preprocessor' },
  noSctp: { flags: ['-S'], summary: 'no SCTP', ignored: true },
  chroot: { flags: ['-t'], value: 'dir', summary: 'not possible in Node; refused' },
  noTcp: { flags: ['-T'], summary: 'no TCP' },
  user: { flags: ['-u'], value: 'uid', summary: 'become this user once the sockets are open' },
  version: { flags: ['-v', '-V', '--version'], summary: 'version' },
  shmManager: { flags: ['-x'], value: 'name', summary: 'memory manager; not needed here', ignored: true },
  pkgManager: { flags: ['-X'], value: 'name', summary: 'memory manager; not needed here', ignored: true },
  runDir: { flags: ['-Y'], value: 'dir', summary: 'folder of sockets and fifos' },
  workDir: { flags: ['-w'], value: 'dir', summary: 'working folder' },
  watch: { flags: ['--watch'], summary: 'read the configuration anew when it, or a file that it includes, is saved' },
  pollMethod: { flags: ['-W'], value: 'type', summary: 'poll method; not needed here', ignored: true },
} as const satisfies Record<string, OptionDef>

export type OptionName = keyof typeof optionDefs

export interface ParsedOptions {
  /** Each option given, with its values in order (an empty text for a switch). */
  readonly given: ReadonlyMap<OptionName, readonly string[]>
  readonly operands: readonly string[]
  /** What is wrong with the line; empty when all is well. */
  readonly errors: readonly string[]
}

/** Reads options as getopt does: bundled switches (`-DDE`), attached (`-m64`) and separate values, `--name=value`. */
export function parseOptions(words: readonly string[]): ParsedOptions {
  const given = new Map<OptionName, string[]>()
  const operands: string[] = []
  const errors: string[] = []
  const byFlag = new Map<string, [OptionName, OptionDef]>()
  for (const [name, def] of Object.entries(optionDefs)) {
    for (const flag of def.flags) byFlag.set(flag, [name as OptionName, def])
  }
  const add = (name: OptionName, value: string): void => {
    const values = given.get(name)
    if (values) values.push(value)
    else given.set(name, [value])
  }

  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    if (word === '--') {
      operands.push(...words.slice(index + 1))
      break
    }
    if (word.startsWith('--')) {
      const equals = word.indexOf('=')
      const flag = equals < 0 ? word : word.slice(0, equals)
      const known = byFlag.get(flag)
      if (!known) errors.push(`unknown option ${flag}`)
      else if (!known[1].value) add(known[0], '')
      else if (equals >= 0) add(known[0], word.slice(equals + 1))
      else if (index + 1 < words.length) add(known[0], words[++index] ?? '')
      else errors.push(`option ${flag} needs a value: ${known[1].value}`)
      continue
    }
    if (!word.startsWith('-') || word === '-') {
      operands.push(word)
      continue
    }
    for (let at = 1; at < word.length; at++) {
      const flag = `-${word[at]}`
      const known = byFlag.get(flag)
      if (!known) {
        errors.push(`unknown option ${flag}`)
        continue
      }
      if (!known[1].value) {
        add(known[0], '')
        continue
      }
      const attached = word.slice(at + 1)
      if (attached !== '') add(known[0], attached)
      else if (index + 1 < words.length) add(known[0], words[++index] ?? '')
      else errors.push(`option ${flag} needs a value: ${known[1].value}`)
      break
    }
  }
  return { given, operands, errors }
}
