import { arg, defineModule, fn, param, variableFamily, type Arg, type FunctionDef } from '../../define/define.ts'
import { RouteMask, type RouteName } from '../../define/route-kind.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { ContextValue } from '../../runtime/context-value.ts'
import type { Host, RouteFunction } from '../../runtime/host.ts'
import { tmApi, type TmApi } from '../tm/api.ts'
import { placeholderRequest } from '../../runtime/placeholder-request.ts'

interface Async {
  readonly host: Host
  readonly params: { readonly return: number; readonly ms_timer: number }
  /** There from `start` on. */
  tm: TmApi | undefined
  /** Ends waits when the server stops. */
  readonly waits: Set<() => void>
}

/** What async_task_data() handed to the route that runs on a context. */
const taskOf = new ContextValue<{ readonly data: string; readonly group: string }>()

const ROUTES: readonly RouteName[] = ['request', 'failure']
const SECONDS_MAX = 100
const MILLISECONDS_MAX = 30_000

const route = arg.str('route', 'Name of the route.')
const data = arg.str('data', 'What `$async(data)` is there.')
const group = arg.str('group', 'Group of workers; all are one here.')

function after(state: Async, delayMs: number, task: () => void): void {
  const cancel = state.host.clock.after(delayMs, () => {
    state.waits.delete(cancel)
    task()
  })
  state.waits.add(cancel)
}

/** Suspends the request and goes on in a route later. 0 ends the script, -1 when it cannot be. */
function routeLater(state: Async, context: RouteContext, name: string, delayMs: number): number {
  const { host, tm } = state
  const target = context.routes.request(name)
  if (target === undefined) {
    host.log.error('async', `route block not found: ${name}`)
    return -1
  }
  const branch = tm?.suspend(context)
  if (tm === undefined || branch === undefined) return -1
  if (branch !== 'copy') after(state, delayMs, () => void tm.resume(branch, target))
  return state.params.return
}

/** Suspends the request and goes on with the next statement. What follows runs as in a failure route, as behind t_continue(). */
function sleep(state: Async, context: RouteContext, delayMs: number): number | Promise<number> {
  const { tm } = state
  const branch = tm?.suspend(context)
  if (tm === undefined || branch === undefined) return -1
  if (branch === 'copy') return 0
  return new Promise((resolve) => {
    after(state, delayMs, () => {
      if (!tm.wake(branch)) {
        resolve(0)
        return
      }
      context.routeType = RouteMask.failure
      context.branchIndex = branch.transaction.branches.length
      resolve(1)
    })
  })
}

function isWithin(state: Async, delay: number, maximum: number, unit: string): boolean {
  if (delay >= 0 && delay <= maximum) return true
  state.host.log.error('async', `max sleep time is ${maximum} ${unit} (${delay})`)
  return false
}

function hasMillisecondTimer(state: Async): boolean {
  if (state.params.ms_timer > 0) return true
  state.host.log.error('async', 'async timer list not initialized - check modparams')
  return false
}

/** Runs a route on a request of its own, with data. */
function runWithData(state: Async, name: string, text: string, groupName: string): number {
  const { host } = state
  const target: RouteFunction | undefined = host.routes.request(name) ?? host.routes.event(name)
  const message = placeholderRequest(host)
  if (target === undefined || message === undefined) {
    host.log.error('async', `route block not found: ${name}`)
    return -1
  }
  after(state, 0, () => {
    const { context, release } = host.contextFor(message)
    taskOf.set(context, { data: text, group: groupName })
    const running = host.runEvent(target, context)
    if (running instanceof Promise) void running.finally(release)
    else release()
  })
  return 1
}

const taskRoute = <A extends readonly Arg<string>[]>(summary: string, args: A): FunctionDef<Async> =>
  fn({ summary, routes: ROUTES, args, run: (context, state: Async, ...[name]) => routeLater(state, context, name ?? '', 0) })

export default defineModule({
  name: 'async',
  summary: 'Goes on later: with a request, or with data in a route of its own.',
  area: 'routing',
  params: {
    workers: param.int(1, 'Kamailio\'s worker processes for it; one process does all here.'),
    ms_timer: param.int(0, 'Let async_ms_route() and async_ms_sleep() work; Kamailio\'s resolution in milliseconds.'),
    return: param.int(0, 'What the functions that suspend a request give.'),
    mode: param.int(0, 'Accepted for compatibility; nothing to act on here.'),
  },
  setup: (host, params): Async => ({ host, params, tm: undefined, waits: new Set() }),
  start(state, host) {
    state.tm = host.api(tmApi)
  },
  stop(state) {
    for (const cancel of state.waits) cancel()
    state.waits.clear()
  },
  functions: {
    async_route: fn({
      summary: 'Goes on with the request in a route after so many seconds; the script ends.',
      returns: { 0: 'suspended; the script ends', [-1]: 'it cannot be' },
      routes: ROUTES,
      args: [route, arg.int('seconds', 'Up to 100.')],
      run: (context, state: Async, name, seconds) =>
        isWithin(state, seconds, SECONDS_MAX, 'sec') ? routeLater(state, context, name, seconds * 1000) : -1,
    }),
    async_ms_route: fn({
      summary: 'Goes on with the request in a route after so many milliseconds; the script ends.',
      returns: { 0: 'suspended; the script ends', [-1]: 'it cannot be' },
      routes: ROUTES,
      args: [route, arg.int('milliseconds', 'Up to 30,000.')],
      run: (context, state: Async, name, delay) =>
        hasMillisecondTimer(state) && isWithin(state, delay, MILLISECONDS_MAX, 'ms') ? routeLater(state, context, name, delay) : -1,
    }),
    async_sleep: fn({
      summary: 'Goes on with the next statement after so many seconds; other messages do not wait.',
      routes: ROUTES,
      mayWait: true,
      args: [arg.int('seconds', 'Up to 100.')],
      run: (context, state: Async, seconds) => (isWithin(state, seconds, SECONDS_MAX, 'sec') ? sleep(state, context, seconds * 1000) : -1),
    }),
    async_ms_sleep: fn({
      summary: 'Goes on with the next statement after so many milliseconds; other messages do not wait.',
      routes: ROUTES,
      mayWait: true,
      args: [arg.int('milliseconds', 'Up to 30,000.')],
      run: (context, state: Async, delay) =>
        hasMillisecondTimer(state) && isWithin(state, delay, MILLISECONDS_MAX, 'ms') ? sleep(state, context, delay) : -1,
    }),
    async_task_route: taskRoute('Goes on with the request in a route, as soon as may be.', [route]),
    async_task_group_route: taskRoute('As async_task_route(), by a group of workers.', [route, group]),
    async_task_data: fn({
      summary: 'Runs a route on a request of its own, with data.',
      routes: 'any',
      args: [route, data],
      run: (_context, state: Async, name, text) => runWithData(state, name, text, ''),
    }),
    async_task_group_data: fn({
      summary: 'As async_task_data(), by a group of workers.',
      routes: 'any',
      args: [route, group, data],
      run: (_context, state: Async, name, groupName, text) => runWithData(state, name, text, groupName),
    }),
    async_tkv_emit: fn({
      summary: 'Runs event_route[core:tkv] with a type, a key and a value.',
      routes: 'any',
      args: [arg.int('type', 'The type.'), arg.str('key', 'The key.'), arg.str('value', 'The value.')],
      run: (_context, state: Async, _type, _key, value) => {
        const isThere = state.host.routes.event('core:tkv') !== undefined
        return isThere ? runWithData(state, 'core:tkv', value, '') : -1
      },
    }),
  },
  variables: {
    async: variableFamily<Async>('In routes of async_task_data(): `data`, and `gname`, the group.', { inner: 'required' }, (inner = '') => {
      if (inner !== 'data' && inner !== 'gname') return `$async(${inner}) is unknown: data or gname`
      return {
        get: (context) => {
          const task = taskOf.get(context)
          return task === undefined ? null : inner === 'data' ? task.data : task.group
        },
      }
    }),
  },
  events: { 'core:tkv': 'async_tkv_emit() was called.' },
})
