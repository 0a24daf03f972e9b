/** The look of native code over a message beside the reading in JavaScript: both must find the same. */
import { loadAddon } from '../../src/net/native-addon.ts'
import { ScanModule } from '../../src/net/scan-module.ts'
import { ParseError } from '../../src/sip/parse-error.ts'
import { parseMessage } from '../../src/sip/parse-message.ts'
import { Scan, SCAN_ROW_WORDS } from '../../src/sip/scan.ts'
import { testSource } from '../support/sip-message.ts'

/** Looks over a text; undefined where it does not. */
export type Look = (text: string) => Scan | undefined

function addonLook(): Look | string {
  const addon = loadAddon({})
  if (typeof addon === 'string') return addon
  const row = new Int32Array(SCAN_ROW_WORDS)
  return (text) => {
    addon.scan(text, row)
    return new Scan(row)
  }
}

function wasmLook(): Look | string {
  const module = ScanModule.load()
  return module === undefined ? 'WebAssembly is switched off' : (text) => module.look(Buffer.from(text, 'latin1'))
}

/** The two bodies of native/sip-scan.c, or why one is not here. */
export const looks = { 'add-on': addonLook(), WebAssembly: wasmLook() }

/** Everything that a reader can see of a message, as text; with a scan, what it told is taken over. */
function seen(text: string, scan: Scan | undefined): string {
  const message = parseMessage(text, testSource(), 1, scan)
  if (message instanceof ParseError) return `${message.code} ${message.reason} ${message.offset}`
  const { isRequest, method, requestUri, requestUriStart, version, status, statusText, reason, headersStart } = message
  const { cseqNumber } = message
  const cseq = message.cseq()
  const vias = message.vias().map((via) => [
    via.place, via.start, via.transport, via.host, via.port, via.isIpv6Reference, via.hostStart, via.hostNameEnd, via.hostEnd, via.end,
    via.branch, via.branchStart, via.rport, via.rportName, via.rportEnd, via.receivedParam, via.receivedName, via.receivedEnd,
  ])
  const headers = message.headers().map(({ type, start, bodyStart, bodyEnd, end }) => [type, start, bodyStart, bodyEnd, end])
  return JSON.stringify([
    isRequest, method, requestUri, requestUriStart, version, status, statusText, reason, headersStart,
    cseq && [cseq.number, cseq.start, cseq.numberEnd, cseq.methodStart, cseq.end],
    vias, headers, message.error, message.readUpTo, message.bodyStart, message.isComplete, message.contentLength(), message.isFromReadable, cseqNumber,
  ])
}

/** Undefined when both agree, else what each of them found. */
export function disagreement(look: Look, text: string): string | undefined {
  const found = seen(text, look(text))
  const read = seen(text, undefined)
  return found === read ? undefined : `${JSON.stringify(text)}\nnative     ${found}\nJavaScript ${read}`
}

/** How many headers the look told of. */
export function scannedHeaders(look: Look, text: string): number {
  const scan = look(text)
  return scan === undefined || scan.headersStart === 0 ? 0 : scan.places().length / 2
}
