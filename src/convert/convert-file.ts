/** A configuration file by its path. */
import type { AnyModule } from '../define/module.ts'
import { parseConfig, type ParsedConfig, type ParseOptions } from '../script/parse.ts'
import { createRegistry } from '../script/registry.ts'
import { Comments } from './comments.ts'
import { convert, type Converted } from './convert.ts'

export interface FileConverted {
  readonly parsed: ParsedConfig
  readonly converted: Converted
}

/** `definitions`: of the modules that the file loads, the core first; `existing`: the names of all there are. */
export function convertFile(
  path: string, options: ParseOptions, modules: { readonly definitions: readonly AnyModule[]; readonly existing: readonly string[] },
): FileConverted {
  const comments = new Comments()
  const parsed = parseConfig(path, { ...options, comment: (text, span) => comments.add(text, span) })
  const registry = createRegistry(modules.definitions.map((definition) => ({ definition, state: undefined })), modules.existing)
  let roundsMax = 100
  for (const item of parsed.config.items) {
    const [value] = item.kind === 'global' && item.name === 'max_while_loops' ? item.values : []
    if (typeof value?.value === 'number') roundsMax = value.value
  }
  const converted = convert({ parsed, registry, comments, roundsMax })
  return { parsed, converted: { ...converted, diagnostics: [...parsed.diagnostics, ...converted.diagnostics] } }
}
