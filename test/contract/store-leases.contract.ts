import { expect, test } from "vitest";
import type { Store } from "#control-plane/store/store";
import { key, put, putWith, take, watchOf } from "#test/contract/store-steps";
import type { ManualClock } from "#test/support/manual-clock";

export function leases(store: () => Store, clock: ManualClock): void {
  test("when a lease expires its keys are deleted and watchers see it", async () => {
    const lease = await store().grantLease(10);
    await putWith(store(), "/l/a", lease);
    await putWith(store(), "/l/b", lease);
    await put(store(), "/l/b", "kept: written again without the lease");
    expect((await store().get("/l/a")).keyValue?.lease).toBe(lease);
    const deleted = take(store().watch(watchOf("/l/")), 1);
    clock.advance(10_000);
    expect((await deleted)[0]?.changes).toMatchObject([
      { type: "delete", keyValue: { key: "/l/a" } },
    ]);
    const { keyValues } = await store().list({ prefix: "/l/" });
    expect(keyValues.map((keyValue) => keyValue.key)).toEqual(["/l/b"]);
  });

  test("a lease that is kept alive outlives its term", async () => {
    const lease = await store().grantLease(10);
    await putWith(store(), "/l/a", lease);
    clock.advance(9000);
    await store().keepLeaseAlive(lease);
    clock.advance(9000);
    await put(store(), "/other", "1");
    expect((await store().get("/l/a")).keyValue).toBeDefined();
  });

  test("a revoked lease takes its keys along and cannot be used again", async () => {
    const lease = await store().grantLease(10);
    for (let i = 0; i < 300; i++) await putWith(store(), key(i), lease);
    await store().revokeLease(lease);
    expect((await store().list({ prefix: "/k/" })).keyValues).toEqual([]);
    await expect(putWith(store(), "/l/a", lease)).rejects.toThrow("requested lease not found");
    await expect(store().keepLeaseAlive(lease)).rejects.toThrow("requested lease not found");
    await expect(store().revokeLease(lease)).rejects.toThrow("requested lease not found");
  });
}
