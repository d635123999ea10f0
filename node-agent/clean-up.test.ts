import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Clock } from "#kit/clock";
import { locationsFor } from "#kit/locations";
import { silentLog } from "#kit/log";
import { seededRng } from "#kit/rng";
import { giveHostBack } from "#node-agent/clean-up";
import { openRangeBook } from "#node-agent/users/range-book";
import type { Runtime, SandboxConfig } from "#runtime/runtime";
import { createMemoryNetwork } from "#test/support/memory-network";
import { createMemoryRuntime } from "#test/support/memory-runtime";

const folder = mkdtempSync(join(tmpdir(), "kaji-clean-up-"));
const locations = locationsFor(folder);
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Whoever waits is called at once. */
const impatient: Clock = {
  now: () => 0,
  after(_, callback) {
    queueMicrotask(callback);
    return () => undefined;
  },
};

const config = (name: string): SandboxConfig => ({
  ...{ name, labels: {}, annotations: {}, hostname: name, logDirectory: folder },
  namespaces: { network: "host", pid: "container", ipc: "sandbox" },
  ...{ cgroupParent: name, resources: {}, sysctls: {} },
});

/** Three sandboxes, the first of which cannot be removed `failures` times. */
async function open(failures: number) {
  const memory = createMemoryRuntime({ now: () => 0 });
  const ids: string[] = [];
  for (const name of ["a", "b", "c"]) ids.push((await memory.runSandbox(config(name))).id);
  let left = failures;
  const runtime: Runtime = {
    ...memory,
    async removeSandbox(id) {
      if (id === ids[0] && left-- > 0) throw new Error("EBUSY: resource busy");
      await memory.removeSandbox(id);
    },
  };
  const network = createMemoryNetwork();
  await network.attach({ uid: "pod" } as Parameters<typeof network.attach>[0]);
  const rangeDirectory = join(folder, "ranges");
  const book = openRangeBook({
    owner: locations.run,
    rng: seededRng(1),
    directory: rangeDirectory,
  });
  book.hold("pod");
  const host = { locations, runtime, network, clock: impatient, log: silentLog, rangeDirectory };
  return { ids, memory, network, host };
}

test("what is busy for a moment goes with the rest", async () => {
  const { memory, host } = await open(2);
  await giveHostBack(host);
  expect(await memory.listSandboxes()).toEqual([]);
  expect(existsSync(host.rangeDirectory)).toBe(false);
});

test("what will not go is named, and keeps nothing else on the host", async () => {
  const { ids, memory, network, host } = await open(Number.POSITIVE_INFINITY);
  await expect(giveHostBack(host)).rejects.toThrow(
    `cannot remove sandbox ${ids[0]}: EBUSY: resource busy: see what holds it and try again`,
  );
  expect((await memory.listSandboxes()).map(({ id }) => id)).toEqual([ids[0]]);
  expect(network.attachedPods()).toEqual([]);
});

test("user ids stay taken while a pod has not ended, or another node would give them away", async () => {
  const { host } = await open(Number.POSITIVE_INFINITY);
  await expect(giveHostBack(host)).rejects.toThrow("cannot remove sandbox");
  const book = openRangeBook({
    ...{ owner: locations.run, rng: seededRng(1), directory: host.rangeDirectory },
  });
  expect(book.uids()).toEqual(["pod"]);
});
