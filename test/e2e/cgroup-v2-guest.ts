/** Runs in the microvm: the embedded runtime on a host that has nothing but cgroup v2. */
import { checks } from "#test/e2e/cgroup-v2-checks";
import { closeFixture, openFixture } from "#test/e2e/runtime-fixture";
import { runChecks } from "#test/microvm/check";

const fixture = await openFixture();
await runChecks(checks, fixture);
await closeFixture(fixture);
