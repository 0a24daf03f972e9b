/** The server itself: its process, version, statistics and global parameters; constants. */
import { variable, variableFamily, type PvValue, type VariableDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { coreParams, type Settings } from '../../runtime/settings.ts'
import type { PvState } from './state.ts'

/** `5.6.3` as one number: 5006003. */
function versionNumber(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10) || 0)
  return major * 1_000_000 + minor * 1000 + patch
}

/** `name (version (machine))` as `name version (machine) `. */
function fullVersion(product: string): string {
  const parts = /^(\S+) \((\S+) (\(.*\))\)$/.exec(product)
  return parts ? `${parts[1]} ${parts[2]} ${parts[3]} ` : product
}

const VERSION: Readonly<Record<string, (context: RouteContext) => string>> = {
  num: ({ host }) => host.identity.version,
  full: ({ host }) => fullVersion(host.identity.product),
  hash: () => 'unknown ',
}

function isSetting(name: string): name is keyof Settings {
  return Object.hasOwn(coreParams, name)
}

/** The global parameter that `core.debug` or `tcp.connect_timeout` names. */
function settingName(group: string, name: string): keyof Settings | undefined {
  const full = group === 'core' ? name : `${group}_${name}`
  return isSetting(full) ? full : undefined
}

function readSetting(context: RouteContext, group: string, name: string): PvValue {
  const setting = settingName(group, name)
  const value: unknown = setting && context.host.settings[setting]
  if (typeof value === 'string' || typeof value === 'number') return value
  context.host.log.error('pv', `failed to get the variable [${group}.${name}]`)
  return null
}

function writeSetting(context: RouteContext, group: string, name: string, value: PvValue): boolean {
  const { host } = context
  if (value === null) {
    host.log.warning('pv', 'ignoring the assignment of $null')
    return true
  }
  const setting = settingName(group, name)
  const kind = setting && coreParams[setting]
  if (!setting || !kind?.reloadable || (kind.type === 'int') !== (typeof value === 'number')) {
    host.log.error('pv', `failed to set the variable: [${group}.${name}]`)
    return false
  }
  Object.assign(host.settings, { [setting]: value })
  if (setting === 'debug' && typeof value === 'number') host.log.level = value
  return true
}

const nothing = variable<PvState>('Always $null, kept for old scripts.', () => null)

const sign = (name: string, text: string): VariableDef<PvState> => variable(`The character: ${name}.`, () => text)

const WRITABLE = { inner: 'required', writable: true } as const

export const systemVariables: Readonly<Record<string, VariableDef<PvState>>> = {
  pp: variable('Number of the process.', ({ host }) => host.identity.pid),
  sid: variable('Number of this server among several (server_id).', ({ host }) => host.settings.server_id),
  true: variable('1.', () => 1),
  version: variableFamily<PvState>('Version of the server: num, full or hash.', { inner: 'required' }, (inner) => {
    const read = VERSION[inner ?? '']
    return read ? { get: read } : `$version is one of ${Object.keys(VERSION).join(', ')}, not ${inner}`
  }),
  ksr: variableFamily<PvState>('Version of the server: ver as text, verval as number.', { inner: 'required' }, (inner) => {
    if (inner === 'ver') return { get: ({ host }) => host.identity.version }
    if (inner === 'verval') return { get: ({ host }) => versionNumber(host.identity.version) }
    return `$ksr is ver or verval, not ${inner}`
  }),
  stat: variableFamily<PvState>('A statistic by name.', { inner: 'required' }, (inner) => ({
    get({ host }) {
      const counter = host.statistics.named(inner ?? '')
      if (counter) return counter.value
      host.log.warning('pv', `No stat variable \`\`${inner}''`)
      return null
    },
  })),
  sel: variableFamily<PvState>('A select: $sel(@to.uri.user).', { inner: 'required' }, (inner, _index, env) => {
    const read = env.select?.(inner ?? '') ?? 'there are no selects'
    return typeof read === 'string' ? read : { get: read }
  }),
  ccp: variableFamily<PvState>('A global parameter, changeable while running.', WRITABLE, (inner) => {
    const parts = /^(.+)\.([^.]+)$/.exec(inner ?? '')
    if (!parts) return `$ccp(${inner}) needs group and name: $ccp(group.name)`
    const [, group = '', name = ''] = parts
    return {
      get: (context) => readSetting(context, group, name),
      set: (context, _state, value) => writeSetting(context, group, name, value),
    }
  }),
  ruid: variable('Identifier of the location record the request was sent by.', ({ message }) =>
    (message.isRequest && message.ruid) || null),
  location_ua: variable('User agent of the location record the request was sent by.', ({ message }) =>
    (message.isRequest && message.locationUserAgent) || null),
  'err.class': nothing,
  'err.level': nothing,
  'err.info': nothing,
  'err.rcode': nothing,
  'err.rreason': nothing,
  Eb: sign('back quote', '`'),
  Ec: sign('comma', ','),
  Ei: sign('colon', ':'),
  Ej: sign('semicolon', ';'),
  Ek: sign('single quote', "'"),
  En: sign('line feed', '\n'),
  Eq: sign('double quote', '"'),
  Er: sign('carriage return', '\r'),
  Es: sign('space', ' '),
  Et: sign('tab', '\t'),
  Ev: sign('vertical bar', '|'),
}
