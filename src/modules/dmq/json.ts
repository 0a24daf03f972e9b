/** Bodies of messages as JSON, read without trust. */

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined
}

/** The object that a body holds; undefined for anything else. Texts are byte strings, as everywhere. */
export function parseBody(body: string): JsonObject | undefined {
  let value: unknown
  try {
    value = JSON.parse(body.includes('\\u00') ? withoutHighEscapes(body) : body)
  } catch {
    return undefined
  }
  return isJsonObject(value) ? value : undefined
}

/** `\u00e9` stands for a character, not a byte: its UTF-8 in its place, as Kamailio reads it. */
function withoutHighEscapes(body: string): string {
  return body.replace(/\\(?:u00([89a-f][0-9a-f])|[^])/gi, (all: string, code: string | undefined) =>
    code === undefined ? all : bytesOf(`${String.fromCharCode(Number.parseInt(code, 16))}\u0100`).slice(0, -2))
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text as bytes: what was written as `\u20ac` becomes UTF-8, as Kamailio reads it. */
export function bytesOf(text: string): string {
  return /[^\x00-\xff]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text
}

export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? bytesOf(value) : ''
}

/** A whole number; 0 for anything else. */
export function wholeOf(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) ? Math.trunc(value) : 0
}
