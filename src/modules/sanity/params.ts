import { param, type ParamValues } from '../../define/define.ts'

export const sanityParams = {
  default_checks: param.int(3047, 'The checks that sanity_check() makes when it is given none, as bits.'),
  uri_checks: param.int(7, 'The URIs that are read: 1 Request-URI, 2 From, 4 To, 8 Contact.'),
  proxy_require: param.str('', 'Extensions that Proxy-Require may ask for, separated by commas.'),
  autodrop: param.int(1, 'End the script when a check fails; with 0, sanity_check() gives -1 then.'),
  noreply: param.int(0, 'Leave the reply to sanity_reply().'),
  size_checks: param.int(0, 'Check sizes, too.'),
  size_message: param.int(16384, 'The longest message; 0 and less for any, here and below.'),
  size_method: param.int(32, 'The longest method.'),
  size_ruri: param.int(256, 'The longest Request-URI.'),
  size_from_uri: param.int(256, 'The longest URI in From.'),
  size_to_uri: param.int(256, 'The longest URI in To.'),
  size_contact_uri: param.int(256, 'The longest URI in Contact.'),
  size_route_uri: param.int(256, 'The longest URI in Route and Record-Route.'),
  size_path_uri: param.int(256, 'The longest URI in Path.'),
  size_pai_uri: param.int(256, 'The longest URI in P-Asserted-Identity.'),
  size_header: param.int(2048, 'The longest header, its name and line end included.'),
  size_headers: param.int(8192, 'The longest group of all headers.'),
  size_body: param.int(8192, 'The longest body.'),
}

export type SanityParams = ParamValues<typeof sanityParams>
