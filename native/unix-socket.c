/* Unix datagram sockets, which Node has not: to a syslog daemon, and for commands by datagram. */
#include "kahea.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <uv.h>

enum { DATAGRAM_MAX = 65536, DATAGRAMS_PER_TURN = 32 };

struct unix_socket {
  struct kahea_socket base;
  struct kahea_env *owner;
  napi_env env;
  int fd;
  bool is_closed;
  uv_poll_t *poll;
  napi_ref self, on_datagram;
  char *buffer;
};

static bool fill_address(struct sockaddr_un *address, socklen_t *size, const char *path) {
  size_t length = strlen(path);
  if (length == 0 || length >= sizeof address->sun_path) return false;
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  memcpy(address->sun_path, path, length);
  *size = offsetof(struct sockaddr_un, sun_path) + length + 1;
  return true;
}

static void deliver(struct unix_socket *socket, size_t length, const struct sockaddr_un *source,
                    socklen_t source_size) {
  napi_env env = socket->env;
  napi_handle_scope scope;
  napi_value self = NULL, function = NULL, arguments[2];
  size_t path_offset = offsetof(struct sockaddr_un, sun_path);
  size_t path_length = source_size > path_offset ? strnlen(source->sun_path, source_size - path_offset) : 0;
  napi_open_handle_scope(env, &scope);
  napi_create_string_latin1(env, socket->buffer, length, &arguments[0]);
  napi_create_string_latin1(env, source->sun_path, path_length, &arguments[1]);
  napi_get_reference_value(env, socket->self, &self);
  napi_get_reference_value(env, socket->on_datagram, &function);
  if (napi_make_callback(env, NULL, self, function, 2, arguments, NULL) != napi_ok) kahea_report_exception(env);
  napi_close_handle_scope(env, scope);
}

static void on_poll(uv_poll_t *poll, int status, int events) {
  struct unix_socket *socket = poll->data;
  for (int turn = 0; turn < DATAGRAMS_PER_TURN && status == 0 && !socket->is_closed; turn++) {
    struct sockaddr_un source;
    socklen_t size = sizeof source;
    struct sockaddr *any = (struct sockaddr *)&source;
    ssize_t length = recvfrom(socket->fd, socket->buffer, DATAGRAM_MAX, MSG_DONTWAIT, any, &size);
    if (length < 0) return;
    deliver(socket, length, &source, size);
  }
}

static void on_closed(uv_handle_t *handle) {
  struct unix_socket *socket = handle->data;
  close(socket->fd);
  socket->fd = -1;
  free(handle);
  kahea_env_handle_closed(socket->owner);
}

static void close_unix(struct kahea_socket *base) {
  struct unix_socket *socket = (struct unix_socket *)base;
  if (socket->is_closed) return;
  socket->is_closed = true;
  uv_poll_stop(socket->poll);
  uv_close((uv_handle_t *)socket->poll, on_closed);
}

static void release_unix(struct kahea_socket *base) {
  struct unix_socket *socket = (struct unix_socket *)base;
  free(socket->buffer);
  free(socket);
}

static napi_value close_method(napi_env env, napi_callback_info info) {
  void *data = NULL;
  napi_get_cb_info(env, info, NULL, NULL, NULL, &data);
  struct unix_socket *socket = data;
  if (socket->is_closed) return NULL;
  close_unix(&socket->base);
  napi_delete_reference(env, socket->self);
  napi_delete_reference(env, socket->on_datagram);
  return NULL;
}

static bool read_text(napi_env env, napi_value value, char *into, size_t size) {
  size_t length = 0;
  return napi_get_value_string_latin1(env, value, into, size, &length) == napi_ok;
}

/* send(text, path): 0 or -errno */
static napi_value send_method(napi_env env, napi_callback_info info) {
  size_t count = 2, length = 0;
  napi_value arguments[2], result = NULL;
  void *data = NULL;
  char path[128], small[4096], *text = small;
  struct sockaddr_un address;
  socklen_t size = 0;
  int error = 0;
  napi_get_cb_info(env, info, &count, arguments, NULL, &data);
  struct unix_socket *socket = data;
  napi_get_value_string_latin1(env, arguments[0], NULL, 0, &length);
  if (length >= sizeof small) text = malloc(length + 1);
  if (socket->is_closed) error = EBADF;
  else if (text == NULL) error = ENOMEM;
  else if (!read_text(env, arguments[0], text, length + 1)) error = EINVAL;
  else if (!read_text(env, arguments[1], path, sizeof path)) error = EINVAL;
  else if (!fill_address(&address, &size, path)) error = ENAMETOOLONG;
  else if (sendto(socket->fd, text, length, MSG_DONTWAIT, (struct sockaddr *)&address, size) < 0) error = errno;
  if (text != small) free(text);
  napi_create_int32(env, -error, &result);
  return result;
}

/* openUnix({path?}, onDatagram(text, sourcePath)): the socket or a failure. Without a path it only sends, and does not
   keep the process alive. */
napi_value kahea_open_unix(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2], self = NULL;
  struct kahea_env *owner = kahea_env_of(env);
  uv_loop_t *loop = NULL;
  char path[128];
  struct sockaddr_un address;
  socklen_t size = 0;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_uv_event_loop(env, &loop);
  bool is_bound = kahea_option_text(env, arguments[0], "path", path, sizeof path);
  if (is_bound && !fill_address(&address, &size, path)) return kahea_failure(env, ENAMETOOLONG, "path");
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return kahea_failure(env, errno, "socket");
  if (is_bound && bind(fd, (struct sockaddr *)&address, size) != 0) {
    napi_value failure = kahea_failure(env, errno, "bind");
    close(fd);
    return failure;
  }
  struct unix_socket *socket = calloc(1, sizeof *socket);
  char *buffer = malloc(DATAGRAM_MAX);
  uv_poll_t *poll = malloc(sizeof *poll);
  if (socket == NULL || buffer == NULL || poll == NULL || owner->is_ending || uv_poll_init(loop, poll, fd) != 0) {
    free(socket);
    free(buffer);
    free(poll);
    close(fd);
    return kahea_failure(env, ENOMEM, "memory");
  }
  owner->open_handles++;
  socket->owner = owner;
  socket->env = env;
  socket->fd = fd;
  socket->buffer = buffer;
  socket->poll = poll;
  poll->data = socket;
  socket->base.close = close_unix;
  socket->base.release = release_unix;
  kahea_env_add(owner, &socket->base);
  napi_create_object(env, &self);
  kahea_set_method(env, self, "send", send_method, socket);
  kahea_set_method(env, self, "close", close_method, socket);
  napi_create_reference(env, self, 1, &socket->self);
  napi_create_reference(env, arguments[1], 1, &socket->on_datagram);
  if (is_bound) uv_poll_start(poll, UV_READABLE, on_poll);
  else uv_unref((uv_handle_t *)poll);
  return self;
}
