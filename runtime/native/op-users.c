/*
 * Operations for a sandbox with users of its own: a user namespace whose ids 0..count-1 are the host's first..first+count-1.
 *
 * Who has entered a user namespace has no rights left on the host. So everything that needs them (cgroups, mounts, what
 * the image lacks) is done before, by a process of the host, and what it mounted is locked for those inside: a mount
 * namespace that is copied into another user namespace can neither lose a mount nor make one writable.
 *
 *   supervisor --clone--> builder --process_one--> process 1 (waits)
 *                            | mounts...              |
 *                            +------hand_over-------->| its own list, exec
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "network.h"
#include "operations.h"
#include "report.h"

#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

/* The sandbox's user namespace, held by its supervisor and inherited by those it clones; -1: the host's. */
static int users = -1;

static pid_t clone_process(uint64_t flags) {
  uint64_t exit_signal = (flags & CLONE_PARENT) != 0 ? 0 : SIGCHLD;
  struct clone_args arguments = {.flags = flags, .exit_signal = exit_signal};
  return (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
}

/* 0, or -1 with the errno that the child ended with. */
static int wait_for(pid_t pid) {
  int status;
  while (waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return -1;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return 0;
  errno = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
  return -1;
}

static int write_map(struct context *context, pid_t pid, const char *name, const char *map) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
  snprintf(context->detail, sizeof context->detail, "%s <- %s", path, map);
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t written = write(fd, map, strlen(map));
  int error = errno;
  close(fd);
  errno = error;
  return written == (ssize_t)strlen(map) ? 0 : -1;
}

/* Maps the ids of a namespace whose first process waits, and joins the other namespaces that it has. */
static int adopt_namespaces(struct context *context, pid_t pid, const char *map, int flags) {
  char path[64];
  if (write_map(context, pid, "uid_map", map) != 0 || write_map(context, pid, "gid_map", map) != 0) return -1;
  snprintf(path, sizeof path, "/proc/%d/ns/user", (int)pid);
  users = open(path, O_RDONLY | O_CLOEXEC);
  if (users < 0) return -1;
  int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
  if (pidfd < 0) return -1;
  int result = flags == 0 ? 0 : setns(pidfd, flags);
  int error = errno;
  close(pidfd);
  errno = error;
  return result;
}

/* First id on the host, number of ids, further namespaces: these belong to the new users, and we join them. */
int op_user_namespace(struct context *context, struct arguments *arguments) {
  uint64_t first = next_number(arguments);
  uint64_t count = next_number(arguments);
  int flags = (int)next_number(arguments);
  char map[64];
  int gate[2];
  snprintf(map, sizeof map, "0 %llu %llu", (unsigned long long)first, (unsigned long long)count);
  snprintf(context->detail, sizeof context->detail,
           "ids %s (the host's limits are in /proc/sys/user/max_*_namespaces)", map);
  if ((flags & CLONE_NEWNET) != 0 && (context->host_netlink = netlink_open()) < 0) return -1;
  if (pipe2(gate, O_CLOEXEC) != 0) return -1;
  pid_t pid = clone_process(CLONE_NEWUSER | (uint64_t)flags);
  if (pid == 0) {
    char byte;
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    close(gate[1]);
    (void)!read(gate[0], &byte, 1);
    _exit(0);
  }
  int result = pid < 0 ? -1 : adopt_namespaces(context, pid, map, flags);
  int error = errno;
  close(gate[0]);
  close(gate[1]);
  if (pid > 0) (void)wait_for(pid);
  errno = error;
  if (result == 0 && (flags & CLONE_NEWNET) != 0) result = loopback_up();
  return result;
}

/* All rights inside, none on the host. */
static int enter_users(void) {
  if (setns(users, CLONE_NEWUSER) != 0) return -1;
  if (setgroups(0, NULL) != 0 || setresgid(0, 0, 0) != 0) return -1;
  return setresuid(0, 0, 0);
}

int op_user_enter(struct context *context, struct arguments *arguments) {
  (void)context;
  (void)arguments;
  return enter_users();
}

/* In a helper: clones process 1 of a new pid namespace of the users, as a child of our parent. */
static pid_t clone_first(int tell) {
  pid_t pid = enter_users() != 0 || unshare(CLONE_NEWPID) != 0 ? -1 : clone_process(CLONE_PARENT);
  if (pid == 0) return 0;
  int said = pid < 0 ? -errno : (int)pid;
  (void)!write(tell, &said, sizeof said);
  _exit(0);
}

/*
 * Process 1 of a new pid namespace of the users: the pid namespace of a helper's next child is its own, and what a
 * helper gives away by entering the users only it loses. is_sibling: its parent is ours, not we. 0 in the new process.
 */
static pid_t clone_inside(bool is_sibling) {
  int tell[2];
  int said = -EPIPE;
  if (pipe2(tell, O_CLOEXEC) != 0) return -1;
  pid_t helper = clone_process(is_sibling ? CLONE_PARENT : 0);
  if (helper == 0) {
    clone_first(tell[1]);
    close(tell[0]);
    close(tell[1]);
    return 0;
  }
  int error = errno;
  close(tell[1]);
  if (helper > 0 && read(tell[0], &said, sizeof said) != (ssize_t)sizeof said) said = -EPIPE;
  close(tell[0]);
  if (helper > 0 && !is_sibling) (void)wait_for(helper);
  errno = helper < 0 ? error : -said;
  return said > 0 ? said : -1;
}

static int join_pids(pid_t pid) {
  int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
  if (pidfd < 0) return -1;
  int result = setns(pidfd, CLONE_NEWPID);
  int error = errno;
  close(pidfd);
  errno = error;
  return result;
}

/* As pid_namespace, owned by the users. */
int op_user_pid_namespace(struct context *context, struct arguments *arguments) {
  (void)context;
  (void)arguments;
  pid_t pid = clone_inside(false);
  if (pid == 0) init_run();
  return pid < 0 ? -1 : join_pids(pid);
}

/* Some files of /proc/sys may be written by the root of their namespace's users alone, whatever rights others have. */
int op_write_as(struct context *context, struct arguments *arguments) {
  uid_t owner = (uid_t)next_number(arguments);
  if (seteuid(owner) != 0) return -1;
  int result = op_write(context, arguments);
  int error = errno;
  if (seteuid(0) != 0) _exit(127);
  errno = error;
  return result;
}

int op_chown(struct context *context, struct arguments *arguments) {
  (void)context;
  const char *path = next_text(arguments);
  uid_t uid = (uid_t)next_number(arguments);
  return lchown(path, uid, (gid_t)next_number(arguments));
}

/*
 * Slot, and what was opened there, for the words: the kernel names a mount that is attached nowhere "/".
 * Files of a tree that belong to id N on the disk belong to the users' id N from here on.
 */
int op_tree_idmap(struct context *context, struct arguments *arguments) {
  uint64_t slot = next_number(arguments);
  struct mount_attr attributes = {.attr_set = MOUNT_ATTR_IDMAP, .userns_fd = (unsigned)users};
  if (slot >= TREES_LIMIT) {
    snprintf(context->detail, sizeof context->detail, "more than %d mounts", TREES_LIMIT);
    errno = E2BIG;
    return -1;
  }
  snprintf(context->detail, sizeof context->detail, "%s", next_text(arguments));
  return (int)syscall(SYS_mount_setattr, context->trees[slot], "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes,
                      sizeof attributes);
}

/* Whatever is created from here on belongs to uid and gid; the rights stay. */
int op_file_owner(struct context *context, struct arguments *arguments) {
  (void)context;
  uid_t uid = (uid_t)next_number(arguments);
  gid_t gid = (gid_t)next_number(arguments);
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct sets[2];
  if (syscall(SYS_capget, &header, sets) != 0) return -1;
  setfsgid(gid);
  setfsuid(uid);
  if ((uid_t)setfsuid((uid_t)-1) != uid || (gid_t)setfsgid((gid_t)-1) != gid) {
    errno = EPERM;
    return -1;
  }
  return (int)syscall(SYS_capset, &header, sets);
}

static void warn(void *owner, const struct failure *failure) {
  report_failure(((struct context *)owner)->report, REPORT_WARNING, failure);
}

/* Waits for its turn. A builder that ended without giving it has said why, or was killed: the first word counts. */
static _Noreturn void run_first(struct context *context, struct field list, int turn) {
  struct failure failure;
  char byte;
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  if (read(turn, &byte, 1) != 1) {
    failure = (struct failure){"process_one", 0, ECANCELED, "who prepared the container was killed"};
    report_failure(context->report, REPORT_FAILURE, &failure);
    _exit(127);
  }
  close(turn);
  if (!operations_apply(context, list.data, list.length, warn, context, &failure))
    report_failure(context->report, REPORT_FAILURE, &failure);
  _exit(127);
}

/* The list of a process 1 in a pid namespace of the users, which begins with hand_over. */
int op_process_one(struct context *context, struct arguments *arguments) {
  struct field list = next_field(arguments);
  int turn[2];
  snprintf(context->detail, sizeof context->detail, "process 1");
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, turn) != 0) return -1;
  pid_t pid = clone_inside(true);
  if (pid == 0) {
    close(turn[0]);
    run_first(context, list, turn[1]);
  }
  int error = errno;
  close(turn[1]);
  context->turn = turn[0];
  context->process_one = pid;
  errno = error;
  return pid < 0 ? -1 : report_process(context->report, pid);
}

/* Where, with which flags: the procfs of process 1, mounted by one who may see it and has the host's rights. */
int op_process_one_proc(struct context *context, struct arguments *arguments) {
  const char *target = next_text(arguments);
  unsigned long flags = (unsigned long)next_number(arguments);
  if (join_pids(context->process_one) != 0) return -1;
  pid_t pid = clone_process(0);
  if (pid == 0) _exit(mount("proc", target, "proc", flags, NULL) == 0 ? 0 : errno);
  return pid < 0 ? -1 : wait_for(pid);
}

/* Ends this process in favour of process 1. */
int op_hand_over(struct context *context, struct arguments *arguments) {
  (void)arguments;
  snprintf(context->detail, sizeof context->detail, "process 1 has ended");
  if (send(context->turn, "", 1, MSG_NOSIGNAL) != 1) return -1;
  _exit(0);
}
