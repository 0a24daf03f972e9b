/** Programs beside the server. */

export interface ProgramCall {
  /** For the shell. */
  readonly command: string
  /** What it reads; undefined for nothing. */
  readonly input: string | undefined
  /** Beside the server's own. */
  readonly environment: Readonly<Record<string, string>>
  /** It is ended behind that time. */
  readonly timeMs: number
  /** More output than this is not kept. */
  readonly outputBytesMax: number
}

export interface ProgramEnd {
  /** Of the shell; undefined when a signal ended it. */
  readonly status: number | undefined
  readonly signal: string | undefined
  readonly output: string
}

export interface ProgramPort {
  /** Runs a command to its end. A text says why it could not be started. */
  run(call: ProgramCall): Promise<ProgramEnd | string>
  /** Ends what still runs. */
  close(): void
}
