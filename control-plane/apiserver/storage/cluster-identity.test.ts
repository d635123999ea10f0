import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { agreeOnIdentity } from "#control-plane/apiserver/storage/cluster-identity";
import { openStore } from "#control-plane/store/index";
import type { Store } from "#control-plane/store/store";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";

let root: string;
let store: Store;
let made: number;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "kaji-identity-"));
  store = await openStore("memory:", { clock: systemClock, log: silentLog });
  made = 0;
});
afterEach(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

function take(name: string, token?: string): Promise<void> {
  return agreeOnIdentity({
    store,
    storeUrl: "etcd://test",
    directory: join(root, name),
    token,
    async make() {
      made++;
      return { "ca.crt": `ca ${name}`, "ca.key": `key ${name}`, "service-account.key": "sa" };
    },
  });
}

const fileOf = (name: string, file: string): Promise<string> =>
  readFile(join(root, name, file), "utf8");

describe("the identity of a cluster", () => {
  test("is made by the first server and taken over by one with its token", async () => {
    await take("one");
    const token = (await fileOf("one", "server-token")).trim();
    await take("two", token);
    expect(await fileOf("two", "pki/ca.key")).toBe("key one");
    expect(made).toBe(1);
    // From then on its own copy of the token is enough.
    await take("two");
  });

  test("is one also when servers with one token start at once", async () => {
    const token = "a token that all were given";
    await Promise.all(["one", "two", "three"].map((name) => take(name, token)));
    const keys = await Promise.all(
      ["one", "two", "three"].map((name) => fileOf(name, "pki/ca.key")),
    );
    expect(new Set(keys).size).toBe(1);
  });

  test("is not to be had without the token, or with a wrong one", async () => {
    await take("one");
    await expect(take("two")).rejects.toThrow(
      "the store etcd://test already holds a cluster, and this server has no token for it",
    );
    await expect(take("two", "some other token here")).rejects.toThrow(
      "the server token is not that of the cluster in etcd://test",
    );
    await expect(take("two", "short")).rejects.toThrow("the server token is too short");
    await expect(fileOf("two", "pki/ca.key")).rejects.toThrow("ENOENT");
    const { keyValues } = await store.list({ prefix: "/" });
    expect(keyValues.map(({ value }) => Buffer.from(value).toString()).join()).not.toContain("key");
  });

  test("is that of the machine's own cluster when the store is empty", async () => {
    await mkdir(join(root, "one/pki"), { recursive: true });
    for (const file of ["ca.crt", "ca.key", "service-account.key"]) {
      await writeFile(join(root, "one/pki", file), `old ${file}`);
    }
    await take("one");
    expect(await fileOf("one", "pki/ca.crt")).toBe("old ca.crt");
    expect(made).toBe(0);
  });

  test("never replaces that of another cluster", async () => {
    await take("one");
    const token = (await fileOf("one", "server-token")).trim();
    await mkdir(join(root, "two/pki"), { recursive: true });
    for (const file of ["ca.crt", "ca.key", "service-account.key"]) {
      await writeFile(join(root, "two/pki", file), `other ${file}`);
    }
    await expect(take("two", token)).rejects.toThrow("holds the authority of another cluster");
    expect(await fileOf("two", "pki/ca.crt")).toBe("other ca.crt");
  });
});
