/* Operations on files and directories. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "operations.h"

enum { REMOVE_DEPTH_LIMIT = 256, BUSY_ROUNDS = 200, MAKE_ATTEMPTS = 3, BUSY_WAIT_NANOS = 500000 };

static void wait_a_little(void) {
  struct timespec pause = {0, BUSY_WAIT_NANOS};
  nanosleep(&pause, NULL);
}

int op_mkdir(struct context *context, struct arguments *arguments) {
  (void)context;
  const char *path = next_text(arguments);
  mode_t mode = (mode_t)next_number(arguments);
  return mkdir(path, mode) == 0 || errno == EEXIST ? 0 : -1;
}

/* Links of an image may lead through /proc to another root, which our rights of this moment would open. */
int open_plain(const char *path, int flags, unsigned mode) {
  struct open_how how = {.flags = (unsigned)flags | O_CLOEXEC, .mode = mode, .resolve = RESOLVE_NO_MAGICLINKS};
  return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
}

/* One directory, the last of its path; its parents must be there. */
static int make_directory(const char *path, unsigned mode) {
  char parent[PATH_MAX];
  snprintf(parent, sizeof parent, "%s", path);
  char *name = strrchr(parent, '/');
  if (name == NULL || strcmp(parent, "/") == 0) return mkdir(path, mode);
  *name++ = '\0';
  int directory = open_plain(parent[0] == '\0' ? "/" : parent, O_PATH | O_DIRECTORY, 0);
  if (directory < 0) return -1;
  int result = mkdirat(directory, name[0] == '\0' ? "." : name, mode);
  int error = errno;
  close(directory);
  errno = error;
  return result;
}

int make_directories(const char *path, unsigned mode) {
  char partial[PATH_MAX];
  size_t length = strlen(path);
  if (length >= sizeof partial) {
    errno = ENAMETOOLONG;
    return -1;
  }
  if (make_directory(path, mode) == 0 || errno == EEXIST) return 0;
  if (errno != ENOENT) return -1;
  memcpy(partial, path, length + 1);
  for (size_t i = 1; i <= length; i++) {
    if (partial[i] != '/' && partial[i] != '\0') continue;
    partial[i] = '\0';
    if (make_directory(partial, mode) != 0 && errno != EEXIST) return -1;
    partial[i] = i < length ? '/' : '\0';
  }
  return 0;
}

int op_mkdirs(struct context *context, struct arguments *arguments) {
  (void)context;
  const char *path = next_text(arguments);
  unsigned mode = (unsigned)next_number(arguments);
  /* Somebody may remove an empty parent (a cgroup) at the same moment. */
  for (int attempt = 0; attempt < MAKE_ATTEMPTS; attempt++) {
    if (make_directories(path, mode) == 0) return 0;
    if (errno != ENOENT) return -1;
  }
  return -1;
}

/* A cgroup is busy for an instant after its last process was reaped. */
int op_rmdir(struct context *context, struct arguments *arguments) {
  (void)context;
  const char *path = next_text(arguments);
  for (int round = 0; round < BUSY_ROUNDS; round++) {
    if (rmdir(path) == 0 || errno == ENOENT) return 0;
    if (errno != EBUSY) return -1;
    wait_a_little();
  }
  return -1;
}

/* Never follows a symbolic link and never leaves the directory it was opened on. */
static int remove_entries(int directory, int depth) {
  DIR *stream = fdopendir(directory);
  if (stream == NULL) {
    close(directory);
    return -1;
  }
  int result = 0;
  struct dirent *entry;
  while (result == 0 && (entry = readdir(stream)) != NULL) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    if (unlinkat(dirfd(stream), entry->d_name, 0) == 0) continue;
    if (errno == ENOENT) continue;
    if (errno != EISDIR && errno != EPERM) result = -1;
    if (result != 0 || depth >= REMOVE_DEPTH_LIMIT) break;
    int child = openat(dirfd(stream), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    result = child < 0 ? -1 : remove_entries(child, depth + 1);
    if (result == 0) result = unlinkat(dirfd(stream), entry->d_name, AT_REMOVEDIR);
  }
  int error = errno;
  closedir(stream);
  errno = error;
  return result;
}

int op_remove_tree(struct context *context, struct arguments *arguments) {
  (void)context;
  const char *path = next_text(arguments);
  int directory = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (directory < 0) return errno == ENOENT ? 0 : -1;
  if (remove_entries(directory, 0) != 0) return -1;
  return rmdir(path);
}

int op_write(struct context *context, struct arguments *arguments) {
  const char *path = next_text(arguments);
  struct field data = next_field(arguments);
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t written = write(fd, data.data, data.length);
  int error = errno;
  close(fd);
  if (written == (ssize_t)data.length) return 0;
  snprintf(context->detail, sizeof context->detail, "%.160s <- %.80s", path, data.data);
  errno = error;
  return -1;
}

int op_mknod(struct context *context, struct arguments *arguments) {
  (void)context;
  const char *path = next_text(arguments);
  mode_t mode = (mode_t)next_number(arguments);
  unsigned device_major = (unsigned)next_number(arguments);
  unsigned device_minor = (unsigned)next_number(arguments);
  if (mknod(path, mode, makedev(device_major, device_minor)) == 0) return 0;
  return errno == EEXIST ? 0 : -1;
}

int op_symlink(struct context *context, struct arguments *arguments) {
  (void)context;
  const char *target = next_text(arguments);
  return symlink(target, next_text(arguments)) == 0 || errno == EEXIST ? 0 : -1;
}

/* Refuses a directory outside the root (a leaked descriptor as working directory). */
int op_chdir(struct context *context, struct arguments *arguments) {
  (void)context;
  int directory = open_plain(next_text(arguments), O_PATH | O_DIRECTORY, 0);
  if (directory < 0) return -1;
  int result = fchdir(directory);
  int error = errno;
  close(directory);
  errno = error;
  if (result != 0) return -1;
  char cwd[PATH_MAX];
  if (getcwd(cwd, sizeof cwd) == NULL) return -1;
  if (cwd[0] == '/') return 0;
  errno = EPERM;
  return -1;
}

static int kill_listed(const char *path, int *killed) {
  char file[PATH_MAX];
  snprintf(file, sizeof file, "%s/cgroup.procs", path);
  FILE *procs = fopen(file, "re");
  if (procs == NULL) return errno == ENOENT ? 0 : -1;
  char line[32];
  while (fgets(line, sizeof line, procs) != NULL) {
    pid_t pid = (pid_t)strtol(line, NULL, 10);
    if (pid <= 1) continue;
    kill(pid, SIGKILL);
    (*killed)++;
  }
  fclose(procs);
  return 0;
}

/* Kills every process of a cgroup until a look finds none. */
int op_cgroup_kill(struct context *context, struct arguments *arguments) {
  (void)context;
  const char *path = next_text(arguments);
  for (int round = 0; round < BUSY_ROUNDS; round++) {
    int killed = 0;
    if (kill_listed(path, &killed) != 0) return -1;
    if (killed == 0) return 0;
    wait_a_little();
  }
  errno = EBUSY;
  return -1;
}
