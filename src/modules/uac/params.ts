import { param, type ParamValues } from '../../define/define.ts'

export const uacParams = {
  restore_mode: param.str('auto', 'Whether later requests get the URIs back: none, manual (uac_restore_from() and its kin) or auto.'),
  restore_dlg: param.int(0, 'Keep the URIs with the dialog in place of Record-Route; needs the module dialog.'),
  restore_passwd: param.str('', 'Hides the URIs in Record-Route from who does not know it.'),
  restore_from_avp: param.str('', 'AVP that keeps From, as it came, for replies.'),
  restore_to_avp: param.str('', 'AVP that keeps To, as it came, for replies.'),
  rr_from_store_param: param.str('vsf', 'Parameter of Record-Route with the URIs of From.'),
  rr_to_store_param: param.str('vst', 'Parameter of Record-Route with the URIs of To.'),
  credential: param.list('User, realm and password for uac_auth(): `user:realm:password`; may be given many times.'),
  auth_realm_avp: param.str('', 'Variable with the realm that the next two are for; where it is empty they are for any realm.'),
  auth_username_avp: param.str('', 'Variable with the user for uac_auth().'),
  auth_password_avp: param.str('', 'Variable with the password for uac_auth().'),
  reg_db_url: param.str('', 'Database with the accounts to register; without it there are no remote registrations.'),
  reg_db_table: param.str('uacreg', 'Table with the accounts.'),
  reg_contact_addr: param.str('', 'host:port in the Contact of registrations whose row has none.'),
  reg_timer_interval: param.int(90, 'Seconds between two looks at what is to be registered again.'),
  reg_retry_interval: param.int(0, 'Seconds until a failed registration is tried again; 0 disables it.'),
  reg_keep_callid: param.int(0, 'Register again with the same Call-ID.'),
  reg_random_delay: param.int(0, 'Spread the first registrations over so many seconds.'),
  reg_active: param.int(1, 'Whether anything is registered at all; uac.reg_active changes it.'),
  reg_gc_interval: param.int(150, 'Least seconds between two uac.reg_reload.'),
  reg_hash_size: param.int(4, 'Slots of the table, as a power of two.'),
  reg_use_domain: param.int(0, 'Look accounts up by user and domain, not by the user alone.'),
  default_socket: param.str('', 'Socket for requests that name none: proto:address:port.'),
  event_callback: param.str('', 'Function of a KEMI script in place of event_route[uac:reply].'),
}

export type UacParams = ParamValues<typeof uacParams>
