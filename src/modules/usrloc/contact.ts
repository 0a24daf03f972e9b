/** A contact of an address of record: where a user can be reached, until when, and how that became known. */
import { ownText } from '../../base/own-text.ts'
import type { XavpTree } from '../../runtime/xavp.ts'
import type { ListenSocket } from '../../sip/endpoint.ts'
import type { AorRecord } from './record.ts'

/** How a contact stands to its row in the database. */
export const ContactState = { new: 0, sync: 1, dirty: 2 } as const

/** Bits of `Contact.flags`. */
export const ContactFlag = { memoryOnly: 1, replicated: 2, expiryTold: 4 } as const

/** `expires` of a contact that never does, and of one that is gone but for its row. */
export const PERMANENT = 0
export const REMOVED = 10
export const Q_UNSET = -1
/** All bits: a phone that did not tell its methods. */
export const ALL_METHODS = -1
export const NO_CONNECTION = -1

/** What a registration says about a contact; the caller's own object, whose texts are copied. */
export interface ContactInfo {
  uri: string
  callId: string
  cseq: number
  /** Seconds since 1970, 0 for never. */
  expires: number
  /** 0 to 1000; -1 when unset. */
  q: number
  userAgent: string
  received: string
  /** Empty for none. */
  path: string
  socket: ListenSocket | undefined
  /** The socket as a text, as it stands in the database; empty for none. */
  socketText: string
  flags: number
  cflags: number
  methods: number
  instance: string
  regId: number
  ruid: string
  serverId: number
  connectionId: number
  lastModified: number
  /** Attributes to keep with it (xavp_contact). */
  xavp: XavpTree | undefined
}

/** The same text, in memory of its own; the old one when nothing has changed. */
const kept = (old: string, text: string): string => (old === text ? old : ownText(text))

export class Contact {
  readonly record: AorRecord
  next: Contact | undefined = undefined
  uri = ''
  callId = ''
  userAgent = ''
  received = ''
  path = ''
  instance = ''
  readonly ruid: string
  socket: ListenSocket | undefined = undefined
  socketText = ''
  expires = 0
  q = Q_UNSET
  cseq = 0
  state: number = ContactState.new
  flags = 0
  cflags = 0
  methods: number = ALL_METHODS
  regId: number
  serverId = 0
  connectionId = NO_CONNECTION
  lastModified = 0
  lastKeepalive = 0
  /** Microseconds between the last ping and its reply. */
  roundTrip = 0
  /** Whether somebody is to ping it: its flags said so when it was new. */
  keepalive = 0
  xavp: XavpTree | undefined = undefined

  constructor(record: AorRecord, uri: string, info: ContactInfo, userAgent: string, now: number, natFlag: number) {
    this.record = record
    this.uri = ownText(uri)
    this.callId = ownText(info.callId)
    this.path = ownText(info.path)
    this.ruid = ownText(info.ruid)
    this.instance = ownText(info.instance)
    this.regId = info.regId
    this.keepalive = (info.cflags & natFlag) !== 0 ? 1 : 0
    this.#take(info, userAgent, now)
  }

  /** A registration anew: what identifies the contact stays, unless an instance does. */
  renew(info: ContactInfo, userAgent: string, now: number): void {
    if (info.instance !== '' && info.uri !== '') this.uri = kept(this.uri, info.uri)
    if (info.callId !== '') this.callId = kept(this.callId, info.callId)
    this.path = kept(this.path, info.path)
    this.#take(info, userAgent, now)
  }

  #take(info: ContactInfo, userAgent: string, now: number): void {
    this.userAgent = userAgent
    this.received = kept(this.received, info.received)
    this.socket = info.socket
    this.socketText = kept(this.socketText, info.socketText)
    this.expires = info.expires
    this.q = info.q
    this.cseq = info.cseq
    this.flags = info.flags
    this.cflags = info.cflags | 0
    this.methods = info.methods | 0
    this.serverId = info.serverId
    this.connectionId = info.connectionId
    this.lastModified = info.lastModified
    this.lastKeepalive = now
    this.xavp = info.xavp
  }

  isValid(now: number): boolean {
    return this.expires > now || this.expires === PERMANENT
  }
}
