/** JSON as byte strings: names in their order, repeated names kept, bytes above 127 untouched. */

export class JsonObject {
  readonly entries: [name: string, value: JsonValue][] = []

  add(name: string, value: JsonValue): this {
    this.entries.push([name, value])
    return this
  }

  /** The first member of that name, in upper or lower case. */
  get(name: string): JsonValue | undefined {
    const wanted = name.toLowerCase()
    return this.entries.find(([each]) => each.toLowerCase() === wanted)?.[1]
  }
}

export type JsonValue = string | number | boolean | null | JsonObject | readonly JsonValue[]
