/** Requests and answers by the dictionary's names, for programs: `await diameter.request({ application: 'Cx', ... })`. */
import { findAvp, type Avp } from './avp.ts'
import { Code, isSuccess } from './capabilities.ts'
import { applications, commandCode, type Application, type ApplicationName, type AvpName, type CommandName } from './dictionary.ts'
import type { DiameterMessage } from './message.ts'
import type { DiameterNode } from './node.ts'
import type { Peer } from './peer.ts'
import type { Sessions } from './session.ts'
import { DiameterFailure, type Answered } from './transactions.ts'
import { AvpReader, ValueProblem, writeRecord, type AvpRecord, type AvpValue } from './value.ts'

export interface DiameterRequest {
  /** By name, or any other by its numbers. */
  readonly application: ApplicationName | Application
  /** `UAR`, `CCR` ..., or a command code. */
  readonly command: CommandName | number
  readonly avps: AvpRecord
  /** Sends it to this peer; without, the routes say where it goes. */
  readonly peer?: string
  /** Destination-Realm; the own realm when it is not given. */
  readonly realm?: string
  /** Destination-Host. */
  readonly host?: string
  /** A session that was opened before; without, the request gets a Session-Id of its own. */
  readonly sessionId?: string
}

/** An answer that came, whether it grants or refuses. */
export class DiameterAnswer {
  readonly isAnswer = true
  readonly message: DiameterMessage
  readonly avps: AvpReader
  readonly peer: string
  readonly elapsedMs: number

  constructor({ answer, peer, elapsedMs }: Answered) {
    this.message = answer
    this.avps = new AvpReader(answer.avps)
    this.peer = peer.fqdn
    this.elapsedMs = elapsedMs
  }

  /** Result-Code, or the code in Experimental-Result; undefined when there is neither. */
  get resultCode(): number | undefined {
    return this.avps.get('Result-Code') ?? this.avps.get('Experimental-Result')?.get('Experimental-Result-Code')
  }

  get isSuccess(): boolean {
    return isSuccess(this.resultCode)
  }

  get<Name extends AvpName>(name: Name): AvpValue<Name> | undefined {
    return this.avps.get(name)
  }

  all<Name extends AvpName>(name: Name): readonly AvpValue<Name>[] {
    return this.avps.all(name)
  }
}

/** No answer, and why; `detail` names the AVP that could not be written. */
export class DiameterRefusal {
  readonly isAnswer = false
  readonly reason: DiameterFailure['reason'] | 'invalid'
  readonly detail: string

  constructor(reason: DiameterRefusal['reason'], detail = '') {
    this.reason = reason
    this.detail = detail
  }
}

/** A request of somebody else. */
export interface IncomingRequest {
  readonly applicationId: number
  readonly commandCode: number
  readonly avps: AvpReader
  readonly peer: string
  readonly message: DiameterMessage
}

/** What it is answered with. */
export type AnswerRecord = AvpRecord & { readonly 'Result-Code'?: number }

type Take = (request: IncomingRequest) => AnswerRecord | undefined | Promise<AnswerRecord | undefined>

export class DiameterClient {
  readonly #node: DiameterNode

  constructor(node: DiameterNode) {
    this.#node = node
  }

  /** Sessions with state, for requests that belong together. */
  get sessions(): Sessions {
    return this.#node.sessions
  }

  /** Whether a peer is connected. */
  isConnected(peer: string): boolean {
    return this.#node.peer(peer)?.isOpen ?? false
  }

  /** Sends a request and waits for its answer. It never rejects: what goes wrong is a refusal. */
  async request(request: DiameterRequest): Promise<DiameterAnswer | DiameterRefusal> {
    const message = this.#messageOf(request)
    if (message instanceof ValueProblem) return new DiameterRefusal('invalid', `${message.name} ${message.reason}`)
    const outcome = await this.#node.send(message, { peer: request.peer })
    return outcome instanceof DiameterFailure ? new DiameterRefusal(outcome.reason) : new DiameterAnswer(outcome)
  }

  /**
   * Answers requests that come: `take` gets each, and gives the AVPs of the answer behind Session-Id and origin, or undefined for
   * requests that others are to answer. An answer that cannot be written is Result-Code 5012.
   */
  onRequest(take: Take): void {
    this.#node.onRequest((message, peer) => {
      const record = take(incoming(message, peer))
      return record instanceof Promise ? record.then((found) => this.#answerAvps(found)) : this.#answerAvps(record)
    })
  }

  #answerAvps(record: AnswerRecord | undefined): readonly Avp[] | undefined {
    if (record === undefined) return undefined
    const avps = writeRecord(record)
    if (!(avps instanceof ValueProblem)) return avps
    this.#node.log.error(`an answer cannot be written: ${avps.name} ${avps.reason}`)
    const failed = writeRecord({ 'Result-Code': 5012 })
    return failed instanceof ValueProblem ? [] : failed
  }

  #messageOf({ application, command, avps, realm, host, sessionId }: DiameterRequest): DiameterMessage | ValueProblem {
    const known: Application = typeof application === 'string' ? applications[application] : application
    const given = writeRecord(avps)
    if (given instanceof ValueProblem) return given
    const usual = writeRecord(this.#usual(known, given, realm, host))
    if (usual instanceof ValueProblem) return usual
    const code = typeof command === 'number' ? command : commandCode(command, known.id)
    return this.#node.request(known.id, code, sessionId ?? this.#node.sessions.newId(), [...usual, ...given])
  }

  /** What each request of an application has, unless it is given. */
  #usual({ id, vendorId, kind }: Application, given: readonly Avp[], realm: string | undefined, host: string | undefined): AvpRecord {
    const has = (code: number): boolean => findAvp(given, code) !== undefined
    const isNamed = has(Code.authApplicationId) || has(Code.acctApplicationId) || has(Code.vendorSpecificApplicationId)
    const number: AvpRecord = kind === 'auth' ? { 'Auth-Application-Id': id } : { 'Acct-Application-Id': id }
    return {
      ...(isNamed ? {} : vendorId === 0 ? number : { 'Vendor-Specific-Application-Id': { 'Vendor-Id': vendorId, ...number } }),
      ...(has(Code.destinationRealm) ? {} : { 'Destination-Realm': realm ?? this.#node.config.realm }),
      ...(host === undefined || has(Code.destinationHost) ? {} : { 'Destination-Host': host }),
    }
  }
}

function incoming(message: DiameterMessage, peer: Peer): IncomingRequest {
  const { applicationId, commandCode: code, avps } = message
  return { applicationId, commandCode: code, avps: new AvpReader(avps), peer: peer.fqdn, message }
}
