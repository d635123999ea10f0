import { expect, test } from "vitest";
import { createSharedLeases } from "#control-plane/apiserver/storage/shared-leases";
import { openStore } from "#control-plane/store/index";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";

test("a lease is shared within its window, and not after the clock was set back", async () => {
  const store = await openStore("memory:", { clock: systemClock, log: silentLog });
  let now = 1_000_000;
  const leases = createSharedLeases(store, { ...systemClock, now: () => now });
  const first = await leases.leaseFor(60);
  now += 59_000;
  expect(await leases.leaseFor(60)).toBe(first);
  now = 10_000;
  expect(await leases.leaseFor(60)).not.toBe(first);
  await store.close();
});
