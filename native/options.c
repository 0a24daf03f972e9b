/* Reading option objects and making small values. */
#include "kahea.h"

#include <string.h>
#include <uv.h>

napi_value kahea_option(napi_env env, napi_value options, const char *name) {
  napi_value value = NULL;
  napi_valuetype type = napi_undefined;
  if (napi_get_named_property(env, options, name, &value) != napi_ok) return NULL;
  if (napi_typeof(env, value, &type) != napi_ok || type == napi_undefined || type == napi_null) return NULL;
  return value;
}

int32_t kahea_option_int(napi_env env, napi_value options, const char *name, int32_t fallback) {
  napi_value value = kahea_option(env, options, name);
  int32_t number = fallback;
  bool truth = false;
  if (value == NULL) return fallback;
  if (napi_get_value_bool(env, value, &truth) == napi_ok) return truth ? 1 : 0;
  return napi_get_value_int32(env, value, &number) == napi_ok ? number : fallback;
}

bool kahea_option_text(napi_env env, napi_value options, const char *name, char *into, size_t size) {
  napi_value value = kahea_option(env, options, name);
  size_t length = 0;
  into[0] = 0;
  if (value == NULL) return false;
  if (napi_get_value_string_latin1(env, value, NULL, 0, &length) != napi_ok || length >= size) return false;
  return napi_get_value_string_latin1(env, value, into, size, &length) == napi_ok;
}

napi_value kahea_number(napi_env env, double value) {
  napi_value result = NULL;
  napi_create_double(env, value, &result);
  return result;
}

void kahea_set(napi_env env, napi_value object, const char *name, napi_value value) {
  napi_set_named_property(env, object, name, value);
}

void kahea_set_method(napi_env env, napi_value object, const char *name, napi_callback method, void *data) {
  napi_value function = NULL;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, method, data, &function);
  kahea_set(env, object, name, function);
}

void kahea_report_exception(napi_env env) {
  bool is_pending = false;
  napi_value exception = NULL;
  if (napi_is_exception_pending(env, &is_pending) != napi_ok || !is_pending) return;
  if (napi_get_and_clear_last_exception(env, &exception) == napi_ok) napi_fatal_exception(env, exception);
}

napi_value kahea_failure(napi_env env, int error, const char *step) {
  napi_value result = NULL, text = NULL;
  napi_create_object(env, &result);
  kahea_set(env, result, "error", kahea_number(env, error));
  napi_create_string_utf8(env, uv_err_name(-error), NAPI_AUTO_LENGTH, &text);
  kahea_set(env, result, "code", text);
  napi_create_string_utf8(env, strerror(error), NAPI_AUTO_LENGTH, &text);
  kahea_set(env, result, "text", text);
  napi_create_string_utf8(env, step, NAPI_AUTO_LENGTH, &text);
  kahea_set(env, result, "step", text);
  return result;
}
