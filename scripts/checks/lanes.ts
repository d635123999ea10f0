import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { locationsFor } from "#kit/locations";
import { addTo, failedWith, nothingYet, type Outcome, readReport } from "#scripts/checks/outcome";

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
const VITEST = "node_modules/vitest/vitest.mjs";

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

export async function runInLanes(project: string, lanes: number): Promise<Outcome> {
  const { shared, alone } = planLanes(filesOf(project));
  const sum = nothingYet();
  const lane = async (): Promise<void> => {
    for (let file = shared.shift(); file; file = shared.shift()) {
      addTo(sum, await runFile(project, file));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  for (const file of alone) addTo(sum, await runFile(project, file));
  return sum;
}

async function runFile(project: string, file: string): Promise<Outcome> {
  // Short: below it are unix sockets, whose names have at most 107 characters.
  const folder = mkdtempSync(join(tmpdir(), "kj-"));
  const outcome = await runIn(folder, project, file);
  try {
    for (const name of readdirSync(folder)) removeGroups(locationsFor(join(folder, name)).instance);
  } catch (error) {
    addTo(outcome, failedWith(file, `its control groups cannot be removed: ${String(error)}`));
  }
  rmSync(folder, { recursive: true, force: true });
  return outcome;
}

/** What it prints is kept until it has ended, so that the lines of two files do not mix. */
async function runIn(folder: string, project: string, file: string): Promise<Outcome> {
  const report = join(folder, "report.json");
  const { status, output } = await runOnMachine(folder, [
    ...[process.execPath, VITEST, "run", "--project", project, file],
    ...["--reporter=default", "--reporter=json", `--outputFile=${report}`],
  ]);
  console.log(output.trim());
  if (status !== "timeout") return readReport(file, report, status);
  return failedWith(file, `not done within ${FILE_TIMEOUT_MS / 60_000} minutes`);
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
