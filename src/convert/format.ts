/** Texts with variables in them, as templates. */
import { locateVariable } from '../runtime/variable-spec.ts'
import { renamed, type Conversion } from './conversion.ts'
import { templatePiece, textLiteral } from './literals.ts'

/** `from $fU` as a template; undefined where it cannot be read. `$null` and the like are `<null>`, as in the cfg. */
export function templateOf(conversion: Conversion, text: string): string | undefined {
  let out = ''
  let plain = ''
  let hasVariables = false
  for (let at = 0; at < text.length;) {
    const sign = text.indexOf('$', at)
    if (sign < 0) {
      plain += text.slice(at)
      break
    }
    plain += text.slice(at, sign)
    const end = locateVariable(text, sign)
    if (end < 0) return undefined
    if (text.charAt(sign + 1) === '$') plain += '$'
    else {
      const variable = renamed(conversion, text.slice(sign, end))
      // A transformation that fails prints as nothing.
      const get = variable.includes('{') ? 'gete' : 'getw'
      out += `${templatePiece(plain)}\${KSR.pv.${get}(${textLiteral(variable)})}`
      plain = ''
      hasVariables = true
    }
    at = end
  }
  return hasVariables ? `\`${out}${templatePiece(plain)}\`` : textLiteral(plain)
}

/** The same text with `$rc` as the converted script has it. */
export function renamedFormat(conversion: Conversion, text: string): string {
  if (!conversion.keepsReturnCode) return text
  return text.replace(/\$\(?(?:rc|retcode|\?)(?![A-Za-z0-9_])/g, (found) => renamed(conversion, found))
}
