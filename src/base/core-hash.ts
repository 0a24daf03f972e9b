/**
 * The hash that Kamailio's core uses for its tables (`core_hash()`, `{s.corehash}`): bytes taken four at a time.
 * `size` is a power of two; 0 gives all 32 bits.
 */
export function coreHash(first: string, second: string, size: number): number {
  let sum = addText(addText(0, first), second)
  sum = (sum + (sum >>> 11) + ((sum >>> 13) + (sum >>> 23))) >>> 0
  return size > 0 ? (sum & (size - 1)) >>> 0 : sum
}

/** A byte as C's `char` has it on Kamailio's machines. */
function signed(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code < 128 ? code : code - 256
}

function addText(start: number, text: string): number {
  if (text === '') return start
  let sum = start
  const whole = text.length - (text.length % 4)
  for (let at = 0; at < whole; at += 4) {
    const word = ((text.charCodeAt(at) << 24) + (signed(text, at + 1) << 16) + (signed(text, at + 2) << 8) + signed(text, at + 3)) >>> 0
    sum = (sum + ((word ^ (word >>> 3)) >>> 0)) >>> 0
  }
  let rest = 0
  for (let at = whole; at < text.length; at++) rest = ((rest << 8) + signed(text, at)) >>> 0
  return (sum + ((rest ^ (rest >>> 3)) >>> 0)) >>> 0
}
