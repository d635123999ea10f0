import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ApiResponse } from "#client/transport";
import { type AdminRoutes, createAdminRoutes } from "#control-plane/apiserver/serving/admin-routes";
import { HistoryHolds } from "#control-plane/apiserver/storage/compaction";
import { openEncryption } from "#control-plane/apiserver/storage/encryption/encryption";
import { storedKeys } from "#control-plane/apiserver/storage/encryption/stored-keys";
import { openStore } from "#control-plane/store/index";
import type { Store } from "#control-plane/store/store";
import { silentLog } from "#kit/log";
import { fill } from "#test/contract/backup-fixture";
import { ManualClock } from "#test/support/manual-clock";

/** What administers a server: which history a backup under way keeps, and that it lets go. */
const clock = new ManualClock();
let store: Store;
let holds: HistoryHolds;
let admin: AdminRoutes;
beforeEach(async () => {
  store = await openStore("memory:", { clock, log: silentLog });
  holds = new HistoryHolds();
  const { rotation } = await openEncryption(store, storedKeys(store, "a key"), silentLog);
  const readStateFiles = () => Promise.resolve([]);
  admin = createAdminRoutes({ store, rotation, holds, clock, log: silentLog, readStateFiles });
  await fill(store, 2_000);
});
afterEach(() => store.close());

async function backup(): Promise<AsyncIterator<Uint8Array>> {
  const query = new URLSearchParams();
  const path = "/kaji/v1/backup";
  const response = (await admin.serve({ method: "GET", path, query })) as ApiResponse;
  if (response.type !== "stream") throw new Error("a stream was expected");
  return response.chunks[Symbol.asyncIterator]();
}

describe("a backup under way", () => {
  test("keeps its history until it is read, and is the only one", async () => {
    const revision = await store.currentRevision();
    const chunks = await backup();
    await chunks.next();
    expect(holds.limit).toBe(revision);
    await expect(backup()).rejects.toMatchObject({ code: 429 });
    while (!(await chunks.next()).done);
    expect(holds.limit).toBe(Number.POSITIVE_INFINITY);
    await (await backup()).return?.();
  });

  test("lets go when its reader has gone, or never came", async () => {
    await backup();
    const chunks = await backup();
    await chunks.next();
    await chunks.return?.();
    expect(holds.limit).toBe(Number.POSITIVE_INFINITY);
    await (await backup()).next();
  });

  test("is cut off when it takes too long, and lets go though nobody reads on", async () => {
    const chunks = await backup();
    await chunks.next();
    clock.advance(16 * 60_000);
    expect(holds.limit).toBe(Number.POSITIVE_INFINITY);
    await (await backup()).return?.();
    await expect(chunks.next()).rejects.toThrow("the backup took too long");
    expect(holds.limit).toBe(Number.POSITIVE_INFINITY);
  });
});

test("other paths are not administration's", () => {
  const query = new URLSearchParams();
  expect(admin.serve({ method: "GET", path: "/kaji/v1/other", query })).toBeUndefined();
  expect(admin.serve({ method: "GET", path: "/version", query })).toBeUndefined();
});
