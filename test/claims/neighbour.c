/* A service that is sensitive to delays: ROUNDS times it waits 2 ms, then works about 1 ms. Prints
 * "p50 p99" of how long a round took beyond the wait, in microseconds. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 400, WAIT_NANOS = 2000000, WORK = 300000 };

static double now_micros(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static int by_size(const void *one, const void *other) {
  double difference = *(const double *)one - *(const double *)other;
  return (difference > 0) - (difference < 0);
}

int main(void) {
  static double taken[ROUNDS];
  volatile unsigned sum = 0;
  for (int round = 0; round < ROUNDS; round++) {
    struct timespec pause = {0, WAIT_NANOS};
    double from = now_micros();
    nanosleep(&pause, NULL);
    for (unsigned i = 0; i < WORK; i++) sum += i;
    taken[round] = now_micros() - from - WAIT_NANOS / 1e3;
  }
  qsort(taken, ROUNDS, sizeof *taken, by_size);
  printf("%.0f %.0f\n", taken[ROUNDS / 2], taken[ROUNDS * 99 / 100]);
  return 0;
}
