/* Opens a UDP socket, hands what it receives to JavaScript in batches, closes it. */
#include "udp-socket.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sock_diag.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void on_poll(uv_poll_t *poll, int status, int events);

void udp_watch(struct udp_socket *socket, int events) {
  if (socket->is_closed || socket->poll_events == events) return;
  socket->poll_events = events;
  uv_poll_start(socket->poll, events, on_poll);
}

static bool same_source(const uint32_t *left, const uint32_t *right) {
  return memcmp(left, right, 5 * sizeof left[0]) == 0;
}

/* Fills in where packet `index` came from. */
static void describe_source(struct udp_socket *socket, int index) {
  uint32_t key[5] = {0, 0, 0, 0, 0};
  uint32_t *words = socket->sources + index * SOURCE_WORDS;
  const union udp_address *address = &socket->receive_addresses[index];
  if (socket->family == AF_INET) {
    words[0] = ntohs(address->v4.sin_port);
    key[0] = ntohl(address->v4.sin_addr.s_addr);
  } else {
    words[0] = ntohs(address->v6.sin6_port);
    for (int word = 0; word < 4; word++) {
      uint32_t part;
      memcpy(&part, address->v6.sin6_addr.s6_addr + word * 4, 4);
      key[word] = ntohl(part);
    }
    key[4] = address->v6.sin6_scope_id;
  }
  uint32_t hash = (key[0] ^ key[1] * 0x85ebca6b ^ key[2] * 0xc2b2ae35 ^ key[3] * 0x27d4eb2f ^ key[4]) * 0x9e3779b1;
  uint32_t slot = hash >> 21;
  words[1] = slot;
  words[2] = 0;
  if (same_source(socket->known_sources[slot], key)) return;
  memcpy(socket->known_sources[slot], key, sizeof key);
  words[2] = 1;
  words[3] = key[4];
  memcpy(words + 4, key, 16);
}

/* One batch; the answer is how many packets there were, 0 or less when there is nothing more to read. */
static int receive_batch(struct udp_socket *socket) {
  for (int index = 0; index < RECEIVE_BATCH; index++) {
    socket->receive_headers[index].msg_hdr.msg_namelen = sizeof(union udp_address);
  }
  int count = recvmmsg(socket->fd, socket->receive_headers, RECEIVE_BATCH, MSG_DONTWAIT, NULL);
  if (count <= 0) {
    if (count < 0 && errno != EAGAIN && errno != EINTR) socket->counters[RECEIVE_ERRORS]++;
    return count;
  }
  napi_env env = socket->env;
  napi_handle_scope scope;
  napi_value self = NULL, function = NULL, arguments[RECEIVE_BATCH];
  napi_open_handle_scope(env, &scope);
  socket->counters[RECEIVED_PACKETS] += count;
  socket->counters[RECEIVE_BATCHES]++;
  for (int index = 0; index < count; index++) {
    size_t length = socket->receive_headers[index].msg_len;
    const char *packet = socket->received + (size_t)index * RECEIVE_STRIDE;
    int32_t *row = socket->scans + index * SCAN_ROW_WORDS;
    socket->counters[RECEIVED_BYTES] += length;
    napi_create_string_latin1(env, packet, length, &arguments[index]);
    describe_source(socket, index);
    if (socket->owner->scan_tables != NULL) scan_message(socket->owner->scan_tables, packet, length, row);
  }
  napi_get_reference_value(env, socket->self, &self);
  napi_get_reference_value(env, socket->on_batch, &function);
  if (napi_make_callback(env, NULL, self, function, count, arguments, NULL) != napi_ok) kahea_report_exception(env);
  napi_close_handle_scope(env, scope);
  return count;
}

static void on_poll(uv_poll_t *poll, int status, int events) {
  struct udp_socket *socket = poll->data;
  if (status < 0) {
    socket->counters[RECEIVE_ERRORS]++;
    return;
  }
  if (events & UV_WRITABLE) udp_flush(socket);
  if (events & UV_READABLE) {
    for (int batch = 0; batch < BATCHES_PER_TURN && !socket->is_closed; batch++) {
      int count = receive_batch(socket);
      if (!socket->is_closed && socket->queue_head < socket->queue_tail) udp_flush(socket);
      if (count < RECEIVE_BATCH) break;
    }
  }
  if (!socket->is_closed) udp_report_failures(socket, false);
}

/* What timers and promises queued goes out before the loop waits again. */
static void on_before_poll(uv_prepare_t *prepare) {
  struct udp_socket *socket = prepare->data;
  if (socket->queue_head == socket->queue_tail || (socket->poll_events & UV_WRITABLE)) return;
  udp_flush(socket);
  udp_report_failures(socket, false);
}

static void on_poll_closed(uv_handle_t *handle) {
  struct udp_socket *socket = handle->data;
  if (socket->fd >= 0) close(socket->fd);
  socket->fd = -1;
  free(handle);
  kahea_env_handle_closed(socket->owner);
}

static void on_prepare_closed(uv_handle_t *handle) {
  struct udp_socket *socket = handle->data;
  free(handle);
  kahea_env_handle_closed(socket->owner);
}

static void close_udp(struct kahea_socket *base) {
  struct udp_socket *socket = (struct udp_socket *)base;
  if (socket->is_closed) return;
  udp_flush(socket);
  socket->is_closed = true;
  uv_poll_stop(socket->poll);
  uv_close((uv_handle_t *)socket->poll, on_poll_closed);
  uv_close((uv_handle_t *)socket->before_poll, on_prepare_closed);
  free(socket->received);
  free(socket->slab);
  free(socket->destinations);
  socket->received = socket->slab = NULL;
  socket->destinations = NULL;
}

static void release_udp(struct kahea_socket *base) {
  free(base);
}

static napi_value close_method(napi_env env, napi_callback_info info) {
  void *data = NULL;
  napi_get_cb_info(env, info, NULL, NULL, NULL, &data);
  struct udp_socket *socket = data;
  if (socket->is_closed) return NULL;
  close_udp(&socket->base);
  napi_delete_reference(env, socket->self);
  napi_delete_reference(env, socket->on_batch);
  napi_delete_reference(env, socket->on_failure);
  napi_delete_reference(env, socket->sources_ref);
  napi_delete_reference(env, socket->scans_ref);
  napi_delete_reference(env, socket->counters_ref);
  return NULL;
}

/* kernelDrops(): packets the kernel threw away since the socket was opened; -1 when it does not say */
static napi_value kernel_drops(napi_env env, napi_callback_info info) {
  void *data = NULL;
  napi_get_cb_info(env, info, NULL, NULL, NULL, &data);
  struct udp_socket *socket = data;
  uint32_t figures[SK_MEMINFO_VARS];
  socklen_t size = sizeof figures;
  if (socket->is_closed) return kahea_number(env, -1);
  if (getsockopt(socket->fd, SOL_SOCKET, SO_MEMINFO, figures, &size) != 0) return kahea_number(env, -1);
  if (size <= SK_MEMINFO_DROPS * sizeof figures[0]) return kahea_number(env, -1);
  return kahea_number(env, figures[SK_MEMINFO_DROPS]);
}

/* The kernel's limit is passed over where the process may. Answers what the socket has then. */
static int set_buffer(int fd, int forced, int plain, int bytes) {
  int granted = 0;
  socklen_t size = sizeof granted;
  if (bytes > 0 && setsockopt(fd, SOL_SOCKET, forced, &bytes, sizeof bytes) != 0) {
    setsockopt(fd, SOL_SOCKET, plain, &bytes, sizeof bytes);
  }
  getsockopt(fd, SOL_SOCKET, plain, &granted, &size);
  return granted / 2;
}

static int set_flag(int fd, int level, int name, int value) {
  return setsockopt(fd, level, name, &value, sizeof value);
}

static const char *set_options(int fd, int family, napi_env env, napi_value options) {
  bool is_v4 = family == AF_INET;
  int tos = kahea_option_int(env, options, "tos", -1);
  int discovery = kahea_option_int(env, options, "pmtuDiscovery", -1);
  if (!is_v4 && set_flag(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) != 0) return "v6only";
  bool is_shared = kahea_option_int(env, options, "reusePort", 0) != 0;
  if (is_shared && set_flag(fd, SOL_SOCKET, SO_REUSEPORT, 1) != 0) return "reuseport";
  if (kahea_option_int(env, options, "freeBind", 0)) {
    int failed = is_v4 ? set_flag(fd, IPPROTO_IP, IP_FREEBIND, 1) : set_flag(fd, IPPROTO_IPV6, IPV6_FREEBIND, 1);
    if (failed != 0) return "freebind";
  }
  if (tos > 0) {
    if (is_v4) set_flag(fd, IPPROTO_IP, IP_TOS, tos);
    else set_flag(fd, IPPROTO_IPV6, IPV6_TCLASS, tos);
  }
  if (discovery >= 0) {
    if (is_v4) set_flag(fd, IPPROTO_IP, IP_MTU_DISCOVER, discovery ? IP_PMTUDISC_DO : IP_PMTUDISC_DONT);
    else set_flag(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, discovery ? IPV6_PMTUDISC_DO : IPV6_PMTUDISC_DONT);
  }
  return NULL;
}

/* A bound descriptor, or the step that failed (errno says why). */
static const char *open_descriptor(napi_env env, napi_value options, int *fd, union udp_address *address,
                                   socklen_t *size) {
  char text[INET6_ADDRSTRLEN + 32];
  int port = kahea_option_int(env, options, "port", 0);
  int family = kahea_option_int(env, options, "family", 4) == 6 ? AF_INET6 : AF_INET;
  kahea_option_text(env, options, "address", text, sizeof text);
  memset(address, 0, sizeof *address);
  *size = family == AF_INET ? sizeof address->v4 : sizeof address->v6;
  int parsed = family == AF_INET ? uv_ip4_addr(text, port, &address->v4) : uv_ip6_addr(text, port, &address->v6);
  if (parsed != 0 || port < 0 || port > 65535) {
    errno = EINVAL;
    return "address";
  }
  *fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (*fd < 0) return "socket";
  const char *step = set_options(*fd, family, env, options);
  if (step != NULL) return step;
  if (bind(*fd, &address->any, *size) != 0) return "bind";
  if (getsockname(*fd, &address->any, size) != 0) return "getsockname";
  return NULL;
}

static bool prepare_buffers(struct udp_socket *socket) {
  socket->received = malloc((size_t)RECEIVE_BATCH * RECEIVE_STRIDE);
  socket->slab = malloc(SEND_SLAB);
  socket->destinations = calloc(DESTINATION_SLOTS, sizeof *socket->destinations);
  socket->poll = malloc(sizeof *socket->poll);
  socket->before_poll = malloc(sizeof *socket->before_poll);
  if (!socket->received || !socket->slab || !socket->destinations) return false;
  if (!socket->poll || !socket->before_poll) return false;
  for (int index = 0; index < RECEIVE_BATCH; index++) {
    socket->receive_vectors[index].iov_base = socket->received + (size_t)index * RECEIVE_STRIDE;
    socket->receive_vectors[index].iov_len = DATAGRAM_MAX;
    socket->receive_headers[index].msg_hdr.msg_iov = &socket->receive_vectors[index];
    socket->receive_headers[index].msg_hdr.msg_iovlen = 1;
    socket->receive_headers[index].msg_hdr.msg_name = &socket->receive_addresses[index];
  }
  for (int index = 0; index < SEND_QUEUE; index++) {
    socket->send_headers[index].msg_hdr.msg_iov = &socket->send_vectors[index];
    socket->send_headers[index].msg_hdr.msg_iovlen = 1;
    socket->send_headers[index].msg_hdr.msg_name = &socket->send_addresses[index];
    socket->send_headers[index].msg_hdr.msg_namelen = socket->address_size;
  }
  /* No packet comes from 255.255.255.255 (or its IPv6 likeness), so that an empty slot matches nothing. */
  memset(socket->known_sources, 0xff, sizeof socket->known_sources);
  return true;
}

static void free_unopened(struct udp_socket *socket, int fd) {
  if (fd >= 0) close(fd);
  if (socket == NULL) return;
  free(socket->received);
  free(socket->slab);
  free(socket->destinations);
  free(socket->poll);
  free(socket->before_poll);
  free(socket);
}

static void make_shared_array(napi_env env, napi_value object, const char *name, napi_typedarray_type type,
                              size_t length, size_t bytes, void **data, napi_ref *reference) {
  napi_value buffer = NULL, array = NULL;
  napi_create_arraybuffer(env, bytes, data, &buffer);
  memset(*data, 0, bytes);
  napi_create_typedarray(env, type, length, buffer, 0, &array);
  napi_create_reference(env, array, 1, reference);
  kahea_set(env, object, name, array);
}

/* openUdp({address, port, ...}, onBatch(...texts), onFailure(failure, address, port)): the socket or a failure */
napi_value kahea_open_udp(napi_env env, napi_callback_info info) {
  size_t count = 3;
  napi_value arguments[3], self = NULL;
  struct kahea_env *owner = kahea_env_of(env);
  uv_loop_t *loop = NULL;
  union udp_address address;
  socklen_t address_size = 0;
  int fd = -1;
  napi_get_cb_info(env, info, &count, arguments, NULL, NULL);
  napi_get_uv_event_loop(env, &loop);
  const char *failed_step = open_descriptor(env, arguments[0], &fd, &address, &address_size);
  if (failed_step != NULL) {
    napi_value failure = kahea_failure(env, errno, failed_step);
    free_unopened(NULL, fd);
    return failure;
  }
  struct udp_socket *socket = calloc(1, sizeof *socket);
  if (socket != NULL) {
    socket->family = address.any.sa_family;
    socket->address_size = address_size;
  }
  if (socket == NULL || owner->is_ending || !prepare_buffers(socket)) {
    free_unopened(socket, fd);
    return kahea_failure(env, ENOMEM, "memory");
  }
  int polled = uv_poll_init(loop, socket->poll, fd);
  if (polled != 0) {
    free_unopened(socket, fd);
    return kahea_failure(env, -polled, "poll");
  }
  uv_prepare_init(loop, socket->before_poll);
  owner->open_handles += 2;
  socket->owner = owner;
  socket->env = env;
  socket->fd = fd;
  socket->port = ntohs(socket->family == AF_INET ? address.v4.sin_port : address.v6.sin6_port);
  socket->base.close = close_udp;
  socket->base.release = release_udp;
  socket->poll->data = socket;
  socket->before_poll->data = socket;
  kahea_env_add(owner, &socket->base);

  napi_create_object(env, &self);
  make_shared_array(env, self, "sources", napi_uint32_array, RECEIVE_BATCH * SOURCE_WORDS,
                    RECEIVE_BATCH * SOURCE_WORDS * sizeof(uint32_t), (void **)&socket->sources, &socket->sources_ref);
  make_shared_array(env, self, "scans", napi_int32_array, RECEIVE_BATCH * SCAN_ROW_WORDS,
                    RECEIVE_BATCH * SCAN_ROW_WORDS * sizeof(int32_t), (void **)&socket->scans, &socket->scans_ref);
  make_shared_array(env, self, "counters", napi_float64_array, COUNTERS, COUNTERS * sizeof(double),
                    (void **)&socket->counters, &socket->counters_ref);
  kahea_set(env, self, "port", kahea_number(env, socket->port));
  int receive_wanted = kahea_option_int(env, arguments[0], "receiveBufferBytes", 0);
  int send_wanted = kahea_option_int(env, arguments[0], "sendBufferBytes", 0);
  int receive_bytes = set_buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF, receive_wanted);
  int send_bytes = set_buffer(fd, SO_SNDBUFFORCE, SO_SNDBUF, send_wanted);
  kahea_set(env, self, "receiveBufferBytes", kahea_number(env, receive_bytes));
  kahea_set(env, self, "sendBufferBytes", kahea_number(env, send_bytes));
  kahea_set_method(env, self, "kernelDrops", kernel_drops, socket);
  kahea_set_method(env, self, "close", close_method, socket);
  udp_add_send_methods(socket, self);
  napi_create_reference(env, self, 1, &socket->self);
  napi_create_reference(env, arguments[1], 1, &socket->on_batch);
  napi_create_reference(env, arguments[2], 1, &socket->on_failure);
  udp_watch(socket, UV_READABLE);
  uv_prepare_start(socket->before_poll, on_before_poll);
  uv_unref((uv_handle_t *)socket->before_poll);
  return self;
}
