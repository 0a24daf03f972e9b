/** Sockets and pipes by which a server is operated: RPC comes and goes there, as byte strings. */

/** A path with the rights that the file gets, or an address. */
export type ControlPlace =
  | {
    readonly kind: 'path'
    readonly path: string
    readonly mode: number
    /** Name or number; empty for the server's own. */
    readonly user: string
    readonly group: string
    /** Make the folder when it is not there: for the server's own run folder. */
    readonly makesFolder: boolean
  }
  | { readonly kind: 'address'; readonly host: string; readonly port: number }

export interface ControlListener {
  close(): void
}

/** A connection that was accepted. Who has nothing to read for long is not the listener's business. */
export interface ControlConnection {
  /** Where it comes from; empty for Unix sockets. */
  readonly address: string
  readonly port: number
  write(bytes: string): void
  /** Ends it once what was written is gone. */
  end(): void
}

export interface ControlHandlers {
  onBytes(bytes: string): void
  onClose(): void
}

export interface ControlPorts {
  /** The answer is a text when it cannot listen. */
  listenStream(place: ControlPlace, accept: (connection: ControlConnection) => ControlHandlers): Promise<ControlListener | string>
  listenDatagram(place: ControlPlace, take: (bytes: string, answer: (bytes: string) => void) => void): Promise<ControlListener | string>
  /** Makes a FIFO and reads it. */
  listenFifo(place: ControlPlace, take: (bytes: string) => void): Promise<ControlListener | string>
  /** Writes to a FIFO that somebody else has made: waits a moment for its reader, and while it reads. A text says why it could not. */
  answerFifo(path: string, bytes: string): Promise<true | string>
}

/** Where Debian's packages have their sockets, when `rundir` is not set. */
const RUN_FOLDER = '/run/kamailio'

/** The path of a file in the run folder. */
export function runFile(rundir: string, name: string): string {
  return `${rundir === '' ? RUN_FOLDER : rundir}/${name}`
}

/** A file of the run folder, unless the path is absolute. */
export function inRunFolder(
  rundir: string,
  path: string,
  rights: { readonly mode: number; readonly user: string; readonly group: string },
): ControlPlace {
  const isOwn = !path.startsWith('/')
  return { kind: 'path', path: isOwn ? runFile(rundir, path) : path, ...rights, makesFolder: isOwn }
}
