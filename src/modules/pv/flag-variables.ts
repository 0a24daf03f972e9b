/** Flags of the message, of the first branch and of the script: as numbers, in hexadecimal, one by one. */
import { variable, variableFamily, type PvValue, type VariableDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { PvState } from './state.ts'

interface FlagWord {
  get(context: RouteContext): number
  set(context: RouteContext, flags: number): void
}

const message: FlagWord = {
  get: (context) => context.message.flags,
  set(context, flags) {
    context.message.flags = flags
  },
}

const branch: FlagWord = {
  get: (context) => context.message.branchFlags,
  set(context, flags) {
    context.message.branchFlags = flags
  },
}

const script: FlagWord = {
  get: (context) => context.scriptFlags,
  set(context, flags) {
    context.scriptFlags = flags
  },
}

function assign(context: RouteContext, word: FlagWord, value: PvValue): boolean {
  if (typeof value === 'string') {
    context.host.log.error('pv', 'flags are set by numbers')
    return false
  }
  word.set(context, (value ?? 0) >>> 0)
  return true
}

/** Kamailio prints the flags as signed numbers. */
const signed = (flags: number): number => flags | 0
const hexadecimal = (flags: number): string => (flags >>> 0).toString(16).padStart(8, '0')

const whole = (summary: string, word: FlagWord): VariableDef<PvState> =>
  variable(summary, (context) => word.get(context) >>> 0, { set: (context, _state, value) => assign(context, word, value) })

const hex = (summary: string, word: FlagWord): VariableDef<PvState> =>
  variable(summary, (context) => hexadecimal(word.get(context)), {
    set: (context, _state, value) => assign(context, word, value),
    int: (context) => signed(word.get(context)),
  })

const single = (summary: string, word: FlagWord): VariableDef<PvState> =>
  variableFamily<PvState>(summary, { inner: 'required', writable: true }, (inner) => {
    const number = /^[0-9]+$/.test(inner ?? '') ? Number(inner) : -1
    if (number < 0 || number > 31) return `flags have numbers from 0 to 31, not ${inner}`
    const bit = (1 << number) >>> 0
    return {
      get: (context) => (word.get(context) & bit ? 1 : 0),
      set(context, _state, value) {
        // Kamailio takes $null for all flags.
        if (value === null || typeof value === 'string') return assign(context, word, value)
        const flags = word.get(context)
        word.set(context, (value ? flags | bit : flags & ~bit) >>> 0)
        return true
      },
    }
  })

export const flagVariables: Readonly<Record<string, VariableDef<PvState>>> = {
  mf: whole('Flags of the message.', message),
  mF: hex('Flags of the message, in hexadecimal.', message),
  Mf: single('A flag of the message: $Mf(3).', message),
  bf: whole('Flags of the first branch.', branch),
  bF: hex('Flags of the first branch, in hexadecimal.', branch),
  Bf: single('A flag of the first branch: $Bf(3).', branch),
  sf: whole('Flags of the script.', script),
  sF: hex('Flags of the script, in hexadecimal.', script),
  Sf: single('A flag of the script: $Sf(3).', script),
}
