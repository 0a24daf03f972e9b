/* What the machine itself costs: passes datagrams on from the generator's client to its UAS and back, and reads nothing of them. Takes and
 * ignores a server's options. */
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in place(const char *address, int port) {
  struct sockaddr_in result = {.sin_family = AF_INET, .sin_port = htons(port)};
  inet_pton(AF_INET, address, &result.sin_addr);
  return result;
}

int main(void) {
  static char packet[65536];
  struct sockaddr_in own = place("127.0.30.241", 5060), uas = place("127.0.30.248", 5070), client = {0};
  int udp = socket(AF_INET, SOCK_DGRAM, 0);
  if (udp < 0 || bind(udp, (struct sockaddr *)&own, sizeof own) != 0) {
    perror("127.0.30.241:5060");
    return 1;
  }
  for (;;) {
    struct sockaddr_in source;
    socklen_t length = sizeof source;
    ssize_t size = recvfrom(udp, packet, sizeof packet, 0, (struct sockaddr *)&source, &length);
    if (size < 0) continue;
    int is_reply = source.sin_addr.s_addr == uas.sin_addr.s_addr;
    if (!is_reply) client = source;
    if (sendto(udp, packet, size, 0, (struct sockaddr *)(is_reply ? &client : &uas), sizeof client) < 0) perror("sendto");
  }
}
