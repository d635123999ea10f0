import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import {
  type Contender,
  floor,
  isInstalled,
  kaji,
  kajiInSandbox,
  kajiWithUsers,
  ociRuntime,
} from "#test/bench/contenders";
import { closeFixture, openFixture, whyNot } from "#test/e2e/runtime-fixture";

/**
 * Start, wait and delete of /bin/true: our runtime (sandbox and container, with the host's users and with its own), crun
 * and runc with the same seccomp profile, and a floor in C. Rounds are interleaved, so that noise hits all alike; medians are compared.
 */
const ROUNDS = Number(process.env["ROUNDS"] ?? 40);

async function main(): Promise<void> {
  const reason = whyNot();
  if (reason !== undefined) return console.warn(`container-start is skipped: ${reason}`);
  const scratch = mkdtempSync("/tmp/kaji-runtime-bench-");
  // As by default: run files on a tmpfs, layers on the disk.
  const run = mkdtempSync("/dev/shm/kaji-runtime-bench-");
  const fixture = await openFixture(run);
  try {
    const image = join(fixture.root, "image");
    const contenders: Contender[] = [
      floor(image, scratch),
      kaji(fixture),
      kajiWithUsers(fixture),
      kajiInSandbox(fixture, await fixture.sandbox()),
      ...["crun", "runc"].filter(isInstalled).map((name) => ociRuntime(name, image, scratch, run)),
    ];
    report(await measure(contenders));
  } finally {
    await closeFixture(fixture);
    rmSync(scratch, { recursive: true, force: true });
    rmSync(run, { recursive: true, force: true });
  }
}

async function measure(contenders: readonly Contender[]): Promise<ReadonlyMap<string, number[]>> {
  const times = new Map(contenders.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS + 3; round++) {
    for (const { name, run } of contenders) {
      const from = performance.now();
      await run(round);
      if (round >= 3) times.get(name)?.push(performance.now() - from);
    }
  }
  return times;
}

function report(times: ReadonlyMap<string, readonly number[]>): void {
  const median = (name: string): number => {
    const sorted = [...(times.get(name) ?? [])].sort((one, other) => one - other);
    return sorted[sorted.length >> 1] ?? Number.NaN;
  };
  for (const name of times.keys()) {
    const ratios = ["floor", "kaji", "crun", "runc"].map(
      (peer) => `${(median(name) / median(peer)).toFixed(2)}x ${peer}`,
    );
    console.log(
      `${name.padEnd(22)} ${median(name).toFixed(2).padStart(7)} ms   ${ratios.join("   ")}`,
    );
  }
}

await main();
