import { optionDefs, type OptionDef } from './options.ts'

/** The text of `kahea --help`: what people do most first, then every option, generated from the table. */
export function helpText(): string {
  const rows = Object.values<OptionDef>(optionDefs).map((option) => {
    const left = option.flags.map((flag) => withValue(flag, option.value)).join(', ')
    return `  ${left.padEnd(36)} ${option.summary}`
  })
  return `Kahea: a SIP server that runs Kamailio configuration files.

Usage
  kahea run kamailio.cfg               start with this file, log to the terminal
  kahea check kamailio.cfg             report every error, with its line; start nothing
  kahea reload                         the running server reads its file anew, calls go on (kahea reload --help)
  kahea convert kamailio.cfg folder    the routes of a file as TypeScript
  kahea cmd core.uptime                an RPC command for the running server (kahea cmd --help)
  kahea cluster diff                   whether the servers of a cluster hold the same
  kahea db create URL [group ...]      make Kamailio's tables in a database
  kahea db check URL [group ...]       tell which tables are there, and in which version
  kahea -f kamailio.cfg -DD -E ...     Kamailio's own command line: put it in place of kamailio

Examples
  kahea run                            start on 127.0.0.1:5060 with the built-in configuration
  kahea run proxy.cfg -l udp:192.0.2.1:5060 -A WITH_NAT
  kahea check /etc/kamailio/kamailio.cfg
  kahea -c -f /etc/kamailio/kamailio.cfg
  kahea db create sqlite:////etc/kamailio/kamailio.db auth_db usrloc

Options
${rows.join('\n')}
`
}

function withValue(flag: string, value: string | undefined): string {
  if (!value) return flag
  return flag.startsWith('--') ? `${flag}=${value}` : `${flag} ${value}`
}
