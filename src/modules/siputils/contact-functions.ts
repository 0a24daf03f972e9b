/** Functions that pack and unpack the URIs of Contact, and the Request-URI made from one. */
import { arg, fn, type FunctionDef } from '../../define/define.ts'
import {
  decodeContacts,
  decodeRequestUri,
  encodeContacts,
  hasContactParam,
  mapContacts,
  removeContactParam,
} from './contact-edit.ts'
import { packUri, unpackUri } from './contact-user.ts'
import type { SipUtils } from './state.ts'

const name = arg.str('name', 'Name of the parameter.')
const address = arg.str('address', 'SIP URI of this server.')

export const contactFunctions: Readonly<Record<string, FunctionDef<SipUtils>>> = {
  encode_contact: fn({
    summary: 'Packs the parts of each contact into the user of a URI at another host.',
    returns: { 1: 'done', [-1]: 'no Contact', [-4]: 'Contact cannot be read', [-509]: 'no URI, or sips' },
    routes: ['request', 'onreply'],
    args: [arg.literal('prefix', 'Tells packed contacts from others.'), arg.literal('host', 'Host part of the new URI.')],
    run: ({ message }, { host, separator }: SipUtils, prefix, hostPart) => {
      const phone2tel = host.settings.phone2tel !== 0
      return mapContacts(host.log, message, (uri) => packUri(uri, prefix, hostPart, separator, phone2tel))
    },
  }),
  decode_contact: fn({
    summary: 'Unpacks the Request-URI.',
    returns: { 1: 'done', [-23]: 'no @', [-26]: 'it was not packed', [-2]: 'it holds no host' },
    routes: ['request'],
    args: [],
    run: ({ message }, { host, separator }: SipUtils) => {
      const uri = unpackUri(message.uri, separator)
      if (typeof uri === 'number') {
        host.log.error('siputils', `failed decoding contact [${message.uri}] - return code ${uri}`)
        return uri
      }
      message.newUri = uri
      return 1
    },
  }),
  decode_contact_header: fn({
    summary: 'Unpacks each contact.',
    returns: { 1: 'done', [-1]: 'no Contact', [-4]: 'Contact cannot be read', [-26]: 'it was not packed' },
    routes: ['request', 'failure', 'onreply'],
    args: [],
    run: ({ message }, { host, separator }: SipUtils) => mapContacts(host.log, message, (uri) => unpackUri(uri, separator)),
  }),
  contact_param_encode: fn({
    summary: 'Puts each contact, in base64, into a parameter of this server\'s own URI.',
    routes: ['request', 'onreply'],
    args: [name, address],
    run: ({ message }, { host }: SipUtils, param, uri) => encodeContacts(host.log, message, param, uri, false),
  }),
  contact_param_encode_alias: fn({
    summary: 'The same, with the address the message came from as alias parameter of the contact.',
    routes: ['request', 'onreply'],
    args: [name, address],
    run: ({ message }, { host }: SipUtils, param, uri) => encodeContacts(host.log, message, param, uri, true),
  }),
  contact_param_decode: fn({
    summary: 'Puts back the contacts that contact_param_encode() changed.',
    routes: ['request', 'onreply'],
    args: [name],
    run: ({ message }, { host }: SipUtils, param) => decodeContacts(host.log, message, param),
  }),
  contact_param_decode_ruri: fn({
    summary: 'Puts back the Request-URI made from such a contact.',
    routes: ['request'],
    args: [name],
    run: ({ message }, { host }: SipUtils, param) => decodeRequestUri(host.log, message, param),
  }),
  contact_param_rm: fn({
    summary: 'Removes a parameter from the URI of each contact.',
    routes: ['request', 'onreply'],
    args: [name],
    run: ({ message }, { host }: SipUtils, param) => removeContactParam(host.log, message, param),
  }),
  contact_param_check: fn({
    summary: 'Tells whether a contact has a parameter in its URI.',
    returns: { 1: 'it has, or there is no contact', [-1]: 'none has' },
    routes: 'any',
    args: [name],
    run: ({ message }, { host }: SipUtils, param) => hasContactParam(host.log, message, param),
  }),
}
