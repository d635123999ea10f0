import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { containerGroup, withSandbox } from "#test/e2e/cgroup-v2-groups";
import { exitCode, type Fixture } from "#test/e2e/runtime-fixture";
import type { Check } from "#test/microvm/check";

const users = { firstId: 1 << 30, count: 65_536 };
const CANNOT_MAP = /its file system does not support idmapped mounts/;

/** The guest's kernel is Debian's: it may be too old for file systems in memory, and is then asked to say so. */
export const ownUsers: readonly Check<Fixture>[] = [
  {
    name: "a container with users of its own is born in its group, or the host says why it cannot have them",
    run: (fixture) =>
      withSandbox(fixture, { users }, async (sandboxId) => {
        const missing = fixture.runtime.missingUserNamespaces();
        console.log(`users of a sandbox's own: ${missing ?? "possible"}`);
        if (missing !== undefined) {
          assert.match(missing, /^this kernel cannot do it: tree_idmap /);
          await assert.rejects(fixture.run(sandboxId, "exit 0"), CANNOT_MAP);
          return;
        }
        const id = await fixture.run(sandboxId, "sleep 60");
        const { pid } = (await fixture.runtime.containerStatus(id)) ?? {};
        const group = await containerGroup(fixture, id);
        assert.equal(group.file("cgroup.procs"), String(pid));
        assert.match(readFileSync(`/proc/${pid}/uid_map`, "utf8"), /^ +0 +1073741824 +65536\n$/);
        const done = await fixture.run(sandboxId, "exit 7");
        assert.equal(await exitCode(fixture.runtime, done), 7);
      }),
  },
];
