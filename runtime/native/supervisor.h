#ifndef KAJI_SUPERVISOR_H
#define KAJI_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "log.h"
#include "loop.h"
#include "operations.h"
#include "report.h"
#include "wire.h"

/*
 * One supervisor per sandbox. It lives in the sandbox's namespaces (that is what keeps them), is the parent
 * of its containers' processes, and the only writer of their logs and exit records.
 *
 *   connection --start--> process (container) --exit--> record on disk, event to watchers
 *   connection --exec---> process (exec)      --exit--> frame on that connection
 *   connection --attach-> joins a container's streams
 *
 * Invariants: a process is reaped by the supervisor alone, so its pid stays its own until process_finish. A
 * container's exit record is on disk before anyone is told. A slow reader of an exec stops that exec's output; a slow
 * reader of an attach is cut off: the container never waits.
 */
enum { CONNECTIONS_LIMIT = 256, PROCESSES_LIMIT = 1024, PENDING_LIMIT = 1 << 18, ID_LIMIT = 80 };

struct connection;

struct process {
  struct process *next;
  bool is_exec;
  bool is_tty;
  /* Nothing more to do once all three hold; see process_settle. */
  bool has_started;
  bool has_failed;
  bool has_ended;
  bool is_finished;
  bool is_stdin_once;
  bool is_stdin_closing;
  char id[ID_LIMIT];
  pid_t pid;
  /* What was cloned first and reported `pid` to take its place; 0: nobody. */
  pid_t builder;
  int status;
  int64_t started_ms;
  int64_t finished_ms;
  uint64_t oom_kills;
  struct source report;
  struct source output[2];
  struct source input;
  struct buffer input_pending;
  struct log log;
  /* Containers: where the kernel counts OOM kills, and what to apply after the end. */
  char *oom_path;
  struct buffer after;
  /* Who asked (to be answered when exec is through), and for an exec who gets its streams. */
  struct connection *client;
  uint32_t request_id;
};

struct connection {
  struct connection *next;
  struct source source;
  struct buffer in;
  struct buffer out;
  bool is_watching;
  bool is_closing;
  /* The process whose streams this connection carries. */
  struct process *attached;
  bool has_stdin;
  uint32_t stream_id;
};

/* connection.c */
extern struct connection *connections;
void connection_accept(int fd);
void connection_send(struct connection *connection, uint32_t id, enum frame_type type,
                     const struct field *fields, uint16_t count);
void connection_fail(struct connection *connection, uint32_t id, const struct failure *failure);
void connection_ok(struct connection *connection, uint32_t id, const char *text);
void connection_warn(struct connection *connection, uint32_t id, const struct failure *failure);
/* Closes when what is queued has been written. */
void connection_end(struct connection *connection);
void connection_drop(struct connection *connection);
/* Reads again from connections whose input had to wait for this process. */
void connections_resume(const struct process *process);

/* process.c */
extern struct process *processes;
struct process *process_find(const char *id);
struct process *process_new(const char *id);
void process_watch(struct process *process, int report, int output, int errors, int input);
void process_fail(struct process *process, const struct failure *failure);
/* For a start that failed before there was a child. */
void process_settle_failed(struct process *process);
void process_reap(void);
void process_input(struct process *process, const char *data, size_t length);
void process_input_end(struct process *process);
void process_resize(struct process *process, unsigned width, unsigned height);
void process_pause_output(struct process *process, bool is_paused);
void process_forget(struct process *process);
void process_kill(struct process *process, int signal_number);
bool processes_running(void);
void processes_kill(void);

/* spawn.c */
void spawn_init(void);
void spawn_container(struct connection *connection, const struct frame *frame);
void spawn_exec(struct connection *connection, const struct frame *frame);
void spawn_forward(struct connection *connection, const struct frame *frame);

/* supervisor.c */
void supervisor_shutdown(struct connection *connection, uint32_t id, const struct field *list);
void supervisor_process_ended(void);
void supervisor_run(int ready_channel, int busy_lock, const struct frame *frame);
const char *supervisor_directory(void);
int64_t now_ms(void);

#endif
