/** The Python interpreter: CPython as WebAssembly, package pyodide. */
import { createRequire } from 'node:module'
import { dirname } from 'node:path'

/** A Python function as JavaScript calls it. */
export type PythonFunction = (...args: readonly unknown[]) => unknown

/** What is used of pyodide. */
export interface Pyodide {
  readonly FS: { mkdirTree(path: string): void }
  mountNodeFS(path: string, hostPath: string): void
  registerJsModule(name: string, module: object): void
  runPython(code: string, options?: { readonly filename?: string }): unknown
  /** Lists and objects as Python's own. */
  toPy(value: object): unknown
  /** Python looks into it every now and then; 2 raises KeyboardInterrupt. */
  setInterruptBuffer(buffer: Interrupts): void
}

export interface Interrupts {
  0: number
}

function isPyodide(value: object): value is Pyodide {
  return 'FS' in value && ['mountNodeFS', 'registerJsModule', 'runPython', 'setInterruptBuffer', 'toPy']
    .every((name) => typeof Reflect.get(value, name) === 'function')
}

export interface Output {
  readonly stdout: (line: string) => void
  readonly stderr: (line: string) => void
}

/** Reads the package. The text says why that is not to be had. */
export async function loadPython(environment: Readonly<Record<string, string | undefined>>, output: Output): Promise<Pyodide | string> {
  let made: object
  try {
    const { loadPyodide } = await import('pyodide')
    const env = Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined))
    // Its own way to find its files is misled by source maps.
    const indexURL = `${dirname(createRequire(import.meta.url).resolve('pyodide'))}/`
    made = await loadPyodide({ indexURL, env: { HOME: '/home/pyodide', ...env }, ...output, fullStdLib: false })
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error)
    return `Python needs the package pyodide, which cannot be loaded (npm install pyodide@314): ${reason}`
  }
  return isPyodide(made) ? made : 'this version of the package pyodide is not known here (npm install pyodide@314)'
}

export function isFunction(value: unknown): value is PythonFunction {
  return typeof value === 'function'
}
