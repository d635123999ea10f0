import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { capabilityNames } from "#runtime/plan/capabilities";
import { defaultProfile } from "#runtime/seccomp/profile";
import {
  closeFixture,
  containerConfig,
  exitCode,
  type Fixture,
  openFixture,
  sandboxConfig,
  whyNot,
} from "#test/e2e/runtime-fixture";

/**
 * Start, wait and delete of /bin/true: our runtime (sandbox and container), crun and runc with the same seccomp
 * profile, and a floor in C. Rounds are interleaved, so that noise hits all alike; medians are compared.
 */
const ROUNDS = Number(process.env["ROUNDS"] ?? 40);

interface Contender {
  readonly name: string;
  run(round: number): Promise<void> | void;
}

const DEFAULT_CAPABILITIES = 0xa80425fbn;

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
    const ratios = ["floor", "crun", "runc"].map(
      (peer) => `${(median(name) / median(peer)).toFixed(2)}x ${peer}`,
    );
    console.log(
      `${name.padEnd(22)} ${median(name).toFixed(2).padStart(7)} ms   ${ratios.join("   ")}`,
    );
  }
}

function isInstalled(name: string): boolean {
  return spawnSync("which", [name]).status === 0;
}

function floor(image: string, scratch: string): Contender {
  const binary = join(scratch, "floor");
  execFileSync("gcc", ["-O2", "-static", "-o", binary, "test/bench/floor.c"]);
  return {
    name: "floor",
    run: (round) => {
      const directory = join(scratch, `floor-${round}`);
      const { status, stderr } = spawnSync(binary, [image, directory, "/bin/true"]);
      if (status !== 0) throw new Error(`floor: ${stderr}`);
      rmSync(directory, { recursive: true });
    },
  };
}

function kaji(fixture: Fixture): Contender {
  return {
    name: "kaji",
    run: async (round) => {
      const config = sandboxConfig(join(fixture.root, "logs"), 1000 + round);
      const sandbox = await fixture.runtime.runSandbox(config);
      await runTrue(fixture, sandbox.id);
      await fixture.runtime.removeSandbox(sandbox.id);
    },
  };
}

function kajiInSandbox(fixture: Fixture, sandboxId: string): Contender {
  return { name: "kaji, sandbox there", run: () => runTrue(fixture, sandboxId) };
}

async function runTrue(fixture: Fixture, sandboxId: string): Promise<void> {
  const config = { ...containerConfig("true", ""), command: ["/bin/true"] };
  const id = await fixture.runtime.createContainer(sandboxId, config);
  await fixture.runtime.startContainer(id);
  const code = await exitCode(fixture.runtime, id);
  if (code !== 0) throw new Error(`exit code ${code}`);
  await fixture.runtime.removeContainer(id);
}

/** crun refuses a hybrid of cgroup v1 and v2; the v2 mount is hidden from it in a mount namespace of its own. */
function ociRuntime(name: string, image: string, scratch: string, state: string): Contender {
  const bundle = join(scratch, name);
  mkdirSync(bundle);
  execFileSync("cp", ["-a", image, join(bundle, "rootfs")]);
  execFileSync(name, ["spec"], { cwd: bundle });
  const spec = JSON.parse(execFileSync("cat", [join(bundle, "config.json")], { encoding: "utf8" }));
  spec.process.terminal = false;
  spec.process.args = ["/bin/true"];
  spec.process.rlimits = [];
  spec.linux.seccomp = ociSeccomp();
  writeFileSync(join(bundle, "config.json"), JSON.stringify(spec));
  const isHybrid = existsSync("/sys/fs/cgroup/unified");
  const hide = isHybrid ? "umount /sys/fs/cgroup/unified; " : "";
  return {
    name,
    run: (round) => {
      const id = `kajibench-${process.pid}-${round}`;
      const script = `${hide}exec ${name} --root ${state}/${name} run -b ${bundle} ${id}`;
      const { status, stderr } = isHybrid
        ? spawnSync("unshare", ["-m", "sh", "-c", script])
        : spawnSync("sh", ["-c", script]);
      if (status !== 0) throw new Error(`${name}: ${stderr}`);
    },
  };
}

/** Our default profile as the OCI runtime-spec writes it. */
function ociSeccomp(): unknown {
  const held = new Set(
    capabilityNames.filter(
      (_name, number) => ((DEFAULT_CAPABILITIES >> BigInt(number)) & 1n) === 1n,
    ),
  );
  const profile = defaultProfile(held);
  const operators = {
    eq: "SCMP_CMP_EQ",
    ne: "SCMP_CMP_NE",
    maskedEq: "SCMP_CMP_MASKED_EQ",
  } as const;
  return {
    defaultAction: "SCMP_ACT_ERRNO",
    defaultErrnoRet: 1,
    architectures: [process.arch === "arm64" ? "SCMP_ARCH_AARCH64" : "SCMP_ARCH_X86_64"],
    syscalls: profile.rules.map(({ names, action, tests }) => ({
      names,
      action: action === "allow" ? "SCMP_ACT_ALLOW" : "SCMP_ACT_ERRNO",
      ...(typeof action === "object" ? { errnoRet: action.errno } : {}),
      args: tests.map(({ index, op, value, valueTwo }) => ({
        index,
        op: operators[op as keyof typeof operators],
        value: Number(value),
        valueTwo: Number(valueTwo ?? 0n),
      })),
    })),
  };
}

await main();
