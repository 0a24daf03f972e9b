import { RpcFault, RpcStruct, type RpcAnswer, type RpcCall, type RpcDef, type RpcValue } from '../../define/define.ts'
import type { CfgPlace, CfgValue, PutOff } from '../../runtime/cfg-table.ts'
import type { Host } from '../../runtime/host.ts'
import { ReloadRefused } from '../../runtime/reload.ts'
import { isAnswer, parseGroup, readPlace, wrongGroup, wrongInstance } from './place.ts'

const notSet = new RpcFault(400, 'Failed to set the variable')
const notCompared = new RpcFault(400, 'Failed to get the changes')
const notGot = new RpcFault(400, 'Failed to get the variable')

/** How the value of a command is read: Kamailio takes a number first, so that JSON's texts become 0 there. */
const reading = {
  any: (call: RpcCall): CfgValue | undefined => call.int(2) ?? call.text(2),
  int: (call: RpcCall): CfgValue | undefined => call.int(2),
  string: (call: RpcCall): CfgValue | undefined => call.text(2),
} as const

type Kind = keyof typeof reading

function refuse({ log }: Host, reason: string, fault: RpcFault): RpcFault {
  log.error('cfg_rpc', reason)
  return fault
}

/** Runs `change` on the place and the value that a command names. */
function changing(
  summary: string, kind: Kind, change: (host: Host, place: CfgPlace, value: CfgValue) => string | undefined,
): RpcDef<Host> {
  return {
    summary,
    run: (host, _params, call) => {
      const place = readPlace(call)
      if (isAnswer(place)) return place
      const value = reading[kind](call)
      if (value === undefined) return call.failed
      const refused = change(host, place, value)
      return refused === undefined ? [] : refuse(host, refused, notSet)
    },
  }
}

const now = (host: Host, place: CfgPlace, value: CfgValue): string | undefined => host.parameters.write(place, value)

/** A log facility is checked when it is put off, not when it is too late. */
const later = (host: Host, place: CfgPlace, value: CfgValue): string | undefined =>
  host.parameters.writeLater(place, value, (variable, fitting) => {
    if (variable.name !== 'log_facility' || place.group !== 'core') return undefined
    return /^LOG_[A-Z]+[0-7]?$/.test(String(fitting)) ? undefined : `there is no log facility ${fitting}`
  })

/** Kamailio's null: a text that nobody set. */
const shown = (value: CfgValue): RpcValue => (value === '' ? null : value)

function get(host: Host, call: RpcCall): RpcAnswer {
  const text = call.text(0)
  if (text === undefined) return new RpcFault(500, 'Failed to get the parameters')
  const parsed = parseGroup(text)
  if (parsed === undefined) return wrongGroup
  const name = call.count > 1 ? call.text(1) : undefined
  if (name === undefined) return getGroup(host, parsed)
  const variable = host.parameters.variable(parsed.group, name)
  const value = host.parameters.read({ ...parsed, name })
  if (variable === undefined || value === undefined) return refuse(host, `there is no ${text}.${name}`, notGot)
  return variable.isReadable ? [shown(value)] : new RpcFault(400, 'Variable exists, but it is not readable via RPC interface')
}

function getGroup(host: Host, { group, id }: { readonly group: string; readonly id: number | undefined }): RpcAnswer {
  const { parameters } = host
  const variables = parameters.group(group)?.variables
  if (variables === undefined) return []
  if (id !== undefined && !parameters.hasInstance(group, id)) return refuse(host, `there is no instance ${group}[${id}]`, notGot)
  const struct = new RpcStruct()
  for (const { name, isReadable } of variables) {
    const value = isReadable ? parameters.read({ group, id, name }) : undefined
    if (value !== undefined) struct.add(name, shown(value))
  }
  return [struct]
}

function describe(host: Host, { group, id, name, value }: PutOff): RpcStruct | undefined {
  const old = host.parameters.read({ group, id, name })
  if (old === undefined) return undefined
  const struct = new RpcStruct().add('group name', group)
  if (id !== undefined) struct.add('group id', id)
  const next = value ?? host.parameters.variable(group, name)?.read() ?? ''
  return struct.add('variable name', name).add('old value', shown(old)).add('new value', shown(next))
}

function diff(host: Host): RpcAnswer {
  const found: RpcStruct[] = []
  for (const each of host.parameters.putOff) {
    const struct = describe(host, each)
    if (struct === undefined) return refuse(host, `there is no instance ${each.group}[${each.id ?? ''}]`, notCompared)
    found.push(struct)
  }
  return found
}

/** Instances: `group[id]` is a must. */
function instance(call: RpcCall): { readonly group: string; readonly id: number } | RpcAnswer {
  const text = call.text(0)
  if (text === undefined) return call.failed
  const parsed = parseGroup(text)
  return parsed?.id === undefined ? wrongInstance : { group: parsed.group, id: parsed.id }
}

function changeInstance(
  summary: string, fault: string, change: (host: Host, group: string, id: number) => boolean,
): RpcDef<Host> {
  return {
    summary,
    run: (host, _params, call) => {
      const place = instance(call)
      if (isAnswer(place)) return place
      return change(host, place.group, place.id) ? [] : refuse(host, `${fault}: ${place.group}[${place.id}]`, new RpcFault(400, fault))
    },
  }
}

function deleting(summary: string, change: (host: Host, place: CfgPlace) => string | undefined): RpcDef<Host> {
  return {
    summary,
    run: (host, _params, call) => {
      const place = instance(call)
      if (isAnswer(place)) return place
      const name = call.text(1)
      if (name === undefined) return call.failed
      const refused = change(host, { ...place, name })
      return refused === undefined ? [] : refuse(host, refused, new RpcFault(400, 'Failed to delete the value'))
    },
  }
}

const setNow = changing('Changes a parameter: group (or group[id]), name, value.', 'any', now)
const setNumber = changing('Changes a parameter to a number.', 'int', now)
const setText = changing('Changes a parameter to a text.', 'string', now)

export const cfgRpc: Readonly<Record<string, RpcDef<Host>>> = {
  'cfg.set': setNow,
  'cfg.set_now_int': setNumber,
  'cfg.seti': setNumber,
  'cfg.set_now_string': setText,
  'cfg.sets': setText,
  'cfg.del': deleting('Lets an instance of a group give up its own value: group[id] and name.', (host, place) =>
    host.parameters.delete(place)),
  'cfg.set_delayed': changing('Puts a change off until cfg.commit.', 'any', later),
  'cfg.set_delayed_int': changing('Puts a change to a number off until cfg.commit.', 'int', later),
  'cfg.set_delayed_string': changing('Puts a change to a text off until cfg.commit.', 'string', later),
  'cfg.del_delayed': deleting('As cfg.del, put off until cfg.commit.', (host, place) => host.parameters.deleteLater(place)),
  'cfg.commit': {
    summary: 'Does all changes that were put off.',
    run: (host) => {
      const refused = host.parameters.commit()
      return refused === undefined ? [] : refuse(host, refused, new RpcFault(400, 'Failed to commit the changes'))
    },
  },
  'cfg.rollback': {
    summary: 'Forgets all changes that were put off.',
    run: ({ parameters }) => {
      parameters.rollback()
      return []
    },
  },
  'cfg.get': {
    summary: 'Shows a parameter, or all of a group: group (or group[id]) and name.',
    run: (host, _params, call) => get(host, call),
  },
  'cfg.reset': {
    summary: 'Sets a group back to what it was at the start.',
    run: ({ parameters }, _params, call) => {
      const text = call.text(0)
      if (text === undefined) return call.failed
      const parsed = parseGroup(text)
      if (parsed === undefined) return wrongGroup
      parameters.reset(parsed.group, parsed.id)
      return []
    },
  },
  'cfg.help': {
    summary: 'What a parameter is for, and its type: group and name.',
    run: (host, _params, call) => {
      const place = readPlace(call)
      if (isAnswer(place)) return place
      const variable = place.id === undefined ? host.parameters.variable(place.group, place.name) : undefined
      if (variable === undefined) return new RpcFault(400, 'Failed to get the variable description')
      return [variable.summary, `(parameter type is ${variable.type === 'int' ? 'integer' : 'string'})`]
    },
  },
  'cfg.list': {
    summary: 'The names of all parameters, or of those of a group.',
    returnsArray: true,
    run: ({ parameters }, _params, call) => {
      const wanted = call.count > 0 ? call.text(0) : undefined
      return parameters.groups
        .filter(({ name }) => wanted === undefined || name === wanted)
        .flatMap(({ name, variables }) => variables.map((each) => `${name}: ${each.name}`))
    },
  },
  'cfg.reload': {
    summary: 'Reads the configuration file anew: routes and parameters that may change are taken over, calls go on.',
    run: async (host) => {
      const outcome = await host.reload()
      if (outcome instanceof ReloadRefused) return new RpcFault(500, outcome.reasons.join('\n'))
      return [new RpcStruct()
        .add('routes', outcome.routes)
        .add('milliseconds', outcome.totalMs)
        .add('longest_step', outcome.blockedMs)
        .add('changed', outcome.changed)
        .add('restart', outcome.restart)
        .add('warnings', outcome.warnings)]
    },
  },
  'cfg.diff': { summary: 'The changes that were put off.', run: (host) => diff(host) },
  'cfg.add_group_inst': changeInstance('Makes an instance of a group: group[id].', 'Failed to add the group instance', (host, group, id) =>
    host.parameters.addInstance(group, id)),
  'cfg.del_group_inst': changeInstance('Removes an instance of a group.', 'Failed to delete the group instance', (host, group, id) =>
    host.parameters.deleteInstance(group, id)),
}
