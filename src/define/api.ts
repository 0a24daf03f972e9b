/**
 * The door between modules: `api.ts` of a module exports a key, `setup` provides what stands behind it, and other
 * modules ask the host for it once all modules are set up.
 */
export interface ApiKey<T> {
  readonly module: string
  /** Never read: ties the type to the key. */
  readonly shape?: T
}

export function apiKey<T>(module: string): ApiKey<T> {
  return { module }
}
