#include "loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "wire.h"

enum { EVENTS_PER_ROUND = 32 };

struct garbage {
  struct garbage *next;
  void *memory;
};

static int epoll = -1;
static struct garbage *garbage;
static struct epoll_event round_events[EVENTS_PER_ROUND];
static int round_count;

void loop_init(void) {
  epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll < 0) abort();
}

void loop_close(void) { close(epoll); }

static int control(int operation, struct source *source) {
  struct epoll_event event = {.events = source->events, .data.ptr = source};
  return epoll_ctl(epoll, operation, source->fd, &event);
}

int loop_add(struct source *source, int fd, uint32_t events,
             void (*ready)(struct source *, uint32_t), void *owner) {
  *source = (struct source){fd, events, ready, owner};
  return control(EPOLL_CTL_ADD, source);
}

/* A descriptor that hangs up would wake a loop that waits for nothing: it leaves the set meanwhile. */
void loop_want(struct source *source, uint32_t events) {
  if (source->fd < 0 || source->events == events) return;
  int operation = source->events == 0 ? EPOLL_CTL_ADD : events == 0 ? EPOLL_CTL_DEL : EPOLL_CTL_MOD;
  source->events = events;
  if (control(operation, source) != 0) abort();
}

void loop_remove(struct source *source) {
  if (source->fd < 0) return;
  loop_want(source, 0);
  close(source->fd);
  source->fd = -1;
  for (int i = 0; i < round_count; i++)
    if (round_events[i].data.ptr == source) round_events[i].data.ptr = NULL;
}

void loop_release(void *memory) {
  struct garbage *entry = must_allocate(sizeof *entry);
  *entry = (struct garbage){garbage, memory};
  garbage = entry;
}

static void collect(void) {
  while (garbage != NULL) {
    struct garbage *entry = garbage;
    garbage = entry->next;
    free(entry->memory);
    free(entry);
  }
}

void loop_run(const bool *is_done) {
  while (!*is_done) {
    int count = epoll_wait(epoll, round_events, EVENTS_PER_ROUND, -1);
    if (count < 0 && errno != EINTR) abort();
    round_count = count < 0 ? 0 : count;
    for (int i = 0; i < round_count; i++) {
      struct source *source = round_events[i].data.ptr;
      if (source != NULL) source->ready(source, round_events[i].events);
    }
    round_count = 0;
    collect();
  }
}
