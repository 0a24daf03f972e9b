import { param, type ParamValues } from '../../define/define.ts'

export const secfilterParams = {
  db_url: param.str('mysql://kamailioro:kamailioro@localhost/kamailio', 'Database.'),
  table_name: param.str('secfilter', 'Table with the lists.'),
  action_col: param.str('action', 'Column that says what an entry does: 0 blocks, 1 allows, 2 blocks a destination (type 0).'),
  type_col: param.str('type', 'Column that says what an entry is: 0 user agent, 1 country, 2 domain, 3 address, 4 user.'),
  data_col: param.str('data', 'Column with the beginning of what is matched.'),
  dst_exact_match: param.int(1, '1: a destination is matched whole; 0: by its beginning.'),
}

export type SecfilterParams = ParamValues<typeof secfilterParams>
