/** Expressions made at random from all operators, such that Kamailio takes them: types that clash are left out. */
import type { Random } from '../../src/base/random.ts'

type Type = 'int' | 'str' | 'any'

const numbers = ['0', '1', '2', '5', '-3', '100', '2147483647', '0x1F']
const texts = ['""', '"a"', '"abc"', '"2"', '"12"', '"-7"', '"0x10"', '"x y"']
const variables = [
  '$var(zero)', '$var(one)', '$var(two)', '$var(five)', '$var(neg)', '$var(max)', '$var(ta)', '$var(t2)', '$var(t12)',
  '$var(empty)', '$var(hex)', '$avp(none)', '$avp(i)', '$avp(t)', '$rm', '$null',
]
const patterns = ['"^[0-9]+$"', '"a"', '"^$"', '$var(t2)', '$var(ta)', '$var(bad)']
const arithmetic = ['-', '*', '/', 'mod', '|', '&', '^', '<<', '>>', '<', '<=', '>', '>=', 'ieq', 'ine', '&&', '||']

export class RandomExpressions {
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  #pick<T>(list: readonly T[]): T {
    const chosen = list[this.#random.integer(list.length)]
    if (chosen === undefined) throw new RangeError('nothing to pick from')
    return chosen
  }

  /** An expression of that type (`any`: known when the script runs) with at most so many levels. */
  make(type: Type, levels: number): string {
    if (levels === 0 || this.#random.integer(5) === 0) return this.#leaf(type)
    return type === 'int' ? this.#number(levels - 1) : type === 'str' ? this.#text(levels - 1) : this.#unknown(levels - 1)
  }

  #leaf(type: Type): string {
    return this.#pick(type === 'int' ? numbers : type === 'str' ? texts : variables)
  }

  #anyType(): Type {
    return this.#pick(['int', 'str', 'any', 'any'] as const)
  }

  /** What may stand where a string is refused. */
  #notText(levels: number): string {
    return this.make(this.#pick(['int', 'any', 'any'] as const), levels)
  }

  #notNumber(levels: number): string {
    return this.make(this.#pick(['str', 'any', 'any'] as const), levels)
  }

  #number(levels: number): string {
    switch (this.#random.integer(9)) {
      case 0: return `(${this.make('int', levels)} + ${this.#notText(levels)})`
      case 1: return `${this.#pick(['!', '-', '~'])}(${this.#notText(levels)})`
      case 2: return `strlen(${this.#notNumber(levels)})`
      case 3: return `strempty(${this.#notNumber(levels)})`
      case 4: return `(defined ${this.#pick(variables)})`
      case 5: return `((int)${this.make(this.#anyType(), levels)})`
      case 6: return `(${this.#notNumber(levels)} ${this.#pick(['eq', 'ne'])} ${this.make(this.#anyType(), levels)})`
      case 7: return `(${this.#notNumber(levels)} =~ ${this.#pick(patterns)})`
      default: {
        const operator = this.#pick([...arithmetic, '==', '!='])
        if (operator !== '==' && operator !== '!=') return `(${this.#notText(levels)} ${operator} ${this.#notText(levels)})`
        const left = this.#anyType()
        const right = left === 'int' ? this.#notText(levels) : this.make(this.#anyType(), levels)
        // A number is not compared with $null.
        const other = left === 'int' && right === '$null' ? '$avp(none)' : right
        return `(${this.make(left, levels)} ${operator} ${other})`
      }
    }
  }

  #text(levels: number): string {
    if (this.#random.integer(2) === 0) return `((str)${this.make(this.#anyType(), levels)})`
    return `(${this.make('str', levels)} + ${this.make(this.#anyType(), levels)})`
  }

  #unknown(levels: number): string {
    return `(${this.make('any', levels)} + ${this.make(this.#anyType(), levels)})`
  }
}
