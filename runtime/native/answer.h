#ifndef KAJI_ANSWER_H
#define KAJI_ANSWER_H

#include "operations.h"

/* A failure as the TypeScript side reads it: operation, index, errno, detail, the errno's text. */
void frame_append_failure(struct buffer *out, uint32_t id, enum frame_type type,
                          const struct failure *failure);
/* For processes without a loop: written at once. A peer that left is noticed elsewhere. */
void answer_ok(int fd, uint32_t id, const char *text);
void answer_failure(int fd, uint32_t id, const struct failure *failure);

#endif
