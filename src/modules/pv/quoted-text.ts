/** A parameter's value without the quotes around it, if it has any; what is escaped inside stays so. */
export function unquoted(value: string | undefined): string | undefined {
  return value !== undefined && value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
}
