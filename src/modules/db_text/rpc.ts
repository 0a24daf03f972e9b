import { isDbError } from '../../db/database.ts'
import type { TextDatabase } from '../../db/text/text.ts'
import { RpcFault, RpcStruct, type RpcDef } from '../../define/define.ts'
import type { Host } from '../../runtime/host.ts'

export interface TextState {
  readonly host: Host
  readonly params: { readonly default_connection: string }
  readonly opened: ReadonlySet<TextDatabase>
}

export const dump: RpcDef<TextState> = {
  summary: 'Writes changed tables into their files.',
  async run({ opened }) {
    for (const database of opened) {
      const failure = await database.dump()
      if (failure !== undefined) return new RpcFault(500, failure.reason)
    }
    return []
  },
}

export const query: RpcDef<TextState> = {
  summary: 'Runs a statement of SQL on the database of default_connection.',
  async run({ host, params }, [sql]) {
    if (sql === undefined) return new RpcFault(400, 'Invalid parameters')
    if (params.default_connection === '') return new RpcFault(500, 'default_connection is not set')
    const database = host.databases.open(params.default_connection)
    if (typeof database === 'string') return new RpcFault(500, database)
    const answer = await database.execute(String(sql))
    if (isDbError(answer)) return new RpcFault(500, answer.reason)
    return answer.rows.map((row) => {
      const fields = new RpcStruct()
      for (const [index, { name }] of answer.columns.entries()) fields.add(name, row[index] ?? null)
      return fields
    })
  },
}
