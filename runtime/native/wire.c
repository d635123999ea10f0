#include "wire.h"

#include <stdlib.h>
#include <string.h>

/* Out of memory in a process of 100 kB: the machine is lost, and the agent finds the sandbox dead. */
void *must_allocate(size_t size) {
  void *memory = calloc(1, size);
  if (memory == NULL) abort();
  return memory;
}

size_t buffer_size(const struct buffer *buffer) { return buffer->length - buffer->start; }

void buffer_free(struct buffer *buffer) {
  free(buffer->data);
  memset(buffer, 0, sizeof *buffer);
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t length) {
  if (length == 0) return;
  if (buffer->start > 0 && buffer->length + length > buffer->capacity) {
    memmove(buffer->data, buffer->data + buffer->start, buffer_size(buffer));
    buffer->length -= buffer->start;
    buffer->start = 0;
  }
  if (buffer->length + length > buffer->capacity) {
    size_t capacity = buffer->capacity == 0 ? 512 : buffer->capacity * 2;
    while (capacity < buffer->length + length) capacity *= 2;
    uint8_t *data = realloc(buffer->data, capacity);
    if (data == NULL) abort();
    buffer->data = data;
    buffer->capacity = capacity;
  }
  memcpy(buffer->data + buffer->length, bytes, length);
  buffer->length += length;
}

/* An empty buffer gives its memory back: an idle supervisor holds none. */
void buffer_consume(struct buffer *buffer, size_t length) {
  buffer->start += length;
  if (buffer->start >= buffer->length) buffer_free(buffer);
}

bool take_u16(struct cursor *cursor, uint16_t *value) {
  if (cursor->end - cursor->at < (ptrdiff_t)sizeof *value) return false;
  memcpy(value, cursor->at, sizeof *value);
  cursor->at += sizeof *value;
  return true;
}

bool take_u32(struct cursor *cursor, uint32_t *value) {
  if (cursor->end - cursor->at < (ptrdiff_t)sizeof *value) return false;
  memcpy(value, cursor->at, sizeof *value);
  cursor->at += sizeof *value;
  return true;
}

bool take_field(struct cursor *cursor, struct field *field) {
  if (!take_u32(cursor, &field->length)) return false;
  if (field->length >= FRAME_LIMIT) return false;
  if (cursor->end - cursor->at < (ptrdiff_t)field->length + 1) return false;
  field->data = (const char *)cursor->at;
  if (field->data[field->length] != '\0') return false;
  cursor->at += field->length + 1;
  return true;
}

int frame_parse(const uint8_t *data, size_t length, struct frame *frame, size_t *used) {
  struct cursor cursor = {data, data + length};
  uint32_t size;
  if (!take_u32(&cursor, &size)) return 0;
  if (size > FRAME_LIMIT || size < FRAME_HEADER - 4) return -1;
  if (length - 4 < size) return 0;
  cursor.end = data + 4 + size;
  memset(frame, 0, sizeof *frame);
  if (!take_u32(&cursor, &frame->id) || !take_u16(&cursor, &frame->type)) return -1;
  if (!take_u16(&cursor, &frame->count) || frame->count > FIELDS_LIMIT) return -1;
  for (uint16_t i = 0; i < frame->count; i++)
    if (!take_field(&cursor, &frame->fields[i])) return -1;
  if (cursor.at != cursor.end) return -1;
  *used = 4 + (size_t)size;
  return 1;
}

void frame_append(struct buffer *out, uint32_t id, enum frame_type type, const struct field *fields,
                  uint16_t count) {
  uint32_t size = FRAME_HEADER - 4;
  for (uint16_t i = 0; i < count; i++) size += 4 + fields[i].length + 1;
  uint16_t wire_type = (uint16_t)type;
  buffer_append(out, &size, sizeof size);
  buffer_append(out, &id, sizeof id);
  buffer_append(out, &wire_type, sizeof wire_type);
  buffer_append(out, &count, sizeof count);
  for (uint16_t i = 0; i < count; i++) {
    buffer_append(out, &fields[i].length, sizeof fields[i].length);
    buffer_append(out, fields[i].data, fields[i].length);
    buffer_append(out, "", 1);
  }
}

struct field text_field(const char *text) {
  return (struct field){text, (uint32_t)strlen(text)};
}

uint64_t field_number(const struct field *field) {
  return field->length == 0 ? 0 : strtoull(field->data, NULL, 10);
}

const char *frame_text(const struct frame *frame, uint16_t index) {
  return index < frame->count ? frame->fields[index].data : "";
}

uint64_t frame_number(const struct frame *frame, uint16_t index) {
  return index < frame->count ? field_number(&frame->fields[index]) : 0;
}
