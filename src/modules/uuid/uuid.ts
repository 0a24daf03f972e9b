import { defineModule, variableFamily } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { TimeUuids, randomUuid } from './rfc4122.ts'

interface Uuid {
  readonly host: Host
  readonly byTime: TimeUuids
}

export default defineModule({
  name: 'uuid',
  summary: 'Identifiers that nobody else makes (RFC 4122).',
  area: 'text',
  setup: (host): Uuid => ({ host, byTime: new TimeUuids(host.clock, host.random) }),
  variables: {
    uuid: variableFamily<Uuid>(
      'A new one each time: by its first letter `g` or `r` of chance, `t` or `s` of the time.',
      { inner: 'required' },
      (inner = '') => {
        if (inner === '') return '$uuid needs a letter: $uuid(g)'
        const isOfTime = /^[ts]/i.test(inner)
        return { get: (_context, { host, byTime }) => (isOfTime ? byTime.next() : randomUuid(host.random)) }
      },
    ),
  },
})
