import type { CapabilityName } from "#runtime/plan/capabilities";

/** What a filter answers. errno: the call fails with that number. */
export type Action = "allow" | "log" | "trap" | "kill" | { readonly errno: number };

export interface ArgumentTest {
  readonly index: number;
  readonly op: "eq" | "ne" | "lt" | "le" | "gt" | "ge" | "maskedEq";
  /** For maskedEq the mask; then valueTwo is what the masked argument must be. */
  readonly value: bigint;
  readonly valueTwo?: bigint;
}

/** Applies to a call when all tests hold; the first rule that applies to a call decides. */
export interface Rule {
  readonly names: readonly string[];
  readonly action: Action;
  readonly tests: readonly ArgumentTest[];
}

export interface Profile {
  readonly defaultAction: Action;
  readonly rules: readonly Rule[];
}

export const EPERM = 1;
export const ENOSYS = 38;

/** Calls that any container may make, in groups that go together. */
const everyone: readonly string[] = [
  // Files.
  "access chdir chmod chown close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2",
  "fadvise64 fallocate fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchownat fcntl fdatasync",
  "flock fstat fstatfs fsync ftruncate futimesat getcwd getdents getdents64 inotify_add_watch inotify_init",
  "inotify_init1 inotify_rm_watch ioctl lchown link linkat lseek lstat mkdir mkdirat mknod mknodat",
  "name_to_handle_at newfstatat open openat openat2 pipe pipe2 pread64 preadv preadv2 pwrite64 pwritev",
  "pwritev2 read readahead readlink readlinkat readv rename renameat renameat2 rmdir sendfile splice stat",
  "statfs statx symlink symlinkat sync sync_file_range syncfs tee truncate umask unlink unlinkat utime",
  "utimensat utimes vmsplice write writev cachestat",
  "fgetxattr flistxattr fremovexattr fsetxattr getxattr lgetxattr listxattr llistxattr lremovexattr",
  "lsetxattr removexattr setxattr getxattrat setxattrat listxattrat removexattrat",
  // Waiting.
  "epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 poll ppoll",
  "pselect6 select signalfd signalfd4 io_cancel io_destroy io_getevents io_pgetevents io_setup io_submit",
  // Memory.
  "brk madvise map_shadow_stack membarrier memfd_create memfd_secret mincore mlock mlock2 mlockall mmap",
  "mprotect mremap mseal msync munlock munlockall munmap pkey_alloc pkey_free pkey_mprotect",
  "remap_file_pages",
  // Processes and threads.
  "arch_prctl execve execveat exit exit_group fork futex futex_requeue futex_wait futex_waitv futex_wake",
  "get_robust_list get_thread_area getcpu getpgid getpgrp getpid getppid getpriority getrlimit getrusage",
  "getsid gettid ioprio_get ioprio_set kill modify_ldt pause pidfd_open pidfd_send_signal prctl prlimit64",
  "process_mrelease process_vm_readv process_vm_writev ptrace restart_syscall rseq sched_get_priority_max",
  "sched_get_priority_min sched_getaffinity sched_getattr sched_getparam sched_getscheduler",
  "sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield",
  "seccomp set_robust_list set_thread_area set_tid_address setpgid setpriority setrlimit setsid sysinfo",
  "tgkill times tkill uname vfork wait4 waitid riscv_flush_icache uretprobe",
  "landlock_add_rule landlock_create_ruleset landlock_restrict_self",
  "rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait",
  "rt_tgsigqueueinfo sigaltstack",
  // Who one is.
  "capget capset getegid geteuid getgid getgroups getresgid getresuid getuid setfsgid setfsuid setgid",
  "setgroups setregid setresgid setresuid setreuid setuid",
  // Time.
  "adjtimex alarm clock_adjtime clock_getres clock_gettime clock_nanosleep getitimer getrandom",
  "gettimeofday nanosleep setitimer time timer_create timer_delete timer_getoverrun timer_gettime",
  "timer_settime timerfd_create timerfd_gettime timerfd_settime",
  // Sockets and System V.
  "accept accept4 bind connect getpeername getsockname getsockopt listen recvfrom recvmmsg recvmsg",
  "sendmmsg sendmsg sendto setsockopt shutdown socketpair",
  "mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink msgctl msgget msgrcv msgsnd",
  "semctl semget semop semtimedop shmat shmctl shmdt shmget",
];

/** Calls that a capability opens. */
const byCapability: readonly (readonly [CapabilityName, string])[] = [
  ["DAC_READ_SEARCH", "open_by_handle_at"],
  [
    "SYS_ADMIN",
    "bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie mount mount_setattr",
  ],
  [
    "SYS_ADMIN",
    "move_mount open_tree perf_event_open quotactl quotactl_fd setdomainname sethostname",
  ],
  ["SYS_ADMIN", "setns syslog umount2 unshare statmount listmount"],
  ["SYS_BOOT", "reboot"],
  ["SYS_CHROOT", "chroot"],
  ["SYS_MODULE", "delete_module init_module finit_module"],
  ["SYS_PACCT", "acct"],
  ["SYS_PTRACE", "kcmp pidfd_getfd process_madvise"],
  ["SYS_RAWIO", "iopl ioperm"],
  ["SYS_TIME", "settimeofday clock_settime"],
  ["SYS_TTY_CONFIG", "vhangup"],
  ["SYS_NICE", "get_mempolicy mbind set_mempolicy set_mempolicy_home_node"],
  ["SYSLOG", "syslog"],
  ["BPF", "bpf"],
  ["PERFMON", "perf_event_open"],
];

const AF_VSOCK = 40n;
const NEW_NAMESPACES = 0x7e020000n;
const PERSONALITIES = [0n, 8n, 0x20000n, 0x20008n, 0xffffffffn];

/**
 * The default profile: the same calls as Docker's and containerd's. What is refused says EPERM, except
 * clone3 (its flags are behind a pointer): ENOSYS sends a C library back to clone.
 */
export function defaultProfile(capabilities: ReadonlySet<CapabilityName>): Profile {
  const allow = (names: string, tests: readonly ArgumentTest[] = []): Rule => ({
    names: names.split(" "),
    action: "allow",
    tests,
  });
  const opened = byCapability.filter(([name]) => capabilities.has(name));
  const makesNamespaces = capabilities.has("SYS_ADMIN");
  const restrictedClone: readonly Rule[] = [
    allow("clone", [{ index: 0, op: "maskedEq", value: NEW_NAMESPACES, valueTwo: 0n }]),
    { names: ["clone3"], action: { errno: ENOSYS }, tests: [] },
  ];
  return {
    defaultAction: { errno: EPERM },
    rules: [
      ...everyone.map((names) => allow(names)),
      ...opened.map(([, names]) => allow(names)),
      allow("socket", [{ index: 0, op: "ne", value: AF_VSOCK }]),
      ...PERSONALITIES.map((value) => allow("personality", [{ index: 0, op: "eq", value }])),
      ...(makesNamespaces ? [] : restrictedClone),
    ],
  };
}
