import type { VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'

/** A script that reads a file into a variable wants a small one. */
const FILE_BYTES_MAX = 1_048_576

export function readInto(context: RouteContext, path: string, target: VariableHandle): number {
  const text = context.host.files.read(path)
  if (text === undefined || text.length > FILE_BYTES_MAX) {
    const why = text === undefined ? 'cannot open file' : `file of more than ${FILE_BYTES_MAX} bytes`
    context.host.log.error('corex', `corex_file_read(): ${why}: ${path}`)
    return -1
  }
  return target.set(context, text) ? 1 : -1
}

export function writeFile(context: RouteContext, path: string, content: string): number {
  if (context.host.files.write(path, content, false)) return 1
  context.host.log.error('corex', `corex_file_write(): cannot write file: ${path}`)
  return -1
}
