/*
 * What a hostile program tries from inside a container, one function for each attempt. Run without arguments it tries
 * all, with arguments those named, and prints a line for each: "NAME: refused (why)" or "NAME: SUCCEEDED".
 * Environment: HOST_FILE a file that only the host has, HOST_PID a process of the host, HOST_PORT a port on
 * the host's loopback, HOST_SOCKET an abstract socket of the host, HOST_DISK "MAJOR:MINOR" of the host's disk.
 *
 * Invariant: an attempt that succeeds changes nothing: values are written back as they were, or files are only opened.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <linux/reboot.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* 0: the attack worked. Otherwise the errno that stopped it. */
typedef int attempt(void);

static int outcome(long result) { return result < 0 ? errno : 0; }

static int opens(const char *path, int flags) {
  int fd = open(path, flags | O_CLOEXEC);
  if (fd < 0) return errno;
  close(fd);
  return 0;
}

/* Some of these files give an error, or nothing, only when read. */
static int reads(const char *path) {
  char byte;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return errno;
  ssize_t length = read(fd, &byte, 1);
  int error = length < 0 ? errno : ENODATA;
  close(fd);
  return length > 0 ? 0 : error;
}

static const char *from_host(const char *name) {
  const char *value = getenv(name);
  if (value != NULL) return value;
  fprintf(stderr, "%s is not set\n", name);
  exit(2);
}

static int reads_below(const char *prefix) {
  char path[4096];
  snprintf(path, sizeof path, "%s%s", prefix, from_host("HOST_FILE"));
  return reads(path);
}

/* Devices ------------------------------------------------------------------------------------------------- */

static int node_opens(mode_t kind, unsigned number, unsigned minor_number, int flags) {
  const char *path = "/tmp/node";
  unlink(path);
  if (mknod(path, kind | 0600, makedev(number, minor_number)) != 0) return errno;
  int result = opens(path, flags);
  unlink(path);
  return result;
}

static int disk_read(void) {
  unsigned number = 0, minor_number = 0;
  if (sscanf(from_host("HOST_DISK"), "%u:%u", &number, &minor_number) != 2) return EINVAL;
  return node_opens(S_IFBLK, number, minor_number, O_RDONLY);
}
static int disk_write(void) {
  unsigned number = 0, minor_number = 0;
  if (sscanf(from_host("HOST_DISK"), "%u:%u", &number, &minor_number) != 2) return EINVAL;
  return node_opens(S_IFBLK, number, minor_number, O_WRONLY);
}
static int memory_device(void) { return node_opens(S_IFCHR, 1, 1, O_RDONLY); }
static int port_device(void) { return node_opens(S_IFCHR, 1, 4, O_RDONLY); }
static int kernel_log_device(void) { return node_opens(S_IFCHR, 1, 11, O_RDONLY); }
static int loop_control(void) { return node_opens(S_IFCHR, 10, 237, O_RDWR); }
static int fuse_device(void) { return node_opens(S_IFCHR, 10, 229, O_RDWR); }
static int kvm_device(void) { return node_opens(S_IFCHR, 10, 232, O_RDWR); }
static int tun_device(void) { return node_opens(S_IFCHR, 10, 200, O_RDWR); }
static int host_terminal(void) { return node_opens(S_IFCHR, 4, 64, O_RDWR | O_NOCTTY); }

/* Mounts and namespaces ------------------------------------------------------------------------------------- */

static int mount_proc(void) { return outcome(mount("proc", "/tmp", "proc", 0, NULL)); }
static int mount_tmpfs(void) { return outcome(mount("none", "/tmp", "tmpfs", 0, NULL)); }
static int mount_cgroup(void) { return outcome(mount("none", "/tmp", "cgroup", 0, "memory")); }
static int mount_cgroup2(void) { return outcome(mount("none", "/tmp", "cgroup2", 0, NULL)); }
static int mount_bind(void) { return outcome(mount("/bin", "/tmp", NULL, MS_BIND, NULL)); }
static int mount_debugfs(void) { return outcome(mount("none", "/tmp", "debugfs", 0, NULL)); }
static int remount_sys(void) { return outcome(mount("", "/sys", NULL, MS_REMOUNT | MS_BIND, NULL)); }
static int unmount_mask(void) { return outcome(umount2("/proc/kcore", MNT_DETACH)); }
static int new_mount_api(void) { return outcome(syscall(SYS_fsopen, "tmpfs", 0)); }
static int open_tree_clone(void) { return outcome(syscall(SYS_open_tree, -100, "/", 1)); }
static int pivot_root_call(void) { return outcome(syscall(SYS_pivot_root, ".", ".")); }
static int unshare_user(void) { return outcome(unshare(CLONE_NEWUSER)); }
static int unshare_mount(void) { return outcome(unshare(CLONE_NEWNS)); }
static int clone_user(void) {
  long pid = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) _exit(0);
  if (pid > 0) waitpid((pid_t)pid, NULL, 0);
  return outcome(pid);
}
static int clone3_user(void) {
  unsigned long long arguments[11] = {CLONE_NEWUSER, 0, 0, 0, SIGCHLD};
  long pid = syscall(SYS_clone3, arguments, sizeof arguments);
  if (pid == 0) _exit(0);
  if (pid > 0) waitpid((pid_t)pid, NULL, 0);
  return outcome(pid);
}
static int enters(const char *path, int kind) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno;
  int result = outcome(setns(fd, kind));
  close(fd);
  return result;
}
static int setns_init_mount(void) { return enters("/proc/1/ns/mnt", CLONE_NEWNS); }
static int setns_init_net(void) { return enters("/proc/1/ns/net", CLONE_NEWNET); }
static int setns_init_pid(void) { return enters("/proc/1/ns/pid", CLONE_NEWPID); }

/* Files of the host -------------------------------------------------------------------------------------------- */

static int host_file(void) { return reads_below(""); }
static int host_file_by_init_root(void) { return reads_below("/proc/1/root"); }
static int host_file_by_init_cwd(void) { return reads_below("/proc/1/cwd/../../../../../../../../.."); }
static int host_file_by_dots(void) { return reads_below("/../../../../../../../../.."); }
static int host_file_by_chroot(void) {
  pid_t pid = fork();
  if (pid == 0) {
    int here = open("/", O_RDONLY | O_DIRECTORY);
    mkdir("/tmp/inner", 0755);
    if (chroot("/tmp/inner") != 0 || fchdir(here) != 0) _exit(errno);
    for (int i = 0; i < 64; i++)
      if (chdir("..") != 0) _exit(errno);
    if (chroot(".") != 0) _exit(errno);
    _exit(reads_below(""));
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return WEXITSTATUS(status);
}
/* Handles are of the file system, not of a mount: with one of the host's own, its root is inode 2. */
static int host_file_by_handle(void) {
  struct { struct file_handle head; unsigned int inode, generation; } root = {
      .head = {.handle_bytes = 8, .handle_type = 1}, .inode = 2, .generation = 0};
  int mount = open("/etc/hostname", O_RDONLY | O_CLOEXEC);
  if (mount < 0) mount = open("/", O_RDONLY | O_CLOEXEC);
  int result = outcome(open_by_handle_at(mount, &root.head, O_RDONLY));
  close(mount);
  return result;
}
/* A descriptor that somebody forgot to close leads out. */
static int leaked_descriptor(void) {
  DIR *directory = opendir("/proc/self/fd");
  if (directory == NULL) return errno;
  struct dirent *entry;
  int leaked = 0;
  while ((entry = readdir(directory)) != NULL) {
    int fd = atoi(entry->d_name);
    if (fd > 2 && fd != dirfd(directory)) leaked = fd;
  }
  closedir(directory);
  return leaked == 0 ? EBADF : 0;
}

/* Processes of the host ------------------------------------------------------------------------------------------ */

static int signal_host(void) { return outcome(kill(atoi(from_host("HOST_PID")), 0)); }
static int ptrace_host(void) { return outcome(ptrace(PTRACE_SEIZE, atoi(from_host("HOST_PID")), 0, 0)); }
static int see_host(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%s/stat", from_host("HOST_PID"));
  return reads(path);
}
static int read_host_memory(void) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%s/mem", from_host("HOST_PID"));
  return opens(path, O_RDONLY);
}
static int pidfd_steal(void) {
  long pidfd = syscall(SYS_pidfd_open, 1, 0);
  if (pidfd < 0) return errno;
  int result = outcome(syscall(SYS_pidfd_getfd, pidfd, 0, 0));
  close((int)pidfd);
  return result;
}

/* Settings of the kernel --------------------------------------------------------------------------------------------- */

static int write_core_pattern(void) { return opens("/proc/sys/kernel/core_pattern", O_WRONLY); }
static int write_modprobe(void) { return opens("/proc/sys/kernel/modprobe", O_WRONLY); }
static int write_panic(void) { return opens("/proc/sys/kernel/panic", O_WRONLY); }
static int write_forwarding(void) { return opens("/proc/sys/net/ipv4/ip_forward", O_WRONLY); }
static int write_binfmt(void) { return opens("/proc/sys/fs/binfmt_misc/register", O_WRONLY); }
static int sysrq(void) { return opens("/proc/sysrq-trigger", O_WRONLY); }
static int irq_affinity(void) { return opens("/proc/irq/default_smp_affinity", O_WRONLY); }
static int uevent_program(void) { return opens("/sys/kernel/uevent_helper", O_WRONLY); }
static int power_state(void) { return opens("/sys/power/state", O_WRONLY); }
static int kernel_memory(void) { return reads("/proc/kcore"); }
static int kernel_keys(void) { return reads("/proc/keys"); }
static int kernel_messages(void) { return reads("/proc/kmsg"); }
static int firmware(void) { return reads("/sys/firmware/acpi/tables/DSDT"); }

static int writes_in_cgroups(const char *file) {
  static const char *const roots[] = {"", "/memory", "/cpu", "/cpu,cpuacct", "/devices", "/pids", "/unified"};
  int result = ENOENT;
  for (size_t i = 0; i < sizeof roots / sizeof *roots && result != 0; i++) {
    char path[256];
    snprintf(path, sizeof path, "/sys/fs/cgroup%s/%s", roots[i], file);
    int one = opens(path, O_WRONLY);
    if (one != ENOENT) result = one;
  }
  return result;
}
static int cgroup_release_agent(void) { return writes_in_cgroups("release_agent"); }
static int cgroup_devices(void) { return writes_in_cgroups("devices.allow"); }
static int cgroup_memory_limit(void) {
  int old = writes_in_cgroups("memory.limit_in_bytes");
  return old == ENOENT ? writes_in_cgroups("memory.max") : old;
}
static int cgroup_make(void) { return outcome(mkdir("/sys/fs/cgroup/memory/mine", 0755)); }

/* Powers of the kernel -------------------------------------------------------------------------------------------------- */

static int reboot_call(void) {
  return outcome(syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_CAD_ON, 0));
}
static int kexec(void) { return outcome(syscall(SYS_kexec_load, 0, 0, 0, 0)); }
static int load_module(void) { return outcome(syscall(SYS_init_module, "", 0, "")); }
static int load_module_file(void) { return outcome(syscall(SYS_finit_module, 0, "", 0)); }
static int remove_module(void) { return outcome(syscall(SYS_delete_module, "none", O_NONBLOCK)); }
static int bpf_map(void) {
  union bpf_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.map_type = BPF_MAP_TYPE_ARRAY;
  attributes.key_size = attributes.value_size = 4;
  attributes.max_entries = 1;
  return outcome(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes));
}
static int perf(void) {
  struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE, .size = sizeof attributes};
  return outcome(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
}
static int key_session(void) { return outcome(syscall(SYS_keyctl, 0, -3, 1)); }
static int key_add(void) { return outcome(syscall(SYS_add_key, "user", "attack", "x", 1, -3)); }
static int key_request(void) { return outcome(syscall(SYS_request_key, "user", "attack", 0, -3)); }
static int userfault(void) { return outcome(syscall(SYS_userfaultfd, 0)); }
static int io_uring(void) {
  char parameters[128] = {0};
  return outcome(syscall(SYS_io_uring_setup, 1, parameters));
}
static int set_clock(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return outcome(clock_settime(CLOCK_REALTIME, &now));
}
/* Only when this program is set-uid and started by another user. */
static int set_uid_root(void) { return getuid() != geteuid() ? 0 : EPERM; }
static int set_host_name(void) { return outcome(sethostname("attacked", 8)); }
static int port_level(void) { return outcome(syscall(SYS_iopl, 3)); }
static int swap_on(void) { return outcome(syscall(SYS_swapon, "/tmp/none", 0)); }
static int accounting(void) { return outcome(syscall(SYS_acct, 0)); }
static int kernel_log(void) {
  char text[64];
  return outcome(syscall(SYS_syslog, 3, text, sizeof text));
}
static int no_randomisation(void) { return outcome(syscall(SYS_personality, 0x0040000)); }
static int i386_calls(void) { return outcome(syscall(SYS_personality, 0x400000)); }

/* The network of the host --------------------------------------------------------------------------------------------- */

static int connects(int family, const void *address, socklen_t length) {
  int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  int result = outcome(connect(fd, address, length));
  close(fd);
  return result;
}
static int host_loopback(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(from_host("HOST_PORT")))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return connects(AF_INET, &address, sizeof address);
}
static int host_abstract_socket(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const char *name = from_host("HOST_SOCKET");
  snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "%s", name);
  /* Node.js names it with all the zeros up to the end; others without. */
  int padded = connects(AF_UNIX, &address, sizeof address);
  if (padded == 0) return 0;
  return connects(AF_UNIX, &address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name)));
}
/* CAP_NET_RAW is there for ping; what it hears must be the container's own network alone. */
static int other_interfaces(void) {
  struct if_nameindex *all = if_nameindex();
  if (all == NULL) return errno;
  int others = 0;
  for (struct if_nameindex *each = all; each->if_name != NULL; each++) others += strcmp(each->if_name, "lo") != 0;
  if_freenameindex(all);
  return others > 0 ? 0 : ENODEV;
}
static int vsock(void) { return outcome(socket(40, SOCK_STREAM | SOCK_CLOEXEC, 0)); }
static int interface_down(void) {
  struct ifreq request = {.ifr_name = "lo"};
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  int result = outcome(ioctl(fd, SIOCSIFFLAGS, &request));
  close(fd);
  return result;
}

#define ATTACKS(ROW)                                                                                            \
  ROW(disk_read) ROW(disk_write) ROW(memory_device) ROW(port_device) ROW(kernel_log_device) ROW(loop_control)   \
  ROW(fuse_device) ROW(kvm_device) ROW(tun_device) ROW(host_terminal)                                           \
  ROW(mount_proc) ROW(mount_tmpfs) ROW(mount_cgroup) ROW(mount_cgroup2) ROW(mount_bind) ROW(mount_debugfs)      \
  ROW(remount_sys) ROW(unmount_mask) ROW(new_mount_api) ROW(open_tree_clone) ROW(pivot_root_call)               \
  ROW(unshare_user) ROW(unshare_mount) ROW(clone_user) ROW(clone3_user)                                         \
  ROW(setns_init_mount) ROW(setns_init_net) ROW(setns_init_pid)                                                 \
  ROW(host_file) ROW(host_file_by_init_root) ROW(host_file_by_init_cwd) ROW(host_file_by_dots)                  \
  ROW(host_file_by_chroot) ROW(host_file_by_handle) ROW(leaked_descriptor)                                      \
  ROW(signal_host) ROW(ptrace_host) ROW(see_host) ROW(read_host_memory) ROW(pidfd_steal)                        \
  ROW(write_core_pattern) ROW(write_modprobe) ROW(write_panic) ROW(write_forwarding) ROW(write_binfmt)          \
  ROW(sysrq) ROW(irq_affinity) ROW(uevent_program) ROW(power_state) ROW(kernel_memory) ROW(kernel_keys)         \
  ROW(kernel_messages) ROW(firmware)                                                                            \
  ROW(cgroup_release_agent) ROW(cgroup_devices) ROW(cgroup_memory_limit) ROW(cgroup_make)                       \
  ROW(reboot_call) ROW(kexec) ROW(load_module) ROW(load_module_file) ROW(remove_module) ROW(bpf_map) ROW(perf)  \
  ROW(key_session) ROW(key_add) ROW(key_request) ROW(userfault) ROW(io_uring) ROW(set_uid_root) ROW(set_clock) ROW(set_host_name) \
  ROW(port_level) ROW(swap_on) ROW(accounting) ROW(kernel_log) ROW(no_randomisation) ROW(i386_calls)            \
  ROW(host_loopback) ROW(host_abstract_socket) ROW(other_interfaces) ROW(vsock) ROW(interface_down)

static const struct {
  const char *name;
  attempt *run;
} attacks[] = {
#define ROW(name) {#name, name},
    ATTACKS(ROW)
#undef ROW
};

static int is_wanted(const char *name, int count, char **wanted) {
  for (int i = 1; i < count; i++)
    if (strcmp(wanted[i], name) == 0) return 1;
  return count == 1;
}

int main(int count, char **wanted) {
  for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
    if (!is_wanted(attacks[i].name, count, wanted)) continue;
    int error = attacks[i].run();
    if (error == 0) printf("%s: SUCCEEDED\n", attacks[i].name);
    else printf("%s: refused (%s)\n", attacks[i].name, strerror(error));
    fflush(stdout);
  }
  return 0;
}
