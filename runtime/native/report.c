#define _GNU_SOURCE
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

void report_failure(int channel, enum report_kind kind, const struct failure *failure) {
  struct report report = {.kind = (char)kind, .index = failure->index, .error = failure->error};
  snprintf(report.operation, sizeof report.operation, "%s", failure->operation);
  memcpy(report.detail, failure->detail, sizeof report.detail);
  /* Nobody is left to tell when this fails: the supervisor sees the child end. */
  (void)!send(channel, &report, sizeof report, MSG_NOSIGNAL);
}

int report_process(int channel, int pid) {
  struct report report = {.kind = REPORT_PROCESS, .index = pid};
  return send(channel, &report, sizeof report, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

int report_descriptor(int channel, int descriptor) {
  struct report report = {.kind = REPORT_DESCRIPTOR};
  struct iovec part = {&report, sizeof report};
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
  } control;
  memset(&control, 0, sizeof control);
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
                           .msg_controllen = sizeof control};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof descriptor);
  memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
  return sendmsg(channel, &message, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

int report_receive(int channel, struct report *report, int *descriptor) {
  struct iovec part = {report, sizeof *report};
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
  } control;
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
                           .msg_controllen = sizeof control};
  *descriptor = -1;
  ssize_t length = recvmsg(channel, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (length < 0) return errno == EAGAIN || errno == EINTR ? -1 : 0;
  if (length != (ssize_t)sizeof *report) return 0;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header != NULL && header->cmsg_type == SCM_RIGHTS)
    memcpy(descriptor, CMSG_DATA(header), sizeof *descriptor);
  report->operation[sizeof report->operation - 1] = '\0';
  report->detail[sizeof report->detail - 1] = '\0';
  return 1;
}
