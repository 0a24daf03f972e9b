/* The look over headers as JavaScript calls it. */
#include "kahea.h"
#include "sip-scan.h"

#include <stdlib.h>

/* useHeaderNames(names, types): the names of headers, in lower case, with their numbers. */
napi_value kahea_use_header_names(napi_env env, napi_callback_info info) {
  size_t count = 2;
  uint32_t length = 0;
  napi_value arguments[2];
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  struct kahea_env *owner = kahea_env_of(env);
  struct scan_tables *tables = malloc(sizeof *tables);
  if (tables == NULL || napi_get_array_length(env, arguments[0], &length) != napi_ok || length > SCAN_NAMES / 2) {
    free(tables);
    return NULL;
  }
  scan_prepare(tables);
  for (uint32_t index = 0; index < length; index++) {
    napi_value name = NULL, type = NULL;
    char text[SCAN_NAME_SIZE];
    size_t size = 0;
    int32_t number = 0;
    napi_get_element(env, arguments[0], index, &name);
    napi_get_element(env, arguments[1], index, &type);
    if (napi_get_value_string_latin1(env, name, text, sizeof text, &size) != napi_ok || size == 0) continue;
    if (napi_get_value_int32(env, type, &number) == napi_ok) scan_add_name(tables, text, size, number);
  }
  free(owner->scan_tables);
  owner->scan_tables = tables;
  return NULL;
}

/* scan(text, row): what a socket does with what it receives, for tests. */
napi_value kahea_scan(napi_env env, napi_callback_info info) {
  size_t count = 2, length = 0, words = 0;
  napi_value arguments[2];
  void *row = NULL;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  struct kahea_env *owner = kahea_env_of(env);
  if (owner->scan_tables == NULL) return NULL;
  if (napi_get_typedarray_info(env, arguments[1], NULL, &words, &row, NULL, NULL) != napi_ok) return NULL;
  if (words < SCAN_ROW_WORDS || napi_get_value_string_latin1(env, arguments[0], NULL, 0, &length) != napi_ok) return NULL;
  char *text = malloc(length + SCAN_SLACK);
  if (text == NULL) return NULL;
  napi_get_value_string_latin1(env, arguments[0], text, length + 1, &length);
  scan_message(owner->scan_tables, text, length, row);
  free(text);
  return NULL;
}
