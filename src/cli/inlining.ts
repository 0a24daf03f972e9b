import { setFlagsFromString } from 'node:v8'

/**
 * Lets V8 compile the way of a message through the server into few pieces: its own limits cut that way into many, which
 * costs a fifth of the JavaScript time of a proxied request. To be called before the first message.
 */
export function raiseInliningLimits(): void {
  setFlagsFromString('--max-inlined-bytecode-size=1000')
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=6000')
}
