import { arg, defineModule, form, param, SetupError } from '../../define/define.ts'
import { connectDatabase } from '../../db/connect.ts'
import { lookupSpeedDial, type SpeedDial } from './speed-dial.ts'

const table = arg.str('table', 'Table with the short numbers, such as speed_dial.')

export default defineModule({
  name: 'speeddial',
  summary: 'Short numbers of users, kept in a database.',
  area: 'data',
  params: {
    db_url: param.str('mysql://kamailioro:kamailioro@localhost/kamailio', 'Database.'),
    user_column: param.str('username', 'Column with the owner.'),
    domain_column: param.str('domain', 'Column with the owner\'s domain.'),
    sd_user_column: param.str('sd_username', 'Column with the short number.'),
    sd_domain_column: param.str('sd_domain', 'Column with the short number\'s domain.'),
    new_uri_column: param.str('new_uri', 'Column with the address that it stands for.'),
    use_domain: param.int(0, '1 compares the owner\'s domain as well, 2 the short number\'s too.'),
    domain_prefix: param.str('', 'Left out of hosts that begin with it.'),
  },
  setup: (host, params): SpeedDial => ({ host, params, database: undefined }),
  async start(speedDial, host) {
    const database = await connectDatabase(host.databases, speedDial.params.db_url)
    if (typeof database === 'string') return new SetupError(database)
    speedDial.database = database
    return undefined
  },
  functions: {
    sd_lookup: {
      summary: 'Replaces a short number in the Request-URI by the address that it means to its owner.',
      returns: { 1: 'replaced', [-1]: 'it is none, or the database failed' },
      forms: [
        form({
          routes: ['request'],
          mayWait: true,
          kemi: 'lookup',
          args: [table],
          run: (context, speedDial: SpeedDial, name) => lookupSpeedDial(speedDial, context, name, ''),
        }),
        form({
          routes: ['request'],
          mayWait: true,
          kemi: 'lookup_owner',
          args: [table, arg.str('owner', 'Address of the owner; empty for From.')],
          run: (context, speedDial: SpeedDial, name, owner) => lookupSpeedDial(speedDial, context, name, owner),
        }),
      ],
    },
  },
})
