import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RuntimeError } from "#runtime/runtime";

/** Where processes go that stand in the way; the name that container tools use for it. */
const LEAF = "init";
/** Processes may be born while others are moved. */
const MOVE_ROUNDS = 10;

/**
 * Makes the top group able to hand its controllers down. The host's own root always is. In a container the
 * top is an ordinary group, which may hand nothing down while it holds processes: they move to a leaf.
 */
export async function prepareTop(top: string, controllers: readonly string[]): Promise<void> {
  const isHostRoot = !existsSync(join(top, "cgroup.type"));
  const available = await words(join(top, "cgroup.controllers"));
  const missing = controllers.filter((name) => !available.has(name));
  if (missing.length > 0) {
    const remedy = isHostRoot
      ? `add cgroup_enable=${missing[0]} to the kernel's command line`
      : "have them delegated to this group";
    throw new RuntimeError(
      "Unavailable",
      `control group ${top} has no ${missing.join(", ")} controller: ${remedy}`,
    );
  }
  if (isHostRoot) return;
  const handedDown = await words(join(top, "cgroup.subtree_control"));
  if (controllers.every((name) => handedDown.has(name))) return;
  await moveProcesses(top, join(top, LEAF));
  const wanted = controllers.map((name) => `+${name}`).join(" ");
  try {
    await writeFile(join(top, "cgroup.subtree_control"), wanted);
  } catch (cause) {
    throw new RuntimeError(
      "Unavailable",
      `control group ${top} cannot hand ${controllers.join(", ")} down while processes are in it`,
      { cause },
    );
  }
}

async function moveProcesses(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (let round = 0; round < MOVE_ROUNDS; round++) {
    // 0 is a process of another pid namespace: it has no number here and stays.
    const processes = [...(await words(join(from, "cgroup.procs")))].filter((pid) => pid !== "0");
    if (processes.length === 0) return;
    for (const pid of processes) await moveProcess(pid, to);
  }
}

async function moveProcess(pid: string, to: string): Promise<void> {
  try {
    await writeFile(join(to, "cgroup.procs"), pid);
  } catch (error) {
    const hasEnded = error instanceof Error && "code" in error && error.code === "ESRCH";
    if (!hasEnded) throw error;
  }
}

async function words(path: string): Promise<ReadonlySet<string>> {
  return new Set((await readFile(path, "utf8")).split(/\s+/).filter((word) => word !== ""));
}
