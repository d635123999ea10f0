/*
 * The launcher: one small process per node, at the other end of the agent's socket pair (descriptor 3). It forks a
 * supervisor, or a child that applies a list on the host, for each request; the child answers by itself. For one that
 * was killed the launcher answers, or the agent would wait for ever. It ends with the agent: nothing depends on it,
 * since supervisors are in sessions of their own. It and every child that has not finished hold a shared lock on the
 * file that it is given: who gets it exclusively knows that nothing asked for by an agent that was killed is still
 * being done.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "answer.h"
#include "supervisor.h"

enum { READ_CHUNK = 65536, AGENT = 3 };

static int busy_lock = -1;

/* A child and the request it was made for; a supervisor's stays while it lives. */
struct job {
  pid_t pid;
  uint32_t id;
};
static struct job *jobs;
static size_t job_count;
static size_t job_room;
/* SIGCHLD is let through only while we wait. */
static sigset_t while_waiting;

static int write_memory_copy(int memory) {
  int binary = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  struct stat found;
  if (binary < 0 || fstat(binary, &found) != 0) return -1;
  off_t offset = 0;
  while (offset < found.st_size)
    if (sendfile(memory, binary, &offset, (size_t)(found.st_size - offset)) <= 0) return -1;
  close(binary);
  return fcntl(memory, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
}

/* Runs from a sealed copy in memory: a container that gets hold of /proc/PID/exe cannot write to the host's file. */
static int run_sealed(char **argv) {
  int memory = memfd_create("kaji-native", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (memory < 0 || write_memory_copy(memory) != 0) return -1;
  char *environment[] = {(char[]){"KAJI_SEALED=1"}, NULL};
  return fexecve(memory, argv, environment);
}

static void ignore_warning(void *owner, const struct failure *failure) {
  (void)owner;
  (void)failure;
}

static void apply_on_host(const struct frame *frame) {
  struct context context;
  struct failure failure;
  context_init(&context);
  if (operations_apply(&context, frame_text(frame, 0), frame->fields[0].length, ignore_warning, NULL, &failure))
    answer_ok(AGENT, frame->id, "");
  else answer_failure(AGENT, frame->id, &failure);
  _exit(0);
}

static void become_supervisor(const struct frame *frame) {
  int channel = fcntl(AGENT, F_DUPFD_CLOEXEC, AGENT + 1);
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int fd = 0; fd <= 2; fd++) dup2(null, fd);
  close(null);
  close(AGENT);
  supervisor_run(channel, busy_lock, frame);
}

static void woken(int signal_number) {
  (void)signal_number;
}

static void wait_for_children(void) {
  struct sigaction action = {.sa_handler = woken};
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  sigprocmask(SIG_BLOCK, &children, &while_waiting);
  sigdelset(&while_waiting, SIGCHLD);
  sigaction(SIGCHLD, &action, NULL);
}

static int make_room(void) {
  if (job_count < job_room) return 0;
  size_t room = job_room == 0 ? 64 : 2 * job_room;
  struct job *grown = realloc(jobs, room * sizeof *jobs);
  if (grown == NULL) return -1;
  jobs = grown;
  job_room = room;
  return 0;
}

static void run_job(const struct frame *frame) {
  signal(SIGCHLD, SIG_DFL);
  sigprocmask(SIG_SETMASK, &while_waiting, NULL);
  if (frame->type == REQUEST_SPAWN) become_supervisor(frame);
  apply_on_host(frame);
}

static void dispatch(const struct frame *frame) {
  pid_t pid = make_room() == 0 ? fork() : -1;
  if (pid == 0) run_job(frame);
  if (pid > 0) {
    jobs[job_count++] = (struct job){pid, frame->id};
    return;
  }
  struct failure failure = {"fork", 0, errno, {0}};
  answer_failure(AGENT, frame->id, &failure);
}

/* Who was killed has not answered, or long ago: the agent passes over an answer that it does not wait for. */
static void job_ended(pid_t pid, int status) {
  size_t at = 0;
  while (at < job_count && jobs[at].pid != pid) at++;
  if (at == job_count) return;
  uint32_t id = jobs[at].id;
  jobs[at] = jobs[--job_count];
  if (!WIFSIGNALED(status)) return;
  struct failure failure = {"list", 0, EINTR, {0}};
  snprintf(failure.detail, sizeof failure.detail, "its process was killed by signal %d", WTERMSIG(status));
  answer_failure(AGENT, id, &failure);
}

static void reap(void) {
  int status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) job_ended(pid, status);
}

static int serve(void) {
  static uint8_t chunk[READ_CHUNK];
  struct buffer in = {0};
  for (;;) {
    struct pollfd agent = {AGENT, POLLIN, 0};
    reap();
    if (ppoll(&agent, 1, NULL, &while_waiting) < 0) {
      if (errno == EINTR) continue;
      return 1;
    }
    ssize_t length = read(AGENT, chunk, sizeof chunk);
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return 0;
    buffer_append(&in, chunk, (size_t)length);
    struct frame frame;
    size_t used = 0;
    int parsed = 0;
    while (buffer_size(&in) > 0 &&
           (parsed = frame_parse(in.data + in.start, buffer_size(&in), &frame, &used)) > 0) {
      dispatch(&frame);
      buffer_consume(&in, used);
    }
    if (parsed < 0) return 1;
  }
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "operations") == 0) {
    operations_print();
    return 0;
  }
  if (argc < 2 || argc > 3 || strcmp(argv[1], "launcher") != 0) {
    fprintf(stderr, "usage: %s launcher [LOCKFILE] | operations\n", argv[0]);
    return 2;
  }
  if (getenv("KAJI_SEALED") == NULL && run_sealed(argv) != 0) {
    perror("kaji-native: a sealed copy of itself");
    return 1;
  }
  if (argc == 3) busy_lock = open(argv[2], O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (argc == 3 && (busy_lock < 0 || flock(busy_lock, LOCK_SH) != 0)) {
    perror("kaji-native: the lock");
    return 1;
  }
  setsid();
  prctl(PR_SET_NAME, "kaji-launcher", 0, 0, 0);
  wait_for_children();
  signal(SIGPIPE, SIG_IGN);
  return serve();
}
