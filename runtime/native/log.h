#ifndef KAJI_LOG_H
#define KAJI_LOG_H

#include <stddef.h>
#include <stdint.h>

/*
 * A container's log in CRI format: "2006-01-02T15:04:05.999999999Z stdout F line". A line longer than
 * LINE_LIMIT is cut into parts tagged P. At max_bytes the file becomes <path>.1 (and .1 becomes .2, ...), of which
 * max_files - 1 are kept. What cannot be written (disk full) is dropped: a container never waits for its log.
 */
enum { LINE_LIMIT = 16384 };

struct line {
  char *data;
  size_t length;
};

struct log {
  int fd;
  char *path;
  uint64_t size;
  uint64_t max_bytes;
  unsigned max_files;
  /* What has come of an unfinished line: stdout, stderr. */
  struct line partial[2];
};

int log_open(struct log *log, const char *path, uint64_t max_bytes, unsigned max_files);
int log_reopen(struct log *log);
void log_append(struct log *log, int stream, const char *data, size_t length);
/* Writes unfinished lines and closes. */
void log_close(struct log *log);

#endif
