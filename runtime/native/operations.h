#ifndef KAJI_OPERATIONS_H
#define KAJI_OPERATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire.h"

/*
 * The flat operation list: what TypeScript planned, applied in order, without a choice of its own.
 * One row per operation: name, least and most arguments (ANY_COUNT: no limit). The number of an operation is its
 * place in the table. runtime/operations.ts is the same table; a test holds the two equal.
 *
 *   list:   records, one after the other
 *   record: u8 operation | u8 is optional | u16 argument count | arguments (fields as in wire.h)
 *
 * An optional operation that fails becomes a warning; any other ends the list.
 */
enum { ANY_COUNT = 65535 };

#define OPERATIONS(ROW)              \
  ROW(mkdir, 2, 2)                   \
  ROW(mkdirs, 2, 2)                  \
  ROW(rmdir, 1, 1)                   \
  ROW(remove_tree, 1, 1)             \
  ROW(write, 2, 2)                   \
  ROW(mknod, 4, 4)                   \
  ROW(symlink, 2, 2)                 \
  ROW(chdir, 1, 1)                   \
  ROW(mount, 5, 5)                   \
  ROW(unmount, 1, 1)                 \
  ROW(tree_open, 3, 3)               \
  ROW(tree_attach, 4, 4)             \
  ROW(pivot, 1, 1)                   \
  ROW(mask, 1, 1)                    \
  ROW(read_only, 1, 1)               \
  ROW(unshare, 1, 1)                 \
  ROW(enter, 0, 0)                   \
  ROW(hostname, 1, 1)                \
  ROW(pid_namespace, 0, 0)           \
  ROW(network_namespace, 0, 0)       \
  ROW(veth, 5, 5)                    \
  ROW(cgroup_kill, 1, 1)             \
  ROW(rlimit, 3, 3)                  \
  ROW(session, 0, 0)                 \
  ROW(pty, 2, 2)                     \
  ROW(groups, 0, ANY_COUNT)          \
  ROW(user, 2, 2)                    \
  ROW(capabilities, 5, 5)            \
  ROW(no_new_privileges, 0, 0)       \
  ROW(seccomp, 1, 1)                 \
  ROW(die_with_parent, 0, 0)         \
  ROW(exec, 2, ANY_COUNT)            \
  ROW(device_filter, 2, 2)           \
  ROW(user_namespace, 3, 3)          \
  ROW(user_pid_namespace, 0, 0)      \
  ROW(write_as, 3, 3)                \
  ROW(chown, 3, 3)                   \
  ROW(tree_idmap, 2, 2)              \
  ROW(file_owner, 2, 2)              \
  ROW(stream_owner, 2, 2)            \
  ROW(user_enter, 0, 0)              \
  ROW(process_one, 1, 1)             \
  ROW(process_one_proc, 2, 2)        \
  ROW(hand_over, 0, 0)

enum { TREES_LIMIT = 256, DETAIL_LIMIT = 256 };

/* What operations of one list share. Descriptors are -1 when absent. */
struct context {
  int trees[TREES_LIMIT];
  /* rtnetlink in the network namespace we came from, kept by network_namespace for veth. */
  int host_netlink;
  /* The container to enter, and the channel to the supervisor (for a pty's master). */
  int target_pidfd;
  int report;
  /* Between process_one and hand_over: the process that waits for its turn, and how it is told. */
  int process_one;
  int turn;
  /* What an operation wants to add to its errno: the path, the name. */
  char detail[DETAIL_LIMIT];
};

struct failure {
  const char *operation;
  int index;
  int error;
  char detail[DETAIL_LIMIT];
};

struct arguments {
  uint16_t count;
  struct cursor cursor;
};

typedef void (*warn_function)(void *owner, const struct failure *failure);

void context_init(struct context *context);
void context_free(struct context *context);

/* True when all were applied. exec returns only when it failed. */
bool operations_apply(struct context *context, const char *list, size_t length, warn_function warn,
                      void *owner, struct failure *failure);
void operations_print(void);

/* For the implementations: the next argument. The count was checked against the table. */
const char *next_text(struct arguments *arguments);
uint64_t next_number(struct arguments *arguments);
struct field next_field(struct arguments *arguments);

/* As open, close-on-exec, but never through a magic link of /proc. */
int open_plain(const char *path, int flags, unsigned mode);

/* mkdir -p; 0 or -1 with errno. Follows links, but no magic ones. */
int make_directories(const char *path, unsigned mode);

#define DECLARE(name, least, most) int op_##name(struct context *context, struct arguments *arguments);
OPERATIONS(DECLARE)
#undef DECLARE

#endif
