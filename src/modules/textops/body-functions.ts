import { arg, fn, type FunctionDef } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'
import {
  appendBodyPart, audioHold, bytesOfHex, filterBody, hasBody, readBodyPart, removeBodyPart, setBody, setMultipartBody, setReplyBody,
} from './body.ts'

const body = arg.str('body', 'The body.')
const hexBody = arg.str('body', 'The body in hexadecimal.')
const type = arg.str('type', 'Value of Content-Type.')
const disposition = arg.optional(arg.str('disposition', 'Value of Content-Disposition.'))
const target = arg.writable('variable', 'Where it goes.')
const sending = ['request', 'failure', 'branch'] as const
const anyMessage = ['request', 'failure', 'branch', 'onreply'] as const

/** Runs with the bytes that a hexadecimal text means; -1 when it is none. */
function withBytes(host: Host, hex: string, run: (bytes: string) => number): number {
  const bytes = bytesOfHex(hex)
  if (bytes !== undefined) return run(bytes)
  host.log.error('textops', 'the body is not written in hexadecimal')
  return -1
}

export const bodyFunctions: Readonly<Record<string, FunctionDef<Host>>> = {
  has_body: fn({
    summary: 'Tells whether there is a body, of a type where one is given.',
    routes: 'any',
    args: [arg.optional(arg.str('type', 'Such as application/sdp.'))],
    run: (context, _host: Host, wanted) => hasBody(context.message, wanted),
  }),
  set_body: fn({
    summary: 'Gives the message a body.',
    routes: anyMessage,
    args: [body, type],
    run: (context, _host: Host, text, contentType) => setBody(context, text, contentType),
  }),
  set_body_hex: fn({
    summary: 'Gives the message a body written in hexadecimal.',
    routes: 'any',
    args: [hexBody, type],
    run: (context, host: Host, hex, contentType) => withBytes(host, hex, (bytes) => setBody(context, bytes, contentType)),
  }),
  set_reply_body: fn({
    summary: 'Gives the next local reply a body.',
    routes: sending,
    args: [body, type],
    run: (context, _host: Host, text, contentType) => setReplyBody(context, text, contentType),
  }),
  set_reply_body_hex: fn({
    summary: 'Gives the next local reply a body written in hexadecimal.',
    routes: sending,
    args: [hexBody, type],
    run: (context, host: Host, hex, contentType) => withBytes(host, hex, (bytes) => setReplyBody(context, bytes, contentType)),
  }),
  set_body_multipart: fn({
    summary: 'Makes the body multipart: of the one that is there, or of a given one.',
    routes: sending,
    args: [
      arg.optional(body),
      arg.optional(type),
      arg.optional(arg.str('boundary', 'The boundary; unique-boundary-1 when absent.')),
    ],
    run: (context, _host: Host, text, contentType, boundary) => setMultipartBody(context, text, contentType, boundary),
  }),
  append_body_part: fn({
    summary: 'Adds a part to a multipart body.',
    routes: sending,
    args: [body, type, disposition],
    run: (context, _host: Host, text, contentType, how) => appendBodyPart(context, text, contentType, how),
  }),
  append_body_part_hex: fn({
    summary: 'Adds a part written in hexadecimal to a multipart body.',
    routes: sending,
    args: [hexBody, type, disposition],
    run: (context, host: Host, hex, contentType, how) =>
      withBytes(host, hex, (bytes) => appendBodyPart(context, bytes, contentType, how)),
  }),
  get_body_part: fn({
    summary: 'Puts the content of the first part of a type into a variable.',
    routes: anyMessage,
    args: [type, target],
    run: (context, _host: Host, contentType, variable) => readBodyPart(context, contentType, variable, false),
  }),
  get_body_part_raw: fn({
    summary: 'Puts the first part of a type, with its headers, into a variable.',
    routes: anyMessage,
    args: [type, target],
    run: (context, _host: Host, contentType, variable) => readBodyPart(context, contentType, variable, true),
  }),
  remove_body_part: fn({
    summary: 'Removes the first part of a type.',
    routes: sending,
    args: [type],
    run: (context, _host: Host, contentType) => removeBodyPart(context, contentType),
  }),
  filter_body: fn({
    summary: 'Leaves only the content of the first part of a type.',
    routes: 'any',
    args: [type],
    run: (context, _host: Host, contentType) => filterBody(context, contentType),
  }),
  is_audio_on_hold: fn({
    summary: 'Tells whether the SDP puts the audio on hold.',
    returns: { 1: 'by a null address (RFC 2543)', 2: 'by its direction (RFC 3264)', [-1]: 'not on hold' },
    routes: 'any',
    args: [],
    run: (context) => audioHold(context.message),
  }),
}
