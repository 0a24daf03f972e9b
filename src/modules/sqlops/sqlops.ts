import { arg, defineModule, fn, form, param } from '../../define/define.ts'
import { connectionArg, queryArg, resultArg, variablesArg } from './arguments.ts'
import { sqlPvquery, sqlQuery, sqlQueryAsync, sqlXquery } from './run-query.ts'
import { setUp, start, type SqlOps } from './state.ts'
import { sqlopsTransformations } from './transformations.ts'
import { sqlopsVariables } from './variables.ts'

const returns = {
  1: 'rows came', 2: 'no rows', 3: 'rows came that nobody asked for', [-1]: 'the query failed', [-2]: 'the database cannot be reached',
}
const xavpName = arg.str('result', 'Name of the XAVP: one for each row, with a field for each column.')

export default defineModule({
  name: 'sqlops',
  summary: 'SQL from the script: queries, their rows in variables.',
  area: 'data',
  params: {
    sqlcon: param.list('A connection: "name=>mysql://user:password@host/database".'),
    sqlres: param.list('Name of a result, for those that no function names.'),
    tr_buf_size: param.int(2048, 'Room for the transformations; here texts may be of any length.'),
    connect_mode: param.int(0, '0: start only when all databases answer; 1: start in any case and connect when needed.'),
    results_maxsize: param.int(32, 'How many names of results there may be.'),
  },
  setup: setUp,
  start,
  functions: {
    sql_query: {
      summary: 'Sends a query. Rows are kept under a name for $dbr(...).',
      returns,
      forms: [
        form({
          args: [connectionArg, queryArg],
          routes: 'any',
          mayWait: true,
          run: (context, state: SqlOps, connection, query) => sqlQuery(context, state, connection, query, undefined),
        }),
        form({ args: [connectionArg, queryArg, resultArg], routes: 'any', mayWait: true, run: sqlQuery }),
      ],
    },
    sql_xquery: {
      summary: 'Sends a query. Rows become XAVPs, their columns fields: $xavp(name[row]=>column).',
      returns,
      forms: [
        form({ args: [connectionArg, queryArg, xavpName], routes: 'any', mayWait: true, run: sqlXquery }),
        form({
          args: [connectionArg, queryArg],
          routes: 'any',
          mayWait: true,
          run: (context, state: SqlOps, connection, query) => sqlXquery(context, state, connection, query, undefined),
        }),
      ],
    },
    sql_pvquery: fn({
      summary: 'Sends a query. The columns go into variables, those of the first row last.',
      returns,
      routes: 'any',
      mayWait: true,
      args: [connectionArg, queryArg, variablesArg],
      run: sqlPvquery,
    }),
    sql_query_async: fn({
      summary: 'Sends a statement and goes on at once (MySQL and PostgreSQL).',
      routes: 'any',
      args: [connectionArg, queryArg],
      run: sqlQueryAsync,
    }),
    sql_result_free: fn({
      summary: 'Forgets the rows under a name.',
      routes: 'any',
      args: [resultArg],
      run: (context, { results }: SqlOps, name) => {
        results.clear(context, name)
        return 1
      },
    }),
  },
  variables: sqlopsVariables,
  transformations: sqlopsTransformations,
})
