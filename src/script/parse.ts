import type { ConfigFile, Span } from './ast.ts'
import type { Diagnostic } from './diagnostic.ts'
import { FlagTable } from './flags.ts'
import { lex } from './lexer.ts'
import { parseItems } from './parse-item.ts'
import type { Parser } from './parser.ts'
import { Preprocessor } from './preprocess.ts'
import type { Sources } from './source.ts'

/** A replacement rule from the command line: `--subst`, `--substdef`, `--substdefs`. */
export interface SubstOption {
  readonly directive: 'subst' | 'substdef' | 'substdefs'
  readonly rule: string
}

export interface ParseOptions {
  /** The text of a file as latin1, one char per byte; `undefined` when it cannot be read. */
  readonly readFile: (path: string) => string | undefined
  /** From `-A NAME`, `-A NAME=value`. */
  readonly defines?: ReadonlyMap<string, string | undefined>
  readonly substs?: readonly SubstOption[]
  /** For `#!defenv` and `$env(NAME)` in replacement rules. */
  readonly environment?: ReadonlyMap<string, string>
  /** Hears of each comment, marks and all. */
  readonly comment?: (text: string, span: Span) => void
}

export interface ParsedConfig {
  readonly config: ConfigFile
  /** In the order of the files' text. */
  readonly diagnostics: readonly Diagnostic[]
  /** What is defined at the end of the file, for `$def(NAME)`: `undefined` for names without a value. */
  readonly defines: ReadonlyMap<string, string | undefined>
  /** Every file that was read. */
  readonly sources: Sources
}

/** Defined in every Kamailio 5.6.3, so that a configuration can ask for the version. */
const versionDefines = ['KAMAILIO_5', 'KAMAILIO_5_6', 'KAMAILIO_5_6_3']

function compareSpans(a: Span, b: Span): number {
  return a.line - b.line || a.column - b.column
}

/**
 * Parses a configuration file and all that it includes. Never throws for what a file holds: everything that is wrong
 * comes back as diagnostics, and the tree holds what is in order.
 */
export function parseConfig(path: string, options: ParseOptions): ParsedConfig {
  const diagnostics: Diagnostic[] = []
  const told = new Set<string>()
  const report = (diagnostic: Diagnostic): void => {
    // A file that is included several times is wrong in the same place each time.
    const place = `${diagnostic.code} ${placeOf(diagnostic.span)}`
    if (told.has(place)) return
    told.add(place)
    diagnostics.push(diagnostic)
  }
  const start: Span = { file: path, line: 0, column: 0, endLine: 0, endColumn: 0 }
  const preprocessor = new Preprocessor(options.environment ?? new Map(), report)
  for (const name of versionDefines) preprocessor.define(name, undefined, 'define', start)
  for (const [name, value] of options.defines ?? []) preprocessor.define(name, value, 'define', start)
  for (const { directive, rule } of options.substs ?? []) preprocessor.addSubst(directive, rule, start)

  const text = options.readFile(path)
  if (text === undefined) {
    report({ code: 'KAH0124', severity: 'error', message: 'cannot read the configuration file', span: start })
    return {
      config: { items: [], compatibility: 'max' }, diagnostics, defines: preprocessor.defines, sources: new Map(),
    }
  }
  const { tokens, sources, compatibility, isCut } = lex(path, text, {
    readFile: options.readFile, preprocessor, report, comment: options.comment,
  })
  preprocessor.finish()
  // Where the text itself is faulty, the grammar's complaint about the same place says nothing new.
  const faulty = new Set(diagnostics.filter(({ severity }) => severity === 'error').map(({ span }) => placeOf(span)))
  const reportNew = (diagnostic: Diagnostic): void => {
    if (!faulty.has(placeOf(diagnostic.span))) report(diagnostic)
  }
  const parser: Parser = {
    tokens, index: 0, report: reportNew, errors: 0,
    openBlocks: [], suspectBlock: undefined, suspectBrace: undefined, isCut, isUnclosed: false, callDepth: 0, depth: 0,
    flags: new FlagTable(), avpFlags: new FlagTable(), reportedNames: new Set(), routes: new Map(),
  }
  const first = tokens[0]
  if (tokens.length === 1 && first !== undefined) {
    report({ code: 'KAH0223', severity: 'error', message: 'the configuration is empty', span: first.span })
  }
  const items = parseItems(parser)
  return {
    config: { items, compatibility }, diagnostics: inOrder(diagnostics, sources), defines: preprocessor.defines, sources,
  }
}

function placeOf(span: Span): string {
  return `${span.file}:${span.line}:${span.column}`
}

/** By file in the order of reading, then by place. */
function inOrder(diagnostics: readonly Diagnostic[], sources: Sources): Diagnostic[] {
  const files = [...sources.keys()]
  const rank = (file: string): number => files.indexOf(file)
  return [...diagnostics].sort((a, b) => rank(a.span.file) - rank(b.span.file) || compareSpans(a.span, b.span))
}
