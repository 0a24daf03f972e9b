/* Which own address packets to a destination leave from, as the kernel's routing table says (`mhomed`). */
#include "kahea.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

union route_address {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

/* localAddressFor(address: string): string | undefined */
napi_value kahea_local_address_for(napi_env env, napi_callback_info info) {
  size_t count = 1, length = 0;
  napi_value argument = NULL, result = NULL;
  char text[INET6_ADDRSTRLEN + 32];
  union route_address address;
  napi_get_cb_info(env, info, &count, &argument, NULL, NULL);
  if (count < 1 || napi_get_value_string_latin1(env, argument, text, sizeof text, &length) != napi_ok) return NULL;
  socklen_t size = sizeof address.v4;
  if (uv_ip4_addr(text, 5060, &address.v4) != 0) {
    size = sizeof address.v6;
    if (uv_ip6_addr(text, 5060, &address.v6) != 0) return NULL;
  }
  int fd = socket(address.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return NULL;
  bool is_known = connect(fd, &address.any, size) == 0 && getsockname(fd, &address.any, &size) == 0;
  close(fd);
  if (!is_known) return NULL;
  const void *bytes = address.any.sa_family == AF_INET ? (void *)&address.v4.sin_addr : (void *)&address.v6.sin6_addr;
  if (inet_ntop(address.any.sa_family, bytes, text, sizeof text) == NULL) return NULL;
  napi_create_string_latin1(env, text, NAPI_AUTO_LENGTH, &result);
  return result;
}
