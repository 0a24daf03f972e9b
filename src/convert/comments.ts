/** The comments of a configuration, each taken once: by what stands behind it, or in the same line in front of it. */
import type { Span } from '../script/ast.ts'
import { fromBytes } from '../kemi/text.ts'

interface Comment {
  readonly text: string
  readonly span: Span
  isTaken: boolean
}

/** With one empty line between them comments belong together. */
const GAP_MAX = 2

export class Comments {
  readonly #byFile = new Map<string, Comment[]>()

  add(text: string, span: Span): void {
    const list = this.#byFile.get(span.file) ?? []
    list.push({ text, span, isTaken: false })
    this.#byFile.set(span.file, list)
  }

  /** Those that stand between two lines of a file: behind `after`, and in front of `before`. */
  between(file: string, after: number, before: number): readonly string[] {
    return this.#take(file, ({ line, endLine }) => line > after && endLine < before).flatMap(linesOf)
  }

  /** The block of comments that ends right above a place. */
  above({ file, line }: Span): readonly string[] {
    const all = (this.#byFile.get(file) ?? []).filter(({ isTaken, span }) => !isTaken && span.endLine < line)
    const block: Comment[] = []
    let next = line
    for (const comment of all.toReversed()) {
      if (next - comment.span.endLine > GAP_MAX) break
      block.unshift(comment)
      next = comment.span.line
    }
    for (const comment of block) comment.isTaken = true
    return block.flatMap(({ text }) => linesOf(text))
  }

  /** What stands behind the code in its last line. */
  behind({ file, endLine, endColumn }: Span): string {
    const [found] = this.#take(file, ({ line, endLine: last, column }) => line === endLine && last === line && column >= endColumn)
    const text = found === undefined ? '' : linesOf(found).join(' ').replace(/^\/\/ ?/, '')
    return text === '' ? '' : ` // ${text}`
  }

  #take(file: string, fits: (span: Span) => boolean): readonly string[] {
    const taken = (this.#byFile.get(file) ?? []).filter((comment) => !comment.isTaken && fits(comment.span))
    for (const comment of taken) comment.isTaken = true
    return taken.map(({ text }) => text)
  }
}

/** `# a`, `// a` and block comments as lines of TypeScript. Lines that are only drawn say nothing. */
function linesOf(text: string): readonly string[] {
  const inner = text.startsWith('/*') ? text.slice(2, text.endsWith('*/') ? -2 : undefined) : text.replace(/^(?:#+|\/\/+)/, '')
  return fromBytes(inner).split('\n').flatMap((line) => {
    const words = line.replace(/^\s*\**/, '').replace(/^#+/, '').trim().replaceAll('*/', '* /')
    return words === '' || /^[-=#*_]+$/.test(words) ? [] : [`// ${words}`]
  })
}
