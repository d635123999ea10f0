/**
 * Runs in the microvm: the embedded runtime on a host that has nothing but cgroup v2; then once more, with the
 * argument "container", in a mount namespace where a group of the host's is the top one.
 */
import { spawnSync } from "node:child_process";
import { createLog } from "#kit/log";
import { onContainerHost, onHost } from "#test/e2e/cgroup-v2-checks";
import { ENTER_CONTAINER } from "#test/e2e/cgroup-v2-delegation";
import { closeFixture, openFixture } from "#test/e2e/runtime-fixture";
import { runChecks } from "#test/microvm/check";

const isInContainer = process.argv[2] === "container";
const log = createLog({ level: "warn", write: (line) => void process.stdout.write(line) });
const fixture = await openFixture(undefined, log);
await runChecks(isInContainer ? onContainerHost : onHost, fixture);
await closeFixture(fixture);
if (!isInContainer) {
  const again = `${ENTER_CONTAINER} && exec node "$0" container`;
  const { status } = spawnSync("unshare", ["-m", "sh", "-c", again, process.argv[1] ?? ""], {
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
}
