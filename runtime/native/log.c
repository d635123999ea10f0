#include "log.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "wire.h"

enum { TAG_LIMIT = 64 };

static int open_file(struct log *log) {
  log->fd = open(log->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640);
  if (log->fd < 0) return -1;
  struct stat found;
  log->size = fstat(log->fd, &found) == 0 ? (uint64_t)found.st_size : 0;
  return 0;
}

int log_open(struct log *log, const char *path, uint64_t max_bytes, unsigned max_files) {
  memset(log, 0, sizeof *log);
  log->path = must_allocate(strlen(path) + 1);
  strcpy(log->path, path);
  log->max_bytes = max_bytes;
  log->max_files = max_files;
  return open_file(log);
}

int log_reopen(struct log *log) {
  if (log->path == NULL) return 0;
  if (log->fd >= 0) close(log->fd);
  return open_file(log);
}

static void rotate(struct log *log) {
  char from[PATH_MAX];
  char to[PATH_MAX];
  for (unsigned number = log->max_files - 1; number >= 1; number--) {
    snprintf(to, sizeof to, "%s.%u", log->path, number);
    if (number > 1) snprintf(from, sizeof from, "%s.%u", log->path, number - 1);
    else snprintf(from, sizeof from, "%s", log->path);
    rename(from, to);
  }
  log_reopen(log);
}

static size_t write_tag(char *tag, int stream, char kind) {
  struct timespec now;
  struct tm parts;
  clock_gettime(CLOCK_REALTIME, &now);
  gmtime_r(&now.tv_sec, &parts);
  size_t length = strftime(tag, TAG_LIMIT, "%Y-%m-%dT%H:%M:%S", &parts);
  int rest = snprintf(tag + length, TAG_LIMIT - length, ".%09ldZ %s %c ", now.tv_nsec,
                      stream == 0 ? "stdout" : "stderr", kind);
  return length + (size_t)rest;
}

/* One entry: what was kept of the line, what came now, and the end of line. */
static void write_entry(struct log *log, int stream, char kind, const char *data, size_t length) {
  char tag[TAG_LIMIT];
  char end[] = "\n";
  struct line *partial = &log->partial[stream];
  struct iovec parts[4] = {
      {tag, write_tag(tag, stream, kind)},
      {partial->data, partial->length},
      {(void *)(uintptr_t)data, length},
      {end, 1},
  };
  uint64_t size = parts[0].iov_len + partial->length + length + 1;
  if (log->max_bytes > 0 && log->size > 0 && log->size + size > log->max_bytes && log->max_files > 1) rotate(log);
  if (log->fd >= 0) {
    ssize_t written = writev(log->fd, parts, 4);
    if (written > 0) log->size += (uint64_t)written;
  }
  free(partial->data);
  *partial = (struct line){NULL, 0};
}

void log_append(struct log *log, int stream, const char *data, size_t length) {
  if (log->path == NULL) return;
  struct line *partial = &log->partial[stream];
  while (length > 0) {
    size_t room = LINE_LIMIT - partial->length;
    size_t reach = length < room ? length : room;
    const char *newline = memchr(data, '\n', reach);
    size_t taken = newline != NULL ? (size_t)(newline - data) : reach;
    if (newline != NULL) {
      write_entry(log, stream, 'F', data, taken);
      taken++;
    } else if (taken == room) {
      write_entry(log, stream, 'P', data, taken);
    } else {
      char *kept = realloc(partial->data, partial->length + taken);
      if (kept == NULL) abort();
      memcpy(kept + partial->length, data, taken);
      *partial = (struct line){kept, partial->length + taken};
    }
    data += taken;
    length -= taken;
  }
}

void log_close(struct log *log) {
  for (int stream = 0; stream < 2; stream++)
    if (log->path != NULL && log->partial[stream].length > 0) write_entry(log, stream, 'F', "", 0);
  if (log->path != NULL && log->fd >= 0) close(log->fd);
  free(log->path);
  memset(log, 0, sizeof *log);
  log->fd = -1;
}
