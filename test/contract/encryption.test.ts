import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Secret } from "#api/schema/types";
import { secretKind } from "#api/kinds/secret";
import { encryptingStore } from "#control-plane/apiserver/storage/encryption/encrypting-store";
import { openEncryption } from "#control-plane/apiserver/storage/encryption/encryption";
import { EncryptionKeys } from "#control-plane/apiserver/storage/encryption/keys";
import { KEYS_KEY, storedKeys } from "#control-plane/apiserver/storage/encryption/stored-keys";
import { openStore } from "#control-plane/store/index";
import type { ListRange, Store } from "#control-plane/store/store";
import { silentLog } from "#kit/log";
import { eventually } from "#test/support/host";
import { startEtcd, type TestEtcd, whyNoEtcd } from "#test/support/etcd";
import { ManualClock } from "#test/support/manual-clock";
import { refusalOf, startTestApi, type TestApi } from "#test/contract/api-fixture";

/** Secrets at rest, over the whole API server: what clients see, and what lies in the store. */
const CANARY = "canary-3f9a";
const PLACE = "/registry/core/secrets/default/";

let raw: Store;
let api: TestApi;
let stop: (() => Promise<void>) | undefined;

async function start(
  sharedSecret = "the CA's key",
): Promise<TestApi & { rotate(): Promise<string> }> {
  const { store, rotation } = await openEncryption(raw, storedKeys(raw, sharedSecret), silentLog);
  const started = await startTestApi(store);
  stop = async () => {
    await started.apiServer.close();
    await rotation.close();
  };
  return { ...started, rotate: () => rotation.rotate() };
}

const noEtcd = whyNoEtcd();
let etcd: TestEtcd | undefined;
let stores = 0;
beforeAll(async () => {
  if (noEtcd === undefined) etcd = await startEtcd({ isDurable: false });
});
afterAll(() => etcd?.stop());
afterEach(async () => {
  await stop?.();
  await raw?.close();
});

function secret(name: string, value = CANARY): Secret {
  const metadata = { name, namespace: "default" };
  return { apiVersion: "v1", kind: "Secret", metadata, type: "Opaque", stringData: { value } };
}

async function storedText(): Promise<string> {
  const { keyValues } = await raw.list({ prefix: "" });
  return keyValues
    .map(({ key, value }) => `${key} ${Buffer.from(value).toString("latin1")}`)
    .join("\n");
}

function put(store: Store, name: string): Promise<unknown> {
  const value = Buffer.from(JSON.stringify({ kind: "Secret", metadata: { name } }));
  return store.txn({ compare: [], then: [{ type: "put", key: `${PLACE}${name}`, value }] });
}

const plain = (found: Secret): string => Buffer.from(found.data?.value ?? "", "base64").toString();

const backends = ["memory", ...(noEtcd === undefined ? ["etcd"] : [])];
describe.each(backends)("Secrets at rest in %s", (backend) => {
  beforeEach(async () => {
    const url = backend === "etcd" ? etcd?.url(`/encryption-${++stores}`) : undefined;
    raw = await openStore(url ?? "memory:", { clock: new ManualClock(), log: silentLog });
  });

  test("are encrypted from the beginning, and read and watched in plain", async () => {
    api = await start();
    const ended = new AbortController();
    const { metadata } = await api.client.list(secretKind, { namespace: "default" });
    const events = api.client.watch(secretKind, {
      namespace: "default",
      ...(metadata.resourceVersion ? { resourceVersion: metadata.resourceVersion } : {}),
      signal: ended.signal,
    });
    await api.client.create(secretKind, secret("a"));
    for await (const event of events) {
      if (event.type !== "ADDED") continue;
      expect(plain(event.object)).toBe(CANARY);
      break;
    }
    ended.abort();
    expect(plain(await api.client.get(secretKind, "a", "default"))).toBe(CANARY);
    const text = await storedText();
    expect(text).toMatch(/secrets\/default\/a k8s:enc:aesgcm:v1:k[0-9a-f]{12}:/);
    for (const form of [CANARY, Buffer.from(CANARY).toString("base64")]) {
      expect(text).not.toContain(form);
    }
  });

  test("of a store that was used without encryption stay readable, and rotation encrypts them", async () => {
    const old = await startTestApi(raw);
    await old.client.create(secretKind, secret("a"));
    await old.apiServer.close();
    const now = await start();
    expect(plain(await now.client.get(secretKind, "a", "default"))).toBe(CANARY);
    await now.client.create(secretKind, secret("b"));
    expect(await storedText()).toContain(Buffer.from(CANARY).toString("base64"));
    const id = await now.rotate();
    await eventually(
      "nothing is left in plain",
      async () => !(await storedText()).includes("Opaque"),
    );
    expect(await storedText()).toMatch(new RegExp(`secrets/default/b k8s:enc:aesgcm:v1:${id}:`));
    expect(plain(await now.client.get(secretKind, "b", "default"))).toBe(CANARY);
  });

  test("are rewritten by a rotation, whose end drops the old key", async () => {
    const server = await start();
    for (let i = 0; i < 300; i++) await server.client.create(secretKind, secret(`s${i}`));
    const id = await server.rotate();
    const former = /v1:(k[0-9a-f]{12}):/g;
    const idsInUse = async (): Promise<string[]> => [
      ...new Set([...(await storedText()).matchAll(former)].map(([, found]) => found ?? "")),
    ];
    await eventually("only the new key is in use", async () => {
      const ids = (await idsInUse()).filter((one) => one !== id);
      return ids.length === 1; // the one that the keys themselves are sealed with
    });
    await eventually("the old key is gone", async () => {
      const { keys } = await (
        await openEncryption(raw, storedKeys(raw, "the CA's key"), silentLog)
      ).rotation.status();
      return keys.length === 1 && keys[0]?.id === id && keys[0].values >= 300;
    });
    expect(plain(await server.client.get(secretKind, "s7", "default"))).toBe(CANARY);
  });

  test("are written with the newest key also by a server that has not heard of it", async () => {
    const server = await start();
    const second = await openEncryption(raw, storedKeys(raw, "the CA's key"), silentLog);
    const id = await server.rotate();
    const key = `${PLACE}late`;
    const value = Buffer.from('{"kind":"Secret","metadata":{"name":"late"}}');
    const result = await second.store.txn({
      compare: [{ key, modRevision: 0 }],
      then: [{ type: "put", key, value }],
    });
    expect(result.succeeded).toBe(true);
    expect(Buffer.from((await raw.get(key)).keyValue?.value ?? []).toString("latin1")).toContain(
      id,
    );
    expect(Buffer.from(result.results[0]?.value ?? [])).toEqual(value);
    const again = await second.store.txn({
      compare: [{ key, modRevision: 0 }],
      then: [{ type: "put", key, value }],
      otherwise: [{ type: "get", key }],
    });
    expect(again.succeeded).toBe(false);
    expect(Buffer.from(again.results[0]?.value ?? [])).toEqual(value);
    await second.rotation.close();
  });

  test("keep the key that another server adds while a rotation is about to drop the old ones", async () => {
    const source = storedKeys(raw, "the CA's key");
    let passes = 0;
    const meddled = Object.assign(Object.create(raw) as Store, {
      async list(range: ListRange) {
        const listed = await raw.list(range);
        if (range.prefix === "/registry/core/secrets/" && ++passes === 2) await addElsewhere();
        return listed;
      },
    });
    const addElsewhere = async (): Promise<void> => {
      const keys = await EncryptionKeys.load(source, false);
      await keys.add();
      await put(encryptingStore(raw, keys, silentLog), "late");
    };
    const first = await openEncryption(meddled, source, silentLog);
    await put(first.store, "early");
    await first.rotation.rotate();
    await eventually("the rotation has ended", async () => (await source.load()).ring.length === 1);
    const fresh = await openEncryption(raw, source, silentLog);
    for (const name of ["early", "late"]) {
      const { keyValue } = await fresh.store.get(`${PLACE}${name}`);
      expect(Buffer.from(keyValue?.value ?? []).toString()).toContain(`"${name}"`);
    }
    await first.rotation.close();
  });

  test("whose value was damaged or moved say so, and the others are served", async () => {
    api = await start();
    await api.client.create(secretKind, secret("a"));
    await api.client.create(secretKind, secret("b"));
    await stop?.();
    const value = (await raw.get(`${PLACE}a`)).keyValue?.value ?? new Uint8Array();
    await raw.txn({ compare: [], then: [{ type: "put", key: `${PLACE}b`, value }] });
    api = await start();
    expect(plain(await api.client.get(secretKind, "a", "default"))).toBe(CANARY);
    const { metadata, data } = await api.client.get(secretKind, "b", "default");
    expect(data).toBeUndefined();
    expect(metadata.annotations?.["kaji.dev/unreadable"]).toContain("changed or moved");
    await api.client.delete(secretKind, { name: "b", namespace: "default" });
    expect((await refusalOf(api.client.get(secretKind, "b", "default"))).code).toBe(404);
  });

  test("whose key is missing stop the start with one sentence that names it", async () => {
    api = await start();
    await api.client.create(secretKind, secret("a"));
    const [, id] = /default\/a k8s:enc:aesgcm:v1:(k[0-9a-f]{12}):/.exec(await storedText()) ?? [];
    await raw.txn({ compare: [], then: [{ type: "delete", key: KEYS_KEY }] });
    await expect(start()).rejects.toThrow(
      new RegExp(
        `secrets/\\S+ is encrypted with key ${id}, which is not among the keys .*: restore a backup`,
      ),
    );
  });

  test("do not open for a server with another CA", async () => {
    api = await start();
    await expect(start("another CA's key")).rejects.toThrow("sealed with another ca.key");
  });
});

test.runIf(noEtcd !== undefined)("etcd is missing", (context) => {
  console.warn(`SKIPPED: ${noEtcd}`);
  context.skip(noEtcd);
});
