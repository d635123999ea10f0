/* Operations on the process itself: limits, terminal, identity, privileges, exec. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "operations.h"
#include "report.h"

enum { GROUPS_LIMIT = 1024, LAST_CAPABILITY = 63 };

int op_rlimit(struct context *context, struct arguments *arguments) {
  int resource = (int)next_number(arguments);
  struct rlimit limit = {.rlim_cur = (rlim_t)next_number(arguments)};
  limit.rlim_max = (rlim_t)next_number(arguments);
  snprintf(context->detail, sizeof context->detail, "resource %d to %llu", resource,
           (unsigned long long)limit.rlim_max);
  return setrlimit((__rlimit_resource_t)resource, &limit);
}

int op_session(struct context *context, struct arguments *arguments) {
  (void)context;
  (void)arguments;
  return setsid() < 0 ? -1 : 0;
}

/* /dev/console is the terminal, as programs that log to it expect. */
static int bind_console(int terminal) {
  char name[64];
  if (ttyname_r(terminal, name, sizeof name) != 0) return -1;
  int fd = open("/dev/console", O_CREAT | O_RDONLY | O_CLOEXEC | O_NOCTTY, 0620);
  if (fd < 0) return -1;
  close(fd);
  return mount(name, "/dev/console", NULL, MS_BIND, NULL);
}

/* A terminal of the container's own devpts; its master goes to the supervisor. */
int op_pty(struct context *context, struct arguments *arguments) {
  bool is_console = next_number(arguments) != 0;
  uid_t owner = (uid_t)next_number(arguments);
  int master = open("/dev/pts/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (master < 0) return -1;
  int unlocked = 0;
  if (ioctl(master, TIOCSPTLCK, &unlocked) != 0) return -1;
  int terminal = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY);
  if (terminal < 0 || ioctl(terminal, TIOCSCTTY, 0) != 0) return -1;
  if (fchown(terminal, owner, (gid_t)-1) != 0) return -1;
  for (int fd = 0; fd <= 2; fd++)
    if (dup2(terminal, fd) < 0) return -1;
  if (terminal > 2) close(terminal);
  if (is_console && bind_console(0) != 0) return -1;
  int result = report_descriptor(context->report, master);
  close(master);
  return result;
}

int op_groups(struct context *context, struct arguments *arguments) {
  (void)context;
  gid_t groups[GROUPS_LIMIT];
  size_t count = 0;
  if (arguments->count > GROUPS_LIMIT) {
    errno = E2BIG;
    return -1;
  }
  while (arguments->count > 0) groups[count++] = (gid_t)next_number(arguments);
  return setgroups(count, groups);
}

/* Pipes are given to the user, so that /dev/stdout can be opened again. */
static int give_streams(uid_t uid, gid_t gid) {
  for (int fd = 0; fd <= 2; fd++) {
    struct stat stream;
    if (fstat(fd, &stream) != 0 || !S_ISFIFO(stream.st_mode)) continue;
    if (stream.st_uid == uid && stream.st_gid == gid) continue;
    if (fchown(fd, uid, gid) != 0) return -1;
  }
  return 0;
}

/* Before a user namespace is entered: from inside, the supervisor's pipes are nobody's. */
int op_stream_owner(struct context *context, struct arguments *arguments) {
  (void)context;
  uid_t uid = (uid_t)next_number(arguments);
  return give_streams(uid, (gid_t)next_number(arguments));
}

int op_user(struct context *context, struct arguments *arguments) {
  (void)context;
  uid_t uid = (uid_t)next_number(arguments);
  gid_t gid = (gid_t)next_number(arguments);
  if (give_streams(uid, gid) != 0) return -1;
  if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0) return -1;
  if (setresgid(gid, gid, gid) != 0) return -1;
  return setresuid(uid, uid, uid);
}

static int drop_bounding(uint64_t bounding) {
  for (int capability = 0; capability <= LAST_CAPABILITY; capability++) {
    if ((bounding >> capability & 1) != 0) continue;
    if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0) continue;
    if (errno == EINVAL) break; /* Above the kernel's last one. */
    return -1;
  }
  return 0;
}

static int raise_ambient(uint64_t ambient) {
  if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0) return -1;
  for (int capability = 0; capability <= LAST_CAPABILITY; capability++)
    if ((ambient >> capability & 1) != 0 &&
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0) != 0)
      return -1;
  return 0;
}

/* Bounding, permitted, effective, inheritable, ambient. What we do not hold ourselves cannot be given. */
int op_capabilities(struct context *context, struct arguments *arguments) {
  (void)context;
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct sets[2];
  if (syscall(SYS_capget, &header, sets) != 0) return -1;
  uint64_t held = (uint64_t)sets[1].permitted << 32 | sets[0].permitted;
  uint64_t bounding = next_number(arguments);
  uint64_t permitted = next_number(arguments) & held;
  uint64_t effective = next_number(arguments) & held;
  uint64_t inheritable = next_number(arguments) & held;
  uint64_t ambient = next_number(arguments) & held;
  if ((held >> CAP_SETPCAP & 1) != 0) {
    sets[0].effective |= 1u << CAP_SETPCAP;
    if (syscall(SYS_capset, &header, sets) != 0 || drop_bounding(bounding) != 0) return -1;
  }
  for (int half = 0; half < 2; half++) {
    sets[half].permitted = (uint32_t)(permitted >> 32 * half);
    sets[half].effective = (uint32_t)(effective >> 32 * half);
    sets[half].inheritable = (uint32_t)(inheritable >> 32 * half);
  }
  if (syscall(SYS_capset, &header, sets) != 0) return -1;
  return raise_ambient(ambient);
}

int op_no_new_privileges(struct context *context, struct arguments *arguments) {
  (void)context;
  (void)arguments;
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* The filter was compiled by the TypeScript side; the kernel checks it. */
int op_seccomp(struct context *context, struct arguments *arguments) {
  struct field program = next_field(arguments);
  if (program.length % sizeof(struct sock_filter) != 0) {
    errno = EINVAL;
    return -1;
  }
  struct sock_filter *filter = must_allocate(program.length);
  memcpy(filter, program.data, program.length);
  struct sock_fprog loaded = {(unsigned short)(program.length / sizeof *filter), filter};
  snprintf(context->detail, sizeof context->detail, "filter of %u instructions", loaded.len);
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &loaded);
}

/* A change of credentials clears it: it comes after them. */
int op_die_with_parent(struct context *context, struct arguments *arguments) {
  (void)context;
  (void)arguments;
  return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

static const char *environment_value(char **environment, const char *name) {
  size_t length = strlen(name);
  for (; *environment != NULL; environment++)
    if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
      return *environment + length + 1;
  return NULL;
}

/* Looks along PATH as a shell does: "permission denied" wins over "not found". */
static void exec_on_path(char **argv, char **environment) {
  const char *path = environment_value(environment, "PATH");
  if (path == NULL) path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  int error = ENOENT;
  while (*path != '\0') {
    size_t length = strcspn(path, ":");
    char file[PATH_MAX];
    snprintf(file, sizeof file, "%.*s/%s", (int)length, length == 0 ? "." : path, argv[0]);
    execve(file, argv, environment);
    if (errno != ENOENT && errno != ENOTDIR) error = errno;
    path += length + (path[length] == ':');
  }
  errno = error;
}

/* The number of words, the words, then the environment. Returns only when it failed. */
int op_exec(struct context *context, struct arguments *arguments) {
  size_t words = (size_t)next_number(arguments);
  size_t rest = arguments->count;
  if (words == 0 || words > rest) {
    errno = EINVAL;
    return -1;
  }
  char **argv = must_allocate((words + 1) * sizeof *argv);
  char **environment = must_allocate((rest - words + 1) * sizeof *environment);
  for (size_t i = 0; i < rest; i++) {
    const char *text = next_text(arguments);
    if (i < words) memcpy(&argv[i], &text, sizeof text);
    else memcpy(&environment[i - words], &text, sizeof text);
  }
  umask(0022);
  if (syscall(SYS_close_range, 3u, ~0u, 1u << 2 /* CLOSE_RANGE_CLOEXEC */) != 0) return -1;
  if (strchr(argv[0], '/') != NULL) execve(argv[0], argv, environment);
  else exec_on_path(argv, environment);
  int error = errno;
  snprintf(context->detail, sizeof context->detail, "%.250s", argv[0]);
  free(argv);
  free(environment);
  errno = error;
  return -1;
}
