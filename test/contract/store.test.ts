import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import type { StoreOptions } from "#control-plane/store/index";
import { openStore } from "#control-plane/store/index";
import { shiftedStore } from "#control-plane/store/shifted-store";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { storeContract } from "#test/contract/store.contract";

const directory = mkdtempSync(join(tmpdir(), "kaji-store-"));
const options: StoreOptions = { clock: systemClock, log: silentLog };
let databases = 0;
afterAll(() => rmSync(directory, { recursive: true }));

const newUrl = (): string => `sqlite://${directory}/${++databases}.db`;

storeContract("memory", (given) => openStore("memory:", given));
storeContract("sqlite", (given) => openStore(newUrl(), given));
storeContract("shifted memory", async (given) =>
  shiftedStore(await openStore("memory:", given), 1_000_000_000),
);

describe("the sqlite store on disk", () => {
  test("state, history, compaction and leases are there after reopening", async () => {
    const url = newUrl();
    const first = await openStore(url, options);
    const lease = await first.grantLease(3600);
    const old = await put(first, "/a", "1");
    await put(first, "/a", "2");
    await put(first, "/b", "1", lease);
    await put(first, "/c", "1");
    const { revision } = await first.txn({ compare: [], then: [{ type: "delete", key: "/c" }] });
    await first.close();
    const second = await openStore(url, options);
    expect(await second.currentRevision()).toBe(revision);
    expect((await second.get("/a", { revision: old })).keyValue?.version).toBe(1);
    await second.compact(revision);
    await second.close();
    const third = await openStore(url, options);
    expect(await third.currentRevision()).toBe(revision);
    await expect(third.get("/a", { revision: old })).rejects.toThrow("compacted");
    await third.revokeLease(lease);
    expect((await third.list({ prefix: "/" })).keyValues.map(({ key }) => key)).toEqual(["/a"]);
    await third.close();
  });

  test("a database that another process holds is refused with one sentence", async () => {
    const url = newUrl();
    const child = startWriter(url);
    await child.nextLine();
    await expect(openStore(url, options)).rejects.toThrow(
      /^cannot open the store .*\.db: another running process holds it; stop that process/,
    );
    await child.kill();
    await (await openStore(url, options)).close();
  });

  test("a file that is no database is refused and left alone", async () => {
    const path = join(directory, "text.db");
    writeFileSync(
      path,
      "this is not a database, and it is long enough to be looked at ".repeat(20),
    );
    await expect(openStore(`sqlite://${path}`, options)).rejects.toThrow("not an intact");
  });

  test("kill -9 in the middle of writes loses nothing acknowledged and reuses no revision", async () => {
    const url = newUrl();
    const acknowledged = new Map<string, number>();
    for (let round = 0; acknowledged.size < 10_000; round++) {
      const child = startWriter(url, `${round}`);
      const target = Math.min(10_000, acknowledged.size + 1500 + round * 37);
      while (acknowledged.size < target) {
        const [key, revision] = (await child.nextLine()).split(" ");
        acknowledged.set(key ?? "", Number(revision));
      }
      await child.kill();
      for (const line of child.unread()) {
        const [key, revision] = line.split(" ");
        acknowledged.set(key ?? "", Number(revision));
      }
    }
    const store = await openStore(url, options);
    const { keyValues } = await store.list({ prefix: "/" });
    await store.close();
    const stored = new Map(keyValues.map(({ key, modRevision }) => [key, modRevision]));
    const lost = [...acknowledged].filter(([key, revision]) => stored.get(key) !== revision);
    expect(lost).toEqual([]);
    expect(new Set(acknowledged.values()).size).toBe(acknowledged.size);
    expect(new Set(stored.values()).size).toBe(stored.size);
  }, 60_000);
});

describe("the URL of a store", () => {
  test.each([
    ["etcd:///prefix", "a host is missing"],
    ["etcd://a:2379,b c", '"b c" is not HOST or HOST:PORT'],
    ["etcd://a?cert=c.pem", "needs both cert and key"],
    ["etcd://a?user=root", 'the parameter "user" is not one of'],
    ["etcd://a?ca=/nowhere/ca.pem", "cannot read /nowhere/ca.pem"],
    ["postgres://x/y", "is not the URL of a store"],
    ["state.db", "is not the URL of a store"],
    ["sqlite://var/lib/state.db", "write three slashes"],
  ])("%s is refused: %s", async (url, message) => {
    await expect(openStore(url, options)).rejects.toThrow(message);
  });
});

async function put(
  store: Awaited<ReturnType<typeof openStore>>,
  key: string,
  value: string,
  lease?: string,
): Promise<number> {
  const operation = {
    type: "put",
    key,
    value: Buffer.from(value),
    ...(lease ? { lease } : {}),
  } as const;
  return (await store.txn({ compare: [], then: [operation] })).revision;
}

/** A process that writes until it is killed and prints "key revision" for each acknowledged put. */
function startWriter(url: string, round = "0") {
  const script = fileURLToPath(new URL("./store-writer.ts", import.meta.url));
  const child = fork(script, [url, round], {
    execArgv: ["--conditions=source", "--import", "tsx"],
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const exited = once(child, "exit");
  const lines: string[] = [];
  let wake = (): void => undefined;
  const reader = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const ended = once(reader, "close");
  reader.on("line", (line) => {
    lines.push(line);
    wake();
  });
  return {
    async nextLine(): Promise<string> {
      while (lines.length === 0) {
        if (child.exitCode !== null) throw new Error("the writer ended too early");
        await Promise.race([new Promise<void>((resolve) => (wake = resolve)), exited]);
      }
      return lines.shift() as string;
    },
    async kill(): Promise<void> {
      child.kill("SIGKILL");
      await Promise.all([exited, ended]);
    },
    /** Whole lines: a line torn by the kill has no revision of ours to check. */
    unread: (): string[] => lines.splice(0).filter((line) => /^\S+ \d+ ok$/.test(line)),
  };
}
