#include "operations.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct operation {
  const char *name;
  uint16_t least;
  uint16_t most;
  int (*apply)(struct context *context, struct arguments *arguments);
};

static const struct operation table[] = {
#define ROW(name, least, most) {#name, least, most, op_##name},
    OPERATIONS(ROW)
#undef ROW
};

enum { TABLE_SIZE = sizeof table / sizeof table[0] };

void operations_print(void) {
  for (size_t i = 0; i < TABLE_SIZE; i++)
    printf("%zu %s %u %u\n", i, table[i].name, table[i].least, table[i].most);
}

void context_init(struct context *context) {
  memset(context, 0, sizeof *context);
  for (size_t i = 0; i < TREES_LIMIT; i++) context->trees[i] = -1;
  context->host_netlink = context->target_pidfd = context->report = context->turn = -1;
}

void context_free(struct context *context) {
  for (size_t i = 0; i < TREES_LIMIT; i++)
    if (context->trees[i] >= 0) close(context->trees[i]);
  if (context->host_netlink >= 0) close(context->host_netlink);
  if (context->turn >= 0) close(context->turn);
}

struct field next_field(struct arguments *arguments) {
  struct field field = {"", 0};
  if (arguments->count > 0 && take_field(&arguments->cursor, &field)) arguments->count--;
  return field;
}

const char *next_text(struct arguments *arguments) { return next_field(arguments).data; }

uint64_t next_number(struct arguments *arguments) {
  struct field field = next_field(arguments);
  return field_number(&field);
}

static void describe(struct failure *failure, const struct context *context, const char *operation,
                     int index) {
  failure->operation = operation;
  failure->index = index;
  failure->error = errno;
  memcpy(failure->detail, context->detail, sizeof failure->detail);
}

/* Reads one record's header and skips to the next one; false on a list that is not ours. */
static bool next_record(struct cursor *list, uint8_t *code, bool *is_optional,
                        struct arguments *arguments) {
  if (list->end - list->at < 4) return false;
  *code = list->at[0];
  *is_optional = list->at[1] != 0;
  list->at += 2;
  if (!take_u16(list, &arguments->count)) return false;
  arguments->cursor = *list;
  struct field skipped;
  for (uint16_t i = 0; i < arguments->count; i++)
    if (!take_field(list, &skipped)) return false;
  return *code < TABLE_SIZE && arguments->count >= table[*code].least &&
         arguments->count <= table[*code].most;
}

bool operations_apply(struct context *context, const char *list, size_t length, warn_function warn,
                      void *owner, struct failure *failure) {
  struct cursor cursor = {(const uint8_t *)list, (const uint8_t *)list + length};
  for (int index = 0; cursor.at < cursor.end; index++) {
    uint8_t code = 0;
    bool is_optional = false;
    struct arguments arguments;
    context->detail[0] = '\0';
    if (!next_record(&cursor, &code, &is_optional, &arguments)) {
      errno = EBADMSG;
      describe(failure, context, "list", index);
      return false;
    }
    struct field first = {"", 0};
    struct cursor peek = arguments.cursor;
    if (arguments.count > 0) take_field(&peek, &first);
    if (table[code].apply(context, &arguments) == 0) continue;
    int error = errno;
    if (context->detail[0] == '\0')
      snprintf(context->detail, sizeof context->detail, "%.*s", DETAIL_LIMIT - 1, first.data);
    errno = error;
    describe(failure, context, table[code].name, index);
    if (!is_optional) return false;
    warn(owner, failure);
  }
  return true;
}
