import { fileURLToPath } from 'node:url'

/**
 * The folder of the package, with `native/`, `etc/` and `package.json`. This file is two folders below it as a source, and so is every
 * file of `dist/` that it may be put into.
 */
export const packageRoot = new URL('../../', import.meta.url)

export const packageFolder = fileURLToPath(packageRoot)

/** Whether the sources run as they are, under Node itself or tsx. */
export const isFromSources = import.meta.url.endsWith('.ts')
