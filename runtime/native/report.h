#ifndef KAJI_REPORT_H
#define KAJI_REPORT_H

#include "operations.h"

/*
 * What a child says to its supervisor while it applies its list, over a datagram-keeping socket pair. The end of
 * the channel without a failure means that exec succeeded.
 */
enum report_kind { REPORT_WARNING = 'W', REPORT_FAILURE = 'F', REPORT_DESCRIPTOR = 'D', REPORT_PROCESS = 'P' };

struct report {
  char kind;
  char operation[24];
  /* Of a REPORT_PROCESS: its pid. */
  int index;
  int error;
  char detail[DETAIL_LIMIT];
};

void report_failure(int channel, enum report_kind kind, const struct failure *failure);
/* The process that will be the container, instead of the one that was cloned for it. */
int report_process(int channel, int pid);
int report_descriptor(int channel, int descriptor);
/* 1: a report; 0: the channel has ended; -1: nothing yet. */
int report_receive(int channel, struct report *report, int *descriptor);

#endif
