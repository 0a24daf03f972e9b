/* Connections to this machine itself: the kernel makes or refuses them at once, so who sends hears of it at once. */
#include "kahea.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

union tcp_address {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

static socklen_t read_address(const char *text, int port, union tcp_address *into) {
  if (uv_ip4_addr(text, port, &into->v4) == 0) return sizeof into->v4;
  return uv_ip6_addr(text, port, &into->v6) == 0 ? sizeof into->v6 : 0;
}

static bool text_of(napi_env env, napi_value value, char *into, size_t size) {
  size_t length = 0;
  return napi_get_value_string_latin1(env, value, into, size, &length) == napi_ok && length < size - 1;
}

/* errno of a connection that was begun: 0 when it stands, EINPROGRESS when it cannot be told at once. */
static int outcome_of(int fd) {
  struct pollfd state = {.fd = fd, .events = POLLOUT};
  if (poll(&state, 1, 0) != 1) return EINPROGRESS;
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

/* The descriptor, or -errno. */
static int connect_now(const char *to, int port, const char *from) {
  union tcp_address address, source;
  socklen_t size = read_address(to, port, &address), source_size = 0;
  if (size == 0) return -EINVAL;
  if (from[0] != '\0' && (source_size = read_address(from, 0, &source)) == 0) return -EINVAL;
  int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -errno;
  bool is_begun = source_size == 0 || bind(fd, &source.any, source_size) == 0;
  int error = is_begun && connect(fd, &address.any, size) == 0 ? 0 : errno;
  if (error == EINPROGRESS) error = outcome_of(fd);
  if (error == 0) return fd;
  close(fd);
  return -error;
}

/* connectTcp(address: string, port: number, source: string): { fd: number } | failure | undefined (not to be told at once) */
napi_value kahea_connect_tcp(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value arguments[3], result = NULL;
  char to[INET6_ADDRSTRLEN + 32], from[INET6_ADDRSTRLEN + 32];
  int32_t port = 0;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  if (count < 3 || napi_get_value_int32(env, arguments[1], &port) != napi_ok) return NULL;
  if (!text_of(env, arguments[0], to, sizeof to) || !text_of(env, arguments[2], from, sizeof from)) return NULL;
  int made = connect_now(to, port, from);
  if (made == -EINPROGRESS) return NULL;
  if (made < 0) return kahea_failure(env, -made, "connect");
  napi_create_object(env, &result);
  kahea_set(env, result, "fd", kahea_number(env, made));
  return result;
}
