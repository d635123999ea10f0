import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import { serviceKind } from "#api/kinds/service";
import { StatusError } from "#api/machinery/status-error";
import type { ConfigMap } from "#api/schema/types";
import { configMap, service, startTestApi, type TestApi } from "#test/contract/api-fixture";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

describe("writers of one object", () => {
  test("fifty clients that increment a counter with compare-and-swap lose no increment", async () => {
    await api.client.create(configMapKind, configMap("counter", { value: "0" }));
    const increment = async (): Promise<void> => {
      for (;;) {
        const current = await api.client.get(configMapKind, "counter", "default");
        const value = String(Number(current.data?.value) + 1);
        const next: ConfigMap = { ...current, data: { value } };
        const outcome = await api.client
          .update(configMapKind, next)
          .catch((error: unknown) => error);
        if (!(outcome instanceof StatusError)) return;
        if (outcome.reason !== "Conflict") throw outcome;
      }
    };
    const clients = Array.from({ length: 50 }, async () => {
      for (let round = 0; round < 4; round++) await increment();
    });
    await Promise.all(clients);
    const final = await api.client.get(configMapKind, "counter", "default");
    expect(final.data?.value).toBe("200");
  });

  test("patches without a resourceVersion all take effect, however many come at once", async () => {
    await api.client.create(configMapKind, configMap("patched"));
    const target = { name: "patched", namespace: "default" };
    const patches = Array.from({ length: 20 }, (_, index) =>
      api.client.patch(configMapKind, target, {
        type: "merge",
        body: { data: { [`key-${index}`]: "x" } },
      }),
    );
    await Promise.all(patches);
    const final = await api.client.get(configMapKind, "patched", "default");
    expect(Object.keys(final.data ?? {})).toHaveLength(20);
  });

  test("of two creates of one name exactly one succeeds", async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => api.client.create(configMapKind, configMap("only-one"))),
    );
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(refused).toHaveLength(9);
    for (const { reason } of refused) expect(reason.reason).toBe("AlreadyExists");
  });
});

describe("cluster IPs and node ports", () => {
  test("services created at the same time never share an address or a port", async () => {
    const created = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        api.client.create(serviceKind, service(`many-${index}`, { type: "NodePort" })),
      ),
    );
    const addresses = created.map((one) => one.spec?.clusterIP);
    const ports = created.flatMap((one) => one.spec?.ports?.map((port) => port.nodePort));
    expect(new Set(addresses).size).toBe(60);
    expect(new Set(ports).size).toBe(60);
  });

  test("of two services that name the same address exactly one gets it", async () => {
    const wanted = { clusterIP: "10.96.0.77" };
    const outcomes = await Promise.allSettled(
      ["a", "b", "c"].map((name) =>
        api.client.create(serviceKind, service(`same-${name}`, wanted)),
      ),
    );
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(refused).toHaveLength(2);
    for (const { reason } of refused) {
      expect(reason.message).toContain(
        "failed to allocate IP 10.96.0.77: provided IP is already allocated",
      );
    }
  });

  test("an address is free again when its service is deleted", async () => {
    const wanted = { clusterIP: "10.96.0.78" };
    await api.client.create(serviceKind, service("first", wanted));
    await api.client.delete(serviceKind, { name: "first", namespace: "default" });
    const second = await api.client.create(serviceKind, service("second", wanted));
    expect(second.spec?.clusterIP).toBe("10.96.0.78");
  });
});
