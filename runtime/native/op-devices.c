/* Which devices a cgroup v2 may use: a program that the TypeScript side compiled, asked by the kernel at each open. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "operations.h"

static int bpf(enum bpf_cmd command, union bpf_attr *attributes) {
  return (int)syscall(SYS_bpf, command, attributes, sizeof *attributes);
}

static int load(struct field program) {
  union bpf_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
  attributes.insns = (uint64_t)(uintptr_t)program.data;
  attributes.insn_cnt = (uint32_t)(program.length / sizeof(struct bpf_insn));
  attributes.license = (uint64_t)(uintptr_t) "Apache-2.0";
  return bpf(BPF_PROG_LOAD, &attributes);
}

/* Beside what stands above: every group on the way must agree. It goes with the group. */
static int attach(int cgroup, int program) {
  union bpf_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.target_fd = (uint32_t)cgroup;
  attributes.attach_bpf_fd = (uint32_t)program;
  attributes.attach_type = BPF_CGROUP_DEVICE;
  attributes.attach_flags = BPF_F_ALLOW_MULTI;
  return bpf(BPF_PROG_ATTACH, &attributes);
}

int op_device_filter(struct context *context, struct arguments *arguments) {
  const char *path = next_text(arguments);
  struct field program = next_field(arguments);
  snprintf(context->detail, sizeof context->detail, "%.200s", path);
  int cgroup = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (cgroup < 0) return -1;
  int loaded = load(program);
  int result = loaded < 0 ? -1 : attach(cgroup, loaded);
  int error = errno;
  if (loaded >= 0) close(loaded);
  close(cgroup);
  errno = error;
  return result;
}
