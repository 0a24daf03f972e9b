/** The Lua interpreter (Lua 5.4 as WebAssembly, package wasmoon), by its C functions: pointers are numbers. */
import type { KemiValue } from '../../define/kemi.ts'

type State = number
type Pointer = number

/** What is used of Lua's C API and of Emscripten's memory. */
export interface LuaFunctions {
  /** Another one each time the memory has grown. */
  readonly HEAPU8: Uint8Array
  addFunction(run: (...args: number[]) => number | void, signature: string): Pointer
  _malloc(size: number): Pointer
  _free(pointer: Pointer): void
  _luaL_newstate(): State
  _luaL_openlibs(L: State): void
  _luaL_loadbufferx(L: State, text: Pointer, length: number, name: Pointer, mode: Pointer): number
  _luaL_ref(L: State, table: number): number
  _luaL_where(L: State, level: number): void
  _lua_concat(L: State, count: number): void
  _lua_newthread(L: State): State
  _lua_resetthread(L: State): number
  _lua_resume(L: State, from: State, count: number, results: Pointer): number
  _lua_yieldk(L: State, results: number, context: number, continuation: Pointer): number
  _lua_pcallk(L: State, args: number, results: number, handler: number, context: number, continuation: Pointer): number
  _lua_error(L: State): number
  _lua_sethook(L: State, hook: Pointer, mask: number, count: number): void
  _lua_createtable(L: State, array: number, fields: number): void
  _lua_getglobal(L: State, name: Pointer): number
  _lua_setglobal(L: State, name: Pointer): void
  _lua_setfield(L: State, index: number, name: Pointer): void
  _lua_gettop(L: State): number
  _lua_settop(L: State, index: number): void
  _lua_type(L: State, index: number): number
  _lua_toboolean(L: State, index: number): number
  _lua_tolstring(L: State, index: number, length: Pointer): Pointer
  _lua_tonumberx(L: State, index: number, isNumber: Pointer): number
  _lua_pushboolean(L: State, value: number): void
  _lua_pushcclosure(L: State, run: Pointer, upvalues: number): void
  _lua_pushinteger(L: State, value: bigint): void
  _lua_pushlstring(L: State, text: Pointer, length: number): Pointer
  _lua_pushnil(L: State): void
  _lua_pushnumber(L: State, value: number): void
  _lua_rawseti(L: State, index: number, at: bigint): void
}

const NEEDED = [
  'addFunction', '_malloc', '_free', '_luaL_newstate', '_luaL_openlibs', '_luaL_loadbufferx', '_luaL_ref', '_luaL_where',
  '_lua_concat', '_lua_newthread', '_lua_resetthread', '_lua_resume', '_lua_yieldk', '_lua_pcallk', '_lua_error', '_lua_sethook',
  '_lua_createtable', '_lua_getglobal', '_lua_setglobal', '_lua_setfield', '_lua_gettop', '_lua_settop', '_lua_type',
  '_lua_toboolean', '_lua_tolstring', '_lua_tonumberx', '_lua_pushboolean', '_lua_pushcclosure', '_lua_pushinteger',
  '_lua_pushlstring', '_lua_pushnil', '_lua_pushnumber', '_lua_rawseti',
]

export const Status = { ok: 0, yield: 1 } as const
export const Type = { none: -1, nil: 0, boolean: 1, number: 3, string: 4, function: 6 } as const
export const REGISTRY = -1_001_000
export const MASK_COUNT = 8

/** The number a C closure was made with. */
export const UPVALUE = REGISTRY - 1

function isLua(value: object): value is LuaFunctions {
  return 'HEAPU8' in value && NEEDED.every((name) => typeof Reflect.get(value, name) === 'function')
}

/** Reads the package. The text says why that is not to be had. */
export async function loadLua(): Promise<LuaFunctions | string> {
  let module: object
  try {
    // Read when a configuration loads the module.
    const { LuaFactory } = await import('wasmoon')
    module = (await new LuaFactory().getLuaModule()).module
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    return `Lua needs the package wasmoon, which cannot be loaded (npm install wasmoon@1.16): ${reason}`
  }
  return isLua(module) ? module : 'this version of the package wasmoon is not known here (npm install wasmoon@1.16)'
}

const SCRATCH = 65_536
const SHORT = 48
const smallIntegers = Array.from({ length: 1100 }, (_unused, index) => BigInt(index - 100))

const isList = (value: object): value is readonly KemiValue[] => Array.isArray(value)

/** Values in and out of Lua. Texts are byte strings. */
export class LuaMemory {
  readonly lua: LuaFunctions
  readonly #scratch: Pointer
  readonly #length: Pointer
  #bytes: Buffer

  constructor(lua: LuaFunctions) {
    this.lua = lua
    this.#scratch = lua._malloc(SCRATCH)
    this.#length = lua._malloc(8)
    this.#bytes = Buffer.from(lua.HEAPU8.buffer)
  }

  get #memory(): Buffer {
    const { buffer } = this.lua.HEAPU8
    if (this.#bytes.buffer !== buffer) this.#bytes = Buffer.from(buffer)
    return this.#bytes
  }

  /** A name that ends with a NUL, for as long as Lua lives. */
  name(text: string): Pointer {
    const pointer = this.lua._malloc(text.length + 1)
    this.#memory.write(`${text}\0`, pointer, 'latin1')
    return pointer
  }

  /** Where `use` finds a text; it is gone behind that. */
  with<T>(text: string, use: (pointer: Pointer) => T): T {
    const pointer = this.lua._malloc(text.length + 1)
    this.#memory.write(`${text}\0`, pointer, 'latin1')
    const result = use(pointer)
    this.lua._free(pointer)
    return result
  }

  push(L: State, value: KemiValue): void {
    const { lua } = this
    if (typeof value === 'string') this.#pushText(L, value)
    else if (typeof value === 'number') this.#pushNumber(L, value)
    else if (typeof value === 'boolean') lua._lua_pushboolean(L, value ? 1 : 0)
    else if (value === null || value === undefined) lua._lua_pushnil(L)
    else this.#pushTable(L, value)
  }

  #pushTable(L: State, value: readonly KemiValue[] | { readonly [name: string]: KemiValue }): void {
    this.lua._lua_createtable(L, 0, 0)
    if (isList(value)) {
      value.forEach((each, index) => {
        this.push(L, each)
        this.lua._lua_rawseti(L, -2, BigInt(index + 1))
      })
      return
    }
    for (const [name, each] of Object.entries(value)) {
      this.push(L, each)
      this.with(name, (pointer) => this.lua._lua_setfield(L, -2, pointer))
    }
  }

  #pushNumber(L: State, value: number): void {
    if (!Number.isSafeInteger(value)) this.lua._lua_pushnumber(L, value)
    else this.lua._lua_pushinteger(L, smallIntegers[value + 100] ?? BigInt(value))
  }

  #pushText(L: State, text: string): void {
    const { length } = text
    if (length > SCRATCH) {
      this.with(text, (pointer) => this.lua._lua_pushlstring(L, pointer, length))
      return
    }
    if (length > SHORT) this.#memory.write(text, this.#scratch, 'latin1')
    else {
      const memory = this.#memory
      for (let at = 0; at < length; at++) memory[this.#scratch + at] = text.charCodeAt(at)
    }
    this.lua._lua_pushlstring(L, this.#scratch, length)
  }

  /** A text, or a number as Lua writes it; undefined for others. */
  text(L: State, index: number): string | undefined {
    const pointer = this.lua._lua_tolstring(L, index, this.#length)
    if (pointer === 0) return undefined
    const memory = this.#memory
    const length = memory.readUInt32LE(this.#length)
    if (length > SHORT) return memory.toString('latin1', pointer, pointer + length)
    let text = ''
    for (let at = pointer; at < pointer + length; at++) text += String.fromCharCode(memory[at] ?? 0)
    return text
  }

  /** As C takes a number for an int; 0 for what is none. */
  int(L: State, index: number): number {
    return Math.trunc(this.lua._lua_tonumberx(L, index, 0)) | 0
  }
}
