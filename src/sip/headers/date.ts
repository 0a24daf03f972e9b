import { ParseError } from '../parse-error.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const FORM = /^(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat), (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) [Gg][Mm][Tt]/

/** A date as RFC 3261 §20.17 has it, `Sat, 13 Nov 2010 23:29:00 GMT`: milliseconds since 1970. */
export function parseDate(text: string): number | ParseError {
  const found = FORM.exec(text)
  const month = MONTHS.indexOf(found?.[2] ?? '')
  if (found === null || month < 0) return new ParseError('date', 'the date is not in the form of RFC 1123')
  const [day, year, hour, minute, second] = [1, 3, 4, 5, 6].map((group) => Number(found[group]))
  if (day === undefined || year === undefined || hour === undefined || minute === undefined || second === undefined) {
    return new ParseError('date', 'the date is not in the form of RFC 1123')
  }
  if (day > 31 || hour > 23 || minute > 59 || second > 59) {
    return new ParseError('date', 'a part of the date is too large')
  }
  return Date.UTC(year, month, day, hour, minute, second)
}
