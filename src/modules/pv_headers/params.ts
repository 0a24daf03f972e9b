import { param } from '../../define/define.ts'

export const params = {
  xavi_name: param.str('headers', 'Name of the $xavi that holds the headers.'),
  header_value_size: param.int(1024, 'Length of values, which have none here.'),
  header_collect_flag: param.int(27, 'Message flag that marks replies and branches whose headers are collected.', { min: 0, max: 31 }),
  header_apply_flag: param.int(28, 'Message flag that marks replies and branches whose headers are applied.', { min: 0, max: 31 }),
  skip_headers: param.str(
    'Record-Route,Via,Route,Content-Length,Max-Forwards,CSeq',
    'Headers that pvh_apply_headers() leaves alone.',
  ),
  split_headers: param.str('', 'Headers whose values are collected one by one; of several names the first is not, as in Kamailio 5.6.'),
  auto_msg: param.int(1, 'Collect and apply without being told to; takes the module tm.'),
}
