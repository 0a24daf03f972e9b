import { arg, defineModule, fn, variableFamily, type FunctionDef } from '../../define/define.ts'
import type { RouteContext } from '../../runtime/context.ts'
import type { Host } from '../../runtime/host.ts'
import { linePlaces, PlaceIterators, type Place } from '../../runtime/place-iterators.ts'
import type { Header } from '../../sip/header.ts'
import type { SipMessage } from '../../sip/message.ts'
import { applyChanges, replaceMessage } from './apply-changes.ts'
import { matchesPattern } from '../../base/file-name-match.ts'
import {
  appendValue, assignValues, excludeValue, includeValue, insertValue, parseHeaderPlace, removeValues, valueExists,
} from './header-values.ts'
import { keepHeaders } from './keep-headers.ts'
import { textopsxSelects } from './selects.ts'

interface TextOpsX {
  readonly host: Host
  readonly headers: PlaceIterators<Header>
  readonly lines: PlaceIterators<Place>
}

const anyMessage = ['request', 'onreply', 'failure', 'branch'] as const
const place = arg.custom('header', 'HEADER, HEADER[index] or HEADER[index].param.', (text) => {
  const parsed = parseHeaderPlace(text)
  return typeof parsed === 'string' ? parsed : { fixed: parsed }
})
const value = arg.str('value', 'The value.')
const headerName = arg.str('header', 'Name of the header.')
const iterator = arg.str('iterator', 'Name of the iterator.')
const text = arg.str('text', 'Text with its line end.')

type Which = 'headers' | 'lines'

const iterating = (summary: string, run: (state: TextOpsX, context: RouteContext, name: string) => number): FunctionDef<TextOpsX> =>
  fn({ summary, routes: 'any', args: [iterator], run: (context, state: TextOpsX, name) => run(state, context, name) })

const inserting = (summary: string, which: Which, isBehind: boolean): FunctionDef<TextOpsX> =>
  fn({
    summary,
    routes: 'any',
    args: [iterator, text],
    run: (context, state: TextOpsX, name, added) => state[which].insert(context, name, added, isBehind),
  })

const removing = (summary: string, isWhole: boolean): FunctionDef<TextOpsX> =>
  fn({
    summary,
    routes: anyMessage,
    args: [place],
    run: (context, _state: TextOpsX, where) => removeValues(context, where, isWhole),
  })

const assigning = (summary: string, isWhole: boolean): FunctionDef<TextOpsX> =>
  fn({
    summary,
    routes: anyMessage,
    args: [place, value],
    run: (context, _state: TextOpsX, where, assigned) => assignValues(context, where, assigned, isWhole),
  })

/** A reply stays provisional, good or bad: a failure may only become another failure. */
function mayBecome({ isRequest, status }: SipMessage, code: number): boolean {
  if (isRequest) return false
  const kind = (value: number): number => Math.min(Math.floor(value / 100), 3)
  return kind(status) === kind(code)
}

export default defineModule({
  name: 'textopsx',
  summary: 'More operations on texts: applied changes, iterators, single values of headers.',
  area: 'text',
  setup: (host): TextOpsX => ({ host, headers: new PlaceIterators<Header>(), lines: new PlaceIterators<Place>() }),
  functions: {
    msg_apply_changes: fn({
      summary: 'Makes the changes so far visible to what follows in the script.',
      routes: ['request', 'onreply'],
      args: [],
      run: (context) => applyChanges(context),
    }),
    msg_set_buffer: fn({
      summary: 'Puts another message in the place of the one that came.',
      routes: ['request', 'onreply'],
      args: [arg.str('message', 'A whole message.')],
      run: (context, _state: TextOpsX, message) => replaceMessage(context, message),
    }),
    change_reply_status: fn({
      summary: 'Gives a reply on its way another status and reason.',
      routes: ['onreply'],
      args: [arg.int('code', 'Status code.', { min: 100, max: 699 }), arg.str('reason', 'Reason phrase.')],
      run: ({ message }, _state: TextOpsX, code, reason) => {
        if (!mayBecome(message, code)) return -1
        message.newStatus = code
        message.newReason = reason
        return 1
      },
    }),
    change_reply_status_code: fn({
      summary: 'Gives a reply on its way another status.',
      routes: ['onreply'],
      args: [arg.int('code', 'Status code.', { min: 100, max: 699 })],
      run: ({ message }, _state: TextOpsX, code) => {
        if (!mayBecome(message, code)) return -1
        message.newStatus = code
        return 1
      },
    }),
    remove_body: fn({
      summary: 'Removes the body.',
      routes: 'any',
      args: [],
      run: ({ message }) => {
        if (message.bodyStart < message.text.length) message.edits.remove(message.bodyStart, message.text.length)
        return 1
      },
    }),
    keep_hf: fn({
      summary: 'Removes all headers but those that routing needs and those whose name matches.',
      routes: 'any',
      args: [arg.optional(arg.regex('pattern', 'Regular expression for names.'))],
      run: ({ message }, _state: TextOpsX, pattern) => keepHeaders(message, pattern),
    }),
    fnmatch: fn({
      summary: 'Tells whether a text matches a shell pattern.',
      routes: 'any',
      args: [
        arg.str('text', 'Text.'),
        arg.str('pattern', 'Pattern such as 123*.'),
        arg.optional(arg.str('flags', 'Taken and without effect, as in Kamailio.')),
      ],
      run: (_context, _state: TextOpsX, subject, pattern) =>
        matchesPattern(subject, pattern) ? 1 : -1,
    }),
    append_hf_value: fn({
      summary: 'Adds a value behind one of a header, or a new header at the end.',
      routes: anyMessage,
      args: [place, value],
      run: (context, _state: TextOpsX, where, added) => appendValue(context, where, added),
    }),
    insert_hf_value: fn({
      summary: 'Adds a value in front of one of a header, or a new header in front of the first of that name.',
      routes: anyMessage,
      args: [place, value],
      run: (context, _state: TextOpsX, where, added) => insertValue(context, where, added),
    }),
    remove_hf_value: removing('Removes a value of a header, or a parameter of it.', false),
    remove_hf_value2: removing('The same for headers such as Authorization, where commas part parameters.', true),
    assign_hf_value: assigning('Gives a value of a header, or a parameter of it, another text.', false),
    assign_hf_value2: assigning('The same for headers such as Authorization, where commas part parameters.', true),
    include_hf_value: fn({
      summary: 'Adds a value to a header unless it is there.',
      routes: anyMessage,
      args: [headerName, value],
      run: (context, _state: TextOpsX, name, added) => includeValue(context, name, added),
    }),
    exclude_hf_value: fn({
      summary: 'Removes a value from a header.',
      routes: anyMessage,
      args: [headerName, value],
      run: (context, _state: TextOpsX, name, removed) => excludeValue(context, name, removed),
    }),
    hf_value_exists: fn({
      summary: 'Tells whether a header has a value.',
      routes: anyMessage,
      args: [headerName, value],
      run: ({ message }, _state: TextOpsX, name, wanted) => valueExists(message, name, wanted),
    }),
    hf_iterator_start: iterating('Starts an iterator over the headers.', (state, context, name) =>
      state.headers.start(context, name, context.message.headers()),
    ),
    hf_iterator_end: iterating('Ends an iterator over headers.', (state, context, name) => state.headers.end(context, name)),
    hf_iterator_next: iterating('Goes to the next header.', (state, context, name) => state.headers.move(context, name, 1)),
    hf_iterator_prev: iterating('Goes to the previous header.', (state, context, name) => state.headers.move(context, name, -1)),
    hf_iterator_rm: iterating('Removes the header the iterator is at.', (state, context, name) => state.headers.remove(context, name)),
    hf_iterator_append: inserting('Adds a text behind the header the iterator is at.', 'headers', true),
    hf_iterator_insert: inserting('Adds a text in front of the header the iterator is at.', 'headers', false),
    bl_iterator_start: iterating('Starts an iterator over the lines of the body.', (state, context, name) => {
      const { message } = context
      if (message.bodyStart >= message.text.length) return -1
      return state.lines.start(context, name, linePlaces(message.text, message.bodyStart, message.text.length))
    }),
    bl_iterator_end: iterating('Ends an iterator over lines.', (state, context, name) => state.lines.end(context, name)),
    bl_iterator_next: iterating('Goes to the next line.', (state, context, name) => state.lines.move(context, name, 1)),
    bl_iterator_rm: iterating('Removes the line the iterator is at.', (state, context, name) => state.lines.remove(context, name)),
    bl_iterator_append: inserting('Adds a text behind the line the iterator is at.', 'lines', true),
    bl_iterator_insert: inserting('Adds a text in front of the line the iterator is at.', 'lines', false),
  },
  variables: {
    hfitname: variableFamily<TextOpsX>('Name of the header an iterator is at.', { inner: 'required' }, (inner) => ({
      get: (context, state) => state.headers.current(context, inner ?? '')?.name ?? null,
    })),
    hfitbody: variableFamily<TextOpsX>('Value of the header an iterator is at.', { inner: 'required' }, (inner) => ({
      get: (context, state) => state.headers.current(context, inner ?? '')?.body ?? null,
    })),
    blitval: variableFamily<TextOpsX>('The line an iterator is at, with its line end.', { inner: 'required' }, (inner) => ({
      get(context, state) {
        const line = state.lines.current(context, inner ?? '')
        return line === undefined ? null : context.message.text.slice(line.start, line.end)
      },
    })),
  },
  selects: textopsxSelects,
})
