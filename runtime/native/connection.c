/* Connections of the supervisor: reading requests, queueing answers, carrying streams. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "answer.h"
#include "supervisor.h"

enum { READ_CHUNK = 16384, LIST_LIMIT = 512 };

struct connection *connections;

static bool must_wait(const struct connection *connection) {
  return connection->attached != NULL &&
         buffer_size(&connection->attached->input_pending) > PENDING_LIMIT;
}

static void update_interest(struct connection *connection) {
  uint32_t reading = must_wait(connection) ? 0 : EPOLLIN;
  uint32_t writing = buffer_size(&connection->out) > 0 ? EPOLLOUT : 0;
  loop_want(&connection->source, reading | writing);
}

static void flush(struct connection *connection) {
  struct buffer *out = &connection->out;
  while (buffer_size(out) > 0) {
    ssize_t length = send(connection->source.fd, out->data + out->start, buffer_size(out), MSG_NOSIGNAL);
    if (length < 0 && errno == EINTR) continue;
    if (length < 0 && errno == EAGAIN) break;
    if (length < 0) { /* The peer left; reading will say so and drop the connection. */
      buffer_free(out);
      break;
    }
    buffer_consume(out, (size_t)length);
  }
  if (connection->attached != NULL && connection->attached->is_exec &&
      buffer_size(out) < PENDING_LIMIT / 2)
    process_pause_output(connection->attached, false);
  update_interest(connection);
}

void connection_send(struct connection *connection, uint32_t id, enum frame_type type,
                     const struct field *fields, uint16_t count) {
  if (connection->source.fd < 0) return;
  bool was_empty = buffer_size(&connection->out) == 0;
  frame_append(&connection->out, id, type, fields, count);
  if (was_empty) flush(connection);
}

static void send_failure(struct connection *connection, uint32_t id, enum frame_type type,
                         const struct failure *failure) {
  if (connection->source.fd < 0) return;
  bool was_empty = buffer_size(&connection->out) == 0;
  frame_append_failure(&connection->out, id, type, failure);
  if (was_empty) flush(connection);
}

void connection_fail(struct connection *connection, uint32_t id, const struct failure *failure) {
  send_failure(connection, id, REPLY_FAILURE, failure);
}

void connection_warn(struct connection *connection, uint32_t id, const struct failure *failure) {
  send_failure(connection, id, EVENT_WARNING, failure);
}

void connection_ok(struct connection *connection, uint32_t id, const char *text) {
  struct field field = text_field(text);
  connection_send(connection, id, REPLY_OK, &field, 1);
}

static void let_go(struct connection *connection) {
  for (struct process *process = processes; process != NULL; process = process->next)
    if (process->client == connection) process->client = NULL;
  struct process *attached = connection->attached;
  connection->attached = NULL;
  if (attached == NULL) return;
  if (attached->is_exec) {
    process_kill(attached, SIGKILL);
    process_pause_output(attached, false);
  } else if (connection->has_stdin && attached->is_stdin_once) {
    process_input_end(attached);
  }
}

void connection_drop(struct connection *connection) {
  struct connection **link = &connections;
  while (*link != NULL && *link != connection) link = &(*link)->next;
  if (*link == NULL) return;
  *link = connection->next;
  let_go(connection);
  loop_remove(&connection->source);
  buffer_free(&connection->in);
  buffer_free(&connection->out);
  loop_release(connection);
}

void connection_end(struct connection *connection) {
  connection->is_closing = true;
  if (buffer_size(&connection->out) == 0) connection_drop(connection);
}

void connections_resume(const struct process *process) {
  for (struct connection *at = connections; at != NULL; at = at->next)
    if (at->attached == process && at->source.fd >= 0) update_interest(at);
}

static void refuse(struct connection *connection, uint32_t id, const char *what, int error) {
  struct failure failure = {what, 0, error, {0}};
  connection_fail(connection, id, &failure);
}

static void warn_client(void *owner, const struct failure *failure) {
  (void)owner;
  (void)failure;
}

static void apply(struct connection *connection, const struct frame *frame) {
  struct context context;
  struct failure failure;
  context_init(&context);
  bool is_applied = operations_apply(&context, frame_text(frame, 0), frame->fields[0].length,
                                     warn_client, connection, &failure);
  context_free(&context);
  if (is_applied) connection_ok(connection, frame->id, "");
  else connection_fail(connection, frame->id, &failure);
}

/* "id pid started finished status", a line for each container. */
static void list(struct connection *connection, const struct frame *frame) {
  struct buffer text = {0};
  for (struct process *at = processes; at != NULL; at = at->next) {
    char line[LIST_LIMIT];
    if (at->is_exec || at->has_failed) continue;
    int length = snprintf(line, sizeof line, "%s %d %lld %lld %d\n", at->id,
                          at->is_finished ? 0 : (int)at->pid, (long long)at->started_ms,
                          (long long)at->finished_ms, at->status);
    buffer_append(&text, line, (size_t)length);
  }
  struct field field = {text.data == NULL ? "" : (const char *)text.data, (uint32_t)text.length};
  connection_send(connection, frame->id, REPLY_OK, &field, 1);
  buffer_free(&text);
}

static void attach(struct connection *connection, const struct frame *frame,
                   struct process *process) {
  connection->stream_id = frame->id;
  connection->has_stdin = frame_number(frame, 1) != 0;
  connection_ok(connection, frame->id, process->is_tty ? "tty" : "");
  if (!process->is_finished) {
    connection->attached = process;
    return;
  }
  char status[32];
  snprintf(status, sizeof status, "%d", process->status);
  struct field field = text_field(status);
  connection_send(connection, frame->id, STREAM_EXIT, &field, 1);
}

static void reopen_log(struct connection *connection, const struct frame *frame,
                       struct process *process) {
  if (!process->is_finished && log_reopen(&process->log) != 0)
    refuse(connection, frame->id, "reopen_log", errno);
  else connection_ok(connection, frame->id, "");
}

/* Requests about one container, named by their first field. */
static void dispatch_container(struct connection *connection, const struct frame *frame) {
  struct process *process = process_find(frame_text(frame, 0));
  if (process == NULL) {
    refuse(connection, frame->id, "find", ESRCH);
    return;
  }
  switch (frame->type) {
    case REQUEST_KILL:
      process_kill(process, (int)frame_number(frame, 1));
      connection_ok(connection, frame->id, "");
      return;
    case REQUEST_REOPEN_LOG:
      reopen_log(connection, frame, process);
      return;
    case REQUEST_ATTACH:
      attach(connection, frame, process);
      return;
    case REQUEST_FORGET:
      if (process->is_finished) process_forget(process);
      connection_ok(connection, frame->id, "");
      return;
    default:
      refuse(connection, frame->id, "request", EBADMSG);
  }
}

static void dispatch_stream(struct connection *connection, const struct frame *frame) {
  struct process *process = connection->attached;
  if (process == NULL) return; /* It ended while this was on its way. */
  switch (frame->type) {
    case STREAM_STDIN:
      if (frame->count > 0) process_input(process, frame->fields[0].data, frame->fields[0].length);
      return;
    case STREAM_STDIN_END:
      if (process->is_exec || process->is_stdin_once) process_input_end(process);
      return;
    case STREAM_RESIZE:
      process_resize(process, (unsigned)frame_number(frame, 0), (unsigned)frame_number(frame, 1));
      return;
    default:
      return;
  }
}

static void dispatch(struct connection *connection, const struct frame *frame) {
  switch (frame->type) {
    case REQUEST_START:
      spawn_container(connection, frame);
      return;
    case REQUEST_EXEC:
      spawn_exec(connection, frame);
      return;
    case REQUEST_FORWARD:
      spawn_forward(connection, frame);
      return;
    case REQUEST_LIST:
      list(connection, frame);
      return;
    case REQUEST_APPLY:
      apply(connection, frame);
      return;
    case REQUEST_WATCH:
      connection->is_watching = true;
      connection_ok(connection, frame->id, "");
      return;
    case REQUEST_SHUTDOWN:
      supervisor_shutdown(connection, frame->id, &frame->fields[0]);
      return;
    case STREAM_STDIN:
    case STREAM_STDIN_END:
    case STREAM_RESIZE:
      dispatch_stream(connection, frame);
      return;
    default:
      dispatch_container(connection, frame);
  }
}

/* False when the connection was dropped. */
static bool receive(struct connection *connection) {
  static uint8_t chunk[READ_CHUNK];
  ssize_t length = recv(connection->source.fd, chunk, sizeof chunk, 0);
  if (length < 0 && (errno == EAGAIN || errno == EINTR)) return true;
  if (length <= 0) {
    connection_drop(connection);
    return false;
  }
  buffer_append(&connection->in, chunk, (size_t)length);
  struct frame frame;
  size_t used = 0;
  int parsed = 0;
  while (connection->source.fd >= 0 && buffer_size(&connection->in) > 0 &&
         (parsed = frame_parse(connection->in.data + connection->in.start,
                               buffer_size(&connection->in), &frame, &used)) > 0) {
    dispatch(connection, &frame);
    if (connection->source.fd >= 0) buffer_consume(&connection->in, used);
  }
  if (connection->source.fd < 0) return false;
  if (parsed < 0) connection_drop(connection);
  return parsed >= 0;
}

static void connection_ready(struct source *source, uint32_t events) {
  struct connection *connection = source->owner;
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && !receive(connection)) return;
  if ((events & EPOLLOUT) != 0) flush(connection);
  if (connection->is_closing && buffer_size(&connection->out) == 0) connection_drop(connection);
  else update_interest(connection);
}

void connection_accept(int fd) {
  int count = 0;
  for (struct connection *at = connections; at != NULL; at = at->next) count++;
  if (count >= CONNECTIONS_LIMIT) {
    close(fd);
    return;
  }
  struct connection *connection = must_allocate(sizeof *connection);
  if (loop_add(&connection->source, fd, EPOLLIN, connection_ready, connection) != 0) abort();
  connection->next = connections;
  connections = connection;
}
