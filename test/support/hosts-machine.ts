import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { locationsFor } from "#kit/locations";
import { eventually } from "#test/support/host";

/**
 * One machine of a lab: a process with namespaces of its own (network, mounts, pids, host name), in which
 * everything else of the machine runs. The kernel, the file system and the cgroup tree are shared.
 *
 * Invariants: every process of the machine is below `init`, so that killing it is a power failure; /run is
 * empty after a boot, and each boot has a boot id of its own; nothing of the machine has a name outside it.
 */
export class Machine {
  readonly name: string;
  /** --root-dir of every Kaji command here. */
  readonly rootDir: string;
  private readonly labRoot: string;
  private hasBooted = false;
  private shell: ChildProcess | undefined;
  private initPid = 0;

  constructor(name: string, labRoot: string) {
    this.name = name;
    this.labRoot = labRoot;
    this.rootDir = join(labRoot, name);
  }

  /** Process 1 of the machine, as seen from outside. */
  get pid(): number {
    if (!this.isOn()) throw new Error(`host ${this.name} is switched off`);
    return this.initPid;
  }

  isOn(): boolean {
    return this.shell !== undefined;
  }

  async boot(): Promise<void> {
    mkdirSync(this.rootDir, { recursive: true });
    // On a real machine it is in memory.
    rmSync(locationsFor(this.rootDir).run, { recursive: true, force: true });
    const identity = join(this.labRoot, `${this.name}.identity`);
    mkdirSync(identity, { recursive: true });
    writeFileSync(join(identity, "boot_id"), `${randomUUID()}\n`);
    if (!this.hasBooted) {
      writeFileSync(join(identity, "machine-id"), `${randomUUID().replaceAll("-", "")}\n`);
    }
    this.hasBooted = true;
    const own = ["--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "--mount-proc"];
    const shell = spawn(
      "unshare",
      [...own, "--kill-child", "sh", "-c", INIT, this.name, identity, this.labRoot],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    let complaint = "";
    shell.stderr.on("data", (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    await Promise.race([once(shell.stdout, "data"), once(shell, "exit")]);
    if (shell.exitCode !== null) throw new Error(`host ${this.name} does not boot: ${complaint}`);
    this.shell = shell;
    this.initPid = childOf(shell.pid ?? 0) ?? 0;
  }

  /** The command that runs this one inside. */
  inside(argv: readonly string[]): string[] {
    const own = ["--net", "--mount", "--uts", "--ipc", "--pid"];
    return ["nsenter", "--target", `${this.pid}`, ...own, "--", ...argv];
  }

  /** A power failure: every process is gone, with network, mounts and /run; files stay. */
  async powerOff(): Promise<void> {
    const { shell } = this;
    if (!shell) return;
    this.shell = undefined;
    const exited = once(shell, "exit");
    process.kill(this.initPid, "SIGKILL");
    await exited;
  }

  /** What a real power failure would have taken and this one cannot. Caller must have switched it off. */
  async removeGroups(): Promise<void> {
    const { instance } = locationsFor(this.rootDir);
    await eventually(`the cgroups of host ${this.name} are empty`, () =>
      groupRoots().every((root) => removeTree(join(root, instance))),
    );
  }
}

/**
 * $0 is the host's name, $1 a folder with its boot id and machine id, $2 a folder of the lab. A namespace begins with settings of
 * the host that made it, and /sys shows the network of who mounted it. Waiting reaps orphans, as process 1 must.
 */
const INIT = `
set -e
hostname "$0"
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/cgroup /run/lock
mount --rbind /sys/fs/cgroup /run/cgroup
mount -t sysfs sysfs /sys
mount --move /run/cgroup /sys/fs/cgroup
rmdir /run/cgroup
mount --bind "$1/boot_id" /proc/sys/kernel/random/boot_id
test ! -e /etc/machine-id || mount --bind "$1/machine-id" /etc/machine-id
echo 0 >/proc/sys/net/ipv4/ip_forward
filter=/proc/sys/net/bridge/bridge-nf-call-iptables
test ! -e $filter || echo 0 >$filter
ip link set lo up
cd "$2"
echo ready
exec >&-
while :; do sleep 86400 & wait $!; done
`;

/** The first child of a process of ours; undefined when it has none. */
export function childOf(pid: number): number | undefined {
  const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
  return child ? Number(child) : undefined;
}

function groupRoots(): string[] {
  const root = "/sys/fs/cgroup";
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [root, ...folders.map(({ name }) => join(root, name))];
}

/** False while the kernel still counts a process in one of them. */
function removeTree(folder: string): boolean {
  try {
    const below = readdirSync(folder, { withFileTypes: true }).filter((it) => it.isDirectory());
    const isEmpty = below.every(({ name }) => removeTree(join(folder, name)));
    if (isEmpty) rmdirSync(folder);
    return isEmpty;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EBUSY") return false;
    if (code === "ENOENT") return true;
    throw error;
  }
}
