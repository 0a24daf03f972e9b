/** SIP messages as phones of the simulation read and write them: by themselves, not with the server's own parser. */

export interface Header {
  readonly name: string
  readonly value: string
}

export interface ReadMessage {
  readonly method: string
  /** 0 for a request. */
  readonly status: number
  readonly uri: string
  readonly headers: readonly Header[]
}

export function readMessage(text: string): ReadMessage {
  const [firstLine = '', ...lines] = (text.split('\r\n\r\n')[0] ?? '').split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return { name: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1).trim() }
  })
  const [first = '', second = ''] = firstLine.split(' ')
  const isReply = first === 'SIP/2.0'
  const cseq = headers.find(({ name }) => name === 'cseq')?.value ?? ''
  return { method: isReply ? cseq.split(' ')[1] ?? '' : first, status: isReply ? Number(second) : 0, uri: isReply ? '' : second, headers }
}

export function valuesOf(message: ReadMessage, name: string): string[] {
  return message.headers.filter((header) => header.name === name).flatMap(({ value }) => value.split(/,\s*(?=<|SIP\/2\.0)/))
}

export function valueOf(message: ReadMessage, name: string): string {
  return valuesOf(message, name)[0] ?? ''
}

export function parameterOf(value: string, name: string): string {
  return new RegExp(`;${name}=([^;>\\s]+)`).exec(value)?.[1] ?? ''
}

export function uriInside(value: string): string {
  return /<([^>]*)>/.exec(value)?.[1] ?? value
}

export function messageText(firstLine: string, headers: readonly (readonly [string, string])[]): string {
  return [firstLine, ...headers.map(([name, value]) => `${name}: ${value}`), 'Content-Length: 0', '', ''].join('\r\n')
}

/** `sip:user@192.0.2.1:5070;x` is that address and port. */
export function placeOfUri(uri: string): { address: string; port: number } {
  const found = /^sip:(?:[^@]*@)?([\d.]+)(?::(\d+))?/.exec(uri)
  return { address: found?.[1] ?? '', port: Number(found?.[2] ?? 5060) }
}
