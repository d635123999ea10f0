import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { capabilityNames } from "#runtime/plan/capabilities";
import { defaultProfile } from "#runtime/seccomp/profile";
import { containerConfig, exitCode, type Fixture, sandboxConfig } from "#test/e2e/runtime-fixture";

/** Ways to run /bin/true in a container to its end, to be compared with each other. */
export interface Contender {
  readonly name: string;
  run(round: number): Promise<void> | void;
}

const DEFAULT_CAPABILITIES = 0xa80425fbn;

export function isInstalled(name: string): boolean {
  return spawnSync("which", [name]).status === 0;
}

export function floor(image: string, scratch: string): Contender {
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

export function kaji(fixture: Fixture): Contender {
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

/** The same with users of its own, one range after the other as the agent gives them. */
export function kajiWithUsers(fixture: Fixture): Contender {
  return {
    name: "kaji, own users",
    run: async (round) => {
      const config = sandboxConfig(join(fixture.root, "logs"), 2000 + round);
      const users = { firstId: (16_384 + round) * 65_536, count: 65_536 };
      const sandbox = await fixture.runtime.runSandbox({ ...config, users });
      await runTrue(fixture, sandbox.id);
      await fixture.runtime.removeSandbox(sandbox.id);
    },
  };
}

export function kajiInSandbox(fixture: Fixture, sandboxId: string): Contender {
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
export function ociRuntime(name: string, image: string, scratch: string, state: string): Contender {
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
