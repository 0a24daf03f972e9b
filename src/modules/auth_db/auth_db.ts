import { arg, defineModule, fn, form, param, type FunctionDef } from '../../define/define.ts'
import type { RouteName } from '../../define/route-kind.ts'
import type { RouteContext } from '../../runtime/context.ts'
import { wholeFilled } from '../../runtime/whole-argument.ts'
import { AUTH_RETURNS, AuthResult, type Side } from '../auth/api.ts'
import { authenticate } from './authenticate.ts'
import { AuthDb, startAuthDb } from './state.ts'
import { findByUri } from './subscriber.ts'

const ROUTES: readonly RouteName[] = ['request']
const realm = wholeFilled('realm', 'Realm of the credentials.')
/** Its version is checked before the server starts. */
const checkedTable = arg.custom<string>('table', 'Table with the users, as written.', (text, _env, state) => {
  if (text === '') return 'table is empty'
  if (state instanceof AuthDb) state.tables.add(text)
  return { fixed: text }
})
const table = wholeFilled('table', 'Table with the users.')
const flags = arg.int('flags', 'Bits: 1 the user must be the one of From (To for REGISTER and PUBLISH), 2 but not in INVITE, BYE, PRACK, '
  + 'UPDATE and MESSAGE.')

/** Undefined where a text that is needed cannot be had or is empty; the log says so. */
function filled(state: AuthDb, name: string, text: string | undefined): string | undefined {
  if (text === undefined) state.error(`failed to get ${name} value`)
  else if (text === '') state.error(`invalid ${name} parameter - empty value`)
  else return text
  return undefined
}

const authenticating = (summary: string, side: Side, aliases: readonly string[] = []): FunctionDef<AuthDb> => ({
  summary,
  returns: AUTH_RETURNS,
  aliases,
  forms: [
    form({
      routes: ROUTES,
      mayWait: true,
      args: [realm, checkedTable],
      run: (context, state: AuthDb, givenRealm, name) => {
        const wanted = filled(state, 'realm', givenRealm)
        return wanted === undefined
          ? AuthResult.error
          : authenticate(state, context, { side, realm: wanted, table: name, method: context.message.method })
      },
    }),
  ],
})

const withMethod = form({
  routes: ROUTES,
  mayWait: true,
  kemi: 'www_authenticate_method',
  args: [realm, checkedTable, wholeFilled('method', 'Method that the response is for.')],
  run: (context, state: AuthDb, givenRealm, name, givenMethod) => {
    const wanted = filled(state, 'realm', givenRealm)
    const method = wanted === undefined ? undefined : filled(state, 'method', givenMethod)
    if (wanted === undefined || method === undefined) return AuthResult.error
    return authenticate(state, context, { side: 'www', realm: wanted, table: name, method })
  },
})

function authCheck(
  context: RouteContext, state: AuthDb, givenRealm: string | undefined, givenTable: string | undefined, bits: number,
): number | Promise<number> {
  const { message } = context
  if (message.method === 'ACK' || message.method === 'CANCEL') return AuthResult.ok
  const wanted = filled(state, 'realm', givenRealm)
  const name = wanted === undefined ? undefined : filled(state, 'table', givenTable)
  if (wanted === undefined || name === undefined) return AuthResult.error
  const rules = { comparesHosts: state.params.use_domain !== 0, skipsForwarded: (bits & 2) !== 0 }
  return authenticate(state, context, {
    side: message.method === 'REGISTER' ? 'www' : 'proxy',
    realm: wanted,
    table: name,
    method: message.method,
    andThen: (user) => ((bits & 1) === 0 ? AuthResult.ok : state.auth?.checkIdentity(context, user, rules) ?? AuthResult.error),
  })
}

const www = authenticating('Checks the credentials in Authorization with a table.', 'www')

export default defineModule({
  name: 'auth_db',
  summary: 'Digest authentication with users of a database.',
  area: 'security',
  params: {
    db_url: param.str('mysql://kamailioro:kamailioro@localhost/kamailio', 'Database.'),
    user_column: param.str('username', 'Column with the user.'),
    domain_column: param.str('domain', 'Column with the domain.'),
    password_column: param.str('ha1', 'Column with the secret: H(user:realm:password), or the password with calculate_ha1.'),
    password_column_2: param.str('ha1b', 'Column with H(user@domain:realm:password), for users who send user@domain.'),
    calculate_ha1: param.int(0, 'The secret column holds passwords.'),
    use_domain: param.int(0, 'Users are told by their domain as well.'),
    load_credentials: param.str('', 'Columns to load when credentials are right: `$avp(x)=column;column2`.'),
    version_table: param.int(1, 'Check the version of the tables that functions name.'),
    force_generate_avps: param.int(0, 'Load columns even when the password is wrong.'),
  },
  setup: (host, params) => new AuthDb(host, params),
  start: startAuthDb,
  functions: {
    www_authenticate: { ...www, forms: [...www.forms, withMethod] },
    www_authorize: { ...www, summary: 'An older name of www_authenticate().' },
    proxy_authenticate: authenticating('Checks the credentials in Proxy-Authorization with a table.', 'proxy', ['proxy_authorize']),
    auth_check: fn({
      summary: 'Checks credentials: those in Authorization for REGISTER, in Proxy-Authorization for others.',
      returns: AUTH_RETURNS,
      routes: ROUTES,
      mayWait: true,
      args: [realm, table, flags],
      run: authCheck,
    }),
    is_subscriber: fn({
      summary: 'Tells whether there is a subscriber of that URI, and loads the columns of load_credentials.',
      returns: { 1: 'there is', [-1]: 'an error', [-2]: 'there is none', [-3]: 'a column could not be loaded' },
      routes: 'any',
      mayWait: true,
      args: [wholeFilled('uri', 'Address of the user.'), table, arg.int('flags', 'Bits: 1 compare the domain, 2 load nothing.')],
      run: (context, state: AuthDb, uri, givenTable, bits) => {
        const text = filled(state, 'uri', uri)
        const name = text === undefined ? undefined : filled(state, 'table', givenTable)
        return text === undefined || name === undefined ? -1 : findByUri(state, context, text, name, bits)
      },
    }),
  },
})
