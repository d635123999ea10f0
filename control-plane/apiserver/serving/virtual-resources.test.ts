import { expect, test } from "vitest";
import { errors } from "#api/machinery/status-error";
import { metricsResources } from "#control-plane/apiserver/serving/virtual-resources";

test("metrics without metadata are left out of the list and cost the others nothing", async () => {
  const reported = [null, 7, {}, { metadata: null }, { metadata: { name: "n1" } }];
  const [nodes] = metricsResources({
    open: () => Promise.reject(errors.unavailable("no node is connected")),
    nodeMetrics: () => reported,
    podMetrics: () => [],
  });
  const path = "/apis/metrics.k8s.io/v1beta1/nodes";
  const request = { method: "GET", path, query: new URLSearchParams() } as const;
  const answer = await nodes?.serve({
    verb: "list",
    namespace: undefined,
    name: "",
    subresource: undefined,
    user: { name: "test", groups: [] },
    request,
  });
  expect(answer).toMatchObject({ status: 200, value: { items: [{ metadata: { name: "n1" } }] } });
});
