/* The sending half of a UDP socket: packets wait in a slab for sendmmsg at the end of the batch or loop turn. */
#include "udp-socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

static struct udp_socket *socket_of(napi_env env, napi_callback_info info, size_t *count, napi_value *arguments) {
  void *data = NULL;
  napi_get_cb_info(env, info, count, arguments, NULL, &data);
  return data;
}

static napi_value result_of(napi_env env, int value) {
  napi_value result = NULL;
  napi_create_int32(env, value, &result);
  return result;
}

static void note_failure(struct udp_socket *socket, int error, const union udp_address *address, uint16_t slot) {
  socket->counters[SEND_ERRORS]++;
  socket->destinations[slot].is_proven = false;
  if (socket->failure_count == FAILURES_KEPT) return;
  socket->failures[socket->failure_count].error = error;
  socket->failures[socket->failure_count++].address = *address;
}

static void empty_queue(struct udp_socket *socket) {
  socket->queue_head = socket->queue_tail = 0;
  socket->slab_used = 0;
}

void udp_flush(struct udp_socket *socket) {
  while (socket->queue_head < socket->queue_tail) {
    int head = socket->queue_head;
    int sent = sendmmsg(socket->fd, &socket->send_headers[head], socket->queue_tail - head, MSG_DONTWAIT);
    if (sent > 0) {
      socket->counters[SEND_BATCHES]++;
      socket->counters[SENT_PACKETS] += sent;
      for (int index = head; index < head + sent; index++) {
        socket->counters[SENT_BYTES] += socket->send_vectors[index].iov_len;
      }
      socket->queue_head += sent;
      continue;
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM) {
      socket->counters[SEND_BLOCKED]++;
      udp_watch(socket, UV_READABLE | UV_WRITABLE);
      return;
    }
    /* The first packet is the one that failed; those behind it may go elsewhere. */
    note_failure(socket, errno, &socket->send_addresses[head], socket->send_slots[head]);
    socket->queue_head++;
  }
  empty_queue(socket);
  udp_watch(socket, UV_READABLE);
}

void udp_report_failures(struct udp_socket *socket, bool from_javascript) {
  int count = socket->failure_count;
  if (count == 0) return;
  napi_env env = socket->env;
  napi_handle_scope scope;
  struct udp_failure failures[FAILURES_KEPT];
  memcpy(failures, socket->failures, sizeof failures[0] * count);
  socket->failure_count = 0;
  napi_open_handle_scope(env, &scope);
  napi_value self = NULL, function = NULL;
  napi_get_reference_value(env, socket->self, &self);
  napi_get_reference_value(env, socket->on_failure, &function);
  for (int index = 0; index < count && function != NULL; index++) {
    struct udp_failure *failure = &failures[index];
    char text[INET6_ADDRSTRLEN] = "";
    bool is_v4 = failure->address.any.sa_family == AF_INET;
    const void *bytes = is_v4 ? (void *)&failure->address.v4.sin_addr : (void *)&failure->address.v6.sin6_addr;
    inet_ntop(failure->address.any.sa_family, bytes, text, sizeof text);
    napi_value arguments[3];
    arguments[0] = kahea_failure(env, failure->error, "send");
    napi_create_string_latin1(env, text, NAPI_AUTO_LENGTH, &arguments[1]);
    arguments[2] = kahea_number(env, ntohs(is_v4 ? failure->address.v4.sin_port : failure->address.v6.sin6_port));
    if (from_javascript) {
      if (napi_call_function(env, self, function, 3, arguments, NULL) != napi_ok) break;
    } else if (napi_make_callback(env, NULL, self, function, 3, arguments, NULL) != napi_ok) {
      kahea_report_exception(env);
    }
  }
  napi_close_handle_scope(env, scope);
}

/* setDestination(slot, address): 0 or -errno */
static napi_value set_destination(napi_env env, napi_callback_info info) {
  size_t count = 2, length = 0;
  napi_value arguments[2];
  struct udp_socket *socket = socket_of(env, info, &count, arguments);
  uint32_t slot = DESTINATION_SLOTS;
  char text[INET6_ADDRSTRLEN + 32];
  if (socket->is_closed) return result_of(env, -EBADF);
  napi_get_value_uint32(env, arguments[0], &slot);
  if (slot >= DESTINATION_SLOTS) return result_of(env, -EINVAL);
  napi_status status = napi_get_value_string_latin1(env, arguments[1], text, sizeof text, &length);
  if (status != napi_ok) return result_of(env, -EINVAL);
  struct udp_destination *destination = &socket->destinations[slot];
  union udp_address address;
  memset(&address, 0, sizeof address);
  int parsed = socket->family == AF_INET ? uv_ip4_addr(text, 0, &address.v4) : uv_ip6_addr(text, 0, &address.v6);
  if (parsed != 0) return result_of(env, -EAFNOSUPPORT);
  destination->address = address;
  destination->is_proven = false;
  return result_of(env, 0);
}

/* queue(text, slot * 65536 + port): undefined, or -errno. Every packet passes here: one number and no answer are cheaper. */
static napi_value queue(napi_env env, napi_callback_info info) {
  size_t count = 2, length = 0;
  napi_value arguments[2];
  struct udp_socket *socket = socket_of(env, info, &count, arguments);
  uint32_t place_and_port = UINT32_MAX;
  if (socket->is_closed) return result_of(env, -EBADF);
  napi_get_value_uint32(env, arguments[1], &place_and_port);
  uint32_t slot = place_and_port >> 16, port = place_and_port & 0xffff;
  if (slot >= DESTINATION_SLOTS || port == 0) return result_of(env, -EINVAL);
  struct udp_destination *destination = &socket->destinations[slot];

  if (socket->queue_tail == SEND_QUEUE || SEND_SLAB - socket->slab_used < DATAGRAM_MAX + 1 || !destination->is_proven) {
    udp_flush(socket);
    if (socket->queue_tail == SEND_QUEUE || SEND_SLAB - socket->slab_used < DATAGRAM_MAX + 1) {
      socket->counters[SEND_REFUSED]++;
      return result_of(env, -ENOBUFS);
    }
  }
  char *text = socket->slab + socket->slab_used;
  napi_status status = napi_get_value_string_latin1(env, arguments[0], text, DATAGRAM_MAX + 1, &length);
  if (status != napi_ok) return result_of(env, -EINVAL);
  if (length > PAYLOAD_MAX) {
    socket->counters[SEND_REFUSED]++;
    return result_of(env, -EMSGSIZE);
  }
  int place = socket->queue_tail;
  union udp_address *address = &socket->send_addresses[place];
  *address = destination->address;
  if (socket->family == AF_INET) address->v4.sin_port = htons(port);
  else address->v6.sin6_port = htons(port);

  if (!destination->is_proven && socket->queue_head == socket->queue_tail) {
    ssize_t sent = sendto(socket->fd, text, length, MSG_DONTWAIT, &address->any, socket->address_size);
    if (sent >= 0) {
      destination->is_proven = true;
      socket->counters[SENT_PACKETS]++;
      socket->counters[SENT_BYTES] += length;
      return NULL;
    }
    if (errno != EAGAIN && errno != ENOBUFS && errno != ENOMEM && errno != EINTR) {
      socket->counters[SEND_ERRORS]++;
      return result_of(env, -errno);
    }
  }
  socket->send_slots[place] = slot;
  socket->send_vectors[place].iov_base = text;
  socket->send_vectors[place].iov_len = length;
  socket->slab_used += length;
  socket->queue_tail++;
  return NULL;
}

/* flush(): packets still waiting */
static napi_value flush(napi_env env, napi_callback_info info) {
  struct udp_socket *socket = socket_of(env, info, NULL, NULL);
  if (socket->is_closed) return result_of(env, 0);
  udp_flush(socket);
  udp_report_failures(socket, true);
  return result_of(env, socket->queue_tail - socket->queue_head);
}

void udp_add_send_methods(struct udp_socket *socket, napi_value object) {
  kahea_set_method(socket->env, object, "setDestination", set_destination, socket);
  kahea_set_method(socket->env, object, "queue", queue, socket);
  kahea_set_method(socket->env, object, "flush", flush, socket);
}
