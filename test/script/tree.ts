import type { Expression, Item, Statement } from '../../src/script/ast.ts'

/** An expression with all its parentheses, to see how it was grouped. */
export function showExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'int': return String(expression.value)
    case 'string': return JSON.stringify(expression.value)
    case 'variable': case 'select': case 'avp': case 'word': return expression.text
    case 'address': return expression.text
    case 'operand': return expression.name
    case 'unary': {
      const word = /^[a-z]/.test(expression.operator) ? `${expression.operator} ` : expression.operator
      return `(${word}${showExpression(expression.operand)})`
    }
    case 'cast': return `(<${expression.to}>${showExpression(expression.operand)})`
    case 'binary': return `(${showExpression(expression.left)} ${expression.operator} ${showExpression(expression.right)})`
    case 'selval': return `selval(${[expression.condition, expression.then, expression.otherwise].map(showExpression).join(', ')})`
    case 'call': return `${expression.name}(${expression.args.map(showExpression).join(', ')})`
    case 'actions': return showStatement(expression.body)
  }
}

export function showStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'empty': return ';'
    case 'block': return `{ ${statement.statements.map(showStatement).join(' ')} }`
    case 'assign': return `${showExpression(statement.target)} = ${showExpression(statement.value)};`
    case 'flow': return statement.value === undefined ? `${statement.action};` : `${statement.action} ${showExpression(statement.value)};`
    case 'expression': return `${showExpression(statement.expression)};`
    case 'while': return `while ${showExpression(statement.condition)} ${showStatement(statement.body)}`
    case 'if': {
      const otherwise = statement.otherwise === undefined ? '' : ` else ${showStatement(statement.otherwise)}`
      return `if ${showExpression(statement.condition)} ${showStatement(statement.then)}${otherwise}`
    }
    case 'switch': {
      const cases = statement.cases.map(({ match, body }) => {
        const label = match.kind === 'default' ? 'default'
          : match.kind === 'regex' ? `case /${match.pattern}/` : `case ${showExpression(match.value)}`
        return `${label}: ${body.map(showStatement).join(' ')}`
      })
      return `switch ${showExpression(statement.subject)} { ${cases.join(' ')} }`
    }
  }
}

/** Everything but the places. */
export function withoutSpans(item: Item): unknown {
  return JSON.parse(JSON.stringify(item, (key, value: unknown) => (key.endsWith('pan') ? undefined : value)))
}
