/* SQLite by the system's own library (libsqlite3.so.0), for a Node that brings none: the same locks and files as other programs. Only loaded when asked
 * for. Texts that are valid UTF-8 are strings, others buffers; integers are bigints. What fails throws SQLite's own words. */
#include "kahea.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/* SQLite's public interface (sqlite3.h), as far as it is used. */
enum {
  SQLITE_OK = 0, SQLITE_ROW = 100, SQLITE_DONE = 101,
  SQLITE_INTEGER = 1, SQLITE_FLOAT = 2, SQLITE_TEXT = 3, SQLITE_BLOB = 4,
  SQLITE_OPEN_READONLY = 1, SQLITE_OPEN_READWRITE = 2, SQLITE_OPEN_CREATE = 4, SQLITE_OPEN_NOMUTEX = 0x8000,
  SQLITE_UTF8 = 1, ARGUMENTS_MAX = 127
};
typedef void (*destructor)(void *);
typedef void (*sql_function)(void *context, int count, void **values);
#define SQLITE_TRANSIENT ((destructor)(intptr_t)-1)

#define LIBRARY(USE)                                                                                                                      \
  USE(int, open_v2, (const char *, void **, int, const char *))                                                                           \
  USE(int, close_v2, (void *))                                                                                                            \
  USE(const char *, errmsg, (void *))                                                                                                     \
  USE(int, exec, (void *, const char *, void *, void *, char **))                                                                         \
  USE(int, prepare_v2, (void *, const char *, int, void **, const char **))                                                               \
  USE(int, finalize, (void *))                                                                                                            \
  USE(int, step, (void *))                                                                                                                \
  USE(int, reset, (void *))                                                                                                               \
  USE(int, clear_bindings, (void *))                                                                                                      \
  USE(int, bind_null, (void *, int))                                                                                                      \
  USE(int, bind_int64, (void *, int, int64_t))                                                                                            \
  USE(int, bind_double, (void *, int, double))                                                                                            \
  USE(int, bind_text, (void *, int, const char *, int, destructor))                                                                       \
  USE(int, bind_blob, (void *, int, const void *, int, destructor))                                                                       \
  USE(int, column_count, (void *))                                                                                                        \
  USE(const char *, column_name, (void *, int))                                                                                           \
  USE(const char *, column_decltype, (void *, int))                                                                                       \
  USE(void *, column_value, (void *, int))                                                                                                \
  USE(int, changes, (void *))                                                                                                             \
  USE(int64_t, last_insert_rowid, (void *))                                                                                               \
  USE(int, value_type, (void *))                                                                                                          \
  USE(int64_t, value_int64, (void *))                                                                                                     \
  USE(double, value_double, (void *))                                                                                                     \
  USE(const void *, value_blob, (void *))                                                                                                 \
  USE(const unsigned char *, value_text, (void *))                                                                                        \
  USE(int, value_bytes, (void *))                                                                                                         \
  USE(int, create_function_v2, (void *, const char *, int, int, void *, sql_function, void *, void *, destructor))                        \
  USE(void *, user_data, (void *))                                                                                                        \
  USE(void, result_null, (void *))                                                                                                        \
  USE(void, result_int64, (void *, int64_t))                                                                                              \
  USE(void, result_double, (void *, double))                                                                                              \
  USE(void, result_text, (void *, const char *, int, destructor))                                                                         \
  USE(void, result_blob, (void *, const void *, int, destructor))                                                                         \
  USE(void, result_error, (void *, const char *, int))

#define MEMBER(result, name, arguments) result(*name) arguments;
struct library {
  LIBRARY(MEMBER)
};

#define FILL(result, name, arguments)                             \
  *(void **)&sqlite->name = dlsym(handle, "sqlite3_" #name);      \
  if (sqlite->name == NULL) return false;
static bool fill(struct library *sqlite, void *handle) {
  LIBRARY(FILL)
  return true;
}

struct connection {
  struct library sqlite;
  napi_env env;
  void *database;
};

/* A JavaScript function that SQL calls. */
struct defined {
  struct connection *connection;
  napi_ref function;
};

/* SQL functions get it from their context, which needs the library; it is the same for all connections. */
static void *(*user_data)(void *);

static void throw_text(napi_env env, const char *text) { napi_throw_error(env, "ERR_SQLITE", text); }

static void throw_last(napi_env env, struct connection *connection) {
  bool is_pending = false;
  napi_is_exception_pending(env, &is_pending);
  if (!is_pending) throw_text(env, connection->sqlite.errmsg(connection->database));
}

/* Whether every byte belongs to a character as UTF-8 has them: no surrogates, nothing longer than needed. */
static bool is_utf8(const unsigned char *text, int length) {
  for (int at = 0; at < length;) {
    unsigned char first = text[at++];
    if (first < 0x80) continue;
    int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4 || at + more > length) return false;
    unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (text[at] < low || text[at] > high) return false;
    for (int index = 1; index < more; index++)
      if ((text[at + index] & 0xc0) != 0x80) return false;
    at += more;
  }
  return true;
}

static napi_value to_js(napi_env env, struct library *sqlite, void *value) {
  napi_value result = NULL;
  switch (sqlite->value_type(value)) {
    case SQLITE_INTEGER: napi_create_bigint_int64(env, sqlite->value_int64(value), &result); break;
    case SQLITE_FLOAT: napi_create_double(env, sqlite->value_double(value), &result); break;
    case SQLITE_TEXT: {
      const unsigned char *text = sqlite->value_text(value);
      int length = sqlite->value_bytes(value);
      if (is_utf8(text, length)) napi_create_string_utf8(env, (const char *)text, length, &result);
      else napi_create_buffer_copy(env, length, text, NULL, &result);
      break;
    }
    case SQLITE_BLOB: {
      const void *bytes = sqlite->value_blob(value);
      napi_create_buffer_copy(env, sqlite->value_bytes(value), bytes == NULL ? "" : bytes, NULL, &result);
      break;
    }
    default: napi_get_null(env, &result);
  }
  return result;
}

/* A string's bytes as UTF-8; to be freed. */
static char *utf8_of(napi_env env, napi_value value, size_t *length) {
  if (napi_get_value_string_utf8(env, value, NULL, 0, length) != napi_ok) return NULL;
  char *text = malloc(*length + 1);
  if (text != NULL) napi_get_value_string_utf8(env, value, text, *length + 1, length);
  return text;
}

static int bind_value(napi_env env, struct library *sqlite, void *statement, int position, napi_value value) {
  napi_valuetype type;
  napi_typeof(env, value, &type);
  if (type == napi_bigint) {
    int64_t number;
    bool is_lossless;
    napi_get_value_bigint_int64(env, value, &number, &is_lossless);
    return sqlite->bind_int64(statement, position, number);
  }
  if (type == napi_number) {
    double number;
    napi_get_value_double(env, value, &number);
    return sqlite->bind_double(statement, position, number);
  }
  if (type == napi_string) {
    size_t length;
    char *text = utf8_of(env, value, &length);
    int result = text == NULL ? 7 : sqlite->bind_text(statement, position, text, (int)length, SQLITE_TRANSIENT);
    free(text);
    return result;
  }
  void *bytes = NULL;
  size_t length = 0;
  if (type == napi_object && napi_get_buffer_info(env, value, &bytes, &length) == napi_ok)
    return sqlite->bind_blob(statement, position, length == 0 ? "" : bytes, (int)length, SQLITE_TRANSIENT);
  return sqlite->bind_null(statement, position);
}

static void give_result(napi_env env, struct library *sqlite, void *context, napi_value value) {
  napi_valuetype type;
  napi_typeof(env, value, &type);
  if (type == napi_bigint) {
    int64_t number;
    bool is_lossless;
    napi_get_value_bigint_int64(env, value, &number, &is_lossless);
    sqlite->result_int64(context, number);
  } else if (type == napi_number) {
    double number;
    napi_get_value_double(env, value, &number);
    sqlite->result_double(context, number);
  } else if (type == napi_string) {
    size_t length;
    char *text = utf8_of(env, value, &length);
    if (text == NULL) sqlite->result_error(context, "no memory", -1);
    else sqlite->result_text(context, text, (int)length, SQLITE_TRANSIENT);
    free(text);
  } else {
    void *bytes = NULL;
    size_t length = 0;
    bool is_buffer = type == napi_object && napi_get_buffer_info(env, value, &bytes, &length) == napi_ok;
    if (is_buffer) sqlite->result_blob(context, length == 0 ? "" : bytes, (int)length, SQLITE_TRANSIENT);
    else sqlite->result_null(context);
  }
}

/* SQL calls a JavaScript function: always within a step that JavaScript began, so in its thread. */
static void call_defined(void *context, int count, void **values) {
  struct defined *defined = user_data(context);
  struct library *sqlite = &defined->connection->sqlite;
  napi_env env = defined->connection->env;
  napi_handle_scope scope;
  napi_value function, self, result = NULL, arguments[ARGUMENTS_MAX];
  if (count > ARGUMENTS_MAX) {
    sqlite->result_error(context, "too many arguments", -1);
    return;
  }
  napi_open_handle_scope(env, &scope);
  napi_get_reference_value(env, defined->function, &function);
  napi_get_undefined(env, &self);
  for (int index = 0; index < count; index++) arguments[index] = to_js(env, sqlite, values[index]);
  if (napi_call_function(env, self, function, count, arguments, &result) == napi_ok) {
    give_result(env, sqlite, context, result);
  } else {
    napi_value error;
    napi_get_and_clear_last_exception(env, &error);
    sqlite->result_error(context, "the function failed", -1);
  }
  napi_close_handle_scope(env, scope);
}

static void drop_defined(void *data) {
  struct defined *defined = data;
  napi_delete_reference(defined->connection->env, defined->function);
  free(defined);
}

static napi_value arguments_of(napi_env env, napi_callback_info info, size_t count, napi_value *arguments) {
  napi_value undefined;
  napi_get_undefined(env, &undefined);
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  return undefined;
}

static void *handle_of(napi_env env, napi_value value) {
  void *handle = NULL;
  napi_get_value_external(env, value, &handle);
  return handle;
}

/* sqliteOpen(path, readOnly): a connection; undefined when the system has no libsqlite3. */
napi_value kahea_sqlite_open(napi_env env, napi_callback_info info) {
  napi_value arguments[2], result = arguments_of(env, info, 2, arguments);
  void *handle = dlopen("libsqlite3.so.0", RTLD_LAZY | RTLD_LOCAL);
  struct connection *connection = handle == NULL ? NULL : calloc(1, sizeof *connection);
  if (connection == NULL) return result;
  connection->env = env;
  if (!fill(&connection->sqlite, handle)) {
    free(connection);
    return result;
  }
  user_data = connection->sqlite.user_data;
  bool is_read_only = false;
  size_t length;
  char *path = utf8_of(env, arguments[0], &length);
  napi_get_value_bool(env, arguments[1], &is_read_only);
  int flags = SQLITE_OPEN_NOMUTEX | (is_read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (path == NULL || connection->sqlite.open_v2(path, &connection->database, flags, NULL) != SQLITE_OK) {
    throw_text(env, connection->database == NULL ? "no memory" : connection->sqlite.errmsg(connection->database));
    connection->sqlite.close_v2(connection->database);
    free(connection);
  } else {
    napi_create_external(env, connection, NULL, NULL, &result);
  }
  free(path);
  return result;
}

/* sqliteClose(connection): its statements are finalized before. */
napi_value kahea_sqlite_close(napi_env env, napi_callback_info info) {
  napi_value arguments[1], undefined = arguments_of(env, info, 1, arguments);
  struct connection *connection = handle_of(env, arguments[0]);
  connection->sqlite.close_v2(connection->database);
  free(connection);
  return undefined;
}

/* sqliteExec(connection, sql) */
napi_value kahea_sqlite_exec(napi_env env, napi_callback_info info) {
  napi_value arguments[2], undefined = arguments_of(env, info, 2, arguments);
  struct connection *connection = handle_of(env, arguments[0]);
  size_t length;
  char *sql = utf8_of(env, arguments[1], &length);
  if (sql == NULL || connection->sqlite.exec(connection->database, sql, NULL, NULL, NULL) != SQLITE_OK) throw_last(env, connection);
  free(sql);
  return undefined;
}

/* sqliteDefine(connection, name, function) */
napi_value kahea_sqlite_define(napi_env env, napi_callback_info info) {
  napi_value arguments[3], undefined = arguments_of(env, info, 3, arguments);
  struct connection *connection = handle_of(env, arguments[0]);
  struct defined *defined = calloc(1, sizeof *defined);
  size_t length;
  char *name = utf8_of(env, arguments[1], &length);
  if (defined == NULL || name == NULL) {
    throw_text(env, "no memory");
    free(defined);
  } else {
    defined->connection = connection;
    napi_create_reference(env, arguments[2], 1, &defined->function);
    int result = connection->sqlite.create_function_v2(connection->database, name, -1, SQLITE_UTF8, defined, call_defined, NULL, NULL, drop_defined);
    if (result != SQLITE_OK) throw_last(env, connection);
  }
  free(name);
  return undefined;
}

/* sqlitePrepare(connection, sql): the first statement of the text. */
napi_value kahea_sqlite_prepare(napi_env env, napi_callback_info info) {
  napi_value arguments[2], result = arguments_of(env, info, 2, arguments);
  struct connection *connection = handle_of(env, arguments[0]);
  size_t length;
  char *sql = utf8_of(env, arguments[1], &length);
  void *statement = NULL;
  if (sql == NULL || connection->sqlite.prepare_v2(connection->database, sql, (int)length, &statement, NULL) != SQLITE_OK) throw_last(env, connection);
  else if (statement == NULL) throw_text(env, "there is no statement");
  else napi_create_external(env, statement, NULL, NULL, &result);
  free(sql);
  return result;
}

/* sqliteColumns(connection, statement): name and declared type of each, one after the other. */
napi_value kahea_sqlite_columns(napi_env env, napi_callback_info info) {
  napi_value arguments[2], result = arguments_of(env, info, 2, arguments);
  struct connection *connection = handle_of(env, arguments[0]);
  struct library *sqlite = &connection->sqlite;
  void *statement = handle_of(env, arguments[1]);
  int count = sqlite->column_count(statement);
  napi_create_array_with_length(env, 2 * count, &result);
  for (int index = 0; index < count; index++) {
    const char *texts[2] = { sqlite->column_name(statement, index), sqlite->column_decltype(statement, index) };
    for (int part = 0; part < 2; part++) {
      napi_value text;
      napi_create_string_utf8(env, texts[part] == NULL ? "" : texts[part], NAPI_AUTO_LENGTH, &text);
      napi_set_element(env, result, 2 * index + part, text);
    }
  }
  return result;
}

/* sqliteBind(connection, statement, values): begins anew. */
napi_value kahea_sqlite_bind(napi_env env, napi_callback_info info) {
  napi_value arguments[3], undefined = arguments_of(env, info, 3, arguments);
  struct connection *connection = handle_of(env, arguments[0]);
  void *statement = handle_of(env, arguments[1]);
  uint32_t count = 0;
  connection->sqlite.reset(statement);
  connection->sqlite.clear_bindings(statement);
  napi_get_array_length(env, arguments[2], &count);
  for (uint32_t index = 0; index < count; index++) {
    napi_value value;
    napi_get_element(env, arguments[2], index, &value);
    if (bind_value(env, &connection->sqlite, statement, (int)index + 1, value) != SQLITE_OK) {
      throw_last(env, connection);
      break;
    }
  }
  return undefined;
}

/* sqliteStep(connection, statement): the next row; undefined behind the last one. */
napi_value kahea_sqlite_step(napi_env env, napi_callback_info info) {
  napi_value arguments[2], row = arguments_of(env, info, 2, arguments);
  struct connection *connection = handle_of(env, arguments[0]);
  struct library *sqlite = &connection->sqlite;
  void *statement = handle_of(env, arguments[1]);
  int state = sqlite->step(statement);
  if (state == SQLITE_ROW) {
    int count = sqlite->column_count(statement);
    napi_create_array_with_length(env, count, &row);
    for (int index = 0; index < count; index++) napi_set_element(env, row, index, to_js(env, sqlite, sqlite->column_value(statement, index)));
  } else {
    if (state != SQLITE_DONE) throw_last(env, connection);
    sqlite->reset(statement);
  }
  return row;
}

/* sqliteChanges(connection): rows changed, and the last key. */
napi_value kahea_sqlite_changes(napi_env env, napi_callback_info info) {
  napi_value arguments[1], result = arguments_of(env, info, 1, arguments);
  struct connection *connection = handle_of(env, arguments[0]);
  napi_create_array_with_length(env, 2, &result);
  napi_set_element(env, result, 0, kahea_number(env, connection->sqlite.changes(connection->database)));
  napi_set_element(env, result, 1, kahea_number(env, (double)connection->sqlite.last_insert_rowid(connection->database)));
  return result;
}

/* sqliteReset(connection, statement): gives its locks back. */
napi_value kahea_sqlite_reset(napi_env env, napi_callback_info info) {
  napi_value arguments[2], undefined = arguments_of(env, info, 2, arguments);
  struct connection *connection = handle_of(env, arguments[0]);
  connection->sqlite.reset(handle_of(env, arguments[1]));
  return undefined;
}

/* sqliteFinalize(connection, statement) */
napi_value kahea_sqlite_finalize(napi_env env, napi_callback_info info) {
  napi_value arguments[2], undefined = arguments_of(env, info, 2, arguments);
  struct connection *connection = handle_of(env, arguments[0]);
  connection->sqlite.finalize(handle_of(env, arguments[1]));
  return undefined;
}
