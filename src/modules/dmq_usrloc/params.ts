import { param, type ParamValues } from '../../define/define.ts'

export const dmqUsrlocParams = {
  enable: param.int(0, '1 copies contacts to other nodes, and takes theirs.'),
  sync: param.int(1, 'Ask the first node that is found for all contacts.'),
  replicate_socket_info: param.int(0, '1 tells the socket of contacts too: for servers that share addresses.'),
  replicate_cflags: param.int(1, 'Take over the script\'s flags of contacts (later versions of Kamailio).'),
  batch_msg_contacts: param.int(1, 'Contacts in one message when all are sent; 150 at most.'),
  batch_msg_size: param.int(60_000, 'Bytes of one message when all are sent; 60000 at most.'),
  batch_size: param.int(0, 'Contacts that are sent before there is a pause; 0 for no pauses.'),
  batch_usleep: param.int(0, 'Microseconds of that pause.'),
  usrloc_domain: param.str('location', 'The table.'),
  usrloc_delete: param.int(1, 'Tell other nodes of contacts that were removed.'),
  usrloc_delete_expired: param.int(0, 'Tell other nodes of contacts that have expired (later versions of Kamailio).'),
}

export type DmqUsrlocParams = ParamValues<typeof dmqUsrlocParams>
