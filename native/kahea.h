/* The add-on's parts: one list of sockets per environment, no state beside it (worker threads load it too). */
#ifndef KAHEA_NATIVE_H
#define KAHEA_NATIVE_H

#include <node_api.h>
#include <stdbool.h>
#include <stdint.h>

/* Closes what is open (idempotent); memory goes once libuv has let go of the handles. */
struct kahea_socket {
  struct kahea_socket *next;
  void (*close)(struct kahea_socket *socket);
  void (*release)(struct kahea_socket *socket);
};

struct kahea_env {
  napi_env env;
  struct kahea_socket *sockets;
  /* For the look over received messages; NULL until JavaScript tells the names of headers. */
  struct scan_tables *scan_tables;
  /* Handles that libuv still has to close before the environment may end. */
  int open_handles;
  bool is_ending;
  napi_async_cleanup_hook_handle hook;
};

struct kahea_env *kahea_env_of(napi_env env);
void kahea_env_add(struct kahea_env *data, struct kahea_socket *socket);
/* One of the handles counted in open_handles is closed. */
void kahea_env_handle_closed(struct kahea_env *data);

/* Options of the object that JavaScript hands in; `fallback` when absent. */
int32_t kahea_option_int(napi_env env, napi_value options, const char *name, int32_t fallback);
bool kahea_option_text(napi_env env, napi_value options, const char *name, char *into, size_t size);
napi_value kahea_option(napi_env env, napi_value options, const char *name);
napi_value kahea_number(napi_env env, double value);
void kahea_set(napi_env env, napi_value object, const char *name, napi_value value);
void kahea_set_method(napi_env env, napi_value object, const char *name, napi_callback method, void *data);
/* An exception that a callback threw goes where uncaught ones go. */
void kahea_report_exception(napi_env env);

/* { error: errno, code: 'EADDRINUSE', text, step: 'bind' } */
napi_value kahea_failure(napi_env env, int error, const char *step);

napi_value kahea_use_header_names(napi_env env, napi_callback_info info);
napi_value kahea_scan(napi_env env, napi_callback_info info);
napi_value kahea_open_udp(napi_env env, napi_callback_info info);
napi_value kahea_open_unix(napi_env env, napi_callback_info info);
napi_value kahea_local_address_for(napi_env env, napi_callback_info info);
napi_value kahea_connect_tcp(napi_env env, napi_callback_info info);

/* sqlite.c says what these take and give. */
napi_value kahea_sqlite_open(napi_env env, napi_callback_info info);
napi_value kahea_sqlite_close(napi_env env, napi_callback_info info);
napi_value kahea_sqlite_exec(napi_env env, napi_callback_info info);
napi_value kahea_sqlite_define(napi_env env, napi_callback_info info);
napi_value kahea_sqlite_prepare(napi_env env, napi_callback_info info);
napi_value kahea_sqlite_columns(napi_env env, napi_callback_info info);
napi_value kahea_sqlite_bind(napi_env env, napi_callback_info info);
napi_value kahea_sqlite_step(napi_env env, napi_callback_info info);
napi_value kahea_sqlite_changes(napi_env env, napi_callback_info info);
napi_value kahea_sqlite_reset(napi_env env, napi_callback_info info);
napi_value kahea_sqlite_finalize(napi_env env, napi_callback_info info);

#endif
