import type { Log } from '../../base/log.ts'
import { levelOfName } from './level.ts'

/** Digits of SGR codes by letter; capitals, for the text only, are bold. `x` is the terminal's own colour. */
const DIGITS: Readonly<Record<string, number>> = { s: 0, r: 1, g: 2, y: 3, b: 4, p: 5, c: 6, w: 7, x: 9 }

/** The SGR code of `$C(xy)`; undefined for anything but two colour letters. */
export function terminalColour(letters: string): string | undefined {
  if (letters.length !== 2) return undefined
  const [text = '', background = ''] = letters
  const isBold = text !== 'X' && text !== text.toLowerCase()
  const textDigit = DIGITS[isBold ? text.toLowerCase() : text]
  const backgroundDigit = DIGITS[background]
  if (textDigit === undefined || backgroundDigit === undefined) return undefined
  return `\x1b[${isBold ? 1 : 0};3${textDigit};4${backgroundDigit}m`
}

/**
 * Takes the values of log_colors (`L_ERR=cr`, several with `;`) for the log's levels.
 * The answer is what is wrong with them, if anything.
 */
export function setLevelColours(log: Log, values: readonly (string | number)[]): string | undefined {
  for (const part of values.flatMap((value) => String(value).split(';'))) {
    const [name = '', letters = ''] = part.trim().split('=')
    const level = levelOfName(name)
    const colour = terminalColour(letters)
    if (level === undefined || colour === undefined) return `log_colors: '${part}' is not LEVEL=colours, such as L_ERR=rx`
    log.colours.set(level, colour)
  }
  return undefined
}
