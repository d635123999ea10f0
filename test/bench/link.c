/*
 * One end of a TCP connection, for test/bench/hosts.ts.
 *   link serve PORT             sends back what begins with 'p', swallows what begins with 's'
 *   link ping ADDRESS PORT N    N round trips of one byte; prints microseconds per round trip
 *   link send ADDRESS PORT MB   so many megabytes; prints megabytes per second
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char block[1 << 20];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct sockaddr_in address_of(const char *ip, const char *port) {
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(port))};
  if (inet_pton(AF_INET, ip, &at.sin_addr) != 1) fail(ip);
  return at;
}

static void without_delay(int fd) {
  int yes = 1;
  if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) < 0) fail("TCP_NODELAY");
}

static void answer(int fd) {
  ssize_t got;
  while ((got = read(fd, block, sizeof block)) > 0) {
    if (block[0] == 'p' && write(fd, block, (size_t)got) != got) return;
  }
  /* Who has sent much waits until it was read. */
  if (write(fd, "e", 1) != 1) return;
}

static void serve(const char *port) {
  struct sockaddr_in at = address_of("0.0.0.0", port);
  int yes = 1;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind(listener, (struct sockaddr *)&at, sizeof at) < 0) fail("bind");
  if (listen(listener, 8) < 0) fail("listen");
  for (;;) {
    int fd = accept(listener, NULL, NULL);
    if (fd < 0) fail("accept");
    without_delay(fd);
    answer(fd);
    close(fd);
  }
}

static void ping(int fd, int count) {
  char byte = 'p';
  double from = seconds();
  for (int i = 0; i < count; i++) {
    if (write(fd, &byte, 1) != 1 || read(fd, &byte, 1) != 1) fail("ping");
  }
  printf("%.2f\n", (seconds() - from) * 1e6 / count);
}

static void send_much(int fd, int megabytes) {
  memset(block, 's', sizeof block);
  double from = seconds();
  for (int i = 0; i < megabytes; i++) {
    for (size_t at = 0; at < sizeof block;) {
      ssize_t put = write(fd, block + at, sizeof block - at);
      if (put < 0) fail("send");
      at += (size_t)put;
    }
  }
  shutdown(fd, SHUT_WR);
  if (read(fd, block, 1) != 1) fail("send");
  printf("%.1f\n", megabytes / (seconds() - from));
}

int main(int argc, char **argv) {
  if (argc == 3 && strcmp(argv[1], "serve") == 0) serve(argv[2]);
  if (argc != 5) return 2;
  struct sockaddr_in to = address_of(argv[2], argv[3]);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(fd, (struct sockaddr *)&to, sizeof to) < 0) fail("connect");
  without_delay(fd);
  if (strcmp(argv[1], "ping") == 0) ping(fd, atoi(argv[4]));
  else send_much(fd, atoi(argv[4]));
  return 0;
}
