/** What a script has at its top level, and what it sets without declaring it. */
import type { AnyNode, Pattern, Program, VariableDeclaration } from 'acorn'
import { children } from './walk.ts'

/** Names declared at the top level: functions, variables, classes. */
export function topLevelNames(program: Program): readonly string[] {
  const found = new Set<string>()
  for (const statement of program.body) {
    if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') found.add(statement.id.name)
    else if (statement.type === 'VariableDeclaration') addAll(found, statement)
  }
  hoisted(program, found, true)
  return [...found]
}

/** `var` within blocks and loops belongs to the top level too. */
function hoisted(node: AnyNode, found: Set<string>, isTop: boolean): void {
  if (!isTop && /Function(?:Declaration|Expression)$/.test(node.type)) return
  if (node.type === 'VariableDeclaration' && node.kind === 'var') addAll(found, node)
  for (const child of children(node)) hoisted(child, found, false)
}

function addAll(found: Set<string>, { declarations }: VariableDeclaration): void {
  for (const { id } of declarations) for (const name of boundBy(id)) found.add(name)
}

export function boundBy(pattern: Pattern): readonly string[] {
  switch (pattern.type) {
    case 'Identifier': return [pattern.name]
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) => boundBy(property.type === 'RestElement' ? property.argument : property.value))
    case 'ArrayPattern': return pattern.elements.flatMap((element) => (element === null ? [] : boundBy(element)))
    case 'RestElement': return boundBy(pattern.argument)
    case 'AssignmentPattern': return boundBy(pattern.left)
    default: return []
  }
}

/** Names that are set and declared nowhere: they would become everybody's. */
export function undeclaredNames(program: Program): readonly string[] {
  const declared = new Set<string>()
  const set = new Set<string>()
  const visit = (node: AnyNode): void => {
    switch (node.type) {
      case 'VariableDeclarator':
        for (const name of boundBy(node.id)) declared.add(name)
        break
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        if (node.type !== 'ArrowFunctionExpression' && node.id) declared.add(node.id.name)
        for (const parameter of node.params) for (const name of boundBy(parameter)) declared.add(name)
        break
      case 'ClassDeclaration':
      case 'ClassExpression':
        if (node.id) declared.add(node.id.name)
        break
      case 'CatchClause':
        if (node.param) for (const name of boundBy(node.param)) declared.add(name)
        break
      case 'AssignmentExpression':
        for (const name of boundBy(node.left)) set.add(name)
        break
      case 'UpdateExpression':
        if (node.argument.type === 'Identifier') set.add(node.argument.name)
        break
      case 'ForInStatement':
      case 'ForOfStatement':
        if (node.left.type !== 'VariableDeclaration') for (const name of boundBy(node.left)) set.add(name)
    }
    for (const child of children(node)) visit(child)
  }
  visit(program)
  return [...set].filter((name) => !declared.has(name) && !(name in globalThis))
}
