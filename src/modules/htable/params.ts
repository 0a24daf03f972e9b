import { param, type ParamValues } from '../../define/define.ts'

export const htableParams = {
  htable: param.list('A table: `name=>size=8;autoexpire=300;dbtable=...;dbmode=1;initval=0;updateexpire=0;cols="key,value"`.'),
  db_url: param.str('', 'Database with values of tables (dbtable); empty for none.'),
  key_name_column: param.str('key_name', 'Column with the key.'),
  key_type_column: param.str('key_type', 'Column with the kind of key: 1 for one of an array, else 0.'),
  value_type_column: param.str('value_type', 'Column with the kind of value: 0 text, 1 number.'),
  key_value_column: param.str('key_value', 'Column with the value.'),
  expires_column: param.str('expires', 'Column with the time when the item expires.'),
  array_size_suffix: param.str('::size', 'Behind the name of an array: the key of its size.'),
  fetch_rows: param.int(100, 'Rows read at once.'),
  timer_interval: param.int(20, 'Seconds between two looks for expired items.'),
  db_expires: param.int(0, 'Keep the time of expiry in the database too.'),
  enable_dmq: param.int(0, 'Replicate tables to other servers; this needs the module dmq.'),
  dmq_init_sync: param.int(0, 'Ask other servers for their items at the start.'),
  timer_procs: param.int(0, 'Timer processes in Kamailio; changes nothing here.'),
  event_callback: param.str('', 'Function of a KEMI script that is called in place of the event routes.'),
  event_callback_mode: param.int(0, 'When that function is called.'),
}

export type HtableParams = ParamValues<typeof htableParams>
