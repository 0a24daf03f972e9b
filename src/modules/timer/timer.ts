import { arg, defineModule, fn, param } from '../../define/define.ts'
import { createTimers, enableTimer, isEnabled, startTimers, stopTimers, type Timers } from './timers.ts'

/** Whatever begins with a number other than 0 switches on. */
const enable = arg.custom('enable_disable', '1 switches on, 0 off.', (text) => ({ fixed: (Number.parseInt(text, 10) || 0) !== 0 }))

export default defineModule({
  name: 'timer',
  summary: 'Runs routes at intervals; they are switched on and off by scripts.',
  area: 'operations',
  params: {
    declare_timer: param.list('A timer: `id=route,milliseconds,slow|fast,enable`; the last two may be left out.'),
  },
  setup: (host, { declare_timer }) => createTimers(host, declare_timer),
  start: startTimers,
  stop: stopTimers,
  functions: {
    timer_enable: fn({
      summary: 'Switches a timer on or off; off counts from its next turn on.',
      routes: 'any',
      args: [arg.literal('timer_id', 'The timer.'), enable],
      run: (_context, timers: Timers, id, isWanted) => enableTimer(timers, id, isWanted),
    }),
  },
  selects: [
    {
      path: 'timer.timer.*.enabled',
      summary: '1 while a timer is switched on, else 0.',
      bind: (steps) => {
        const id = steps[2]?.name ?? ''
        return (_context, timers: Timers) => {
          const enabled = isEnabled(timers, id)
          return enabled === undefined ? null : enabled ? '1' : '0'
        }
      },
    },
    {
      path: 'timer.executed',
      summary: 'Which timer runs this route; undefined outside of timer routes.',
      bind: () => (context, timers: Timers) => timers.executed.get(context) ?? null,
    },
  ],
})
