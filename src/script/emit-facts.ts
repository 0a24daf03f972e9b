/** What the emitter asks about expressions again and again; each answer is kept. */
import type { Binary, Expression } from './ast.ts'
import { isOperandComparison, staticType, type StaticType } from './check-type.ts'

/** What is wanted of an expression. */
export type Way = 'int' | 'text' | 'value' | 'truth'

export class Facts {
  readonly #types = new Map<Expression, StaticType>()
  readonly #depths = new Map<Expression, number>()
  readonly #weights = new Map<Expression, number>()
  readonly #failing = new Map<Expression, Map<Way, boolean>>()

  type(e: Expression): StaticType {
    if (e.kind !== 'binary' || e.operator !== '+') return staticType(e)
    const known = this.#types.get(e)
    if (known !== undefined) return known
    const type = this.type(e.left)
    this.#types.set(e, type)
    return type
  }

  /** A `+` that joins texts, whatever it is asked for. */
  isJoin(e: Binary): boolean {
    return e.operator === '+' && this.type(e.left) === 'str'
  }

  /** Can the expression fail when the script runs (division by zero, a computed regular expression)? */
  canFail(e: Expression, way: Way): boolean {
    if (e.kind !== 'binary') return this.#canFail(e, way)
    const known = this.#failing.get(e) ?? new Map<Way, boolean>()
    this.#failing.set(e, known)
    const answer = known.get(way) ?? this.#canFail(e, way)
    known.set(way, answer)
    return answer
  }

  #canFail(e: Expression, way: Way): boolean {
    switch (e.kind) {
      case 'selval':
        if (way === 'int' || way === 'truth') return true
        return this.canFail(e.condition, 'int') || this.canFail(e.then, 'value') || this.canFail(e.otherwise, 'value')
      case 'cast':
        return this.canFail(e.operand, e.to === 'int' ? 'int' : 'value')
      case 'unary':
        if (e.operator === 'defined') return false
        return this.canFail(e.operand, e.operator === 'strlen' || e.operator === 'strempty' ? 'text' : 'int')
      case 'binary':
        return this.#binaryCanFail(e, way)
      default:
        return false
    }
  }

  #binaryCanFail(e: Binary, way: Way): boolean {
    if (isOperandComparison(e)) return false
    const divides = e.operator === '/' || e.operator === 'mod'
    if (divides && !(e.right.kind === 'int' && e.right.value !== 0)) return true
    if (e.operator === '=~') return e.right.kind !== 'string' || this.canFail(e.left, 'text')
    if (e.operator === '+' && this.type(e.left) === 'any' && (way === 'text' || way === 'value')) {
      return this.canFail(e.left, 'value') || this.canFail(e.right, 'int') || this.canFail(e.right, 'value')
    }
    const ways: Way = e.operator === 'eq' || e.operator === 'ne' || this.isJoin(e) ? 'value' : 'int'
    return this.canFail(e.left, ways) || this.canFail(e.right, ways)
  }

  /** Nodes, as far as they matter for the size of the code. */
  weight(e: Expression): number {
    const known = this.#weights.get(e)
    if (known !== undefined) return known
    const weight = this.#sum(e)
    this.#weights.set(e, weight)
    return weight
  }

  #sum(e: Expression): number {
    switch (e.kind) {
      case 'unary':
      case 'cast':
        return 1 + this.weight(e.operand)
      case 'binary':
        return 2 + this.weight(e.left) + this.weight(e.right)
      case 'selval':
        return 1 + this.weight(e.condition) + this.weight(e.then) + this.weight(e.otherwise)
      case 'call':
      case 'actions':
        return 4
      default:
        return 1
    }
  }

  /** Levels of operators. */
  depth(e: Expression): number {
    if (e.kind === 'unary' || e.kind === 'cast') return 1 + this.depth(e.operand)
    if (e.kind !== 'binary') return 0
    const known = this.#depths.get(e)
    if (known !== undefined) return known
    const depth = 1 + Math.max(this.depth(e.left), this.depth(e.right))
    this.#depths.set(e, depth)
    return depth
  }
}
