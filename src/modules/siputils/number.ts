/** Texts that are numbers: telephone numbers, E.164 numbers, digits, letters and digits. */

const isDigit = (code: number): boolean => code >= 48 && code <= 57
const isAlphanumeric = (code: number): boolean =>
  isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)

function isDigits(text: string, from: number): boolean {
  for (let at = from; at < text.length; at++) if (!isDigit(text.charCodeAt(at))) return false
  return true
}

/** `+` and at least two digits, no more than `lengthMax` characters in all. */
export function isE164(text: string, lengthMax: number): boolean {
  return text.length > 2 && text.length <= lengthMax && text.charCodeAt(0) === 43 && isDigits(text, 1)
}

/** The user between the first colon and the @ behind it is an E.164 number. */
export function isUserE164(uri: string, lengthMax: number): boolean {
  const colon = uri.indexOf(':')
  const at = colon < 0 ? -1 : uri.indexOf('@', colon + 1)
  return at >= 0 && isE164(uri.slice(colon + 1, at), lengthMax)
}

/** Digits, or `+` and a number that does not begin with 0. 1 or -2. */
export function telNumber(text: string): number {
  if (text === '') return -2
  if (text.charCodeAt(0) !== 43) return isDigits(text, 0) ? 1 : -2
  const first = text.charCodeAt(1)
  return first >= 49 && first <= 57 && isDigits(text, 2) ? 1 : -2
}

/** 1 for digits, else -2. */
export function numeric(text: string): number {
  return text !== '' && isDigits(text, 0) ? 1 : -2
}

/** 1 for digits, ASCII letters and the characters of `others`; -2 for an empty text, -3 for any other character. */
export function alphanumeric(text: string, others: string): number {
  if (text === '') return -2
  for (let at = 0; at < text.length; at++) {
    if (!isAlphanumeric(text.charCodeAt(at)) && !others.includes(text.charAt(at))) return -3
  }
  return 1
}
