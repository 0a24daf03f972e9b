/** Texts that outlive the message they were cut from. V8 keeps the whole of what a text was cut from as long as the piece lives. */

/** Shorter pieces are copies anyway. */
const PIECE_LENGTH_MIN = 13
const scratch = Buffer.allocUnsafeSlow(4096)

/** The same byte string (one character a byte), in memory of its own: some 100 ns. */
export function ownText(text: string): string {
  const { length } = text
  if (length < PIECE_LENGTH_MIN) return text
  if (length > scratch.length) return Buffer.from(text, 'latin1').toString('latin1')
  return scratch.toString('latin1', 0, scratch.write(text, 'latin1'))
}

/** As `ownText`, where it is a text. */
export function ownValue<Value>(value: Value): Value | string {
  return typeof value === 'string' ? ownText(value) : value
}
