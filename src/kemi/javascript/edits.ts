/** Texts put into a source, without a new line: lines stay where they are. */
export interface Insertion {
  readonly at: number
  readonly text: string
  /** Of several at one place those with the lower order come first. */
  readonly order: number
}

export class Insertions {
  readonly list: Insertion[] = []

  /** In front of what stands there; outer ones are added before inner ones. */
  open(at: number, text: string): void {
    this.list.push({ at, text, order: this.list.length })
  }

  /** Behind what ends there: outer ones, added first, come last; and all of them before what opens there. */
  close(at: number, text: string): void {
    this.list.push({ at, text, order: -this.list.length - 1 })
  }

  sorted(): readonly Insertion[] {
    return this.list.toSorted((a, b) => a.at - b.at || a.order - b.order)
  }

  apply(source: string): string {
    let text = ''
    let from = 0
    for (const { at, text: inserted } of this.sorted()) {
      text += source.slice(from, at) + inserted
      from = at
    }
    return text + source.slice(from)
  }
}
