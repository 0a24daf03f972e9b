/** `{s....}` that lay a text out: times, lines, lists of prefixes. */
import { localTime, strftime } from '../../../base/strftime.ts'
import type { TransformationDef } from '../../../define/define.ts'
import { BYTES_MAX, parameterMissing, ParameterReader, withParameters } from './parameters.ts'

/** Seconds since 1970 as Kamailio reads them from a text: unsigned, then taken as a signed 32-bit number. */
function seconds(text: string): number {
  if (!/^\+?[0-9]*$/.test(text)) return Number.NaN
  const value = Number(text === '+' ? 0 : text)
  return value <= 0xffff_ffff ? value | 0 : Number.NaN
}

/**
 * Kamailio 5.6.3 breaks behind each of the first `length - 1` bytes and leaves the rest in one line; a padding follows
 * each break.
 */
function breakLines(text: string, length: number, padding: string): string | null {
  if (text.length + Math.floor(text.length / length) * (2 + padding.length) > BYTES_MAX - 1) return null
  const lineBreak = `\r\n${padding}`
  const breaks = Math.min(length - 1, text.length - 1)
  if (breaks <= 0) return text
  let lines = ''
  for (let at = 0; at < breaks; at++) lines += text.charAt(at) + lineBreak
  return lines + text.slice(breaks)
}

const PADDING_MAX = 1024

function lines(summary: string, pad: string): TransformationDef {
  return withParameters(summary, ['length', 'padding'], (reader) => {
    const length = reader.count()
    const padding = reader.count()
    return (text, context) => {
      const width = length(context)
      const depth = padding(context)
      if (!(width > 0 && depth >= 0 && depth <= PADDING_MAX)) return parameterMissing(context)
      return breakLines(text, width, pad.repeat(depth))
    }
  })
}

function prefixList(text: string, count: number, quote: string): string | null {
  const most = count > 0 ? Math.min(count, text.length) : text.length
  if ((most * (most + 1)) / 2 + most > BYTES_MAX) return null
  const list: string[] = []
  for (let length = 1; length <= most; length++) list.push(quote + text.slice(0, length) + quote)
  return list.join(',')
}

function prefixes(summary: string, quote: string): TransformationDef {
  return withParameters(summary, ['[count]'], (reader) => {
    const count = reader.hasMore ? reader.int() : () => 0
    return (text, context) => {
      const most = count(context)
      return most === most ? prefixList(text, most, quote) : parameterMissing(context)
    }
  })
}

const timeFormat: TransformationDef = {
  summary: 'A time in seconds since 1970 in a format of strftime.',
  params: ['format'],
  bind(_params, env, raw) {
    const reader = new ParameterReader(raw, env)
    const format = reader.text()
    reader.end()
    if (reader.error !== undefined) return reader.error
    return (value, context) => {
      if (value === null) return null
      const wanted = format(context)
      if (wanted === null) return parameterMissing(context)
      const time = typeof value === 'number' ? value : seconds(value)
      if (time === time) return strftime(wanted, localTime(time * 1000)) || null
      context.host.log.error('pv', 'value is not numeric\n')
      return null
    }
  },
}

export const layoutTransformations: Readonly<Record<string, TransformationDef>> = {
  's.ftime': timeFormat,
  's.fmtlines': lines('Broken into lines, each but the first after so many spaces.', ' '),
  's.fmtlinet': lines('Broken into lines, each but the first after so many tabs.', '\t'),
  's.prefixes': prefixes('All prefixes, the shortest first, separated by commas.', ''),
  's.prefixes.quoted': prefixes('All prefixes in single quotes, separated by commas.', "'"),
}
