import { expect, test } from "vitest";
import type { Store } from "#control-plane/store/store";
import { key, put, putWith, take, watchOf } from "#test/contract/store-steps";

/** The time that leases run by. */
export interface LeaseTime {
  readonly termSeconds: number;
  pass(ms: number): Promise<void>;
}

export function leases(store: () => Store, { termSeconds, pass }: LeaseTime): void {
  const termMs = termSeconds * 1000;

  test("when a lease expires its keys are deleted and watchers see it", async () => {
    const lease = await store().grantLease(termSeconds);
    await putWith(store(), "/l/a", lease);
    await putWith(store(), "/l/b", lease);
    await put(store(), "/l/b", "kept: written again without the lease");
    expect((await store().get("/l/a")).keyValue?.lease).toBe(lease);
    const deleted = take(store().watch(watchOf("/l/")), 1);
    await pass(termMs);
    expect((await deleted)[0]?.changes).toMatchObject([
      { type: "delete", keyValue: { key: "/l/a" } },
    ]);
    const { keyValues } = await store().list({ prefix: "/l/" });
    expect(keyValues.map((keyValue) => keyValue.key)).toEqual(["/l/b"]);
  });

  test("a lease that is kept alive outlives its term", async () => {
    const lease = await store().grantLease(termSeconds);
    await putWith(store(), "/l/a", lease);
    await pass(0.9 * termMs);
    await store().keepLeaseAlive(lease);
    await pass(0.9 * termMs);
    await put(store(), "/other", "1");
    expect((await store().get("/l/a")).keyValue).toBeDefined();
  });

  test("a revoked lease takes its keys along and cannot be used again", async () => {
    const lease = await store().grantLease(termSeconds);
    for (let i = 0; i < 300; i++) await putWith(store(), key(i), lease);
    await store().revokeLease(lease);
    expect((await store().list({ prefix: "/k/" })).keyValues).toEqual([]);
    await expect(putWith(store(), "/l/a", lease)).rejects.toThrow("requested lease not found");
    await expect(store().keepLeaseAlive(lease)).rejects.toThrow("requested lease not found");
    await expect(store().revokeLease(lease)).rejects.toThrow("requested lease not found");
  });
}
