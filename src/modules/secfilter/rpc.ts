import { RpcFault, type RpcAnswer, type RpcCall, type RpcDef } from '../../define/define.ts'
import { COUNTED, type Counted } from './counters.ts'
import { KINDS, reloadLists, type Kind } from './lists.ts'
import type { PrefixList } from './prefix-list.ts'
import type { Secfilter } from './state.ts'

const TITLES: Readonly<Record<Kind, string>> = {
  ua: 'User-agent', country: 'Country', domain: 'Domain', ip: 'IP Address', user: 'User',
}
const LABEL_WIDTH = 14
const OTHER_WIDTH = 14

const titled = (title: string): string[] => ['', title, '='.repeat(title.length)]

const listed = (title: string, { entries }: PrefixList): string[] =>
  [`[+] ${title}`, '    -----------', ...entries.map((entry, index) => `    ${String(index + 1).padStart(4, '0')} -> ${entry}`)]

/** What the name begins with chooses the lists; without a name all but the destinations are shown. */
function print({ lists }: Secfilter, _params: unknown, call: RpcCall): RpcAnswer {
  const [given] = call.given
  const wanted = typeof given === 'string' ? given : undefined
  const isWanted = (name: string): boolean => wanted === undefined || name.startsWith(wanted)
  const lines = wanted !== undefined && isWanted('dst') ? [...titled('Destinations'), ...listed('Blacklisted', lists.destinations)] : []
  for (const kind of KINDS) {
    if (!isWanted(kind)) continue
    lines.push(...titled(TITLES[kind]), ...listed('Blacklisted', lists.blocked[kind]), '', ...listed('Whitelisted', lists.allowed[kind]))
  }
  return [...lines, '']
}

function showCounters({ counters }: Secfilter): RpcAnswer {
  const counts = (of: ReadonlyMap<Counted, number>): string[] =>
    COUNTED.map((what) => `[+] By ${what.padEnd(LABEL_WIDTH)}: ${of.get(what) ?? 0}`)
  const other = (what: string, count: number): string => `[+] ${what.padEnd(OTHER_WIDTH)} : ${count}`
  return [
    ...titled('Blocked messages (blacklist)'), ...counts(counters.blocked),
    ...titled('Allowed messages (whitelist)'), ...counts(counters.allowed),
    ...titled('Other blocked messages'), other('Destinations', counters.destinations), other('SQL injection', counters.injections), '',
  ]
}

/** JSON-RPC has no fault with code 0, and says this in its place. */
const misused = (call: RpcCall, usage: string): RpcFault =>
  (call.transport === 'json' ? new RpcFault(-32000, 'Execution Error') : new RpcFault(0, usage))

const USAGE_OF_ADD_DST = 'Invalid Parameters. Usage: secfilter.add_dst number\n     Example: secfilter.add_dst 555123123'

function addDestination({ lists }: Secfilter, _params: unknown, call: RpcCall): RpcAnswer {
  const number = numberOf(call)
  if (number === undefined) return new RpcFault(500, USAGE_OF_ADD_DST)
  lists.destinations.add(number)
  return [`Values (${number}) inserted into blacklist destinations`]
}

/** The number as text; JSON may give a text, for numbers that begin with 0 or are long. Kamailio takes a negative one for unsigned. */
function numberOf(call: RpcCall): string | undefined {
  const [given] = call.given
  if (call.transport === 'json' && typeof given === 'string') return given
  if (call.transport === 'json' && typeof given === 'number' && given >= 0) return String(given)
  const number = call.int(0)
  return number === undefined ? undefined : BigInt.asUintN(64, BigInt(number)).toString()
}

interface Words {
  readonly usage: string
  readonly list: string
  readonly failed: string
}

function adding(list: 'blocked' | 'allowed', words: Words): RpcDef<Secfilter>['run'] {
  return ({ host, lists }, _params, call) => {
    const [name, value] = [call.text(0), call.text(1)]
    if (name === undefined || value === undefined) return misused(call, words.usage)
    const kind = KINDS.find((candidate) => candidate.startsWith(name))
    if (kind === undefined) {
      host.log.error('secfilter', `Invalid type: ${name} is none of ${KINDS.join(', ')}`)
      return new RpcFault(500, words.failed)
    }
    lists[list][kind].add(value)
    return [`Values (${name}, ${value}) inserted into ${words.list}`]
  }
}

export const secfilterRpc: Readonly<Record<string, RpcDef<Secfilter>>> = {
  'secfilter.reload': {
    summary: 'Reads the lists from the database again; the old ones stay when that fails. What commands added is gone then.',
    run: async (secfilter) => {
      const problem = await reloadLists(secfilter)
      if (problem === undefined) return ['Data reloaded']
      secfilter.host.log.error('secfilter', `Error loading data from database: ${problem}`)
      return new RpcFault(500, 'Error loading data from database')
    },
  },
  'secfilter.print': { summary: 'Shows the lists: ua, country, domain, ip, user, dst, or all but dst.', run: print },
  'secfilter.stats': { summary: 'How often something was blocked or allowed, and why.', run: showCounters },
  'secfilter.stats_reset': {
    summary: 'Sets those counters to 0.',
    run: ({ counters }) => {
      counters.reset()
      return ['The statistics has been reset']
    },
  },
  'secfilter.add_dst': { summary: 'Blocks a destination, in memory only: number.', run: addDestination },
  'secfilter.add_bl': {
    summary: 'Blocks something, in memory only: type (ua, country, domain, ip, user), value.',
    run: adding('blocked', {
      usage: 'Invalid Parameters. Usage: secfilter.add_bl type value\n     Example: secfilter.add_bl user sipvicious',
      list: 'blacklist',
      failed: 'Error inserting values in the blacklist',
    }),
  },
  'secfilter.add_wl': {
    summary: 'Allows something, in memory only: type (ua, country, domain, ip, user), value.',
    run: adding('allowed', {
      usage: 'Invalid Parameters. Usage: secfilter.add_wl type value\n     Example: secfilter.add_wl user trusted_user',
      list: 'whitelist',
      failed: 'Error insert values in the whitelist',
    }),
  },
}
