import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { endpointSliceKind } from "#api/kinds/endpoint-slice";
import { serverNamed } from "#control-plane/servers/directory";
import { publishServers, slicesOf } from "#control-plane/servers/kubernetes-service";
import { startTestApi, type TestApi } from "#test/contract/api-fixture";

const server = (address: string) => serverNamed(address, address);

describe("the endpoints of the Service kubernetes", () => {
  let api: TestApi;
  beforeEach(async () => {
    api = await startTestApi();
  });
  afterEach(() => api.close());

  const published = async (): Promise<Record<string, string[]>> => {
    const { items } = await api.client.list(endpointSliceKind, { namespace: "default" });
    return Object.fromEntries(
      items.map(({ metadata, endpoints, ports }) => [
        `${metadata.name}:${ports?.[0]?.port}`,
        endpoints.flatMap(({ addresses }) => addresses),
      ]),
    );
  };

  test("are in one slice when all servers have the same port", () => {
    const [slice, ...others] = slicesOf([server("10.0.0.2:6443"), server("10.0.0.1:6443")]);
    expect(others).toEqual([]);
    expect(slice?.metadata.name).toBe("kubernetes");
    expect(slice?.endpoints.flatMap(({ addresses }) => addresses)).toEqual([
      "10.0.0.1",
      "10.0.0.2",
    ]);
  });

  test("follow the servers, and leave nothing of what was", async () => {
    await publishServers(api.client, [server("10.0.0.1:6443"), server("10.0.0.2:7443")]);
    expect(await published()).toEqual({
      "kubernetes:6443": ["10.0.0.1"],
      "kubernetes-7443:7443": ["10.0.0.2"],
    });
    await publishServers(api.client, [server("10.0.0.2:7443")]);
    expect(await published()).toEqual({ "kubernetes:7443": ["10.0.0.2"] });
  });
});
