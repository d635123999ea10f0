/*
 * A web server for tests of the ingress, whose connections stay open as those of real ones do.
 *   three-web PORT NAME JOURNAL MS    answers GET /?NUMBER with NAME after MS milliseconds
 * Before it begins an answer it appends NUMBER to the file JOURNAL: what it had in hand when it was killed can be
 * read there. One process per connection.
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void fail(const char *what) {
  perror(what);
  exit(1);
}

/* Process 1 of a container is ended by no signal that it does not take. */
static void end(int number) {
  (void)number;
  _exit(0);
}

static void note(const char *journal, const char *request) {
  char line[32];
  unsigned long number = 0;
  if (sscanf(request, "GET /?%lu", &number) != 1) return;
  int length = snprintf(line, sizeof line, "%lu\n", number);
  int fd = open(journal, O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (fd < 0 || write(fd, line, (size_t)length) < 0) fail(journal);
  close(fd);
}

static void serve(int fd, const char *name, const char *journal, useconds_t wait_us) {
  char request[8192];
  size_t have = 0;
  for (;;) {
    ssize_t got = read(fd, request + have, sizeof request - 1 - have);
    if (got <= 0) exit(0);
    have += (size_t)got;
    request[have] = '\0';
    if (strstr(request, "\r\n\r\n") == NULL) continue;
    note(journal, request);
    usleep(wait_us);
    char answer[512];
    int length = snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s",
                          strlen(name), name);
    if (write(fd, answer, (size_t)length) != length) exit(0);
    have = 0;
  }
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  int yes = 1;
  int door = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[1]))};
  if (door < 0) fail("socket");
  if (setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) < 0) fail("SO_REUSEADDR");
  if (bind(door, (struct sockaddr *)&at, sizeof at) < 0) fail("bind");
  if (listen(door, 128) < 0) fail("listen");
  signal(SIGTERM, end);
  signal(SIGCHLD, SIG_IGN);
  for (;;) {
    int fd = accept(door, NULL, NULL);
    if (fd < 0) continue;
    if (fork() == 0) {
      close(door);
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
      serve(fd, argv[2], argv[3], (useconds_t)atoi(argv[4]) * 1000);
    }
    close(fd);
  }
}
