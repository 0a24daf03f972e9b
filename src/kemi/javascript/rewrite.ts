/**
 * Lets scripts that know nothing of waiting wait: functions that call something that may wait become async, and the calls get an `await`
 * where there is a promise. All others stay plain. Behind each wait the script's message is the current one again, and loops count.
 */
import { parse, type AnyNode, type CallExpression, type Program } from 'acorn'
import type { LoadError } from '../../define/kemi.ts'
import { loadErrorAt } from '../load-error.ts'
import { Edits } from './edits.ts'
import { children } from './walk.ts'

/** What stands for the server in a rewritten source. */
export const names = { cell: '$kahea', wait: '$wait', context: '$message', value: '$value' } as const

export interface RewriteOptions {
  readonly file: string
  readonly sourceType: 'script' | 'module'
  /** Whether KSR.module.name may wait; undefined where there is no such function. */
  readonly mayWait: (module: string, name: string) => boolean | undefined
  /** Functions become async where they call what waits; else only `await`s that are there are looked after. */
  readonly colours: boolean
}

export interface Rewritten {
  readonly code: string
  readonly program: Program
  readonly edits: Edits
  /** Functions that were made async, by name where they have one. */
  readonly waiting: readonly string[]
  /** Places where a function waits and whoever calls it does not. */
  readonly warnings: readonly LoadError[]
}

type FunctionNode = Extract<AnyNode, { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }>
type LoopNode = Extract<AnyNode, { type: 'WhileStatement' | 'DoWhileStatement' | 'ForStatement' | 'ForInStatement' | 'ForOfStatement' }>

interface FunctionFacts {
  readonly node: FunctionNode
  readonly name: string | undefined
  readonly parent: AnyNode | undefined
  readonly calls: { readonly node: CallExpression; readonly target: Target }[]
  /** Parameters that are given functions that wait. */
  readonly waitingParameters: Set<string>
  waits: boolean
}

/** What a call may call: a function of KSR, or functions of the script by name. */
type Target = { readonly waits: boolean } | { readonly name: string }

/** Object.keys and the like call nothing of the script; these names are common ones of methods that do not wait. */
const builtInOwners: ReadonlySet<string> = new Set(['Math', 'JSON', 'Object', 'Array', 'String', 'Number', 'Date', 'console', 'Reflect'])

export function rewriteScript(source: string, options: RewriteOptions): Rewritten | LoadError {
  let program: Program
  try {
    program = parse(source, {
      ecmaVersion: 'latest', sourceType: options.sourceType, allowReturnOutsideFunction: true, allowHashBang: true,
      allowAwaitOutsideFunction: true,
    })
  } catch (error) {
    return syntaxError(options.file, source, error)
  }
  const walk = new Rewriter(source, options)
  walk.collect(program)
  if (options.colours) walk.colour()
  walk.emit(program)
  return {
    code: walk.edits.apply(source),
    program,
    edits: walk.edits,
    waiting: walk.functions.filter(({ waits }) => waits).flatMap(({ name }) => (name === undefined ? [] : [name])),
    warnings: walk.warnings,
  }
}

/** acorn tells the offset, and puts the place behind the message. */
function syntaxError(file: string, source: string, error: unknown): LoadError {
  if (!(error instanceof SyntaxError)) throw error
  const { pos } = error as SyntaxError & { readonly pos?: number }
  return loadErrorAt(file, source, pos ?? 0, error.message.replace(/ \(\d+:\d+\)$/, ''))
}

class Rewriter {
  readonly functions: FunctionFacts[] = []
  readonly warnings: LoadError[] = []
  readonly edits = new Edits()
  readonly #source: string
  readonly #options: RewriteOptions
  readonly #byNode = new Map<AnyNode, FunctionFacts>()
  readonly #byName = new Map<string, FunctionFacts[]>()
  /** Calls outside of functions run when the script is loaded. */
  readonly #waitingCalls = new Set<AnyNode>()

  constructor(source: string, options: RewriteOptions) {
    this.#source = source
    this.#options = options
  }

  collect(program: Program): void {
    this.#visit(program, undefined, undefined)
  }

  #visit(node: AnyNode, parent: AnyNode | undefined, owner: FunctionFacts | undefined): void {
    let inner = owner
    if (isFunction(node)) {
      inner = { node, name: nameOf(node, parent), parent, calls: [], waitingParameters: new Set(), waits: false }
      this.functions.push(inner)
      this.#byNode.set(node, inner)
      if (inner.name !== undefined) this.#byName.set(inner.name, [...(this.#byName.get(inner.name) ?? []), inner])
    } else if (node.type === 'CallExpression' && owner !== undefined) {
      const target = this.#targetOf(node)
      if (target !== undefined) owner.calls.push({ node, target })
    }
    for (const child of children(node)) this.#visit(child, node, inner)
  }

  #targetOf({ callee }: CallExpression): Target | undefined {
    const path = pathOf(callee)
    const [root, first = '', second] = path
    if (root === 'KSR' || root === 'sr') {
      if (path.includes(undefined)) return { waits: true }
      return { waits: (second === undefined ? this.#options.mayWait('', first) : this.#options.mayWait(first, second)) === true }
    }
    if (callee.type === 'Identifier') return { name: callee.name }
    const last = path[path.length - 1]
    if (last === undefined || (typeof root === 'string' && builtInOwners.has(root))) return undefined
    // A module kept in a variable: `var tm = KSR.tm`.
    const alias = path.length === 2 && root !== undefined ? this.#aliasOf(root) : undefined
    return alias === undefined ? { name: last } : { waits: this.#options.mayWait(alias, last) === true }
  }

  readonly #aliases = new Map<string, string | undefined>()

  #aliasOf(name: string): string | undefined {
    if (!this.#aliases.has(name)) {
      const [, module] = new RegExp(`\\b${name.replace(/\$/g, '\\$')}\\s*=\\s*KSR\\.(\\w+)\\s*(?:[;,\\n]|$)`).exec(this.#source) ?? []
      this.#aliases.set(name, module)
    }
    return this.#aliases.get(name)
  }

  /** Who calls what waits, waits. */
  colour(): void {
    for (let isChanged = true; isChanged;) {
      isChanged = false
      for (const facts of this.functions) {
        for (const { node, target } of facts.calls) {
          const isGiven = 'name' in target && facts.waitingParameters.has(target.name)
          if (this.#waitingCalls.has(node) || !(isGiven || this.#waits(target))) continue
          this.#waitingCalls.add(node)
          isChanged = true
          facts.waits = true
        }
        if (facts.waits && this.#handOver(facts)) isChanged = true
      }
    }
    for (const facts of this.functions) {
      if (!facts.waits) continue
      const { node, parent } = facts
      const call = parent?.type === 'CallExpression' && parent.callee !== node ? parent : undefined
      const isSpecial = node.generator || parent?.type === 'MethodDefinition' && parent.kind !== 'method' ||
        parent?.type === 'Property' && parent.kind !== 'init'
      if (isSpecial) this.#warn(node, 'this waits, but a generator, getter, setter or constructor cannot')
      else if (call !== undefined && !this.#byName.has(pathOf(call.callee).at(-1) ?? '')) {
        this.#warn(node, 'this waits, but whoever it is handed to does not wait for it: use a loop')
      }
      if (isSpecial) facts.waits = false
    }
  }

  /** A function that waits, given to one of the script's own: calls of that parameter wait too. True for news. */
  #handOver({ node, parent }: FunctionFacts): boolean {
    if (parent?.type !== 'CallExpression' || parent.callee === node) return false
    const index = parent.arguments.findIndex((argument) => argument === node)
    const name = pathOf(parent.callee).at(-1)
    let isNew = false
    for (const taker of name === undefined ? [] : (this.#byName.get(name) ?? [])) {
      const parameter = taker.node.params[index]
      if (parameter?.type !== 'Identifier' || taker.waitingParameters.has(parameter.name)) continue
      taker.waitingParameters.add(parameter.name)
      isNew = true
    }
    return isNew
  }

  #warn(node: AnyNode, reason: string): void {
    this.warnings.push(loadErrorAt(this.#options.file, this.#source, node.start, reason))
  }

  #waits(target: Target): boolean {
    if ('waits' in target) return target.waits
    return this.#byName.get(target.name)?.some(({ waits }) => waits) ?? false
  }

  emit(program: Program): void {
    this.#emit(program, undefined, undefined)
  }

  #emit(node: AnyNode, parent: AnyNode | undefined, owner: FunctionFacts | undefined): void {
    let inner = owner
    const facts = this.#byNode.get(node)
    if (facts !== undefined && isFunction(node)) {
      inner = facts
      if (facts.waits && !node.async) this.#makeAsync(node, parent)
      if (facts.waits || node.async) this.#enter(node)
    }
    if (node.type === 'CallExpression' && owner?.waits === true && this.#waitingCalls.has(node)) this.#wrapCall(node, parent)
    else if (node.type === 'AwaitExpression' && owner !== undefined) this.#wrapAwait(node)
    else if (node.type === 'ForOfStatement' && node.await && owner !== undefined) this.#restoreIn(node.body)
    if (isWaiting(owner) && node.type === 'CatchClause') this.#restoreIn(node.body)
    if (isWaiting(owner) && node.type === 'TryStatement' && node.finalizer) this.#restoreIn(node.finalizer)
    if (isLoop(node)) this.#count(node.body)
    // A statement that begins with a parenthesis would go on with the line above.
    if (node.type === 'ExpressionStatement' && isInList(parent) && this.#beginsWithWait(node.start, owner)) {
      this.edits.open(node.start, ';')
    }
    for (const child of children(node)) this.#emit(child, node, inner)
  }

  #beginsWithWait(start: number, owner: FunctionFacts | undefined): boolean {
    return owner?.calls.some(({ node }) => node.start === start && this.#waitingCalls.has(node)) === true
  }

  #makeAsync(node: FunctionNode, parent: AnyNode | undefined): void {
    const isMethod = parent?.type === 'MethodDefinition' || (parent?.type === 'Property' && parent.method)
    this.edits.open(isMethod ? parent.key.start - (parent.computed ? 1 : 0) : node.start, 'async ')
  }

  /** At the start of a function that waits: whose message it works on. */
  #enter(node: FunctionNode): void {
    const start = `const ${names.context}=${names.cell}.context;let ${names.value};`
    if (node.body.type === 'BlockStatement') this.edits.open(node.body.start + 1, start)
    else {
      const arrow = this.#source.lastIndexOf('=>', node.body.start) + 2
      this.edits.open(arrow, `{${start}return (`)
      this.edits.close(node.end, ')}')
    }
  }

  #wrapCall(node: CallExpression, parent: AnyNode | undefined): void {
    const chain = parent?.type === 'ChainExpression' ? parent : node
    this.edits.open(chain.start, `((${names.value}=`)
    this.edits.close(chain.end, `)instanceof Promise?${names.wait}(${names.context},await ${names.value}):${names.value})`)
  }

  /** An `await` of the script's own. */
  #wrapAwait(node: AnyNode): void {
    this.edits.open(node.start, `${names.wait}(${names.context},`)
    this.edits.close(node.end, ')')
  }

  #restoreIn(body: AnyNode): void {
    const text = `${names.cell}.context=${names.context};`
    this.#putIn(body, text)
  }

  #count(body: AnyNode): void {
    this.#putIn(body, `if(--${names.cell}.budget.left<0)${names.cell}.budget.spent();`)
  }

  #putIn(body: AnyNode, text: string): void {
    if (body.type === 'BlockStatement') {
      this.edits.open(body.start + 1, text)
      return
    }
    this.edits.open(body.start, `{${text}`)
    this.edits.close(body.end, '}')
  }
}

function isWaiting(owner: FunctionFacts | undefined): boolean {
  return owner !== undefined && (owner.waits || owner.node.async)
}

function isFunction(node: AnyNode): node is FunctionNode {
  return node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
}

function isLoop(node: AnyNode): node is LoopNode {
  return /^(While|DoWhile|For|ForIn|ForOf)Statement$/.test(node.type)
}

function isInList(parent: AnyNode | undefined): boolean {
  return parent?.type === 'Program' || parent?.type === 'BlockStatement' || parent?.type === 'SwitchCase' || parent?.type === 'StaticBlock'
}

/** `KSR.tm.t_relay` is [KSR, tm, t_relay]; what is computed or called is undefined in it. */
function pathOf(node: AnyNode): (string | undefined)[] {
  if (node.type === 'Identifier') return [node.name]
  if (node.type === 'ThisExpression') return ['this']
  if (node.type === 'ChainExpression') return pathOf(node.expression)
  if (node.type !== 'MemberExpression') return [undefined]
  const { property } = node
  const name = !node.computed && property.type === 'Identifier' ? property.name
    : node.computed && property.type === 'Literal' ? String(property.value) : undefined
  return [...pathOf(node.object), name]
}

/** The name a function is called by. */
function nameOf(node: FunctionNode, parent: AnyNode | undefined): string | undefined {
  if (node.type === 'FunctionDeclaration') return node.id?.name
  switch (parent?.type) {
    case 'VariableDeclarator':
      return parent.id.type === 'Identifier' ? parent.id.name : undefined
    case 'AssignmentExpression': {
      const path = pathOf(parent.left)
      return path[path.length - 1]
    }
    case 'Property':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return parent.key.type === 'Identifier' ? parent.key.name : undefined
    default:
      return node.id?.name
  }
}
