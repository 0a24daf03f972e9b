import type { Counters } from './counters.ts'
import type { ListSource } from './lists.ts'

/** The state of the module. */
export interface Secfilter extends ListSource {
  readonly counters: Counters
}
