#ifndef KAJI_LOOP_H
#define KAJI_LOOP_H

#include <stdbool.h>
#include <stdint.h>

/*
 * One epoll loop. A source is a descriptor and what to do when it is ready; it is embedded in what owns it.
 * Invariant: after loop_remove nothing calls the source again, even in the same round; owners may be freed
 * only through loop_release, which waits for the round to end.
 */
struct source {
  int fd;
  uint32_t events;
  void (*ready)(struct source *source, uint32_t events);
  void *owner;
};

void loop_init(void);
int loop_add(struct source *source, int fd, uint32_t events,
             void (*ready)(struct source *, uint32_t), void *owner);
/* Changes what is waited for; 0 waits for nothing (not even hang-ups). */
void loop_want(struct source *source, uint32_t events);
/* Closes the descriptor too. */
void loop_remove(struct source *source);
/* Frees memory when the round is over. */
void loop_release(void *memory);
void loop_run(const bool *is_done);
/* In a child that leaves the loop. */
void loop_close(void);

#endif
