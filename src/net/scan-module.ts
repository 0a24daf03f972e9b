/** The look over headers without the add-on: the same C source as a WebAssembly module, which needs no compiler here. */
import { readFileSync } from 'node:fs'
import { packageRoot } from '../base/package-root.ts'
import { headerNames } from '../sip/header-name.ts'
import { Scan, SCAN_ROW_WORDS } from '../sip/scan.ts'

/** What native/sip-scan-wasm.c exports. */
interface ScanExports {
  readonly memory: WebAssembly.Memory
  text(): number
  row(): number
  prepare(): void
  name(length: number, type: number): void
  scan(length: number): void
}

function isScanExports(value: object): value is ScanExports {
  return 'memory' in value && value.memory instanceof WebAssembly.Memory && 'scan' in value && typeof value.scan === 'function'
}

const BYTES_MAX = 65535

export class ScanModule {
  readonly #look: (length: number) => void
  readonly #text: Uint8Array
  readonly #scan: Scan

  private constructor(module: ScanExports) {
    const { buffer } = module.memory
    this.#look = module.scan
    this.#text = new Uint8Array(buffer, module.text(), BYTES_MAX)
    this.#scan = new Scan(new Int32Array(buffer, module.row(), SCAN_ROW_WORDS))
    module.prepare()
    for (const [name, type] of headerNames) {
      this.#text.set(Buffer.from(name, 'latin1'))
      module.name(name.length, type)
    }
  }

  /** A module with memory of its own; undefined where WebAssembly is switched off. */
  static load(): ScanModule | undefined {
    try {
      const bytes = readFileSync(new URL('native/sip-scan.wasm', packageRoot))
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes))
      return isScanExports(exports) ? new ScanModule(exports) : undefined
    } catch {
      return undefined
    }
  }

  /** Looks over a packet. What is found holds until the next one. */
  look(packet: Uint8Array): Scan | undefined {
    if (packet.length > BYTES_MAX) return undefined
    this.#text.set(packet)
    this.#look(packet.length)
    return this.#scan
  }
}
