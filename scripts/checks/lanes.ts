import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { locationsFor } from "#kit/locations";
import { idleShareDuring } from "#scripts/checks/idle";
import { addTo, failedWith, nothingYet, type Outcome, readReport } from "#scripts/checks/outcome";
import { VITEST, vitestArguments } from "#scripts/checks/vitest";

/**
 * Runs test files several at a time, each in a vitest of its own on a "machine" of its own: network, mounts, process
 * numbers and temporary folder are the file's alone, and go with it. So files neither see each other's clusters
 * nor those of whoever else works on this host, and a file that fails leaves nothing behind for the next.
 *
 * What stays shared is the kernel, the disk, the processors and the cgroup tree. A file that counts or compares those
 * says so with a line of its own, `// lane: alone (why)`, and runs while no other does; `// lane: first (why)` has a
 * long one begin early.
 */
const MACHINE = ["--net", "--mount", "--uts", "--ipc", "--pid", "--fork", "--mount-proc"];
const FILE_TIMEOUT_MS = 10 * 60_000;
const CGROUPS = "/sys/fs/cgroup";

/**
 * /sys shows the network of who mounted it. /run is empty, as after a boot: what is kept there of a network namespace
 * that died is not of the next one that gets its number. Process 1 must reap orphans, which waiting does.
 */
const INIT = `
set -e
cgroups=$(mktemp -d)
mount --rbind /sys/fs/cgroup "$cgroups"
mount -t sysfs sysfs /sys
mount --move "$cgroups" /sys/fs/cgroup
rmdir "$cgroups"
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/netns /run/lock
ip link set lo up
"$@" & main=$!
while kill -0 "$main" 2>/dev/null; do wait "$main" && code=0 || code=$?; done
exit "$code"
`;

export interface TestFile {
  readonly path: string;
  readonly lane: "any" | "first" | "alone";
  /** A hint at how long it takes. */
  readonly sizeBytes: number;
}

/** Whether this process may make such machines. */
export function canHaveLanes(): boolean {
  const probe = spawnSync("unshare", [...MACHINE, "--kill-child", "true"], { stdio: "ignore" });
  return process.getuid?.() === 0 && probe.status === 0;
}

/** The files of a vitest project. */
export function filesOf(project: string): TestFile[] {
  const args = [VITEST, "list", "--project", project, "--filesOnly", "--json"];
  const listed = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
  return (listed as { file: string }[]).map(({ file }) => {
    const text = readFileSync(file, "utf8");
    const [, lane] = /^\/\/ lane: (first|alone) \(.+\)$/m.exec(text) ?? [];
    return {
      path: file.replace(`${process.cwd()}/`, ""),
      lane: lane === "first" || lane === "alone" ? lane : "any",
      sizeBytes: text.length,
    };
  });
}

/** Pure: long ones first, so that the end is not one lane waiting for another; then those that need the host alone. */
export function planLanes(files: readonly TestFile[]): { shared: string[]; alone: string[] } {
  const sorted = [...files].sort(
    (a, b) =>
      Number(b.lane === "first") - Number(a.lane === "first") ||
      b.sizeBytes - a.sizeBytes ||
      a.path.localeCompare(b.path),
  );
  const paths = (isAlone: boolean): string[] =>
    sorted.filter(({ lane }) => (lane === "alone") === isAlone).map(({ path }) => path);
  return { shared: paths(false), alone: paths(true) };
}

/** How many files run at a time: `always`, and up to `atRest` more while the processors would rest. */
export interface Lanes {
  readonly always: number;
  readonly atRest: number;
}

/** Some files mostly wait. So long the processors must have rested for one more to begin, which shows by then. */
const REST_MS = 3_000;
const IDLE_SHARE_AT_REST = 0.4;

export async function runInLanes(project: string, lanes: Lanes, modules: string): Promise<Outcome> {
  const { shared, alone } = planLanes(filesOf(project));
  const sum = nothingYet();
  const run = async (file: string): Promise<void> => {
    addTo(sum, await runFile({ project, file, modules }));
  };
  const lane = async (): Promise<void> => {
    for (let file = shared.shift(); file; file = shared.shift()) await run(file);
  };
  const moreAtRest = async (): Promise<void> => {
    const running = new Set<Promise<void>>();
    while (shared.length > 0) {
      const isAtRest = (await idleShareDuring(REST_MS)) >= IDLE_SHARE_AT_REST;
      const file = isAtRest && running.size < lanes.atRest ? shared.shift() : undefined;
      if (!file) continue;
      const started = run(file).finally(() => running.delete(started));
      running.add(started);
    }
    await Promise.all(running);
  };
  await Promise.all([...Array.from({ length: lanes.always }, lane), moreAtRest()]);
  for (const file of alone) await run(file);
  return sum;
}

interface FileRun {
  readonly project: string;
  readonly file: string;
  readonly modules: string;
}

async function runFile(run: FileRun): Promise<Outcome> {
  // Short: below it are unix sockets, whose names have at most 107 characters.
  const folder = mkdtempSync(join(tmpdir(), "kj-"));
  const outcome = await runIn(folder, run);
  try {
    for (const name of readdirSync(folder)) removeGroups(locationsFor(join(folder, name)).instance);
  } catch (error) {
    addTo(outcome, failedWith(run.file, `its control groups cannot be removed: ${String(error)}`));
  }
  rmSync(folder, { recursive: true, force: true });
  return outcome;
}

/** What it prints is kept until it has ended, so that the lines of two files do not mix. */
async function runIn(folder: string, run: FileRun): Promise<Outcome> {
  const report = join(folder, "report.json");
  const command = [process.execPath, ...vitestArguments({ ...run, report })];
  const { status, output } = await runOnMachine(folder, command);
  console.log(output.trim());
  if (status !== "timeout") return readReport(run.file, report, status);
  return failedWith(run.file, `not done within ${FILE_TIMEOUT_MS / 60_000} minutes`);
}

/** Of a cluster that was not taken down: its processes went with the machine, its control groups did not. */
function removeGroups(instance: string): void {
  const remove = (group: string): void => {
    if (!existsSync(group)) return;
    for (const entry of readdirSync(group, { withFileTypes: true })) {
      if (entry.isDirectory()) remove(join(group, entry.name));
    }
    rmdirSync(group);
  };
  for (const hierarchy of ["", ...readdirSync(CGROUPS)]) remove(join(CGROUPS, hierarchy, instance));
}

function runOnMachine(
  folder: string,
  command: readonly string[],
): Promise<{ status: number | "timeout"; output: string }> {
  const child = spawn(
    "unshare",
    [...MACHINE, "--kill-child", "sh", "-c", INIT, "lane", ...command],
    {
      env: { ...process.env, TMPDIR: folder, PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin` },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  return new Promise((resolve) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill("SIGKILL");
    }, FILE_TIMEOUT_MS);
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ status: isLate ? "timeout" : (code ?? 1), output });
    });
  });
}
