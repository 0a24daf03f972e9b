import type { PrepareEnv, Prepared } from '../../define/define.ts'
import { METHOD_OTHER, methodId } from '../../sip/method.ts'
import type { SipMessage } from '../../sip/message.ts'

/** What is_method() compares with: bits of known methods, or one name. */
export interface MethodTest {
  readonly mask: number
  readonly name: string
}

/** `INVITE|ACK` in any case; a list takes known methods only. */
export function prepareMethods(text: string, _env: PrepareEnv): Prepared<MethodTest> | string {
  const names = text.split('|').map((name) => name.trim())
  if (names.some((name) => !/^[A-Za-z0-9.!%*_+`'~-]+$/.test(name))) return `'${text}' is no method or list of methods such as INVITE|ACK`
  const ids = names.map((name) => methodId(name.toUpperCase()))
  if (names.length === 1 && ids[0] === METHOD_OTHER) return { fixed: { mask: 0, name: text } }
  const unknown = names.find((_name, index) => ids[index] === METHOD_OTHER)
  if (unknown !== undefined) return `'${unknown}' is no known method; a list takes known ones only`
  return { fixed: { mask: ids.reduce((mask, id) => mask | id, 0), name: '' } }
}

/** For replies, the method in CSeq counts. */
export function isMethod(message: SipMessage, test: MethodTest): number {
  let method = message.method
  let id = message.methodId
  if (!message.isRequest) {
    const cseq = message.cseq()
    if (cseq === undefined) return -1
    method = cseq.method
    id = cseq.methodId
  }
  if (test.mask !== 0) return (id & test.mask) !== 0 ? 1 : -1
  return id === METHOD_OTHER && method.toLowerCase() === test.name.toLowerCase() ? 1 : -1
}
