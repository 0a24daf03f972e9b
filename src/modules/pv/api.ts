import { apiKey } from '../../define/define.ts'

export interface PvApi {
  /** What an alias of avp_aliases stands for, such as `s:name`; undefined when it is none. */
  aliasOf(name: string): string | undefined
}

export const pvApi = apiKey<PvApi>('pv')
