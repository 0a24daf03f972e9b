/** `declare_timer`: `id=route,interval,slow|fast,enable`. */

export interface Declaration {
  readonly id: string
  readonly route: string
  readonly intervalMs: number
  readonly isSlow: boolean
  readonly isEnabled: boolean
}

/** Kamailio's timers tick sixteen times a second; an interval is so many ticks at least. */
const TICK_MS = 1000 / 16

/** A text is the error message. */
export function parseDeclaration(text: string): Declaration | string {
  const id = /^(\w+)=/.exec(text)?.[1]
  if (id === undefined) return `timer name '(null)', error near '${text}'`
  const written = text.slice(id.length + 1).split(',')
  const [route = '', interval = '', speed = '', enable = ''] = written.map((part) => part.trim())
  const faulty = [
    route !== '',
    /^\d+$/.test(interval) && Number(interval) <= 0x7fff_ffff,
    ['', 'slow', 'fast'].includes(speed),
    ['', 'enable'].includes(enable),
  ].indexOf(false)
  if (faulty >= 0) return `timer name '${id}', error near '${written.slice(faulty).join(',')}'`
  const ticks = Math.max(1, Math.ceil(Number(interval) / TICK_MS))
  return { id, route, intervalMs: ticks * TICK_MS, isSlow: speed !== 'fast', isEnabled: enable === 'enable' }
}
