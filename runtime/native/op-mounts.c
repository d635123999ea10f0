/* Operations on mounts and namespaces. Sources are opened before pivot, targets resolve after it: inside the
 * container's own root, so that no symbolic link of an image leads out. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <linux/mount.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "operations.h"

#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

int op_mount(struct context *context, struct arguments *arguments) {
  const char *source = next_text(arguments);
  const char *target = next_text(arguments);
  const char *type = next_text(arguments);
  unsigned long flags = (unsigned long)next_number(arguments);
  const char *data = next_text(arguments);
  snprintf(context->detail, sizeof context->detail, "%.60s on %.180s", source, target);
  return mount(source, target, type, flags, data[0] == '\0' ? NULL : data);
}

int op_unmount(struct context *context, struct arguments *arguments) {
  (void)context;
  if (umount2(next_text(arguments), MNT_DETACH | UMOUNT_NOFOLLOW) == 0) return 0;
  return errno == EINVAL || errno == ENOENT ? 0 : -1;
}

static int next_slot(struct context *context, struct arguments *arguments, int **slot) {
  uint64_t number = next_number(arguments);
  if (number >= TREES_LIMIT) {
    errno = E2BIG;
    return -1;
  }
  *slot = &context->trees[number];
  return 0;
}

int op_tree_open(struct context *context, struct arguments *arguments) {
  int *slot;
  if (next_slot(context, arguments, &slot) != 0) return -1;
  const char *path = next_text(arguments);
  unsigned flags = next_number(arguments) != 0 ? AT_RECURSIVE : 0;
  snprintf(context->detail, sizeof context->detail, "%.250s", path);
  *slot = (int)syscall(SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags);
  return *slot < 0 ? -1 : 0;
}

/* The target is made when it is missing: a directory for a directory, else an empty file. */
static int make_target(int tree, const char *target) {
  struct stat source;
  if (fstat(tree, &source) != 0) return -1;
  if (S_ISDIR(source.st_mode)) return make_directories(target, 0755);
  char parent[PATH_MAX];
  snprintf(parent, sizeof parent, "%s", target);
  if (make_directories(dirname(parent), 0755) != 0) return -1;
  int fd = open_plain(target, O_RDONLY | O_CREAT | O_NONBLOCK | O_NOCTTY, 0644);
  if (fd >= 0) close(fd);
  return fd >= 0 || access(target, F_OK) == 0 ? 0 : -1;
}

int op_tree_attach(struct context *context, struct arguments *arguments) {
  int *slot;
  if (next_slot(context, arguments, &slot) != 0) return -1;
  const char *target = next_text(arguments);
  struct mount_attr attributes = {.attr_set = next_number(arguments), .propagation = 0};
  unsigned long propagation = (unsigned long)next_number(arguments);
  snprintf(context->detail, sizeof context->detail, "%.250s", target);
  if (make_target(*slot, target) != 0) return -1;
  struct mount_attr spread = {.propagation = propagation};
  if (propagation != 0 && syscall(SYS_mount_setattr, *slot, "", AT_EMPTY_PATH | AT_RECURSIVE, &spread,
                                  sizeof spread) != 0)
    return -1;
  if (attributes.attr_set != 0 &&
      syscall(SYS_mount_setattr, *slot, "", AT_EMPTY_PATH, &attributes, sizeof attributes) != 0)
    return -1;
  int place = open_plain(target, O_PATH, 0);
  if (place < 0) return -1;
  long moved = syscall(SYS_move_mount, *slot, "", place, "",
                       MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
  int error = errno;
  close(place);
  errno = error;
  if (moved != 0) return -1;
  close(*slot);
  *slot = -1;
  return 0;
}

int op_pivot(struct context *context, struct arguments *arguments) {
  (void)context;
  if (chdir(next_text(arguments)) != 0) return -1;
  if (syscall(SYS_pivot_root, ".", ".") != 0) return -1;
  if (umount2(".", MNT_DETACH) != 0) return -1;
  return chdir("/");
}

int op_mask(struct context *context, struct arguments *arguments) {
  (void)context;
  const char *path = next_text(arguments);
  struct stat found;
  if (stat(path, &found) != 0) return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
  if (S_ISDIR(found.st_mode))
    return mount("tmpfs", path, "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=0k,nr_inodes=2");
  return mount("/dev/null", path, NULL, MS_BIND, NULL);
}

int op_read_only(struct context *context, struct arguments *arguments) {
  (void)context;
  const char *path = next_text(arguments);
  if (mount(path, path, NULL, MS_BIND | MS_REC, NULL) != 0) return errno == ENOENT ? 0 : -1;
  struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
  return (int)syscall(SYS_mount_setattr, AT_FDCWD, path, AT_RECURSIVE, &attributes, sizeof attributes);
}

int op_unshare(struct context *context, struct arguments *arguments) {
  (void)context;
  return unshare((int)next_number(arguments));
}

int op_enter(struct context *context, struct arguments *arguments) {
  (void)arguments;
  return setns(context->target_pidfd, CLONE_NEWNS | CLONE_NEWCGROUP);
}

int op_hostname(struct context *context, struct arguments *arguments) {
  (void)context;
  struct field name = next_field(arguments);
  return sethostname(name.data, name.length);
}
