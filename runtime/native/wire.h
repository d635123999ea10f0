#ifndef KAJI_WIRE_H
#define KAJI_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The protocol between the TypeScript side and the native side, the same on every socket.
 *
 *   frame: u32 length of what follows | u32 request id | u16 type | u16 field count | fields
 *   field: u32 length | bytes | a NUL that the length does not count, so that C can use it in place
 *
 * Little-endian. Numbers travel as decimal text. runtime/wire.ts is the other end.
 */
enum {
  FRAME_LIMIT = 4 << 20,
  FRAME_HEADER = 12,
  FIELDS_LIMIT = 16,
};

enum frame_type {
  /* Requests. */
  REQUEST_START = 1,
  REQUEST_KILL = 2,
  REQUEST_LIST = 3,
  REQUEST_APPLY = 4,
  REQUEST_SHUTDOWN = 5,
  REQUEST_REOPEN_LOG = 6,
  REQUEST_EXEC = 7,
  REQUEST_ATTACH = 8,
  REQUEST_FORWARD = 9,
  REQUEST_SPAWN = 10,
  REQUEST_WATCH = 11,
  REQUEST_FORGET = 12,
  /* Answers and events. */
  REPLY_OK = 32,
  REPLY_FAILURE = 33,
  EVENT_WARNING = 34,
  EVENT_EXIT = 35,
  /* Frames of an exec or attach connection. */
  STREAM_STDIN = 48,
  STREAM_STDOUT = 49,
  STREAM_STDERR = 50,
  STREAM_RESIZE = 51,
  STREAM_EXIT = 52,
  STREAM_STDIN_END = 53,
};

struct field {
  const char *data;
  uint32_t length;
};

struct frame {
  uint32_t id;
  uint16_t type;
  uint16_t count;
  struct field fields[FIELDS_LIMIT];
};

/* Bytes with a head that moves: [start, length) is what is left. */
struct buffer {
  uint8_t *data;
  size_t start;
  size_t length;
  size_t capacity;
};

struct cursor {
  const uint8_t *at;
  const uint8_t *end;
};

void *must_allocate(size_t size);
void buffer_append(struct buffer *buffer, const void *bytes, size_t length);
void buffer_consume(struct buffer *buffer, size_t length);
void buffer_free(struct buffer *buffer);
size_t buffer_size(const struct buffer *buffer);

bool take_u16(struct cursor *cursor, uint16_t *value);
bool take_u32(struct cursor *cursor, uint32_t *value);
bool take_field(struct cursor *cursor, struct field *field);

/* 1: a frame, whose fields point into data; 0: more bytes are needed; -1: not our protocol. */
int frame_parse(const uint8_t *data, size_t length, struct frame *frame, size_t *used);
/* Appends one frame; fields are count pairs. */
void frame_append(struct buffer *out, uint32_t id, enum frame_type type, const struct field *fields,
                  uint16_t count);

struct field text_field(const char *text);
uint64_t field_number(const struct field *field);
/* An absent field reads as empty. */
const char *frame_text(const struct frame *frame, uint16_t index);
uint64_t frame_number(const struct frame *frame, uint16_t index);

#endif
