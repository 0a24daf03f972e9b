/** What engines are asked for, by the words of the protocol. */
export type Operation =
  | 'offer' | 'answer' | 'delete' | 'query'
  | 'start recording' | 'stop recording'
  | 'block DTMF' | 'unblock DTMF' | 'block media' | 'unblock media' | 'silence media' | 'unsilence media'
  | 'start forwarding' | 'stop forwarding'
  | 'play media' | 'stop media' | 'play DTMF'

/** Those that are for the whole call unless one side is named. */
export const wholeCall: ReadonlySet<Operation> = new Set([
  'block DTMF', 'unblock DTMF', 'block media', 'unblock media', 'silence media', 'unsilence media', 'start forwarding', 'stop forwarding',
])
