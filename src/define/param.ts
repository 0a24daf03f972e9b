/** A module's parameters, as `modparam` sets them. */
export interface Param<T = unknown> {
  readonly type: 'int' | 'str' | 'list'
  readonly summary: string
  readonly initial: T
  readonly min?: number
  readonly max?: number
  /** `modparam` may be given many times (Kamailio's "str+func"); each value may be a number or a text. */
  readonly accepts?: readonly ('int' | 'str')[]
  /** Changeable while running by `cfg.set`, under this group and name (Kamailio's cfg_var). */
  readonly reloadable?: boolean
  /** Its name there, where that differs. */
  readonly cfgName?: string
}

export type ParamValue<P> = P extends Param<infer T> ? T : never

export const param = {
  int: (
    initial: number,
    summary: string,
    options?: { readonly min?: number; readonly max?: number; readonly reloadable?: boolean; readonly cfgName?: string },
  ): Param<number> => ({ type: 'int', summary, initial, ...options }),
  str: (initial: string, summary: string, options?: { readonly reloadable?: boolean; readonly cfgName?: string }): Param<string> => ({
    type: 'str',
    summary,
    initial,
    ...options,
  }),
  /** Every value given, in order. */
  list: (
    summary: string,
    accepts: readonly ('int' | 'str')[] = ['str'],
  ): Param<readonly (string | number)[]> => ({ type: 'list', summary, initial: [], accepts }),
}
