#define _GNU_SOURCE
#include "relay.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "answer.h"

enum { RELAY_BUFFER = 65536 };

/* One direction: bytes read from one side that the other has not taken yet. */
struct direction {
  int from;
  int to;
  size_t start;
  size_t length;
  bool is_ended;
  bool is_shut;
  uint8_t data[RELAY_BUFFER];
};

static struct direction directions[2];

static int connect_to(uint16_t port) {
  struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons(port)};
  four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect(fd, (struct sockaddr *)&four, sizeof four) == 0) return fd;
  int error = errno;
  if (fd >= 0) close(fd);
  struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
  fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect(fd, (struct sockaddr *)&six, sizeof six) == 0) return fd;
  if (fd >= 0) close(fd);
  errno = error;
  return -1;
}

static void answer(int client, uint32_t request_id, int error, uint16_t port) {
  struct failure failure = {"connect", 0, error, {0}};
  snprintf(failure.detail, sizeof failure.detail, "127.0.0.1:%u", port);
  if (error == 0) answer_ok(client, request_id, "");
  else answer_failure(client, request_id, &failure);
}

/* False when the direction broke. */
static bool move(struct direction *direction) {
  if (direction->length == 0 && !direction->is_ended) {
    ssize_t length = recv(direction->from, direction->data, RELAY_BUFFER, MSG_DONTWAIT);
    if (length < 0 && errno != EAGAIN && errno != EINTR) return false;
    if (length == 0) direction->is_ended = true;
    direction->start = 0;
    direction->length = length > 0 ? (size_t)length : 0;
  }
  if (direction->length > 0) {
    ssize_t length = send(direction->to, direction->data + direction->start, direction->length,
                          MSG_DONTWAIT | MSG_NOSIGNAL);
    if (length < 0 && errno != EAGAIN && errno != EINTR) return false;
    if (length > 0) {
      direction->start += (size_t)length;
      direction->length -= (size_t)length;
    }
  }
  if (direction->is_ended && direction->length == 0 && !direction->is_shut) {
    shutdown(direction->to, SHUT_WR);
    direction->is_shut = true;
  }
  return true;
}

static void carry(int client, int server) {
  directions[0].from = directions[1].to = client;
  directions[0].to = directions[1].from = server;
  while (!directions[0].is_shut || !directions[1].is_shut) {
    struct pollfd waits[2] = {{client, 0, 0}, {server, 0, 0}};
    for (int i = 0; i < 2; i++) {
      const struct direction *direction = &directions[i];
      if (direction->length > 0) waits[1 - i].events |= POLLOUT;
      else if (!direction->is_ended) waits[i].events |= POLLIN;
    }
    for (int i = 0; i < 2; i++)
      if (waits[i].events == 0) waits[i].fd = -1; /* A hang-up alone must not spin. */
    if (poll(waits, 2, -1) < 0 && errno != EINTR) return;
    if (!move(&directions[0]) || !move(&directions[1])) return;
  }
}

_Noreturn void relay_run(int client, uint32_t request_id, uint16_t port) {
  prctl(PR_SET_NAME, "kaji-relay", 0, 0, 0);
  if (dup2(client, 0) < 0) _exit(1);
  syscall(SYS_close_range, 1u, ~0u, 0u);
  fcntl(0, F_SETFL, 0);
  int server = connect_to(port);
  answer(0, request_id, server < 0 ? errno : 0, port);
  if (server >= 0) carry(0, server);
  _exit(0);
}
