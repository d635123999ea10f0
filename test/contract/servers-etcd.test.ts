import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import { secretKind } from "#api/kinds/secret";
import { openStore } from "#control-plane/store/index";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { configMap, refusalOf, startTestApi, type TestApi } from "#test/contract/api-fixture";
import { startEtcd, type TestEtcd, whyNoEtcd } from "#test/support/etcd";

/** Two API servers, each with a connection and caches of its own, on one real etcd. */
const reason = whyNoEtcd();
const ROUNDS = 60;

describe.runIf(reason === undefined)("two API servers on one etcd", () => {
  let etcd: TestEtcd;
  let one: TestApi;
  let other: TestApi;

  beforeAll(async () => {
    etcd = await startEtcd({ isDurable: false });
    const open = () => openStore(etcd.url("/kaji"), { clock: systemClock, log: silentLog });
    one = await startTestApi(await open());
    other = await startTestApi(await open());
  }, 60_000);

  afterAll(async () => {
    await one?.close();
    await other?.close();
    await etcd?.stop();
  });

  test("a client that goes to the other server reads its own writes, at once", async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const [writer, reader] = round % 2 ? [one, other] : [other, one];
      const name = `round-${round}`;
      const made = await writer.client.create(configMapKind, configMap(name, { n: "1" }));
      expect((await reader.client.get(configMapKind, name, "default")).data).toEqual({ n: "1" });
      await reader.client.update(configMapKind, { ...made, data: { n: "2" } });
      const { items } = await writer.client.list(configMapKind, { namespace: "default" });
      expect(items.find(({ metadata }) => metadata.name === name)?.data).toEqual({ n: "2" });
      await writer.client.delete(configMapKind, { name, namespace: "default" });
      const refusal = await refusalOf(reader.client.get(configMapKind, name, "default"));
      expect(refusal.code).toBe(404);
    }
  });

  test("a write on the ground of what the other server has overtaken is refused", async () => {
    const made = await one.client.create(configMapKind, configMap("contended"));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 ? one : other).client.update(configMapKind, {
          ...made,
          data: { index: `${index}` },
        }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("a token that was made by one server is good at the other at once", async () => {
    const secret = (id: string) => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: `bootstrap-token-${id}`, namespace: "kube-system" },
      type: "bootstrap.kubernetes.io/token",
      stringData: {
        "token-id": id,
        "token-secret": "0123456789abcdef",
        "usage-bootstrap-authentication": "true",
      },
    });
    for (let round = 0; round < 20; round++) {
      const id = `abc${String(round).padStart(3, "0")}`;
      await one.client.create(secretKind, secret(id));
      const user = await other.apiServer.authenticator.authenticate(`${id}.0123456789abcdef`);
      expect(user?.name).toBe(`system:bootstrap:${id}`);
    }
    expect(await other.apiServer.authenticator.authenticate("nobody")).toBeUndefined();
  });
});

test.runIf(reason !== undefined)("etcd is missing", (context) => {
  console.warn(`SKIPPED: ${reason}`);
  context.skip(reason);
});
