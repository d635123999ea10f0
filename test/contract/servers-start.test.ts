import { afterEach, expect, test } from "vitest";
import { kinds } from "#api/kinds/index";
import { serviceKind } from "#api/kinds/service";
import { bootstrapCluster } from "#control-plane/apiserver/bootstrap";
import { startTestApi, type TestApi } from "#test/contract/api-fixture";

let api: TestApi | undefined;
afterEach(() => api?.close());

test("servers that start at the same time, each at a port of its own, all start", async () => {
  api = await startTestApi();
  const { client } = api;
  const ports = [7443, 8443, 9443];
  const common = { client, kinds, caPem: "a certificate", serviceCidr: "10.96.0.0/16" };
  await Promise.all(
    ports.map((port) => bootstrapCluster({ ...common, address: "127.0.0.1", port })),
  );
  const { spec } = await client.get(serviceKind, "kubernetes", "default");
  expect(ports).toContain(spec.ports?.[0]?.targetPort);
});
