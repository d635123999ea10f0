import { mkdtempSync, rmSync, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { secretKind } from "#api/kinds/secret";
import type { Client } from "#client/client";
import { openEncryption } from "#control-plane/apiserver/storage/encryption/encryption";
import { storedKeys } from "#control-plane/apiserver/storage/encryption/stored-keys";
import { verifyBackup } from "#control-plane/store/backup/read-backup";
import { restoreKeys } from "#control-plane/store/backup/restore";
import { backupBytes } from "#control-plane/store/backup/write-backup";
import { openBackend, openStore } from "#control-plane/store/index";
import type { Store } from "#control-plane/store/store";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { row } from "#test/bench/statistics";
import { startTestApi } from "#test/contract/api-fixture";

/** What encryption at rest costs a write of a Secret, and how long a backup and its restore take. */
const SECRETS = 3_000;
const ROUNDS = 5;
const CLIENTS = 32;
const KEYS = 100_000;
const VALUE_BYTES = 1_400;
const MEGABYTE = 1e6;

const directory = mkdtempSync(join(tmpdir(), "kaji-state-bench-"));
const options = { clock: systemClock, log: silentLog };
const url = (name: string): string => `sqlite://${join(directory, name)}`;

async function createsPerSecond(client: Client, prefix: string): Promise<number> {
  let next = 0;
  const stringData = { value: "x".repeat(900) };
  const started = performance.now();
  const one = async (): Promise<void> => {
    while (next < SECRETS) {
      const metadata = { name: `${prefix}-${next++}`, namespace: "default" };
      await client.create(secretKind, { apiVersion: "v1", kind: "Secret", metadata, stringData });
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, one));
  return SECRETS / ((performance.now() - started) / 1000);
}

async function encryptionCost(): Promise<void> {
  const bare = await openStore(url("plain.db"), options);
  const plain = await startTestApi(bare);
  const below = await openStore(url("encrypted.db"), options);
  const { store } = await openEncryption(below, storedKeys(below, "a secret"), silentLog);
  const encrypted = await startTestApi(store);
  const rates: { plain: number; encrypted: number }[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const prefix = `round-${round}`;
    rates.push({
      plain: await createsPerSecond(plain.client, prefix),
      encrypted: await createsPerSecond(encrypted.client, prefix),
    });
  }
  // The first round warms up.
  const measured = rates.slice(1);
  const mean = (of: (rate: (typeof rates)[number]) => number): number =>
    measured.reduce((sum, rate) => sum + of(rate), 0) / measured.length;
  const [without, with_] = [mean((rate) => rate.plain), mean((rate) => rate.encrypted)];
  row("Secret creates/s without encryption", without.toFixed(0));
  row("Secret creates/s with encryption", `${with_.toFixed(0)} (${(with_ / without).toFixed(2)}x)`);
  await plain.close();
  await encrypted.close();
}

async function fill(store: Store): Promise<void> {
  const value = Buffer.alloc(VALUE_BYTES, '{"metadata":{"name":"a"},"spec":{}} ');
  for (let i = 0; i < KEYS; i += 100) {
    const then = Array.from({ length: 100 }, (_, at) => {
      const key = `/registry/core/configmaps/default/c${i + at}`;
      return { type: "put", key, value } as const;
    });
    await store.txn({ compare: [], then });
  }
}

async function backupAndRestore(): Promise<void> {
  const path = join(directory, "backup");
  const source = await openStore(url("source.db"), options);
  await fill(source);
  const megabytes = (KEYS * VALUE_BYTES) / MEGABYTE;
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
  const seconds = async (work: () => Promise<unknown>): Promise<number> => {
    const started = performance.now();
    await work();
    return (performance.now() - started) / 1000;
  };
  const revision = await source.currentRevision();
  const bytes = backupBytes({ store: source, files: [], revision, nowMs: 0 });
  const writing = await seconds(() => writeFile(path, bytes));
  const verifying = await seconds(() => verifyBackup(path));
  const target = await openBackend(url("target.db"), options);
  const restoreFiles = (): Promise<void> => Promise.resolve();
  const restoring = await seconds(() =>
    restoreKeys({ store: target, path, revision, isForced: false, nowMs: 0, restoreFiles }),
  );
  clearInterval(watch);
  const size = statSync(path).size / MEGABYTE;
  row(`backup of ${KEYS} keys, ${megabytes} MB`, `${writing.toFixed(1)} s, ${size.toFixed(1)} MB`);
  row("verifying it", `${verifying.toFixed(1)} s`);
  row("restoring it into SQLite", `${restoring.toFixed(1)} s`);
  row("memory that all three took", `${((peak - before) / MEGABYTE).toFixed(0)} MB at most`);
  await source.close();
  await target.close();
}

try {
  await encryptionCost();
  await backupAndRestore();
} finally {
  rmSync(directory, { recursive: true });
}
