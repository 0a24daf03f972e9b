import { arg, fn, form, type Arg, type FunctionDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { applyHeaders, collectHeaders, resetHeaders } from './collect.ts'
import { append, listOf, takeOut } from './header-list.ts'
import { hasParam, removeParam } from './header-params.ts'
import type { PvHeaders } from './state.ts'

const headerName = arg.str('hname', 'Name of the header.')
const headerValue = arg.str('hvalue', 'Its value.')
const parameter = arg.str('hparameter', 'A member of a list of values.')

/** Which kind of argument Kamailio finds where it looks for a number: a text, or one with variables. */
const unreadIndex: Arg<number> = arg.custom('idx', 'Kamailio 5.6 cannot read an index from a script: the call fails.', (text) => ({
  fixed: text.includes('$') ? 256 : 32,
}))

function failsWithIndex(context: RouteContext, kind: number): number {
  context.host.log.error('<core>', `Unsupported param type for int value: ${kind}`)
  return -1
}

export const headerFunctions: Readonly<Record<string, FunctionDef<PvHeaders>>> = {
  pvh_collect_headers: fn({
    summary: 'Puts all headers of the message into the $xavi.',
    returns: { 1: 'done', [-1]: 'done before, or the headers cannot be read' },
    routes: 'any',
    args: [],
    run: (context, state: PvHeaders) => collectHeaders(state, context),
  }),
  pvh_apply_headers: fn({
    summary: 'Writes the headers in the $xavi into the message, save From, To and those of skip_headers.',
    returns: { 1: 'done', [-1]: 'done before, nothing collected, or From or To in the $xavi cannot be read' },
    routes: 'any',
    args: [],
    run: (context, state: PvHeaders) => applyHeaders(state, context),
  }),
  pvh_reset_headers: fn({
    summary: 'Empties the $xavi, so that headers can be collected and applied again.',
    routes: 'any',
    args: [],
    run: (context, state: PvHeaders) => resetHeaders(state, context),
  }),
  pvh_check_header: fn({
    summary: 'Tells whether a header was collected or added, taken out again or not.',
    routes: 'any',
    args: [headerName],
    run: (context, state: PvHeaders, name) => {
      const list = listOf(state, context)
      return list !== undefined && name !== '' && list.get(name) !== undefined ? 1 : -1
    },
  }),
  pvh_append_header: fn({
    summary: 'Adds a header to the $xavi, behind those of its name.',
    routes: 'any',
    args: [headerName, headerValue],
    run: (context, state: PvHeaders, name, value) => {
      append(state, context, name, value)
      return 1
    },
  }),
  pvh_modify_header: {
    summary: 'Fails, as in Kamailio 5.6, which cannot read its index: assign to $(x_hdr(name)[0]) in its place.',
    forms: [
      form({ routes: 'any', args: [headerName, headerValue], run: (context) => failsWithoutIndex(context) }),
      form({
        routes: 'any',
        args: [headerName, headerValue, unreadIndex],
        run: (context, _state: PvHeaders, _name, _value, kind) => failsWithIndex(context, kind),
      }),
    ],
  },
  pvh_remove_header: {
    summary: 'Takes all headers of a name out. With an index it fails, as in Kamailio 5.6: assign $null to $(x_hdr(name)[n]) then.',
    forms: [
      form({
        routes: 'any',
        args: [headerName],
        run: (context, state: PvHeaders, name) => onList(state, context, (list) => takeOut(list, name)),
      }),
      form({
        routes: 'any',
        args: [headerName, unreadIndex],
        run: (context, _state: PvHeaders, _name, kind) => failsWithIndex(context, kind),
      }),
    ],
  },
  pvh_remove_all_headers: fn({
    summary: 'Takes all headers out save From, To and those of skip_headers. Of later versions: Kamailio 5.6.3 does not know it.',
    routes: 'any',
    args: [],
    run: (context, state: PvHeaders) =>
      onList(state, context, (list) => {
        for (const name of list.names()) if (!isKept(state, name.toLowerCase())) takeOut(list, name)
      }),
  }),
  pvh_header_param_exists: fn({
    summary: 'Tells whether a value of a header has that text in it.',
    routes: 'any',
    args: [headerName, parameter],
    run: (context, state: PvHeaders, name, param) => {
      const list = listOf(state, context)
      return list !== undefined && hasParam(list, name, param) ? 1 : -1
    },
  }),
  pvh_remove_header_param: fn({
    summary: 'Takes the members of lists in a header out that begin with that text.',
    routes: 'any',
    args: [headerName, parameter],
    run: (context, state: PvHeaders, name, param) => onList(state, context, (list) => removeParam(list, name, param)),
  }),
}

/** True without a list too. */
function onList(state: PvHeaders, context: RouteContext, change: (list: NonNullable<ReturnType<typeof listOf>>) => void): number {
  const list = listOf(state, context)
  if (list !== undefined) change(list)
  return 1
}

/** Kamailio 5.6 reads the index from nowhere, and what it finds there is none. */
function failsWithoutIndex(context: RouteContext): number {
  context.host.log.error('<core>', 'Unexpected param type')
  return -1
}

function isKept({ skipped }: PvHeaders, lowerName: string): boolean {
  return lowerName === 'from' || lowerName === 'to' || skipped.has(lowerName)
}
