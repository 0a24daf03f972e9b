/** Why a registration is refused: status and the text of P-Registrar-Error, as Kamailio has them. */
export interface Failure {
  readonly status: number
  readonly text: string
}

const failure = (status: number, text: string): Failure => ({ status, text })

export const Failures = {
  /** Refused without saying why: Kamailio answers such registrations with 200. */
  untold: failure(200, ''),
  deleteRecord: failure(500, 'usrloc_record_delete failed'),
  cseq: failure(400, 'Invalid CSeq number'),
  insert: failure(500, 'usrloc_contact_insert failed'),
  delete: failure(500, 'usrloc_contact_delete failed'),
  update: failure(500, 'usrloc_contact_update failed'),
  aorLength: failure(500, 'Address Of Record too long'),
  aor: failure(400, 'Error while parsing AOR'),
  q: failure(400, 'Invalid q param in contact'),
  message: failure(400, 'Message parse error'),
  to: failure(400, 'To header not found'),
  callId: failure(400, 'Call-ID header not found'),
  cseqMissing: failure(400, 'CSeq header not found'),
  expires: failure(400, 'Expires parse error'),
  contact: failure(400, 'Contact parse error'),
  starExpires: failure(400, '* used in contact and expires is not zero'),
  starContacts: failure(400, '* used in contact and more than 1 contact'),
  unescape: failure(400, 'Error while unescaping username'),
  tooMany: failure(503, 'Too many registered contacts'),
  contactLength: failure(400, 'Contact/received too long'),
  callIdLength: failure(400, 'Callid too long'),
  path: failure(400, 'Path parse error'),
  pathUnsupported: failure(420, 'No support for found Path indicated'),
  outboundUnsupported: failure(421, 'No support for Outbound indicated'),
  outboundRequired: failure(420, 'No support for Outbound on server'),
  outboundEdge: failure(439, 'No support for Outbound on edge proxy'),
  regId: failure(400, 'Invalid Reg-Id number'),
  lowExpires: failure(423, 'Interval too brief'),
} as const satisfies Record<string, Failure>

/** Reason phrases of replies. */
export const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  420: 'Bad Extension',
  421: 'Extension Required',
  423: 'Interval Too Brief',
  439: 'First Hop Lacks Outbound Support',
  500: 'Server Internal Error',
  503: 'Service Unavailable',
}
