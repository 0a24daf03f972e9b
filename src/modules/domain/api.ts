import { apiKey } from '../../define/define.ts'

export interface DomainApi {
  /** Whether the domain is served here. */
  isLocal(domain: string): boolean
}

export const domainApi = apiKey<DomainApi>('domain')
