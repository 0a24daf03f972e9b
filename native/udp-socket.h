/* A UDP socket that moves packets in batches; udp-socket.c opens, receives and closes, udp-send.c queues and sends. */
#ifndef KAHEA_UDP_SOCKET_H
#define KAHEA_UDP_SOCKET_H

#include "kahea.h"
#include "sip-scan.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <uv.h>

enum {
  RECEIVE_BATCH = 64,
  DATAGRAM_MAX = 65536,
  /* Not a power of two: slots a whole 64 KB apart would fall into the same cache sets. */
  RECEIVE_STRIDE = DATAGRAM_MAX + 192,
  /* Batches taken in a row before the event loop gets its turn. */
  BATCHES_PER_TURN = 4,
  SOURCE_SLOTS = 2048,
  /* 32-bit words in `sources` for each packet: port, slot, fresh, scope, four of address (network order). */
  SOURCE_WORDS = 8,
  SEND_QUEUE = 512,
  SEND_SLAB = 2 * 1024 * 1024,
  PAYLOAD_MAX = 65507,
  DESTINATION_SLOTS = 4096,
  FAILURES_KEPT = 32,
};

/* Places in the Float64Array `counters`; udp-addon.ts names the same. */
enum {
  RECEIVED_PACKETS, RECEIVED_BYTES, RECEIVE_BATCHES, RECEIVE_ERRORS,
  SENT_PACKETS, SENT_BYTES, SEND_BATCHES, SEND_ERRORS, SEND_BLOCKED, SEND_REFUSED,
  COUNTERS,
};

union udp_address {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};

struct udp_destination {
  union udp_address address;
  /* The last packet to it went out: the next ones may wait for the batch. Others are sent at once, so that the
     sender learns from the kernel's answer that there is no way. */
  bool is_proven;
};

struct udp_failure {
  int error;
  union udp_address address;
};

struct udp_socket {
  struct kahea_socket base;
  struct kahea_env *owner;
  napi_env env;
  int fd;
  int family;
  uint16_t port;
  socklen_t address_size;
  bool is_closed;
  uv_poll_t *poll;
  uv_prepare_t *before_poll;
  int poll_events;

  napi_ref self, on_batch, on_failure, sources_ref, scans_ref, counters_ref;
  uint32_t *sources;
  /* A row for each packet of the batch (sip-scan.h). */
  int32_t *scans;
  double *counters;

  char *received;
  struct mmsghdr receive_headers[RECEIVE_BATCH];
  struct iovec receive_vectors[RECEIVE_BATCH];
  union udp_address receive_addresses[RECEIVE_BATCH];
  /* Source addresses seen lately by hash, so that JavaScript keeps their texts under the same numbers. */
  uint32_t known_sources[SOURCE_SLOTS][5];

  char *slab;
  size_t slab_used;
  int queue_head, queue_tail;
  struct mmsghdr send_headers[SEND_QUEUE];
  struct iovec send_vectors[SEND_QUEUE];
  union udp_address send_addresses[SEND_QUEUE];
  uint16_t send_slots[SEND_QUEUE];
  struct udp_destination *destinations;
  struct udp_failure failures[FAILURES_KEPT];
  int failure_count;
};

/* Sends what is queued, as far as the kernel takes it. */
void udp_flush(struct udp_socket *socket);
/* Tells JavaScript of packets that could not be sent. */
void udp_report_failures(struct udp_socket *socket, bool from_javascript);
void udp_watch(struct udp_socket *socket, int events);
void udp_add_send_methods(struct udp_socket *socket, napi_value object);

#endif
