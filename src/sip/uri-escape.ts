/** Texts made fit for parts of a URI: characters that may not stand there are written as `%xx` (RFC 3261 §25.1). */

/** Bytes that Kamailio does not put into a URI even when they are escaped. */
const UNPRINTABLE = /[^ -~]/
/** What may not stand in the user part (user-unreserved). */
const NOT_IN_USER = /[ "#%/:<>@[\\\]^`{|}]/g
/** What may not stand in a parameter (param-unreserved). */
const NOT_IN_PARAM = /[ "#%,;<=>?@\\^`{|}]/g

function escapeUri(text: string, special: RegExp): string | undefined {
  if (UNPRINTABLE.test(text)) return undefined
  return text.replace(special, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

/** For the user part; undefined when there are bytes that are no printable ASCII. */
export function escapeUriUser(text: string): string | undefined {
  return escapeUri(text, NOT_IN_USER)
}

/** For a parameter or header; undefined when there are bytes that are no printable ASCII. */
export function escapeUriParam(text: string): string | undefined {
  return escapeUri(text, NOT_IN_PARAM)
}
