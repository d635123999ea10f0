/* The supervisor's start, its listening socket, and its end. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "answer.h"
#include "supervisor.h"

enum { BACKLOG = 64 };

static char directory[PATH_MAX];
static struct source signals;
static struct source listener;
static bool is_done;

/* The shutdown that is under way: who asked, and what to apply when the last process has ended. */
static struct {
  bool is_asked;
  struct connection *connection;
  uint32_t id;
  struct buffer list;
} ending;

const char *supervisor_directory(void) { return directory; }

int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void ignore_warning(void *owner, const struct failure *failure) {
  (void)owner;
  (void)failure;
}

static bool is_connected(const struct connection *connection) {
  const struct connection *at = connections;
  while (at != NULL && at != connection) at = at->next;
  return at != NULL;
}

static void finish(void) {
  struct context context;
  struct failure failure;
  context_init(&context);
  bool is_applied =
      operations_apply(&context, ending.list.data == NULL ? "" : (const char *)ending.list.data,
                       ending.list.length, ignore_warning, NULL, &failure);
  unlink("sock");
  if (is_connected(ending.connection)) {
    /* Blocking from here on: the answer must leave before we do. */
    fcntl(ending.connection->source.fd, F_SETFL, 0);
    if (is_applied) connection_ok(ending.connection, ending.id, "");
    else connection_fail(ending.connection, ending.id, &failure);
  }
  is_done = true;
}

void supervisor_process_ended(void) {
  if (ending.is_asked && !is_done && !processes_running()) finish();
}

void supervisor_shutdown(struct connection *connection, uint32_t id, const struct field *list) {
  if (ending.is_asked) {
    ending.connection = connection;
    ending.id = id;
    return;
  }
  ending.is_asked = true;
  ending.connection = connection;
  ending.id = id;
  buffer_append(&ending.list, list->data == NULL ? "" : list->data, list->length);
  processes_kill();
  supervisor_process_ended();
}

static void signal_ready(struct source *source, uint32_t events) {
  (void)events;
  struct signalfd_siginfo received;
  while (read(source->fd, &received, sizeof received) > 0) continue;
  process_reap();
}

static void listener_ready(struct source *source, uint32_t events) {
  (void)events;
  int fd = accept4(source->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd >= 0) connection_accept(fd);
}

/* The working directory is the sandbox's own: a long root never meets the limit of socket paths. */
static int open_listener(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "sock"};
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0 || chdir(directory) != 0) return -1;
  unlink(address.sun_path);
  mode_t before = umask(0077);
  int result = bind(fd, (struct sockaddr *)&address, sizeof address);
  umask(before);
  if (result != 0 || listen(fd, BACKLOG) != 0) return -1;
  return loop_add(&listener, fd, EPOLLIN, listener_ready, NULL);
}

static void detach(void) {
  setsid();
  prctl(PR_SET_NAME, "kaji-sandbox", 0, 0, 0);
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  signal(SIGCHLD, SIG_DFL);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_IGN);
}

static int watch_children(void) {
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  if (sigprocmask(SIG_BLOCK, &children, NULL) != 0) return -1;
  int fd = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
  return fd < 0 ? -1 : loop_add(&signals, fd, EPOLLIN, signal_ready, NULL);
}

static bool set_up(const struct frame *frame, struct failure *failure) {
  struct context context;
  detach();
  snprintf(directory, sizeof directory, "%s", frame_text(frame, 0));
  context_init(&context);
  bool is_applied = frame->count < 2 || operations_apply(&context, frame->fields[1].data, frame->fields[1].length,
                                                         ignore_warning, NULL, failure);
  context_free(&context);
  if (!is_applied) return false;
  loop_init();
  spawn_init();
  if (watch_children() == 0 && open_listener() == 0) return true;
  *failure = (struct failure){"listen", 0, errno, {0}};
  snprintf(failure->detail, sizeof failure->detail, "%.250s", directory);
  return false;
}

void supervisor_run(int ready_channel, int busy_lock, const struct frame *frame) {
  struct failure failure;
  bool is_set_up = set_up(frame, &failure);
  char pid[32];
  snprintf(pid, sizeof pid, "%d", (int)getpid());
  if (is_set_up) answer_ok(ready_channel, frame->id, pid);
  else answer_failure(ready_channel, frame->id, &failure);
  close(ready_channel);
  if (busy_lock >= 0) close(busy_lock);
  if (!is_set_up) _exit(1);
  loop_run(&is_done);
  _exit(0);
}
