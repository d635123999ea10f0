import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HostLog } from "#ingress/tenants/host-log";
import { TenantPublisher } from "#ingress/tenants/publisher";
import type { TenantRecord } from "#ingress/tenants/record";
import { TenantTable } from "#ingress/tenants/table";

/** nginx as the publisher sees it: a dictionary with room for so many, and whether it can be reached. */
class MemoryNginx {
  readonly entries = new Map<string, string>();
  room = Infinity;
  isDown = false;
  batches = 0;
  private generation = "";

  readonly call = async (method: string, path: string, body = ""): Promise<string> => {
    if (this.isDown) throw new Error("cannot reach nginx");
    if (path === "/generation?of=tenants") {
      if (method === "POST") this.generation = body;
      return this.generation;
    }
    this.batches += 1;
    return body
      .split("\n")
      .filter(Boolean)
      .flatMap((line) => this.apply(line))
      .join("\n");
  };

  /** As after a start: with what is in the file, and nobody's generation. */
  restart(file: string): void {
    this.generation = "";
    this.entries.clear();
    for (const line of readFileSync(file, "utf8").split("\n").slice(0, -1)) this.apply(line);
  }

  private apply(line: string): string[] {
    const tab = line.indexOf("\t");
    const key = tab < 0 ? line : line.slice(0, tab);
    if (tab < 0) this.entries.delete(key);
    else if (!this.entries.has(key) && this.entries.size >= this.room) return [`${key}\tno memory`];
    else this.entries.set(key, line.slice(tab + 1));
    return [];
  }
}

function record(name: string, hosts = `${name}.example`): TenantRecord {
  return { name, hosts, plan: "basic", mode: "", isSuspended: false, namespace: "", createdAt: 1 };
}

describe("tenants in nginx and in its file", () => {
  let folder: string;
  let file: string;
  let nginx: MemoryNginx;
  const logs: HostLog[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "kaji-tenants-"));
    file = join(folder, "state.tenants");
    nginx = new MemoryNginx();
  });
  afterEach(async () => {
    for (const log of logs.splice(0)) await log.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(...names: string[]): { table: TenantTable; publisher: TenantPublisher } {
    const table = new TenantTable();
    table.replace(names.map((name) => record(name)));
    const log = new HostLog(file);
    logs.push(log);
    return { table, publisher: new TenantPublisher(nginx, log, table) };
  }

  const hosts = (): string[] => [...nginx.entries.keys()].sort();

  test("a change is one line to nginx and one in the file", async () => {
    const { table, publisher } = start("a", "b");
    await publisher.flush();
    const before = nginx.batches;
    table.put(record("c"));
    await publisher.flush();
    expect(nginx.batches).toBe(before + 1);
    expect(hosts()).toEqual(["a.example", "b.example", "c.example"]);
    expect(readFileSync(file, "utf8").split("\n").at(-2)).toBe("c.example\t\tc\tbasic\t");
  });

  test("nginx that starts alone has what it had, and is brought up to date afterwards", async () => {
    const { table, publisher } = start("a", "b");
    await publisher.flush();
    table.remove("b");
    table.put(record("c"));
    await publisher.flush();
    nginx.restart(file);
    expect(hosts()).toEqual(["a.example", "c.example"]);
    table.put(record("d"));
    await publisher.flush();
    expect(hosts()).toEqual(["a.example", "c.example", "d.example"]);
  });

  test("what went while no process of ours ran is taken from nginx by the next one, also after its death", async () => {
    await start("a", "b").publisher.flush();
    const next = start("a");
    nginx.isDown = true;
    await expect(next.publisher.flush()).rejects.toThrow("cannot reach nginx");
    nginx.isDown = false;
    expect(hosts()).toEqual(["a.example", "b.example"]);
    await start("a").publisher.flush();
    expect(hosts()).toEqual(["a.example"]);
  });

  test("an entry that was never finished is nobody's", async () => {
    await start("a").publisher.flush();
    appendFileSync(file, "half.exam");
    nginx.restart(file);
    expect(hosts()).toEqual(["a.example"]);
    const { table, publisher } = start("a");
    await publisher.flush();
    table.put(record("b"));
    await publisher.flush();
    nginx.restart(file);
    expect(hosts()).toEqual(["a.example", "b.example"]);
  });

  test("what could not be told is told again, whole", async () => {
    const { table, publisher } = start("a");
    await publisher.flush();
    table.put(record("b"));
    nginx.isDown = true;
    await expect(publisher.flush()).rejects.toThrow("cannot reach nginx");
    nginx.isDown = false;
    await publisher.flush();
    expect(hosts()).toEqual(["a.example", "b.example"]);
  });

  test("a host without room is named, and served when another one goes", async () => {
    nginx.room = 2;
    const { table, publisher } = start("a", "b", "c");
    await publisher.flush();
    expect([...publisher.refusals]).toEqual([["c.example", "no memory"]]);
    table.remove("a");
    await publisher.flush();
    expect([...publisher.refusals]).toEqual([]);
    expect(hosts()).toEqual(["b.example", "c.example"]);
  });

  test("the file does not grow with changes of the same tenants", async () => {
    const { table, publisher } = start("a");
    await publisher.flush();
    for (let round = 0; round < 15; round++) {
      const names = Array.from({ length: 2_000 }, (_, i) => `shop-${i}`);
      for (const name of names) table.put(record(name, `${name}-${round}.example`));
      await publisher.flush();
    }
    const lines = readFileSync(file, "utf8").split("\n").length;
    expect(lines).toBeLessThan(25_000);
    nginx.restart(file);
    expect(nginx.entries.size).toBe(2_001);
  });
});
