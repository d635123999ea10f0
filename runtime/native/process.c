/* The life of a process after it was spawned: its streams, its end, its record. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "supervisor.h"

enum { CHUNK = 16384, DRAIN_LIMIT = 1 << 20 };

struct process *processes;

struct process *process_find(const char *id) {
  for (struct process *process = processes; process != NULL; process = process->next)
    if (!process->is_exec && strcmp(process->id, id) == 0) return process;
  return NULL;
}

struct process *process_new(const char *id) {
  struct process *process = must_allocate(sizeof *process);
  snprintf(process->id, sizeof process->id, "%s", id);
  process->report.fd = process->input.fd = process->log.fd = -1;
  process->output[0].fd = process->output[1].fd = -1;
  process->started_ms = now_ms();
  process->next = processes;
  processes = process;
  return process;
}

static void give_output(struct process *process, int stream, const char *data, size_t length) {
  log_append(&process->log, stream, data, length);
  enum frame_type type = stream == 0 ? STREAM_STDOUT : STREAM_STDERR;
  struct field field = {data, (uint32_t)length};
  struct connection *next;
  for (struct connection *at = connections; at != NULL; at = next) {
    next = at->next;
    if (at->attached != process || at->is_closing) continue;
    connection_send(at, at->stream_id, type, &field, 1);
    if (buffer_size(&at->out) <= PENDING_LIMIT) continue;
    if (process->is_exec) process_pause_output(process, true);
    else connection_drop(at);
  }
}

/* Reads what there is, up to a limit; false when the stream has ended. */
static bool pump(struct process *process, int stream, size_t limit) {
  static char chunk[CHUNK];
  size_t total = 0;
  while (total < limit) {
    ssize_t length = read(process->output[stream].fd, chunk, sizeof chunk);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0 && errno == EAGAIN) return true;
    if (length <= 0) return false; /* A terminal whose last user left says EIO. */
    give_output(process, stream, chunk, (size_t)length);
    total += (size_t)length;
  }
  return true;
}

static void output_ready(struct source *source, uint32_t events) {
  (void)events;
  struct process *process = source->owner;
  int stream = source == &process->output[0] ? 0 : 1;
  if (!pump(process, stream, CHUNK)) loop_remove(source);
}

static void write_input(struct process *process) {
  struct buffer *pending = &process->input_pending;
  while (buffer_size(pending) > 0) {
    ssize_t length = write(process->input.fd, pending->data + pending->start, buffer_size(pending));
    if (length < 0 && errno == EINTR) continue;
    if (length < 0 && errno == EAGAIN) {
      loop_want(&process->input, EPOLLOUT);
      return;
    }
    if (length < 0) { /* Nobody reads any more. */
      buffer_free(pending);
      process->is_stdin_closing = true;
      break;
    }
    buffer_consume(pending, (size_t)length);
  }
  loop_want(&process->input, 0);
  if (process->is_stdin_closing) loop_remove(&process->input);
  connections_resume(process);
}

static void input_ready(struct source *source, uint32_t events) {
  (void)events;
  write_input(source->owner);
}

void process_input(struct process *process, const char *data, size_t length) {
  if (process->input.fd < 0 || process->is_stdin_closing) return;
  buffer_append(&process->input_pending, data, length);
  write_input(process);
}

void process_input_end(struct process *process) {
  if (process->input.fd < 0 || process->is_tty) return;
  process->is_stdin_closing = true;
  write_input(process);
}

void process_resize(struct process *process, unsigned width, unsigned height) {
  struct winsize size = {.ws_col = (unsigned short)width, .ws_row = (unsigned short)height};
  /* A terminal that is gone has no size to set. */
  if (process->is_tty && process->output[0].fd >= 0) (void)ioctl(process->output[0].fd, TIOCSWINSZ, &size);
}

void process_pause_output(struct process *process, bool is_paused) {
  for (int stream = 0; stream < 2; stream++)
    loop_want(&process->output[stream], is_paused ? 0 : EPOLLIN);
}

static void write_record(const struct process *process) {
  char path[PATH_MAX];
  char temporary[PATH_MAX];
  snprintf(path, sizeof path, "%s/%s.exit", supervisor_directory(), process->id);
  snprintf(temporary, sizeof temporary, "%s/%s.tmp", supervisor_directory(), process->id);
  FILE *file = fopen(temporary, "we");
  if (file == NULL) return; /* The directory is gone: so is whoever would read it. */
  fprintf(file, "%d %lld %lld %llu\n", process->status, (long long)process->started_ms,
          (long long)process->finished_ms, (unsigned long long)process->oom_kills);
  if (fclose(file) == 0) rename(temporary, path);
}

/* Both memory.oom_control (v1) and memory.events (v2) have a line "oom_kill N". */
static uint64_t count_oom_kills(const char *path) {
  FILE *file = path == NULL || path[0] == '\0' ? NULL : fopen(path, "re");
  if (file == NULL) return 0;
  char line[128];
  unsigned long long count = 0;
  while (fgets(line, sizeof line, file) != NULL)
    if (strncmp(line, "oom_kill ", 9) == 0) count = strtoull(line + 9, NULL, 10);
  fclose(file);
  return count;
}

static void tell_exit(struct process *process) {
  char status[32];
  char oom[32];
  snprintf(status, sizeof status, "%d", process->status);
  snprintf(oom, sizeof oom, "%llu", (unsigned long long)process->oom_kills);
  struct field fields[] = {text_field(process->id), text_field(status), text_field(oom)};
  struct connection *next;
  for (struct connection *at = connections; at != NULL; at = next) {
    next = at->next;
    if (at->is_watching && !process->is_exec) connection_send(at, 0, EVENT_EXIT, fields, 3);
    if (at->attached != process) continue;
    /* The client closes: if we did while it still writes, its kernel would throw away what it has not read. */
    connection_send(at, at->stream_id, STREAM_EXIT, &fields[1], 1);
    at->attached = NULL;
  }
}

static void after_warning(void *owner, const struct failure *failure) {
  (void)owner;
  (void)failure;
}

static void clean_up(struct process *process) {
  struct context context;
  struct failure failure;
  if (buffer_size(&process->after) == 0) return;
  context_init(&context);
  /* Every operation of the list is optional; what stays is swept when the sandbox is removed. */
  (void)operations_apply(&context, (const char *)process->after.data, process->after.length,
                         after_warning, NULL, &failure);
  context_free(&context);
  buffer_free(&process->after);
}

static void close_streams(struct process *process) {
  for (int stream = 0; stream < 2; stream++) {
    if (process->output[stream].fd >= 0) pump(process, stream, DRAIN_LIMIT);
    loop_remove(&process->output[stream]);
  }
  loop_remove(&process->input);
  loop_remove(&process->report);
  buffer_free(&process->input_pending);
  log_close(&process->log);
}

static void process_finish(struct process *process) {
  process->is_finished = true;
  process->finished_ms = now_ms();
  process->oom_kills = count_oom_kills(process->oom_path);
  if (!process->is_exec) clean_up(process);
  close_streams(process);
  if (!process->has_failed) {
    if (!process->is_exec) write_record(process);
    tell_exit(process);
  }
  if (process->is_exec || process->has_failed) process_forget(process);
  supervisor_process_ended();
}

/* Done when exec went through or failed, and the process was reaped. */
static void process_settle(struct process *process) {
  bool is_known = process->has_started || process->has_failed;
  if (is_known && process->has_ended && !process->is_finished) process_finish(process);
}

void process_settle_failed(struct process *process) { process_settle(process); }

void process_fail(struct process *process, const struct failure *failure) {
  if (process->has_failed) return;
  process->has_failed = true;
  if (process->client == NULL) return;
  connection_fail(process->client, process->request_id, failure);
  if (process->client->attached == process) {
    process->client->attached = NULL;
    connection_end(process->client);
  }
  process->client = NULL;
}

static void answer_started(struct process *process) {
  char pid[32];
  snprintf(pid, sizeof pid, "%d", (int)process->pid);
  process->has_started = true;
  process->started_ms = now_ms();
  if (process->client != NULL) connection_ok(process->client, process->request_id, pid);
  process->client = NULL;
}

static void take_terminal(struct process *process, int master) {
  int writer = fcntl(master, F_DUPFD_CLOEXEC, 0);
  fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK);
  loop_add(&process->output[0], master, EPOLLIN, output_ready, process);
  if (writer >= 0) {
    loop_add(&process->input, writer, EPOLLOUT, input_ready, process);
    loop_want(&process->input, 0);
  }
}

static void report_ready(struct source *source, uint32_t events) {
  (void)events;
  struct process *process = source->owner;
  struct report report;
  int descriptor;
  int received;
  while ((received = report_receive(source->fd, &report, &descriptor)) > 0) {
    struct failure failure = {report.operation, report.index, report.error, {0}};
    memcpy(failure.detail, report.detail, sizeof failure.detail);
    if (report.kind == REPORT_FAILURE) process_fail(process, &failure);
    else if (report.kind == REPORT_WARNING && process->client != NULL)
      connection_warn(process->client, process->request_id, &failure);
    else if (report.kind == REPORT_PROCESS) {
      process->builder = process->pid;
      process->pid = report.index;
    } else if (descriptor >= 0) take_terminal(process, descriptor);
  }
  if (received < 0) return;
  loop_remove(source);
  if (!process->has_failed) answer_started(process);
  process_settle(process);
}

void process_watch(struct process *process, int report, int output, int errors, int input) {
  loop_add(&process->report, report, EPOLLIN, report_ready, process);
  if (output >= 0) loop_add(&process->output[0], output, EPOLLIN, output_ready, process);
  if (errors >= 0) loop_add(&process->output[1], errors, EPOLLIN, output_ready, process);
  if (input >= 0) {
    loop_add(&process->input, input, EPOLLOUT, input_ready, process);
    loop_want(&process->input, 0);
  }
}

void process_reap(void) {
  int status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
    for (struct process *process = processes; process != NULL; process = process->next) {
      if ((process->pid != pid && process->builder != pid) || process->has_ended) continue;
      /* A builder that ends has said before in whose favour, or why it failed. */
      if (process->report.fd >= 0) report_ready(&process->report, 0);
      if (process->builder == pid && !process->has_failed) continue;
      process->has_ended = true;
      process->status = WIFSIGNALED(status) ? 256 + WTERMSIG(status) : WEXITSTATUS(status);
    }
  }
  struct process *next;
  for (struct process *process = processes; process != NULL; process = next) {
    next = process->next;
    process_settle(process);
  }
}

void process_forget(struct process *process) {
  struct process **link = &processes;
  while (*link != NULL && *link != process) link = &(*link)->next;
  if (*link == NULL) return;
  *link = process->next;
  free(process->oom_path);
  process->oom_path = NULL;
  loop_release(process);
}

bool processes_running(void) {
  for (struct process *process = processes; process != NULL; process = process->next)
    if (!process->is_finished) return true;
  return false;
}

void processes_kill(void) {
  for (struct process *process = processes; process != NULL; process = process->next)
    if (!process->has_ended && process->pid > 0) kill(process->pid, SIGKILL);
}

/* The process and its group: a command that was started with its own session takes its jobs along. */
void process_kill(struct process *process, int signal_number) {
  if (process->has_ended) return;
  if (process->is_exec) kill(-process->pid, signal_number);
  kill(process->pid, signal_number);
}
