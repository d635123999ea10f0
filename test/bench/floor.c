/*
 * The least a container costs: clone with all namespaces, overlay root, pivot, exec, wait, unmount. No network beyond an
 * empty namespace, no limits, no filter. Usage: floor LOWER SCRATCH COMMAND...
 */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what) {
  perror(what);
  _exit(125);
}

static void run(const char *lower, char **command) {
  char options[4096];
  if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) fail("private");
  snprintf(options, sizeof options, "lowerdir=%s,upperdir=upper,workdir=work,volatile", lower);
  if (mount("overlay", "root", "overlay", 0, options) != 0) fail("overlay");
  if (chdir("root") != 0 || syscall(SYS_pivot_root, ".", ".") != 0) fail("pivot");
  if (umount2(".", MNT_DETACH) != 0 || chdir("/") != 0) fail("unmount");
  mkdir("/proc", 0555);
  if (mount("proc", "/proc", "proc", 0, NULL) != 0) fail("proc");
  execv(command[0], command);
  fail("exec");
}

int main(int argc, char **argv) {
  int status;
  if (argc < 4) return 2;
  if (mkdir(argv[2], 0700) != 0 || chdir(argv[2]) != 0) fail("scratch");
  mkdir("upper", 0755);
  mkdir("work", 0700);
  mkdir("root", 0700);
  long flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWCGROUP;
  pid_t pid = (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) run(argv[1], argv + 3);
  if (pid < 0 || waitpid(pid, &status, 0) != pid) fail("clone");
  rmdir("work/work");
  rmdir("work");
  rmdir("root");
  return WEXITSTATUS(status);
}
