/**
 * What scripts import from `kahea`, for their types: inside of a server they get the real ones, from `toolbox.ts`. A program that imports
 * the package is no script.
 */
import type { Toolbox } from './toolbox.ts'

export { Uri } from './uri.ts'

function outside(name: string): never {
  throw new Error(`${name} is there in scripts that a server runs (kahea run routes.ts), not in programs`)
}

export const htable: Toolbox['htable'] = () => outside('htable')
export const location: Toolbox['location'] = () => outside('location')
export const sql: Toolbox['sql'] = () => outside('sql')
export const dispatcher: Toolbox['dispatcher'] = () => outside('dispatcher')
export const rpc: Toolbox['rpc'] = () => outside('rpc')
export const log: Toolbox['log'] = {
  debug: () => outside('log'),
  info: () => outside('log'),
  notice: () => outside('log'),
  warn: () => outside('log'),
  error: () => outside('log'),
}
