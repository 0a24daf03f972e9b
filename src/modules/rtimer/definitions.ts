/** The parameters `timer` and `exec`: `name=value;name=value`. */

export interface TimerDefinition {
  readonly name: string
  /** How many processes it has; 0 for the one that all such timers share. */
  readonly mode: number
  readonly intervalMs: number
  /** Routes, in the order they run: those named last come first, as in Kamailio. */
  readonly routes: string[]
}

/** A text is the error message. */
export function readDefinitions(
  timers: readonly (string | number)[], execs: readonly (string | number)[], defaultSeconds: number,
): readonly TimerDefinition[] | string {
  const found: TimerDefinition[] = []
  for (const text of timers) {
    const timer = parseTimer(fieldsOf(String(text)), defaultSeconds)
    if (typeof timer === 'string') return timer
    if (found.some(({ name }) => name === timer.name)) return `duplicate timer with same name: ${timer.name}`
    found.push(timer)
  }
  for (const text of execs) {
    const fields = fieldsOf(String(text))
    const name = fields.get('timer')
    if (name === undefined) return 'invalid timer name'
    const timer = found.find((known) => known.name === name)
    if (timer === undefined) return `timer not found - name: ${name}`
    const route = fields.get('route')
    if (route !== undefined) timer.routes.unshift(route)
  }
  return found
}

function parseTimer(fields: ReadonlyMap<string, string>, defaultSeconds: number): TimerDefinition | string {
  const name = fields.get('name')
  if (name === undefined) return 'invalid timer name'
  const mode = fields.get('mode') ?? '0'
  if (!/^\d+$/.test(mode)) return `invalid mode: ${mode}`
  const interval = fields.get('interval') ?? '0'
  const number = /^(\d+)u?$/.exec(interval)?.[1]
  if (number === undefined) return `invalid interval: ${interval}`
  const isMicroseconds = interval.endsWith('u')
  return {
    name,
    // Microseconds take a process of their own.
    mode: isMicroseconds ? Math.max(1, Number(mode)) : Number(mode),
    intervalMs: Number(number) === 0 ? defaultSeconds * 1000 : isMicroseconds ? Number(number) / 1000 : Number(number) * 1000,
    routes: [],
  }
}

function fieldsOf(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const part of text.split(';')) {
    const equals = part.indexOf('=')
    if (equals > 0) fields.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim())
  }
  return fields
}
