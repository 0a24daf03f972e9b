// Closed-loop SIP load over UDP: a client and a UAS in one process, a window of open exchanges between them.
//
//   sipgen [-m options|call|register] [-t SECONDS] [-w WINDOW] [-r RATE] [-s SERVER:PORT] [-c CLIENT:PORT] [-u UAS:PORT] [-n USERS]
//
// options: OPTIONS and its final reply. call: INVITE, 180, 200, ACK, BYE, 200, following Record-Route. register: phones of -n USERS
// users that register again and again, each with its own Call-ID and rising CSeq.
// An exchange without an answer is sent again after 0.5 s, and lost after the third time. One line of JSON comes out.
// Messages are moved with sendmmsg and recvmmsg, so that the generator costs less than the server it measures.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BATCH 64
#define SIZE 4096
#define SLOTS (1 << 16)
#define LATENCIES (1 << 22)
#define RETRY_SECONDS 0.5
#define TRIES 3

enum phase { FREE, FIRST, BYE_SENT };

struct exchange {
  unsigned long id;
  double started, last;
  enum phase phase;
  int tries;
  char route[512];
};

struct outbox {
  struct mmsghdr headers[BATCH];
  struct iovec vectors[BATCH];
  char texts[BATCH][SIZE];
  struct sockaddr_in to[BATCH];
  int count, socket;
};

static struct outbox client_out, uas_out;
static struct exchange exchanges[SLOTS];
static float latencies[LATENCIES];
static long latency_count, done_count, sent_count, lost_count, retransmitted, refused, open_count;
static struct sockaddr_in server, client, uas;
static char client_text[64], uas_text[64];
static int is_call, is_register, users = 10000;

static const char *SDP =
  "v=0\r\no=user1 53655765 2353687637 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
  "m=audio 6000 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"
  "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\n";

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static struct sockaddr_in address(const char *text) {
  char host[64];
  int port = 5060;
  struct sockaddr_in a = {.sin_family = AF_INET};
  if (sscanf(text, "%63[^:]:%d", host, &port) < 1 || inet_pton(AF_INET, host, &a.sin_addr) != 1) {
    fprintf(stderr, "not an address: %s\n", text);
    exit(2);
  }
  a.sin_port = htons(port);
  return a;
}

static void spell(struct sockaddr_in *a, char *text) {
  sprintf(text, "%s:%d", inet_ntoa(a->sin_addr), ntohs(a->sin_port));
}

static int bound(struct sockaddr_in *a) {
  int s = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0), size = 8 << 20;
  setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  setsockopt(s, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size);
  if (bind(s, (struct sockaddr *)a, sizeof *a)) {
    perror("bind");
    exit(1);
  }
  return s;
}

static void flush(struct outbox *box) {
  int sent = 0;
  while (sent < box->count) {
    int n = sendmmsg(box->socket, box->headers + sent, box->count - sent, 0);
    if (n >= 0) sent += n;
    else if (errno != EAGAIN && errno != ENOBUFS && errno != ECONNREFUSED && errno != EINTR) {
      perror("sendmmsg");
      exit(1);
    }
  }
  box->count = 0;
}

static char *next_text(struct outbox *box, struct sockaddr_in *to) {
  if (box->count == BATCH) flush(box);
  int i = box->count;
  box->to[i] = *to;
  box->vectors[i].iov_base = box->texts[i];
  memset(&box->headers[i], 0, sizeof box->headers[i]);
  box->headers[i].msg_hdr = (struct msghdr){
    .msg_name = &box->to[i], .msg_namelen = sizeof box->to[i], .msg_iov = &box->vectors[i], .msg_iovlen = 1};
  return box->texts[i];
}

static void commit(struct outbox *box, int length) { box->vectors[box->count++].iov_len = length; }

static void send_request(const char *method, struct exchange *x, int cseq, int in_dialog) {
  const char *body = method[0] == 'I' ? SDP : "";
  char *text = next_text(&client_out, &server);
  int n = snprintf(text, SIZE,
    "%s sip:service@%s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK-%lx-%d%s;rport\r\n"
    "From: \"Alice\" <sip:alice@%s>;tag=f%lx\r\nTo: <sip:service@%s>%s\r\nCall-ID: %lx-gen@%s\r\nCSeq: %d %s\r\n"
    "Contact: <sip:alice@%s>\r\nMax-Forwards: 70\r\n%sUser-Agent: sipgen\r\nSubject: Performance Test\r\n"
    "%sContent-Length: %d\r\n\r\n%s",
    method, uas_text, client_text, x->id, cseq, method[0] == 'A' ? "a" : "", client_text, x->id, uas_text,
    in_dialog ? ";tag=uas1" : "", x->id, client_text, cseq, method, client_text, in_dialog ? x->route : "",
    *body ? "Content-Type: application/sdp\r\n" : "", (int)strlen(body), body);
  commit(&client_out, n);
}

static void send_register(struct exchange *x) {
  unsigned long count = x->id & 0xfffffff, user = count % users;
  char *text = next_text(&client_out, &server);
  int n = snprintf(text, SIZE,
    "REGISTER sip:%s SIP/2.0\r\nVia: SIP/2.0/UDP %s;branch=z9hG4bK-%lx;rport\r\n"
    "From: <sip:user%lu@%s>;tag=f%lx\r\nTo: <sip:user%lu@%s>\r\nCall-ID: 5f2c9e41%lu-%d@%s\r\nCSeq: %lu REGISTER\r\n"
    "Contact: <sip:user%lu@%s;transport=udp>\r\nMax-Forwards: 70\r\nExpires: 3600\r\nUser-Agent: sipgen\r\n"
    "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, MESSAGE, INFO, UPDATE, REFER, NOTIFY\r\nContent-Length: 0\r\n\r\n",
    uas_text, client_text, x->id, user, uas_text, x->id, user, uas_text, user, (int)getpid(), client_text, count, user, client_text);
  commit(&client_out, n);
}

static int starts(const char *line, const char *name) { return strncasecmp(line, name, strlen(name)) == 0; }

static void uas_reply(char *request, struct sockaddr_in *from, const char *status, const char *body) {
  char *text = next_text(&uas_out, from);
  int n = sprintf(text, "SIP/2.0 %s\r\n", status);
  for (char *p = strstr(request, "\r\n") + 2; *p && *p != '\r';) {
    char *end = strstr(p, "\r\n");
    if (!end) break;
    int length = end - p + 2;
    if (starts(p, "Via:") || starts(p, "From:") || starts(p, "Call-ID:") || starts(p, "CSeq:") || starts(p, "Record-Route:")) {
      memcpy(text + n, p, length);
      n += length;
    } else if (starts(p, "To:")) {
      memcpy(text + n, p, length - 2);
      n += length - 2;
      if (!memmem(p, length, ";tag=", 5)) n += sprintf(text + n, ";tag=uas1");
      n += sprintf(text + n, "\r\n");
    }
    p = end + 2;
  }
  n += sprintf(text + n, "Contact: <sip:service@%s>\r\n%sContent-Length: %d\r\n\r\n%s", uas_text,
    *body ? "Content-Type: application/sdp\r\n" : "", (int)strlen(body), body);
  commit(&uas_out, n);
}

static void at_uas(char *text, struct sockaddr_in *from) {
  if (starts(text, "ACK")) return;
  if (starts(text, "INVITE")) {
    uas_reply(text, from, "180 Ringing", "");
    uas_reply(text, from, "200 OK", SDP);
  } else {
    uas_reply(text, from, "200 OK", "");
  }
}

static void finish(struct exchange *x) {
  x->phase = FREE;
  open_count--;
}

static void at_client(char *text, double t) {
  int code = atoi(text + 8), cseq = 0;
  char method[16] = "", *line = strstr(text, "\r\nCSeq:"), *call = strstr(text, "\r\nCall-ID:");
  if (!line || !call || code < 200) return;
  sscanf(line + 7, "%d %15s", &cseq, method);
  unsigned long id = strtoul(call + 10, 0, 16);
  if (is_register) id = (unsigned long)getpid() << 28 | (unsigned)cseq;
  struct exchange *x = &exchanges[id % SLOTS];
  if (x->id != id || x->phase == FREE) return;
  if (is_call && method[0] == 'I') {
    if (x->phase != FIRST) return;
    if (code >= 300) {
      refused++;
      finish(x);
      return;
    }
    char *route = strstr(text, "\r\nRecord-Route:");
    x->route[0] = 0;
    if (route) {
      char *end = strstr(route + 2, "\r\n");
      snprintf(x->route, sizeof x->route, "Route:%.*s\r\n", (int)(end - route - 15), route + 15);
    }
    x->phase = BYE_SENT;
    x->last = t;
    send_request("ACK", x, 1, 1);
    send_request("BYE", x, 2, 1);
    return;
  }
  if (code >= 300) refused++;
  done_count++;
  if (latency_count < LATENCIES) latencies[latency_count++] = t - x->started;
  finish(x);
}

static void start_exchange(unsigned long id, double t) {
  struct exchange *x = &exchanges[id % SLOTS];
  x->id = id;
  x->started = x->last = t;
  x->phase = FIRST;
  x->tries = 1;
  x->route[0] = 0;
  if (is_register) send_register(x);
  else send_request(is_call ? "INVITE" : "OPTIONS", x, 1, 0);
  open_count++;
  sent_count++;
}

static void retry(double t) {
  for (int i = 0; i < SLOTS; i++) {
    struct exchange *x = &exchanges[i];
    if (x->phase == FREE || t - x->last < RETRY_SECONDS) continue;
    if (x->tries++ == TRIES) {
      lost_count++;
      finish(x);
      continue;
    }
    x->last = t;
    retransmitted++;
    if (x->phase == BYE_SENT) send_request("BYE", x, 2, 1);
    else if (is_register) send_register(x);
    else send_request(is_call ? "INVITE" : "OPTIONS", x, 1, 0);
  }
}

static void receive(int socket, int to_uas) {
  static struct mmsghdr headers[BATCH];
  static struct iovec vectors[BATCH];
  static char texts[BATCH][SIZE];
  static struct sockaddr_in from[BATCH];
  for (int i = 0; i < BATCH; i++) {
    vectors[i] = (struct iovec){texts[i], SIZE - 1};
    headers[i].msg_hdr = (struct msghdr){
      .msg_name = &from[i], .msg_namelen = sizeof from[i], .msg_iov = &vectors[i], .msg_iovlen = 1};
  }
  int n = recvmmsg(socket, headers, BATCH, MSG_DONTWAIT, 0);
  double t = now();
  for (int i = 0; i < n; i++) {
    texts[i][headers[i].msg_len] = 0;
    if (to_uas) at_uas(texts[i], &from[i]);
    else at_client(texts[i], t);
  }
}

static int by_value(const void *a, const void *b) {
  float x = *(const float *)a, y = *(const float *)b;
  return x < y ? -1 : x > y;
}

int main(int argc, char **argv) {
  double seconds = 5, rate = 0;
  int window = 200, option;
  server = address("127.0.30.241:5060");
  client = address("127.0.30.249:5080");
  uas = address("127.0.30.248:5070");
  while ((option = getopt(argc, argv, "m:t:w:r:s:c:u:n:")) != -1) {
    switch (option) {
      case 'm': is_call = optarg[0] == 'c'; is_register = optarg[0] == 'r'; break;
      case 'n': users = atoi(optarg); break;
      case 't': seconds = atof(optarg); break;
      case 'w': window = atoi(optarg); break;
      case 'r': rate = atof(optarg); break;
      case 's': server = address(optarg); break;
      case 'c': client = address(optarg); break;
      case 'u': uas = address(optarg); break;
      default: fprintf(stderr, "usage: see the head of sipgen.c\n"); return 2;
    }
  }
  if (window > SLOTS / 2) window = SLOTS / 2;
  spell(&client, client_text);
  spell(&uas, uas_text);
  client_out.socket = bound(&client);
  uas_out.socket = bound(&uas);
  unsigned long id = (unsigned long)getpid() << 28;
  double start = now(), t, checked = start, end = start + seconds;
  // After the time is over open exchanges may still end: nothing is lost only because the clock ran out.
  while ((t = now()) < end || (open_count > 0 && t < end + RETRY_SECONDS * TRIES + 0.5)) {
    if (t - checked > 0.1) {
      retry(t);
      checked = t;
    }
    for (int burst = 0; t < end && burst < BATCH && open_count < window && (rate <= 0 || sent_count < (t - start) * rate); burst++) {
      start_exchange(++id, t);
    }
    flush(&client_out);
    struct pollfd sockets[2] = {{client_out.socket, POLLIN, 0}, {uas_out.socket, POLLIN, 0}};
    poll(sockets, 2, 1);
    if (sockets[0].revents) receive(client_out.socket, 0);
    if (sockets[1].revents) receive(uas_out.socket, 1);
    flush(&uas_out);
    flush(&client_out);
  }
  double elapsed = (t < end ? t : end) - start;
  qsort(latencies, latency_count, sizeof latencies[0], by_value);
  printf("{\"done\":%ld,\"sent\":%ld,\"lost\":%ld,\"retransmitted\":%ld,\"refused\":%ld,\"seconds\":%.3f,\"perSecond\":%.0f,"
    "\"p50Ms\":%.3f,\"p99Ms\":%.3f}\n",
    done_count, sent_count, lost_count, retransmitted, refused, elapsed, done_count / elapsed,
    latency_count ? latencies[latency_count / 2] * 1e3 : 0, latency_count ? latencies[latency_count * 99 / 100] * 1e3 : 0);
  return 0;
}
