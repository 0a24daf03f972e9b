import { textDriver, type TextDatabase } from '../../db/text/text.ts'
import { defineModule, param, SetupError } from '../../define/define.ts'
import { dump, query, type TextState } from './rpc.ts'

export default defineModule({
  name: 'db_text',
  summary: 'Lets modules keep their tables in text files: text:///folder.',
  area: 'data',
  params: {
    db_mode: param.int(0, '1: look before each use whether a file has changed.', { min: 0, max: 1 }),
    emptystring: param.int(0, '1: an empty field is an empty text, not null.'),
    file_buffer_size: param.int(16384, 'Room for a field in Kamailio; here fields may be of any length.'),
    max_result_rows: param.int(100_000, 'How many rows a file may have.', { min: 1 }),
    default_connection: param.str('', 'URL of the database that db_text.query asks.'),
    db_delim: param.str(':', 'The character between fields.'),
  },
  setup(host, params): TextState | SetupError {
    if (params.db_delim.length !== 1) return new SetupError('db_delim must be one character')
    const opened = new Set<TextDatabase>()
    host.databases.register(textDriver({
      log: host.log,
      clock: host.clock,
      delimiter: params.db_delim,
      emptyTexts: params.emptystring !== 0,
      rowsMax: params.max_result_rows,
      isReread: params.db_mode !== 0,
      folder: '/etc/kamailio',
      onOpen: (database) => opened.add(database),
    }))
    return { host, params, opened }
  },
  rpc: { 'db_text.dump': dump, 'db_text.query': query },
})
