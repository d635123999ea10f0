#include "answer.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

void frame_append_failure(struct buffer *out, uint32_t id, enum frame_type type,
                          const struct failure *failure) {
  char index[32];
  char error[32];
  snprintf(index, sizeof index, "%d", failure->index);
  snprintf(error, sizeof error, "%d", failure->error);
  struct field fields[] = {text_field(failure->operation), text_field(index), text_field(error),
                           text_field(failure->detail), text_field(strerror(failure->error))};
  frame_append(out, id, type, fields, 5);
}

static void write_out(int fd, struct buffer *out) {
  while (buffer_size(out) > 0) {
    ssize_t length = send(fd, out->data + out->start, buffer_size(out), MSG_NOSIGNAL);
    if (length <= 0) break;
    buffer_consume(out, (size_t)length);
  }
  buffer_free(out);
}

void answer_ok(int fd, uint32_t id, const char *text) {
  struct buffer out = {0};
  struct field field = text_field(text);
  frame_append(&out, id, REPLY_OK, &field, 1);
  write_out(fd, &out);
}

void answer_failure(int fd, uint32_t id, const struct failure *failure) {
  struct buffer out = {0};
  frame_append_failure(&out, id, REPLY_FAILURE, failure);
  write_out(fd, &out);
}
