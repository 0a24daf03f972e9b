import { ParseError } from '../../sip/parse-error.ts'
import { parseUri, uriParam, type SipUri } from '../../sip/uri.ts'

/** A SIP URI by its parts. It does not change: `with` makes another one. */
export class Uri {
  readonly text: string
  #parsed: SipUri | undefined | null = null

  constructor(text: string) {
    this.text = text
  }

  /** Undefined where the text is no URI. */
  get #parts(): SipUri | undefined {
    if (this.#parsed !== null) return this.#parsed
    const parsed = parseUri(this.text)
    return (this.#parsed = parsed instanceof ParseError ? undefined : parsed)
  }

  get isValid(): boolean {
    return this.#parts !== undefined
  }

  /** sip, sips, tel or urn. */
  get scheme(): string {
    return this.#parts?.scheme ?? ''
  }

  get user(): string {
    return this.#parts?.user ?? ''
  }

  get host(): string {
    return this.#parts?.host ?? ''
  }

  /** 0 where there is none. */
  get port(): number {
    return this.#parts?.port ?? 0
  }

  /** Value of a parameter: an empty text for one without, undefined where it is not there. */
  param(name: string): string | undefined {
    return this.#parts === undefined ? undefined : uriParam(this.#parts, name)
  }

  /** The same URI with another user, host or port. */
  with(change: { readonly user?: string; readonly host?: string; readonly port?: number }): Uri {
    const parts = this.#parts
    if (parts === undefined) return this
    const user = change.user ?? parts.user
    const port = change.port ?? parts.port
    const password = parts.password === '' ? '' : `:${parts.password}`
    const params = parts.params === '' ? '' : `;${parts.params}`
    const place = `${change.host ?? parts.host}${port === 0 ? '' : `:${port}`}`
    return new Uri(`${parts.scheme}:${user === '' ? '' : `${user}${password}@`}${place}${params}`)
  }

  toString(): string {
    return this.text
  }
}
