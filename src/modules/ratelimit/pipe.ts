/** Pipes: how many requests may pass, by one of four rules. */

/** Numbers as `rl.get_pipes` shows them. */
export const ALGORITHMS = ['NOP', 'RED', 'TAILDROP', 'FEEDBACK', 'NETWORK'] as const
export type Algorithm = (typeof ALGORITHMS)[number]

export const PIPES = 32

export interface Pipe {
  algorithm: Algorithm
  limit: number
  /** Requests in this interval, and in the one before. */
  counter: number
  lastCounter: number
  /** RED: of so many requests one passes. NETWORK: 1 while too much waits, -1 while not, 0 before anybody looked. */
  load: number
}

export const newPipe = (): Pipe => ({ algorithm: 'NOP', limit: 0, counter: 0, lastCounter: 0, load: 0 })

export function algorithmOf(text: string): Algorithm | undefined {
  return ALGORITHMS.find((algorithm) => algorithm === text)
}

/** In which order a feedback pipe drops more and more requests of a hundred: request n is dropped at a rate above ORDER[n % 100]. */
const ORDER: readonly number[] = [
  18, 50, 51, 39, 49, 68, 8, 78, 61, 75, 53, 32, 45, 77, 31, 12, 26, 10, 37, 99, 29, 0, 52, 82, 91, 22, 7, 42, 87, 43, 73, 86, 70, 69, 13,
  60, 24, 25, 6, 93, 96, 97, 84, 47, 79, 64, 90, 81, 4, 15, 63, 44, 57, 40, 21, 28, 46, 94, 35, 58, 11, 30, 3, 20, 41, 74, 34, 88, 62, 54,
  33, 92, 76, 85, 5, 72, 9, 83, 56, 17, 95, 55, 80, 98, 66, 14, 16, 38, 71, 23, 2, 67, 36, 65, 27, 1, 19, 59, 89, 48,
]

/** Counts a request: 1 when it may pass, -1 when not. */
export function push(pipe: Pipe, intervalSeconds: number, dropRate: number): number {
  pipe.counter++
  switch (pipe.algorithm) {
    case 'NOP':
      return 1
    case 'TAILDROP':
      return pipe.counter <= pipe.limit * intervalSeconds ? 1 : -1
    case 'RED':
      return pipe.load === 0 || pipe.counter % pipe.load === 0 ? 1 : -1
    case 'FEEDBACK':
      return (ORDER[pipe.counter % 100] ?? 0) < dropRate ? -1 : 1
    case 'NETWORK':
      return 0 - pipe.load
  }
}

/** The interval is over. */
export function turn(pipe: Pipe, intervalSeconds: number, waitingBytes: number): void {
  if (pipe.algorithm === 'NETWORK') pipe.load = waitingBytes > pipe.limit ? 1 : -1
  else if (pipe.limit !== 0) pipe.load = Math.trunc(pipe.counter / (pipe.limit * intervalSeconds))
  pipe.lastCounter = pipe.counter
  pipe.counter = 0
}
