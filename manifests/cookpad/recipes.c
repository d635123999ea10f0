/*
 * A small web app with the connections of a real one: pages, uploads, long downloads and WebSockets.
 *   recipes PORT       with VERSION and MODE in its environment
 *   GET /              the version; how depends on MODE
 *   GET /ready         200 when it may get requests
 *   POST /upload       reads the body to its end, answers the version and the bytes
 *   GET /download      256 KiB over a second
 *   GET /socket        WebSocket: says the version, then echoes
 * MODE: good, never-ready (/ready is 503), crashing (ends at its 40th page), slow (a page takes 300 ms) or
 * failing (a page is a 500).
 * SIGTERM: WebSockets are closed with 1001, requests in hand are answered, then it ends. One thread per connection.
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER_BYTES 16384
#define DOWNLOAD_PARTS 16
#define DOWNLOAD_PART_BYTES 16384
#define DOWNLOAD_PART_US 62500
#define SLOW_US 300000
#define CRASH_AT_PAGE 40
#define GOING_AWAY 1001
#define GOODBYE_MS 1000

static const char *version = "v1";
static const char *mode = "good";
static atomic_bool is_stopping;
static atomic_int busy;
static atomic_int pages;

struct connection {
  int fd;
  size_t have;
  char buffer[BUFFER_BYTES + 1];
};

static int is_mode(const char *name) { return strcmp(mode, name) == 0; }

static int send_all(int fd, const void *data, size_t length) {
  const char *at = data;
  while (length > 0) {
    ssize_t sent = send(fd, at, length, MSG_NOSIGNAL);
    if (sent <= 0) return -1;
    at += sent;
    length -= (size_t)sent;
  }
  return 0;
}

static int answer(int fd, const char *status, const char *body) {
  char text[512];
  int length = snprintf(text, sizeof text,
                        "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n%s",
                        status, strlen(body), body);
  return send_all(fd, text, (size_t)length);
}

/* FIPS 180-4; the message is a WebSocket key with its suffix, so two blocks are enough. */
static uint32_t rotate(uint32_t word, int bits) { return word << bits | word >> (32 - bits); }

static void sha1_block(uint32_t state[5], const unsigned char *block) {
  uint32_t w[80];
  for (int i = 0; i < 16; i++)
    w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
           (uint32_t)block[4 * i + 2] << 8 | (uint32_t)block[4 * i + 3];
  for (int i = 16; i < 80; i++) w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
  for (int i = 0; i < 80; i++) {
    uint32_t f = i < 20   ? ((b & c) | (~b & d)) + 0x5a827999
                 : i < 40 ? (b ^ c ^ d) + 0x6ed9eba1
                 : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
                          : (b ^ c ^ d) + 0xca62c1d6;
    uint32_t next = rotate(a, 5) + f + e + w[i];
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = next;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
}

static void sha1(const char *text, unsigned char digest[20]) {
  unsigned char message[128] = {0};
  size_t length = strlen(text);
  size_t total = length < 56 ? 64 : 128;
  memcpy(message, text, length);
  message[length] = 0x80;
  for (size_t i = 0; i < 8; i++) message[total - 1 - i] = (unsigned char)(length * 8 >> (8 * i));
  uint32_t state[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  for (size_t at = 0; at < total; at += 64) sha1_block(state, message + at);
  for (int i = 0; i < 20; i++) digest[i] = (unsigned char)(state[i / 4] >> (24 - 8 * (i % 4)));
}

static void base64(const unsigned char digest[20], char text[29]) {
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  unsigned char padded[21] = {0};
  memcpy(padded, digest, 20);
  for (int i = 0; i < 7; i++) {
    uint32_t three = (uint32_t)padded[3 * i] << 16 | (uint32_t)padded[3 * i + 1] << 8 |
                     (uint32_t)padded[3 * i + 2];
    for (int j = 0; j < 4; j++) text[4 * i + j] = letters[three >> (18 - 6 * j) & 63];
  }
  text[27] = '=';
  text[28] = '\0';
}

static int send_frame(int fd, unsigned char kind, const void *data, unsigned char length) {
  unsigned char frame[127] = {(unsigned char)(0x80 | kind), length};
  memcpy(frame + 2, data, length);
  return send_all(fd, frame, 2 + (size_t)length);
}

static int say_goodbye(int fd) {
  const unsigned char code[2] = {GOING_AWAY >> 8, GOING_AWAY & 255};
  return send_frame(fd, 8, code, sizeof code);
}

/* One frame of the client (masked, under 126 bytes), when all of it is there: its bytes, else 0; -1 ends. */
static int take_frame(struct connection *self) {
  unsigned char *frame = (unsigned char *)self->buffer;
  if (self->have < 6) return 0;
  size_t length = frame[1] & 127, whole = 6 + length;
  if (length > 125) return -1;
  if (self->have < whole) return 0;
  for (size_t i = 0; i < length; i++) frame[6 + i] ^= frame[2 + i % 4];
  unsigned char kind = frame[0] & 15;
  int result = kind == 8 ? -1 : (int)whole;
  if (send_frame(self->fd, kind == 9 ? 10 : kind, frame + 6, (unsigned char)length) < 0) return -1;
  self->have -= whole;
  memmove(self->buffer, self->buffer + whole, self->have);
  return result;
}

static void serve_socket(struct connection *self, const char *key) {
  char text[160];
  unsigned char digest[20];
  char accept[29];
  snprintf(text, sizeof text, "%.40s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
  sha1(text, digest);
  base64(digest, accept);
  int length = snprintf(text, sizeof text,
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                        "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                        accept);
  if (send_all(self->fd, text, (size_t)length) < 0) return;
  if (send_frame(self->fd, 1, version, (unsigned char)strlen(version)) < 0) return;
  int left_ms = -1;
  for (;;) {
    if (is_stopping && left_ms < 0) {
      if (say_goodbye(self->fd) < 0) return;
      left_ms = GOODBYE_MS;
    }
    struct pollfd wait = {.fd = self->fd, .events = POLLIN};
    if (poll(&wait, 1, 20) == 0) {
      if (left_ms >= 0 && (left_ms -= 20) < 0) return;
      continue;
    }
    ssize_t got = read(self->fd, self->buffer + self->have, BUFFER_BYTES - self->have);
    if (got <= 0) return;
    self->have += (size_t)got;
    int taken;
    while ((taken = take_frame(self)) > 0) continue;
    if (taken < 0) return;
  }
}

static int serve_page(int fd) {
  if (is_mode("crashing") && atomic_fetch_add(&pages, 1) + 1 >= CRASH_AT_PAGE) _exit(3);
  if (is_mode("slow")) usleep(SLOW_US);
  return answer(fd, is_mode("failing") ? "500 Internal Server Error" : "200 OK", version);
}

static int serve_download(int fd) {
  static char part[DOWNLOAD_PART_BYTES];
  char head[128];
  int length = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n",
                        DOWNLOAD_PARTS * DOWNLOAD_PART_BYTES);
  if (send_all(fd, head, (size_t)length) < 0) return -1;
  for (int i = 0; i < DOWNLOAD_PARTS; i++) {
    usleep(DOWNLOAD_PART_US);
    if (send_all(fd, part, sizeof part) < 0) return -1;
  }
  return 0;
}

/* The value of a header in the head that ends at `end`; empty when there is none. */
static void header(const char *head, const char *end, const char *name, char *value, size_t room) {
  value[0] = '\0';
  size_t length = strlen(name);
  for (const char *line = strstr(head, "\r\n"); line && line < end; line = strstr(line + 2, "\r\n")) {
    if (strncasecmp(line + 2, name, length) != 0 || line[2 + length] != ':') continue;
    const char *from = line + 3 + length;
    while (*from == ' ') from++;
    size_t bytes = strcspn(from, "\r");
    snprintf(value, room, "%.*s", (int)bytes, from);
    return;
  }
}

static int serve_upload(struct connection *self, size_t body_bytes) {
  size_t left = body_bytes;
  size_t here = self->have < left ? self->have : left;
  self->have -= here;
  memmove(self->buffer, self->buffer + here, self->have);
  for (left -= here; left > 0;) {
    char part[4096];
    ssize_t got = read(self->fd, part, left < sizeof part ? left : sizeof part);
    if (got <= 0) return -1;
    left -= (size_t)got;
  }
  char text[96];
  snprintf(text, sizeof text, "%s %zu", version, body_bytes);
  return answer(self->fd, "200 OK", text);
}

static int route(struct connection *self, const char *path, size_t body_bytes) {
  if (strcmp(path, "/upload") == 0) return serve_upload(self, body_bytes);
  if (strcmp(path, "/download") == 0) return serve_download(self->fd);
  if (strcmp(path, "/ready") == 0)
    return answer(self->fd, is_mode("never-ready") ? "503 Service Unavailable" : "200 OK", version);
  return serve_page(self->fd);
}

/* One request whose head is complete; -1: the connection ends. */
static int serve_request(struct connection *self, const char *end) {
  char path[64] = "", length[24], key[64], wish[24];
  sscanf(self->buffer, "%*s %63[^ ?]", path);
  header(self->buffer, end, "content-length", length, sizeof length);
  header(self->buffer, end, "sec-websocket-key", key, sizeof key);
  header(self->buffer, end, "connection", wish, sizeof wish);
  size_t head_bytes = (size_t)(end + 4 - self->buffer);
  self->have -= head_bytes;
  memmove(self->buffer, end + 4, self->have);
  if (strcmp(path, "/socket") == 0) return serve_socket(self, key), -1;
  int result = route(self, path, strtoul(length, NULL, 10));
  return strcasecmp(wish, "close") == 0 ? -1 : result;
}

static void *serve(void *given) {
  struct connection *self = given;
  for (;;) {
    self->buffer[self->have] = '\0';
    char *end = strstr(self->buffer, "\r\n\r\n");
    if (end == NULL) {
      if (self->have == BUFFER_BYTES) break;
      ssize_t got = read(self->fd, self->buffer + self->have, BUFFER_BYTES - self->have);
      if (got <= 0) break;
      self->have += (size_t)got;
      continue;
    }
    busy++;
    int result = serve_request(self, end);
    busy--;
    if (result < 0) break;
  }
  close(self->fd);
  free(self);
  return NULL;
}

static void *accept_all(void *given) {
  int door = *(int *)given, yes = 1;
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&small, 65536);
  for (;;) {
    struct connection *one = malloc(sizeof *one);
    if (one == NULL) abort();
    one->have = 0;
    one->fd = accept(door, NULL, NULL);
    pthread_t thread;
    if (one->fd < 0 || setsockopt(one->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) != 0 ||
        pthread_create(&thread, &small, serve, one) != 0) {
      if (one->fd >= 0) close(one->fd);
      free(one);
    }
  }
  return NULL;
}

int main(int argc, char **argv) {
  if (argc != 2) return fprintf(stderr, "usage: [VERSION=v1] [MODE=good] recipes PORT\n"), 2;
  if (getenv("VERSION")) version = getenv("VERSION");
  if (getenv("MODE")) mode = getenv("MODE");
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigaddset(&ends, SIGINT);
  /* Before any thread is there, so that all of them leave it to this one. */
  sigprocmask(SIG_BLOCK, &ends, NULL);
  int yes = 1, door = socket(AF_INET, SOCK_STREAM, 0), number;
  setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
  if (bind(door, (struct sockaddr *)&here, sizeof here) != 0 || listen(door, 512) != 0)
    return perror("recipes: cannot listen"), 1;
  pthread_t thread;
  if (pthread_create(&thread, NULL, accept_all, &door) != 0) return 1;
  sigwait(&ends, &number);
  is_stopping = 1;
  while (busy > 0) usleep(5000);
  return 0;
}
