/** An account at another server, and how far its registration is. */

/** Bits that commands and the table show. */
export const RegFlag = {
  disabled: 1,
  /** A REGISTER is under way. */
  ongoing: 2,
  online: 4,
  /** One with credentials. */
  authSent: 8,
  /** The delay of its first one is over. */
  started: 16,
} as const

/** What a row, or uac.reg_add, says. Texts that are not there are null: commands show that. */
export interface Account {
  readonly uuid: string | null
  readonly localUser: string | null
  readonly localDomain: string | null
  readonly remoteUser: string | null
  readonly remoteDomain: string | null
  readonly realm: string | null
  readonly authUser: string | null
  readonly password: string | null
  /** H(user:realm:password). */
  readonly ha1: string | null
  readonly proxy: string | null
  readonly contactAddress: string | null
  readonly socket: string | null
  readonly expires: number
  readonly flags: number
  /** Seconds. */
  readonly delay: number
}

export class Registration {
  readonly account: Account
  /** Numbers that change. */
  expires: number
  flags: number
  /** When it ends, in seconds since 1970: the time of the REGISTER, and what the registrar granted. */
  timerExpires = 0
  readonly delay: number
  readonly madeAt: number
  /** Of the last REGISTER, with reg_keep_callid. */
  callId = ''
  cseq = 0
  /** Of From in REGISTERs that go on with that Call-ID; empty before the first. */
  fromTag = ''

  constructor(account: Account, delay: number, now: number) {
    this.account = account
    this.expires = account.expires
    this.flags = account.flags
    this.delay = delay
    this.madeAt = now
  }

  get uuid(): string {
    return this.account.uuid ?? ''
  }

  has(flag: number): boolean {
    return (this.flags & flag) !== 0
  }

  set(flags: number): void {
    this.flags |= flags
  }

  clear(flags: number): void {
    this.flags &= ~flags
  }
}

/** What is wrong with password and HA1; undefined when they will do. */
export function passwordProblem(password: string | null, ha1: string | null): string | undefined {
  if (!password && !ha1) return 'no password value provided - ignoring record'
  if (!ha1) return undefined
  if (ha1.length !== 32) return `invalid HA2 length: ${ha1.length} - ignoring record`
  const at = ha1.search(/[^0-9a-fA-F]/)
  return at < 0 ? undefined : `invalid char ${at} in HA1 string: ${ha1}`
}
