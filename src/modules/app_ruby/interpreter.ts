/** The Ruby interpreter: CRuby as WebAssembly, packages @ruby/3.4-wasm-wasi and @ruby/wasm-wasi. Values lie as Ruby has them. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { KemiValue } from '../../define/kemi.ts'

const INSTALL = 'npm install @ruby/3.4-wasm-wasi@2.10 @ruby/wasm-wasi@2.10'
const require = createRequire(import.meta.url)
const EQUAL = 'js-value-equal: func(lhs: handle<js-abi-value>, rhs: handle<js-abi-value>) -> bool'
const CALL = 'rb-funcallv-protect: func(recv: handle<rb-abi-value>, mid: u32, args: list<handle<rb-abi-value>>) '
  + '-> tuple<handle<rb-abi-value>, s32>'

const TYPE = 0x1f
const STRING = 5
/** An integer that does not fit into 31 bits. Its flags tell a sign and, from bit 14 on, that one word within it holds it. */
const BIG = 10
/** Of a list: its elements are within it. Of a text: they are not. Of a number: it is above 0. */
const FLAG = 1 << 13
const TEXTS_MAX = 1_048_576
const SHORT = 48

/** A value as Ruby has it, which is no text and no small number. */
export const other: unique symbol = Symbol('other')
export type RubyValue = string | number | boolean | null | undefined | typeof other

interface AbiValue {
  clone(): AbiValue
  drop(): void
}

interface Guest {
  readonly _resource0_slab: { insert(value: AbiValue): number; remove(index: number): AbiValue }
  rbIntern(name: string): number
  rbSetShouldProhibitRewind(value: boolean): boolean
  rbGcDisable(): boolean
  rbGcEnable(): boolean
}

type Call = (receiver: number, method: number, args: number, count: number) => number

function isGuest(value: unknown): value is Guest {
  return typeof value === 'object' && value !== null && '_resource0_slab' in value
    && ['rbIntern', 'rbSetShouldProhibitRewind', 'rbGcDisable', 'rbGcEnable']
      .every((name) => typeof Reflect.get(value, name) === 'function')
}

function isAbiValue(value: unknown): value is AbiValue {
  return typeof value === 'object' && value !== null && 'clone' in value && 'drop' in value
}

function isCall(value: unknown): value is Call {
  return typeof value === 'function'
}

interface Parts {
  readonly eval: (code: string) => { toString(): string }
  readonly guest: Guest
  readonly call: Call
  readonly memory: WebAssembly.Memory
}

/** Ruby, with what is handed over: a list of 40 values and a text of a megabyte, at fixed places. */
export class Ruby {
  readonly #parts: Parts
  readonly #methods = new Map<string, number>()
  readonly #kahea: AbiValue
  readonly #list: number
  readonly #texts: number
  #bytes: Buffer
  #words: DataView
  #nothing = 0
  #true = 0
  #none = 0
  #depth = 0

  constructor(parts: Parts) {
    this.#parts = parts
    this.#bytes = Buffer.from(parts.memory.buffer)
    this.#words = new DataView(parts.memory.buffer)
    const inner: unknown = Reflect.get(parts.eval('Kahea'), 'inner')
    if (!isAbiValue(inner)) throw new Error('it is of an unknown version')
    this.#kahea = inner
    const list = this.#addressOf('Kahea::A')
    const text = this.#addressOf('Kahea::B')
    this.#list = (this.#word(list) & FLAG) !== 0 ? list + 8 : this.#word(list + 16)
    this.#texts = this.#word(text + 12)
    this.call('show')
    this.#nothing = this.#at(1)
    this.#true = this.#at(2)
    this.#none = this.#at(3)
    parts.eval('Kahea::A[0] = -7; Kahea::A[1] = "a" * 100; Kahea::A[2] = "b"')
    const isKnown = this.value(0) === -7 && this.value(1) === 'a'.repeat(100) && this.value(2) === 'b'
    if (!isKnown) throw new Error('its memory is of an unknown form')
  }

  #addressOf(name: string): number {
    const shown = this.#parts.eval(`Kernel.instance_method(:to_s).bind_call(${name})`).toString()
    return Number(/0x([0-9a-f]+)/.exec(shown)?.[0])
  }

  #renew(): void {
    const { buffer } = this.#parts.memory
    if (this.#bytes.buffer === buffer) return
    this.#bytes = Buffer.from(buffer)
    this.#words = new DataView(buffer)
  }

  #word(address: number): number {
    this.#renew()
    return this.#words.getUint32(address, true)
  }

  #at(index: number): number {
    return this.#word(this.#list + 4 * index)
  }

  #put(index: number, word: number): void {
    this.#renew()
    this.#words.setUint32(this.#list + 4 * index, word >>> 0, true)
  }

  eval(code: string): string {
    return this.#parts.eval(code).toString()
  }

  get isRunning(): boolean {
    return this.#depth > 0
  }

  /** Calls a method of Kahea. Within another call nothing may be rewound, and nothing collected. */
  call(name: string): void {
    const { guest, call } = this.#parts
    let method = this.#methods.get(name)
    if (method === undefined) {
      method = guest.rbIntern(`${name}\0`)
      this.#methods.set(name, method)
    }
    const isNested = this.#depth > 0
    const wasProhibited = isNested && guest.rbSetShouldProhibitRewind(true)
    const wasDisabled = isNested && guest.rbGcDisable()
    this.#depth++
    const slab = guest._resource0_slab
    const result = call(slab.insert(this.#kahea.clone()), method, 0, 0)
    this.#depth--
    slab.remove(this.#word(result)).drop()
    const status = this.#word(result + 4)
    if (isNested) {
      guest.rbSetShouldProhibitRewind(wasProhibited)
      if (!wasDisabled) guest.rbGcEnable()
    }
    if (status !== 0) throw new Error(`Kahea.${name} failed (${status})`)
  }

  /** Undefined for an argument that was not given. */
  value(index: number): RubyValue {
    const word = this.#at(index)
    if ((word & 1) === 1) return (word | 0) >> 1
    if (word === 0) return false
    if (word === this.#true) return true
    if (word === this.#nothing) return null
    if (word === this.#none) return undefined
    if ((word & 3) !== 0) return other
    const flags = this.#word(word)
    if ((flags & TYPE) === BIG && ((flags >>> 14) & 15) === 3) return this.#word(word + 8) * ((flags & FLAG) !== 0 ? 1 : -1)
    if ((flags & TYPE) !== STRING) return other
    const start = (flags & FLAG) !== 0 ? this.#word(word + 12) : word + 12
    return this.#read(start, this.#word(word + 8))
  }

  #read(start: number, length: number): string {
    if (length > SHORT) return this.#bytes.toString('latin1', start, start + length)
    let text = ''
    for (let at = start; at < start + length; at++) text += String.fromCharCode(this.#bytes[at] ?? 0)
    return text
  }

  text(index: number): string {
    const value = this.value(index)
    return typeof value === 'string' ? value : ''
  }

  number(index: number): number {
    const value = this.value(index)
    return typeof value === 'number' ? value : 0
  }

  putNumber(index: number, value: number): void {
    this.#put(index, (value << 1) | 1)
  }

  putFlag(index: number, value: boolean): void {
    this.#put(index, value ? this.#true : 0)
  }

  /** Bytes of texts, one behind the other; what is beyond a megabyte is cut. */
  putText(text: string, from = 0): number {
    this.#renew()
    const { length } = text
    if (length > SHORT) return this.#bytes.write(text, this.#texts + from, TEXTS_MAX - from, 'latin1')
    const start = this.#texts + from
    for (let at = 0; at < length; at++) this.#bytes[start + at] = text.charCodeAt(at)
    return length
  }

  /** A result, for Ruby to find: true where it is a text. */
  give(value: KemiValue): boolean {
    if (typeof value === 'string') {
      this.putNumber(0, this.putText(value))
      return true
    }
    if (typeof value === 'number') {
      // A number of more than 31 bits goes as its digits, told by a length below 0.
      if (value < -0x40000000 || value > 0x3fffffff) this.putNumber(0, -this.putText(String(value)))
      else this.putNumber(0, value)
      return value < -0x40000000 || value > 0x3fffffff
    }
    if (typeof value === 'boolean') this.putFlag(0, value)
    else this.#put(0, this.#nothing)
    return false
  }
}

export interface RubyOptions {
  readonly bootstrap: string
  /** Called by Ruby; true tells it of a text. */
  readonly signal: () => boolean
}

/** Reads the packages. The text says why that is not to be had. */
export async function loadRuby({ bootstrap, signal }: RubyOptions): Promise<Ruby | string> {
  try {
    // Read when a configuration loads the module.
    const { RubyVM }: typeof import('@ruby/wasm-wasi/dist/vm') = require('@ruby/wasm-wasi/dist/vm')
    const wasi = makeWasi()
    const module = await WebAssembly.compile(new Uint8Array(await readFile(require.resolve('@ruby/3.4-wasm-wasi/dist/ruby+stdlib.wasm'))))
    const { vm, instance } = await RubyVM.instantiateModule({
      module, wasip1: wasi,
      addToImports(imports: object) {
        const host: unknown = Reflect.get(imports, 'rb-js-abi-host')
        if (typeof host === 'object' && host !== null) Reflect.set(host, EQUAL, () => (signal() ? 1 : 0))
      },
    })
    const call: unknown = Reflect.get(instance.exports, CALL)
    const memory: unknown = Reflect.get(instance.exports, 'memory')
    const guest: unknown = Reflect.get(vm, 'guest')
    if (!isGuest(guest) || !isCall(call) || !(memory instanceof WebAssembly.Memory)) throw new Error('it is of an unknown version')
    vm.eval(bootstrap)
    return new Ruby({ eval: (code) => vm.eval(code), guest, call, memory })
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    return `Ruby needs the packages @ruby/3.4-wasm-wasi and @ruby/wasm-wasi, which cannot be loaded (${INSTALL}): ${reason}`
  }
}

/** Fibers get more of a stack than is usual, so that calls of C within each other end as an error. */
const ENVIRONMENT = { RUBY_FIBER_MACHINE_STACK_SIZE: '1048576', RUBY_FIBER_VM_STACK_SIZE: '65536' }

/** Node.js warns on standard error that WASI is experimental, which nobody who runs a server can do anything about. */
function makeWasi(): import('node:wasi').WASI {
  const { emitWarning } = process
  process.emitWarning = () => undefined
  try {
    const { WASI }: typeof import('node:wasi') = require('node:wasi')
    return new WASI({ version: 'preview1', returnOnExit: true, env: ENVIRONMENT, preopens: {} })
  } finally {
    process.emitWarning = emitWarning
  }
}
