/** Event routes: modules call one function for all of theirs, by the name that a parameter gives it. */
import { type Conversion, type ConvertedRoute } from './conversion.ts'
import { identifier, textLiteral } from './literals.ts'

export interface EventFunction {
  /** The parameter that names it: `module`, or empty for the core's own (`kemi.NAME_callback`). */
  readonly module: string
  readonly param: string
  readonly name: string
  readonly source: string
}

const ownCallbacks: Readonly<Record<string, string>> = {
  'core:msg-received': 'received_route_callback', 'core:pre-routing': 'pre_routing_callback',
}

export function eventsOf(conversion: Conversion): readonly EventFunction[] {
  const groups = new Map<string, { module: string; param: string; routes: ConvertedRoute[] }>()
  for (const route of conversion.routes.values()) {
    const { plan } = route
    if (plan.kind !== 'event' || plan.name.startsWith('tm:branch-failure:')) continue
    const place = placeOf(conversion, plan.name)
    if (place === undefined) {
      conversion.cannot(`event_route[${plan.name}]`, plan.span, 'no function of a script can stand in its place')
      continue
    }
    const key = `${place.module} ${place.param}`
    const group = groups.get(key) ?? { ...place, routes: [] }
    group.routes.push(route)
    groups.set(key, group)
  }
  return [...groups.values()].map(({ module, param, routes }) => {
    const name = identifier(module === '' ? param.replace(/_callback$/, '')
      : param === 'event_callback' ? `ksr_${module}_event` : `ksr_${module}_${param}`)
    const isAsync = routes.some((route) => route.isAsync)
    const lines = routes.map((route) =>
      `  if (event === ${textLiteral(route.plan.name)}) ${route.isAsync ? 'await ' : ''}${route.name}()`)
    const alone = module === '' && param !== 'event_route_callback'
    const [start, type] = isAsync ? ['async function', 'Promise<void>'] : ['function', 'void']
    const head = `export ${start} ${name}(${alone ? '' : '_message: unknown, event: string'}): ${type} {`
    const body = alone ? routes.map((route) => `  ${route.isAsync ? 'await ' : ''}${route.name}()`) : lines
    return { module, param, name, source: [head, ...body, '}'].join('\n') }
  })
}

function placeOf(conversion: Conversion, event: string): { readonly module: string; readonly param: string } | undefined {
  const own = ownCallbacks[event]
  if (own !== undefined) return { module: '', param: own }
  for (const { definition } of conversion.registry.modules.values()) {
    for (const [param, events] of Object.entries(definition.eventCallbacks ?? {})) {
      if (events.some((each) => each === event || (each.endsWith('*') && event.startsWith(each.slice(0, -1))))) {
        return { module: definition.name, param }
      }
    }
  }
  return event.startsWith('core:') ? { module: '', param: 'event_route_callback' } : undefined
}

