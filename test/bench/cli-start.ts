import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { packageRoot } from "#kit/package-root";
import { startWatchedServer } from "#test/bench/dashboard-cluster";
import { endedChildrenCpuMs } from "#test/bench/processes";
import { row, summarize } from "#test/bench/statistics";
import { findProgram } from "#test/support/host";

/** Start of the command line. Peers: kubectl, and a Node program that does nothing, which is the floor. */
const RUNS = 15;
const kaji = join(packageRoot(), "kaji");

interface Measured {
  readonly wallMs: number;
  readonly cpuMs: number;
}

type Line = readonly [string, ...string[]];

function measure([command, ...args]: Line, env: NodeJS.ProcessEnv): Measured {
  const before = endedChildrenCpuMs();
  const walls = Array.from({ length: RUNS }, () => {
    const startedMs = performance.now();
    const { status, stderr } = spawnSync(command, args, {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (status !== 0) throw new Error(`${command} ${args.join(" ")} failed: ${stderr.toString()}`);
    return performance.now() - startedMs;
  });
  return { wallMs: summarize(walls).p50, cpuMs: (endedChildrenCpuMs() - before) / RUNS };
}

/** What is asked of both, in their words. */
const pairs: readonly (readonly [ours: Line, peer: Line])[] = [
  [
    [kaji, "version"],
    ["kubectl", "version", "--client"],
  ],
  [
    [kaji, "--help"],
    ["kubectl", "--help"],
  ],
  [
    [kaji, "completion", "bash"],
    ["kubectl", "completion", "bash"],
  ],
  [
    [kaji, "get", "pods"],
    ["kubectl", "get", "pods"],
  ],
];

const server = await startWatchedServer();
try {
  const env = { ...process.env, KUBECONFIG: server.kubeconfig };
  const floor = measure([process.execPath, "-e", "0"], env);
  const say = (name: string, { wallMs, cpuMs }: Measured): void =>
    row(
      name,
      `${wallMs.toFixed(0)} ms (${(wallMs / floor.wallMs).toFixed(2)}x of the floor), ${cpuMs.toFixed(0)} ms of CPU`,
    );
  say(`node -e 0 (floor), median of ${RUNS}`, floor);
  const hasKubectl = findProgram("kubectl") !== undefined;
  for (const [ours, peer] of pairs) {
    say(["kaji", ...ours.slice(1)].join(" "), measure(ours, env));
    if (hasKubectl) say(`  ${peer.join(" ")} (peer)`, measure(peer, env));
  }
} finally {
  await server.stop();
}
process.exit(process.exitCode ?? 0);
