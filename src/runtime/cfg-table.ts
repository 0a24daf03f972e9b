/** Parameters that can be changed while the server runs (Kamailio's cfg framework): at once, or put off and done together. */

export type CfgValue = string | number

export interface CfgVariable {
  readonly name: string
  readonly type: 'int' | 'string'
  readonly summary: string
  readonly isReadable: boolean
  readonly isWritable: boolean
  readonly min: number
  readonly max: number
  /** What the file says. */
  initial: CfgValue
  read(): CfgValue
  /** Takes a value of the right type; a text says why not. */
  write(value: CfgValue): string | undefined
}

export interface CfgGroup {
  readonly name: string
  readonly variables: readonly CfgVariable[]
}

/** Where a value is: a group, or one of its numbered instances. */
export interface CfgPlace {
  readonly group: string
  readonly id: number | undefined
  readonly name: string
}

export interface PutOff extends CfgPlace {
  /** Undefined for a value that an instance gives up. */
  readonly value: CfgValue | undefined
}

const PUT_OFF_MAX = 1000
const INSTANCES_MAX = 1000

export class CfgTable {
  groups: readonly CfgGroup[]
  /** Changes that wait for `commit`. */
  readonly putOff: PutOff[] = []
  /** Own values of instances, by group and number. */
  readonly #instances = new Map<string, Map<number, Map<string, CfgValue>>>()
  readonly #report: (text: string) => void

  /** `report` gets a line for each change. */
  constructor(groups: readonly CfgGroup[], report: (text: string) => void) {
    this.groups = groups
    this.#report = report
  }

  /** What `change` sets is what `reset` goes back to. */
  rebase(change: () => void): void {
    const all = this.groups.flatMap(({ variables }) => variables)
    const before = all.map((variable) => variable.read())
    change()
    for (const [index, variable] of all.entries()) {
      const value = variable.read()
      if (value !== before[index]) variable.initial = value
    }
  }

  /** Puts groups in the place of others, behind those that stay. Instances stay where their group does. */
  replaceGroups(names: readonly string[], groups: readonly CfgGroup[]): void {
    this.groups = [...this.groups.filter(({ name }) => !names.includes(name)), ...groups]
    for (const name of this.#instances.keys()) if (this.group(name) === undefined) this.#instances.delete(name)
  }

  group(name: string): CfgGroup | undefined {
    return this.groups.find((each) => each.name === name)
  }

  variable(group: string, name: string): CfgVariable | undefined {
    return this.group(group)?.variables.find((each) => each.name === name)
  }

  /** The value; undefined when there is no such variable, or no such instance. */
  read({ group, id, name }: CfgPlace): CfgValue | undefined {
    const variable = this.variable(group, name)
    if (variable === undefined || id === undefined) return variable?.read()
    const own = this.#instances.get(group)?.get(id)
    return own && (own.get(name) ?? variable.read())
  }

  /** A value of the variable's type that fits; a text says why there is none. */
  fit(place: CfgPlace, value: CfgValue): { readonly value: CfgValue } | string {
    const variable = this.variable(place.group, place.name)
    const shown = `${place.group}.${place.name}`
    if (variable === undefined) return `there is no variable ${shown}`
    if (!variable.isWritable) return `${shown} is read-only`
    if (variable.type === 'string') return { value: String(value) }
    const number = typeof value === 'number' ? value : /^[-+]?\d+$/.test(value) ? Number(value) : Number.NaN
    if (Number.isNaN(number)) return `${shown}: '${value}' is no number`
    return number < variable.min || number > variable.max ? `${shown}: ${number} is out of range` : { value: number }
  }

  /** Changes a value at once; a text says why it stays. */
  write(place: CfgPlace, given: CfgValue): string | undefined {
    const fitting = this.fit(place, given)
    if (typeof fitting === 'string') return fitting
    const { group, id, name } = place
    if (id !== undefined) {
      const own = this.#instances.get(group)?.get(id)
      if (own === undefined) return `there is no instance ${group}[${id}]`
      own.set(name, fitting.value)
    } else {
      const refused = this.variable(group, name)?.write(fitting.value)
      if (refused !== undefined) return refused
    }
    this.#report(`${group}${id === undefined ? '' : `[${id}]`}.${name} has been changed to ${fitting.value}`)
    return undefined
  }

  /** Remembers a change for `commit`. */
  writeLater(place: CfgPlace, given: CfgValue, check: (variable: CfgVariable, value: CfgValue) => string | undefined): string | undefined {
    const fitting = this.fit(place, given)
    if (typeof fitting === 'string') return fitting
    const variable = this.variable(place.group, place.name)
    const refused = variable && check(variable, fitting.value)
    if (refused !== undefined) return refused
    if (this.putOff.length >= PUT_OFF_MAX) return 'too many changes wait'
    this.putOff.push({ ...place, value: fitting.value })
    return undefined
  }

  deleteLater(place: CfgPlace): string | undefined {
    if (this.variable(place.group, place.name) === undefined) return `there is no variable ${place.group}.${place.name}`
    if (this.putOff.length >= PUT_OFF_MAX) return 'too many changes wait'
    this.putOff.push({ ...place, value: undefined })
    return undefined
  }

  /** Does all that waits; a text, and nothing done, when an instance is not there. */
  commit(): string | undefined {
    const lost = this.putOff.find(({ group, id }) => id !== undefined && !this.hasInstance(group, id))
    if (lost !== undefined) return `there is no instance ${lost.group}[${lost.id ?? ''}]`
    for (const { value, ...place } of this.putOff.splice(0)) {
      if (value === undefined) this.#forget(place)
      else this.write(place, value)
    }
    return undefined
  }

  rollback(): void {
    this.putOff.length = 0
  }

  hasInstance(group: string, id: number): boolean {
    return this.#instances.get(group)?.has(id) === true
  }

  /** False when there is no such group, or too many instances. */
  addInstance(group: string, id: number): boolean {
    if (this.group(group) === undefined) return false
    const instances = this.#instances.get(group) ?? new Map<number, Map<string, CfgValue>>()
    this.#instances.set(group, instances)
    if (instances.size >= INSTANCES_MAX) return false
    if (!instances.has(id)) instances.set(id, new Map())
    return true
  }

  deleteInstance(group: string, id: number): boolean {
    return this.#instances.get(group)?.delete(id) === true
  }

  /** An instance gives up its own value; a text when there is no such variable or instance. */
  delete(place: CfgPlace): string | undefined {
    const { group, id, name } = place
    if (this.variable(group, name) === undefined) return `there is no variable ${group}.${name}`
    if (id === undefined || !this.hasInstance(group, id)) return `there is no instance ${group}[${id ?? ''}]`
    this.#forget(place)
    return undefined
  }

  #forget({ group, id, name }: CfgPlace): void {
    if (id !== undefined) this.#instances.get(group)?.get(id)?.delete(name)
  }

  /** Sets a group, or one of its instances, back to what it was at the start. */
  reset(group: string, id: number | undefined): boolean {
    const found = this.group(group)
    if (found === undefined || (id !== undefined && !this.hasInstance(group, id))) return false
    for (const variable of found.variables) {
      if (id !== undefined) this.#forget({ group, id, name: variable.name })
      else if (variable.isWritable && variable.read() !== variable.initial) {
        this.write({ group, id, name: variable.name }, variable.initial)
      }
    }
    return true
  }
}
