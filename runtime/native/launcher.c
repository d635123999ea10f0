/*
 * The launcher: one small process per node, at the other end of the agent's socket pair (descriptor 3). It forks a
 * supervisor, or a child that applies a list on the host, for each request; the child answers by itself. It ends
 * with the agent: nothing depends on it, since supervisors are in sessions of their own. It and every child that has
 * not finished hold a shared lock on the file that it is given: who gets it exclusively knows that nothing asked
 * for by an agent that was killed is still being done.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
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
#include <unistd.h>

#include "answer.h"
#include "supervisor.h"

enum { READ_CHUNK = 65536, AGENT = 3 };

static int busy_lock = -1;

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
  signal(SIGCHLD, SIG_DFL);
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

static void dispatch(const struct frame *frame) {
  pid_t pid = fork();
  if (pid == 0 && frame->type == REQUEST_SPAWN) become_supervisor(frame);
  if (pid == 0) apply_on_host(frame);
  if (pid > 0) return;
  struct failure failure = {"fork", 0, errno, {0}};
  answer_failure(AGENT, frame->id, &failure);
}

static int serve(void) {
  static uint8_t chunk[READ_CHUNK];
  struct buffer in = {0};
  for (;;) {
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
  signal(SIGCHLD, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  return serve();
}
