import { defineModule, variableFamily } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import { PlaceIterators, type Place } from '../../runtime/place-iterators.ts'
import { sdpFunctions } from './functions.ts'
import { sdpVariable } from './variable.ts'

export interface SdpOps {
  readonly host: Host
  readonly iterators: PlaceIterators<Place>
}

export default defineModule({
  name: 'sdpops',
  summary: 'Reads and changes session descriptions on their way.',
  area: 'media',
  setup: (host): SdpOps => ({ host, iterators: new PlaceIterators<Place>() }),
  functions: sdpFunctions,
  variables: {
    sdp: variableFamily<SdpOps>(
      'The description (body) or its session version (sess_version).',
      { inner: 'required', writable: true },
      sdpVariable,
    ),
    sdpitval: variableFamily<SdpOps>('The line an iterator is at.', { inner: 'required' }, (inner) => ({
      get(context, state) {
        const line = state.iterators.current(context, inner ?? '')
        return line === undefined ? null : context.message.text.slice(line.start, line.end)
      },
    })),
  },
})
