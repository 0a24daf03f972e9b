/** Every module there is, by Kamailio's name; each is read from disk when a configuration loads it. */
import type { AnyModule } from '../define/module.ts'

export const modules: Readonly<Record<string, () => Promise<AnyModule>>> = {
  acc: async () => (await import('./acc/acc.ts')).default,
  alias_db: async () => (await import('./alias_db/alias_db.ts')).default,
  async: async () => (await import('./async/async.ts')).default,
  auth: async () => (await import('./auth/auth.ts')).default,
  auth_db: async () => (await import('./auth_db/auth_db.ts')).default,
  avpops: async () => (await import('./avpops/avpops.ts')).default,
  cfg_rpc: async () => (await import('./cfg_rpc/cfg_rpc.ts')).default,
  cfgutils: async () => (await import('./cfgutils/cfgutils.ts')).default,
  corex: async () => (await import('./corex/corex.ts')).default,
  counters: async () => (await import('./counters/counters.ts')).default,
  ctl: async () => (await import('./ctl/ctl.ts')).default,
  db_mysql: async () => (await import('./db_mysql/db_mysql.ts')).default,
  db_postgres: async () => (await import('./db_postgres/db_postgres.ts')).default,
  db_sqlite: async () => (await import('./db_sqlite/db_sqlite.ts')).default,
  db_text: async () => (await import('./db_text/db_text.ts')).default,
  diversion: async () => (await import('./diversion/diversion.ts')).default,
  domain: async () => (await import('./domain/domain.ts')).default,
  group: async () => (await import('./group/group.ts')).default,
  ipops: async () => (await import('./ipops/ipops.ts')).default,
  jsonrpcs: async () => (await import('./jsonrpcs/jsonrpcs.ts')).default,
  kex: async () => (await import('./kex/kex.ts')).default,
  maxfwd: async () => (await import('./maxfwd/maxfwd.ts')).default,
  nathelper: async () => (await import('./nathelper/nathelper.ts')).default,
  outbound: async () => (await import('./outbound/outbound.ts')).default,
  path: async () => (await import('./path/path.ts')).default,
  permissions: async () => (await import('./permissions/permissions.ts')).default,
  pv: async () => (await import('./pv/pv.ts')).default,
  pv_headers: async () => (await import('./pv_headers/pv_headers.ts')).default,
  registrar: async () => (await import('./registrar/registrar.ts')).default,
  rr: async () => (await import('./rr/rr.ts')).default,
  rtimer: async () => (await import('./rtimer/rtimer.ts')).default,
  rtpproxy: async () => (await import('./rtpproxy/rtpproxy.ts')).default,
  sanity: async () => (await import('./sanity/sanity.ts')).default,
  sdpops: async () => (await import('./sdpops/sdpops.ts')).default,
  siputils: async () => (await import('./siputils/siputils.ts')).default,
  sl: async () => (await import('./sl/sl.ts')).default,
  speeddial: async () => (await import('./speeddial/speeddial.ts')).default,
  sqlops: async () => (await import('./sqlops/sqlops.ts')).default,
  textops: async () => (await import('./textops/textops.ts')).default,
  textopsx: async () => (await import('./textopsx/textopsx.ts')).default,
  timer: async () => (await import('./timer/timer.ts')).default,
  tm: async () => (await import('./tm/tm.ts')).default,
  tmrec: async () => (await import('./tmrec/tmrec.ts')).default,
  tmx: async () => (await import('./tmx/tmx.ts')).default,
  uac_redirect: async () => (await import('./uac_redirect/uac_redirect.ts')).default,
  uri_db: async () => (await import('./uri_db/uri_db.ts')).default,
  usrloc: async () => (await import('./usrloc/usrloc.ts')).default,
  xlog: async () => (await import('./xlog/xlog.ts')).default,
}

/** The module that a `loadmodule` argument names: `tm`, `tm.so`, `/any/path/tm.so`. */
export function moduleName(argument: string): string {
  const file = argument.slice(argument.lastIndexOf('/') + 1)
  return file.endsWith('.so') ? file.slice(0, -3) : file
}
