/* Making children: a container's first process, a command beside it, a relay to a port. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "relay.h"
#include "supervisor.h"

/* [parent's end, child's end] of each stream; -1 when there is none. */
struct streams {
  int input[2];
  int output[2];
  int errors[2];
  int report[2];
};

struct plan {
  uint64_t clone_flags;
  const char *cgroup;
  struct field list;
  int target_pidfd;
};

/* The pid namespaces for the supervisor's own children and for its sandbox's. */
static int own_pid_namespace = -1;
static int child_pid_namespace = -1;

void spawn_init(void) {
  own_pid_namespace = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);
  child_pid_namespace = open("/proc/self/ns/pid_for_children", O_RDONLY | O_CLOEXEC);
}

static void close_pair(int *pair) {
  for (int i = 0; i < 2; i++) {
    if (pair[i] >= 0) close(pair[i]);
    pair[i] = -1;
  }
}

static void streams_close(struct streams *streams) {
  close_pair(streams->input);
  close_pair(streams->output);
  close_pair(streams->errors);
  close_pair(streams->report);
}

/* is_reader: the parent reads and the child writes. */
static int open_pair(int *pair, bool is_reader) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  pair[0] = is_reader ? ends[0] : ends[1];
  pair[1] = is_reader ? ends[1] : ends[0];
  return fcntl(pair[0], F_SETFL, O_NONBLOCK);
}

static int open_null(int *pair, int flags) {
  pair[1] = open("/dev/null", flags | O_CLOEXEC);
  return pair[1] < 0 ? -1 : 0;
}

/* flags: "t" a terminal (which the child opens itself), "i" standard input. */
static int streams_open(struct streams *streams, const char *flags) {
  memset(streams, -1, sizeof *streams);
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, streams->report) != 0) return -1;
  bool is_tty = strchr(flags, 't') != NULL;
  bool has_input = strchr(flags, 'i') != NULL && !is_tty;
  if ((has_input ? open_pair(streams->input, false) : open_null(streams->input, O_RDONLY)) != 0)
    return -1;
  if ((is_tty ? open_null(streams->output, O_WRONLY) : open_pair(streams->output, true)) != 0)
    return -1;
  return is_tty ? open_null(streams->errors, O_WRONLY) : open_pair(streams->errors, true);
}

static void report_warning(void *owner, const struct failure *failure) {
  report_failure(*(int *)owner, REPORT_WARNING, failure);
}

/* Everything a child inherits that is the supervisor's own business ends here. */
static void become_plain(void) {
  sigset_t none;
  sigemptyset(&none);
  signal(SIGPIPE, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
  signal(SIGINT, SIG_DFL);
  signal(SIGHUP, SIG_DFL);
  sigprocmask(SIG_SETMASK, &none, NULL);
  umask(0); /* Modes of a list are meant as they are; exec sets the usual mask. */
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  /* The container must not reach us through /proc before exec. */
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static void run_child(const struct plan *plan, const struct streams *streams) {
  struct context context;
  struct failure failure;
  become_plain();
  dup2(streams->input[1], 0);
  dup2(streams->output[1], 1);
  dup2(streams->errors[1], 2);
  context_init(&context);
  context.report = streams->report[1];
  context.target_pidfd = plan->target_pidfd;
  int channel = streams->report[1];
  if (!operations_apply(&context, plan->list.data, plan->list.length, report_warning, &channel,
                        &failure))
    report_failure(channel, REPORT_FAILURE, &failure);
  _exit(127);
}

static pid_t clone_child(const struct plan *plan, struct streams *streams) {
  struct clone_args arguments = {.flags = plan->clone_flags, .exit_signal = SIGCHLD};
  int cgroup = -1;
  if (plan->cgroup[0] != '\0') {
    cgroup = open(plan->cgroup, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (cgroup < 0) return -1;
    arguments.flags |= CLONE_INTO_CGROUP;
    arguments.cgroup = (unsigned)cgroup;
  }
  pid_t pid = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
  if (pid == 0) run_child(plan, streams);
  int error = errno;
  if (cgroup >= 0) close(cgroup);
  errno = error;
  return pid;
}

/* As clone_child, in the pid namespace of a container that runs; an empty id is the sandbox's own way. */
static pid_t clone_beside(const struct plan *plan, struct streams *streams, const char *id) {
  if (id[0] == '\0') return clone_child(plan, streams);
  const struct process *container = process_find(id);
  if (container == NULL || container->has_ended) {
    errno = ESRCH;
    return -1;
  }
  int pidfd = (int)syscall(SYS_pidfd_open, container->pid, 0);
  pid_t pid = -1;
  int error = errno;
  if (pidfd >= 0 && setns(pidfd, CLONE_NEWPID) == 0) {
    pid = clone_child(plan, streams);
    error = errno;
    if (setns(child_pid_namespace, CLONE_NEWPID) != 0) abort();
  } else {
    error = errno;
  }
  if (pidfd >= 0) close(pidfd);
  errno = error;
  return pid;
}

static void refuse(struct connection *connection, uint32_t id, const char *what,
                   const char *detail) {
  struct failure failure = {what, 0, errno, {0}};
  snprintf(failure.detail, sizeof failure.detail, "%s", detail);
  connection_fail(connection, id, &failure);
}

/* Hands the parent's ends to the process; the child's are closed. */
static void adopt(struct process *process, struct streams *streams, const char *flags) {
  process->is_tty = strchr(flags, 't') != NULL;
  process->is_stdin_once = strchr(flags, '1') != NULL;
  process_watch(process, streams->report[0], streams->output[0], streams->errors[0],
                streams->input[0]);
  streams->report[0] = streams->output[0] = streams->errors[0] = streams->input[0] = -1;
  streams_close(streams);
}

static void keep_text(char **kept, const char *text) {
  *kept = must_allocate(strlen(text) + 1);
  strcpy(*kept, text);
}

static void warn_client(void *owner, const struct failure *failure) {
  const struct process *process = owner;
  connection_warn(process->client, process->request_id, failure);
}

/* Applies the supervisor's part, opens log and streams, clones. False: failure says why. */
static bool launch(struct process *process, const struct frame *frame, struct failure *failure) {
  struct context context;
  context_init(&context);
  bool is_applied = operations_apply(&context, frame_text(frame, 7), frame->fields[7].length,
                                     warn_client, process, failure);
  context_free(&context);
  if (!is_applied) return false;
  *failure = (struct failure){"log", 0, 0, {0}};
  const char *log_path = frame_text(frame, 3);
  snprintf(failure->detail, sizeof failure->detail, "%.250s", log_path);
  if (log_path[0] != '\0' &&
      log_open(&process->log, log_path, frame_number(frame, 4), (unsigned)frame_number(frame, 5)) != 0) {
    failure->error = errno;
    return false;
  }
  struct streams streams;
  const char *flags = frame_text(frame, 2);
  struct plan plan = {frame_number(frame, 1), frame_text(frame, 10), frame->fields[8], -1};
  const char *host = frame->count > 12 ? frame_text(frame, 12) : "";
  failure->operation = "clone";
  if (streams_open(&streams, flags) != 0 ||
      (process->pid = clone_beside(&plan, &streams, host)) < 0) {
    failure->error = errno;
    streams_close(&streams);
    return false;
  }
  adopt(process, &streams, flags);
  return true;
}

/*
 * Fields: id, clone flags, stream flags, log path, bytes and files, OOM counter path, supervisor's
 * operations, child's operations, operations after the end, v2 cgroup, attach (1: this connection carries the streams),
 * the container in whose pid namespace it is made (may be empty or missing).
 */
void spawn_container(struct connection *connection, const struct frame *frame) {
  if (frame->count < 12 || process_find(frame_text(frame, 0)) != NULL) {
    errno = frame->count < 12 ? EBADMSG : EEXIST;
    refuse(connection, frame->id, "start", frame_text(frame, 0));
    return;
  }
  struct process *process = process_new(frame_text(frame, 0));
  struct failure failure;
  process->client = connection;
  process->request_id = frame->id;
  keep_text(&process->oom_path, frame_text(frame, 6));
  buffer_append(&process->after, frame->fields[9].data, frame->fields[9].length);
  if (frame_number(frame, 11) != 0) {
    connection->attached = process;
    connection->has_stdin = true;
    connection->stream_id = frame->id;
  }
  if (launch(process, frame, &failure)) return;
  process_fail(process, &failure);
  process->has_ended = true;
  process_settle_failed(process);
}

/* Fields: id, stream flags, child's operations, v2 cgroup. */
void spawn_exec(struct connection *connection, const struct frame *frame) {
  struct process *container = process_find(frame_text(frame, 0));
  if (frame->count < 4 || container == NULL || container->is_finished) {
    errno = frame->count < 4 ? EBADMSG : ESRCH;
    refuse(connection, frame->id, "exec", "the container is not running");
    return;
  }
  int pidfd = (int)syscall(SYS_pidfd_open, container->pid, 0);
  struct streams streams;
  const char *flags = frame_text(frame, 1);
  struct plan plan = {0, frame_text(frame, 3), frame->fields[2], pidfd};
  pid_t pid = -1;
  int opened = streams_open(&streams, flags);
  if (pidfd >= 0 && opened == 0 && setns(pidfd, CLONE_NEWPID) == 0) {
    pid = clone_child(&plan, &streams);
    int error = errno;
    if (setns(child_pid_namespace, CLONE_NEWPID) != 0) abort();
    errno = error;
  }
  if (pid < 0) {
    refuse(connection, frame->id, "clone", "");
    streams_close(&streams);
  } else {
    struct process *process = process_new(container->id);
    process->is_exec = true;
    process->pid = pid;
    process->client = connection;
    process->request_id = connection->stream_id = frame->id;
    connection->attached = process;
    adopt(process, &streams, flags);
  }
  if (pidfd >= 0) close(pidfd);
}

/* The relay is a process of its own: it may block, and a flood of connections cannot starve the supervisor. */
void spawn_forward(struct connection *connection, const struct frame *frame) {
  int socket_fd = connection->source.fd;
  if (setns(own_pid_namespace, CLONE_NEWPID) != 0) abort();
  pid_t pid = fork();
  if (pid == 0) {
    become_plain();
    relay_run(socket_fd, frame->id, (uint16_t)frame_number(frame, 0));
  }
  int error = errno;
  if (setns(child_pid_namespace, CLONE_NEWPID) != 0) abort();
  errno = error;
  if (pid < 0) refuse(connection, frame->id, "fork", "");
  else connection_drop(connection);
}
