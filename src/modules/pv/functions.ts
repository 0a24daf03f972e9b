import { arg, fn, form, type FunctionDef, type VariableHandle } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { intOf } from '../../runtime/variable-spec.ts'
import { appendStaticBranch, resetStaticBranch, takeStaticBranch } from './static-branch.ts'
import { evaluatedTwice } from './evaluate.ts'
import type { PvState } from './state.ts'
import {
  copyXavp,
  explodeList,
  explodeParams,
  explodeUnique,
  implodeParams,
  printTree,
  removeChild,
  setChild,
  shiftLeft,
  variablesToXavp,
  xavpToVariables,
} from './xavp-functions.ts'

const pvar = arg.variable('variable', 'The variable.')
const xname = arg.str('name', 'Name of the entry in the root list.')
const cname = arg.str('field', 'Name of its field.')
const params = arg.str('params', 'Text such as `a=1;b=2`.')
const result = arg.writable('result', 'Variable that takes the text.')

/** How the script's types show: a number, a text, or nothing. */
function hasType(context: RouteContext, variable: VariableHandle, type: string): number {
  const value = variable.get(context)
  const letter = type.charAt(0).toLowerCase()
  if (letter === 'i') return typeof value === 'number' ? 1 : -1
  if (letter === 's') return typeof value === 'string' ? 1 : -1
  return letter === 'n' && value === null ? 1 : -1
}

/** xavp_child_seti and the like for the two families of stacks. */
const family = (name: 'xavp' | 'xavi'): Readonly<Record<string, FunctionDef<PvState>>> => ({
  [`${name}_child_seti`]: fn({
    summary: `Sets a field of the newest $${name} of that name to a number.`,
    routes: 'any',
    args: [xname, cname, arg.int('value', 'The number.')],
    run: (context, _state: PvState, root, field, value) => setChild(context.xavps[name], root, field, value),
  }),
  [`${name}_child_sets`]: fn({
    summary: `Sets a field of the newest $${name} of that name to a text.`,
    routes: 'any',
    args: [xname, cname, arg.str('value', 'The text.')],
    run: (context, _state: PvState, root, field, value) => setChild(context.xavps[name], root, field, value),
  }),
  [`${name}_child_rm`]: fn({
    summary: `Removes a field of the newest $${name} of that name.`,
    routes: 'any',
    args: [xname, cname],
    run: (context, _state: PvState, root, field) => removeChild(context.xavps[name], root, field),
  }),
  [`${name}_rm`]: fn({
    summary: `Removes the newest $${name} of that name.`,
    routes: 'any',
    args: [xname],
    run(context, _state: PvState, root) {
      context.xavps[name].removeAt(root, 0)
      return 1
    },
  }),
  [`${name}_rm_all`]: fn({
    summary: `Removes all $${name} of that name.`,
    routes: 'any',
    args: [xname],
    run(context, _state: PvState, root) {
      context.xavps[name].removeAll(root)
      return 1
    },
  }),
})

const print = (name: 'xavp' | 'xavu' | 'xavi'): FunctionDef<PvState> =>
  fn({
    summary: `Writes all $${name} values to the log, at level L_INFO.`,
    routes: 'any',
    args: [],
    run: (context, _state: PvState) => printTree(context, context.xavps[name], name.toUpperCase()),
  })

export const pvFunctions: Readonly<Record<string, FunctionDef<PvState>>> = {
  pv_isset: fn({
    summary: 'Tells whether a variable is other than $null.',
    routes: 'any',
    args: [pvar],
    run: (context, _state: PvState, variable) => (variable.get(context) === null ? -1 : 1),
  }),
  pv_unset: fn({
    summary: 'Sets a variable to $null; one that cannot be written stays as it is.',
    routes: 'any',
    args: [pvar],
    run(context, _state: PvState, variable) {
      const writable = !('writable' in variable) || variable.writable === true
      return !writable || variable.set(context, null) ? 1 : -1
    },
  }),
  is_int: fn({
    summary: 'Tells whether a variable holds a number, if only beside its text as $rm does.',
    routes: 'any',
    args: [pvar],
    run: (context, _state: PvState, variable) => (intOf(variable, context) === null ? -1 : 1),
  }),
  typeof: fn({
    summary: 'Tells whether a variable is of a type: int, str or null.',
    routes: 'any',
    args: [pvar, arg.literal('type', 'int, str or null.')],
    run: (context, _state: PvState, variable, type) => hasType(context, variable, type),
  }),
  not_empty: fn({
    summary: 'Tells whether a variable holds a text that is not empty.',
    routes: 'any',
    args: [pvar],
    run(context, _state: PvState, variable) {
      const value = variable.get(context)
      return typeof value === 'string' && value !== '' ? 1 : -1
    },
  }),
  pv_evalx: fn({
    summary: 'Evaluates a text with variables, then its result once more, into a variable.',
    routes: 'any',
    kemi: 'evalx',
    args: [arg.writable('result', 'Variable that takes the text.'), evaluatedTwice],
    run: (context, _state: PvState, variable, text) =>
      text !== undefined && variable.set(context, text) ? 1 : -1,
  }),
  pv_xavp_print: print('xavp'),
  pv_xavu_print: print('xavu'),
  pv_xavi_print: print('xavi'),
  pv_var_to_xavp: fn({
    summary: 'Makes an xavp whose fields are worker variables: one, or all with *.',
    routes: 'any',
    args: [arg.str('variable', 'Name of the variable, or *.'), xname],
    run: (context, state: PvState, name, xavp) => variablesToXavp(context, state, name, xavp),
  }),
  pv_xavp_to_var: fn({
    summary: 'Makes worker variables of the fields of an xavp.',
    routes: 'any',
    args: [xname],
    run: (context, state: PvState, name) => xavpToVariables(context, state, name),
  }),
  xavp_copy: {
    summary: 'Copies an xavp with its fields.',
    forms: [
      form({
        routes: 'any',
        args: [xname, arg.int('index', 'Which one: 0 is the newest.'), arg.str('to', 'Name of the copy, behind those there are.')],
        run: (context, _state: PvState, from, index, to) => copyXavp(context, from, index, to),
      }),
      form({
        routes: 'any',
        kemi: 'xavp_copy_dst',
        args: [
          xname,
          arg.int('index', 'Which one: 0 is the newest.'),
          arg.str('to', 'Name of the one to replace.'),
          arg.int('at', 'Its index.'),
        ],
        run: (context, _state: PvState, from, index, to, at) => copyXavp(context, from, index, to, at),
      }),
    ],
  },
  xavp_params_explode: fn({
    summary: 'Makes an xavp whose fields are the parameters in a text.',
    routes: 'any',
    args: [params, xname],
    run: (context, _state: PvState, text, name) => explodeParams(context, text, name),
  }),
  xavp_xparams_explode: fn({
    summary: 'As xavp_params_explode, with a separator other than the semicolon.',
    routes: 'any',
    args: [params, arg.str('separator', 'One character.'), xname],
    run: (context, _state: PvState, text, separator, name) => explodeParams(context, text, name, separator.charAt(0)),
  }),
  xavu_params_explode: fn({
    summary: 'Makes xavu fields of the parameters in a text.',
    routes: 'any',
    args: [params, xname],
    run: (context, _state: PvState, text, name) => explodeUnique(context, text, name),
  }),
  xavp_params_implode: fn({
    summary: 'Writes the fields of an xavp as parameters into a variable.',
    routes: 'any',
    args: [xname, result],
    run: (context, _state: PvState, name, variable) => implodeParams(context, context.xavps.xavp, name, variable),
  }),
  xavu_params_implode: fn({
    summary: 'Writes the fields of an xavu as parameters into a variable.',
    routes: 'any',
    args: [xname, result],
    run: (context, _state: PvState, name, variable) => implodeParams(context, context.xavps.xavu, name, variable),
  }),
  xavp_slist_explode: fn({
    summary: 'Makes an xavp whose fields v[0], v[1]... are the items of a list.',
    routes: 'any',
    args: [
      arg.str('list', 'The text.'),
      arg.str('separators', 'Characters, each of which separates items.'),
      arg.str('mode', 't trims blanks around items.'),
      xname,
    ],
    run: (context, _state: PvState, list, separators, mode, name) => explodeList(context, list, separators, mode, name),
  }),
  xavp_lshift: fn({
    summary: 'Removes the newest entries of an xavp, so that the one at an index becomes the newest.',
    routes: 'any',
    args: [xname, arg.int('index', 'How many to remove.')],
    run: (context, _state: PvState, name, index) => shiftLeft(context.xavps.xavp, name, index),
  }),
  ...family('xavp'),
  ...family('xavi'),
  sbranch_set_ruri: fn({
    summary: 'Makes the static branch the destination of the request.',
    routes: 'any',
    args: [],
    run: (context, state: PvState) => takeStaticBranch(context, state),
  }),
  sbranch_append: fn({
    summary: 'Adds the static branch to the destinations of the request.',
    routes: 'any',
    args: [],
    run: (context, state: PvState) => appendStaticBranch(context, state),
  }),
  sbranch_reset: fn({
    summary: 'Empties the static branch.',
    routes: 'any',
    args: [],
    run: (_context, state: PvState) => resetStaticBranch(state),
  }),
}
