/* Entry: what JavaScript sees, and the end of an environment. */
#include "kahea.h"

#include <stdlib.h>

struct kahea_env *kahea_env_of(napi_env env) {
  void *data = NULL;
  napi_get_instance_data(env, &data);
  return data;
}

void kahea_env_add(struct kahea_env *data, struct kahea_socket *socket) {
  socket->next = data->sockets;
  data->sockets = socket;
}

static void end_if_done(struct kahea_env *data) {
  if (!data->is_ending || data->open_handles > 0) return;
  while (data->sockets != NULL) {
    struct kahea_socket *socket = data->sockets;
    data->sockets = socket->next;
    socket->release(socket);
  }
  napi_async_cleanup_hook_handle hook = data->hook;
  free(data->scan_tables);
  free(data);
  napi_remove_async_cleanup_hook(hook);
}

void kahea_env_handle_closed(struct kahea_env *data) {
  data->open_handles--;
  end_if_done(data);
}

/* Node aborts when a worker ends with a handle of ours still open, so they are closed here and Node waits. */
static void on_environment_end(napi_async_cleanup_hook_handle hook, void *argument) {
  struct kahea_env *data = argument;
  data->is_ending = true;
  for (struct kahea_socket *socket = data->sockets; socket != NULL; socket = socket->next) socket->close(socket);
  end_if_done(data);
}

static napi_value init(napi_env env, napi_value exports) {
  struct kahea_env *data = calloc(1, sizeof *data);
  if (data == NULL) return NULL;
  data->env = env;
  napi_set_instance_data(env, data, NULL, NULL);
  napi_add_async_cleanup_hook(env, on_environment_end, data, &data->hook);
#ifdef __linux__
  kahea_set_method(env, exports, "openUdp", kahea_open_udp, data);
  kahea_set_method(env, exports, "useHeaderNames", kahea_use_header_names, data);
  kahea_set_method(env, exports, "scan", kahea_scan, data);
  kahea_set_method(env, exports, "openUnix", kahea_open_unix, data);
  kahea_set_method(env, exports, "localAddressFor", kahea_local_address_for, data);
  kahea_set_method(env, exports, "connectTcp", kahea_connect_tcp, data);
  kahea_set_method(env, exports, "sqliteOpen", kahea_sqlite_open, data);
  kahea_set_method(env, exports, "sqliteClose", kahea_sqlite_close, data);
  kahea_set_method(env, exports, "sqliteExec", kahea_sqlite_exec, data);
  kahea_set_method(env, exports, "sqliteDefine", kahea_sqlite_define, data);
  kahea_set_method(env, exports, "sqlitePrepare", kahea_sqlite_prepare, data);
  kahea_set_method(env, exports, "sqliteColumns", kahea_sqlite_columns, data);
  kahea_set_method(env, exports, "sqliteBind", kahea_sqlite_bind, data);
  kahea_set_method(env, exports, "sqliteStep", kahea_sqlite_step, data);
  kahea_set_method(env, exports, "sqliteChanges", kahea_sqlite_changes, data);
  kahea_set_method(env, exports, "sqliteReset", kahea_sqlite_reset, data);
  kahea_set_method(env, exports, "sqliteFinalize", kahea_sqlite_finalize, data);
#endif
  return exports;
}

NAPI_MODULE(NODE_GYP_MODULE_NAME, init)
