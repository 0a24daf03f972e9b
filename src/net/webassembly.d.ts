/** The little of WebAssembly that is used here: the types of Node 20 have none of it. */
declare namespace WebAssembly {
  class Memory {
    private constructor()
    readonly buffer: ArrayBuffer
  }
  class Module {
    constructor(bytes: Uint8Array)
  }
  class Instance {
    constructor(module: Module)
    readonly exports: object
  }
  /** Off the event loop. */
  function compile(bytes: Uint8Array): Promise<Module>
}
