/**
 * An ECMAScript module as the body of an async function. Unlike modules that Node loads, such a function is gone once nobody has it:
 * scripts may be loaded anew for ever. Imports become awaited calls, exports an object with doors to the module's variables.
 */
import type { AnyNode, ExportNamedDeclaration, ImportDeclaration, Program } from 'acorn'
import type { Edits } from './edits.ts'
import { boundBy } from './scope.ts'
import { children } from './walk.ts'

/** What the body expects as parameters. */
export const bodyNames = { import: '$import', exports: '$exports', door: '$door', meta: '$meta' } as const

/** Changes imports and exports; `edits` are those of the same source. */
export function rewriteModule(source: string, program: Program, edits: Edits): void {
  const doors: string[] = []
  const door = (exported: string, local: string): void => {
    doors.push(`${JSON.stringify(exported)}:()=>${local}`)
  }
  for (const node of program.body) {
    switch (node.type) {
      case 'ImportDeclaration':
        edits.replace(source, node.start, node.end, importing(node))
        break
      case 'ExportNamedDeclaration':
        exportNamed(source, node, edits, door)
        break
      case 'ExportDefaultDeclaration': {
        const { declaration } = node
        const isNamed = (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') && declaration.id !== null
        if (isNamed) {
          edits.replace(source, node.start, declaration.start, '')
          door('default', declaration.id?.name ?? '')
        } else {
          edits.replace(source, node.start, declaration.start, 'const $default=')
          door('default', '$default')
        }
        break
      }
      case 'ExportAllDeclaration': {
        const from = `await ${bodyNames.import}(${JSON.stringify(node.source.value)})`
        const name = node.exported ? nameOf(node.exported) : undefined
        edits.replace(source, node.start, node.end, name === undefined
          ? `${bodyNames.door}(${bodyNames.exports},${from});` : `const $all_${node.start}=${from};`)
        if (name !== undefined) door(name, `$all_${node.start}`)
      }
    }
  }
  visit(program, source, edits)
  edits.head(`"use strict";${bodyNames.door}(${bodyNames.exports},undefined,{${doors.join(',')}});`)
}

function nameOf(node: { readonly type: string; readonly name?: string; readonly value?: unknown }): string {
  return node.name ?? String(node.value)
}

/** What is imported is read when the module runs, once. */
function importing(node: ImportDeclaration): string {
  const from = `await ${bodyNames.import}(${JSON.stringify(node.source.value)})`
  if (node.specifiers.length === 0) return `${from};`
  const module = `$module_${node.start}`
  const parts = node.specifiers.map((specifier) => {
    const local = specifier.local.name
    switch (specifier.type) {
      case 'ImportNamespaceSpecifier': return `${local}=${module}`
      case 'ImportDefaultSpecifier': return `${local}=${module}.default`
      case 'ImportSpecifier': return `${local}=${module}[${JSON.stringify(nameOf(specifier.imported))}]`
    }
  })
  return `const ${module}=${from},${parts.join(',')};`
}

function exportNamed(source: string, node: ExportNamedDeclaration, edits: Edits, door: (exported: string, local: string) => void): void {
  const { declaration } = node
  if (declaration) {
    edits.replace(source, node.start, declaration.start, '')
    const names = declaration.type === 'VariableDeclaration'
      ? declaration.declarations.flatMap(({ id }) => boundBy(id)) : [declaration.id.name]
    for (const name of names) door(name, name)
    return
  }
  if (node.source) {
    const module = `$module_${node.start}`
    edits.replace(source, node.start, node.end, `const ${module}=await ${bodyNames.import}(${JSON.stringify(node.source.value)});`)
    for (const { local, exported } of node.specifiers) door(nameOf(exported), `${module}[${JSON.stringify(nameOf(local))}]`)
    return
  }
  edits.replace(source, node.start, node.end, '')
  for (const { local, exported } of node.specifiers) door(nameOf(exported), nameOf(local))
}

/** `import(...)` and `import.meta` anywhere. */
function visit(node: AnyNode, source: string, edits: Edits): void {
  if (node.type === 'ImportExpression') edits.replace(source, node.start, node.start + 'import'.length, bodyNames.import)
  else if (node.type === 'MetaProperty' && node.meta.name === 'import') edits.replace(source, node.start, node.end, bodyNames.meta)
  for (const child of children(node)) visit(child, source, edits)
}
