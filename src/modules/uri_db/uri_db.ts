import { arg, defineModule, fn, form, param, SetupError, type FunctionDef } from '../../define/define.ts'
import { connectDatabase } from '../../db/connect.ts'
import { checkTableVersion } from '../../db/table-version.ts'
import { fromUri, toUri } from '../../runtime/party-uri.ts'
import { checkUri, checkUser, doesUriExist, type UriDb } from './users.ts'

const SUBSCRIBER_VERSION = 7
const URI_VERSION = 1
const RESULTS: FunctionDef['returns'] = {
  1: 'they are the same', [-1]: 'a URI cannot be read', [-2]: 'no credentials were checked', [-4]: 'the URI has no user',
  [-8]: 'the database failed', [-9]: 'the table does not allow it', [-10]: 'another user',
}
const uri = arg.str('uri', 'URI with the user.')

export default defineModule({
  name: 'uri_db',
  summary: 'Compares users of URIs with those who authenticated, and looks them up in a database.',
  area: 'security',
  params: {
    db_url: param.str('mysql://kamailioro:kamailioro@localhost/kamailio', 'Database; empty for none.'),
    db_table: param.str('subscriber', 'Table with the users, or with what users may call themselves (use_uri_table).'),
    user_column: param.str('username', 'Column with the user.'),
    domain_column: param.str('domain', 'Column with the domain.'),
    uriuser_column: param.str('uri_user', 'Column with the name that the user may use.'),
    use_uri_table: param.int(0, 'The table is one of names that users may use (uri).'),
    use_domain: param.int(0, 'does_uri_exist() compares the domain as well.'),
  },
  setup(host, params): UriDb | SetupError {
    const lacksDatabase = params.db_url === '' && params.use_uri_table !== 0
    if (lacksDatabase) return new SetupError('configuration error - no database URL, but use_uri_table is set!')
    return { host, params, database: undefined }
  },
  async start(uriDb, host) {
    const { params } = uriDb
    if (params.db_url === '') return undefined
    const database = await connectDatabase(host.databases, params.db_url)
    if (typeof database === 'string') return new SetupError(database)
    const version = params.use_uri_table === 0 ? SUBSCRIBER_VERSION : URI_VERSION
    const problem = await checkTableVersion(database, params.db_table, version)
    if (problem !== undefined) return new SetupError(problem)
    uriDb.database = database
    return undefined
  },
  functions: {
    check_from: fn({
      summary: 'Tells whether the user in From is the one whose credentials were checked.',
      returns: RESULTS,
      routes: ['request'],
      mayWait: true,
      args: [],
      run: (context, uriDb: UriDb) => checkUser(uriDb, context, fromUri(context), 'Error while parsing From header URI'),
    }),
    check_to: fn({
      summary: 'Tells whether the user in To is the one whose credentials were checked.',
      returns: RESULTS,
      routes: ['request'],
      mayWait: true,
      args: [],
      run: (context, uriDb: UriDb) => checkUser(uriDb, context, toUri(context), 'Error while parsing To header URI'),
    }),
    check_uri: {
      summary: 'Tells whether the user of a URI is the one whose credentials were checked, or the given one.',
      returns: RESULTS,
      forms: [
        form({ routes: ['request'], mayWait: true, args: [uri], run: (context, uriDb: UriDb, text) => checkUri(uriDb, context, text) }),
        form({
          routes: ['request'],
          mayWait: true,
          kemi: 'check_uri_realm',
          args: [uri, arg.str('username', 'User; empty for the one in the credentials.'), arg.str('realm', 'Realm of the user.')],
          run: (context, uriDb: UriDb, text, user, realm) => checkUri(uriDb, context, text, { user, realm }),
        }),
      ],
    },
    does_uri_exist: fn({
      summary: 'Tells whether the user of the Request-URI is in the table.',
      returns: { 1: 'there is', [-1]: 'no database, or the URI cannot be read', [-4]: 'the database failed', [-5]: 'there is none' },
      routes: ['request', 'local'],
      mayWait: true,
      args: [],
      run: (context, uriDb: UriDb) => doesUriExist(uriDb, context),
    }),
  },
})
