import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { podKind } from "#api/kinds/pod";
import { pod, startTestApi, type TestApi, valueOf } from "#test/contract/api-fixture";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.client.create(podKind, pod("one"));
  const answer = await send("POST", "/apis/apps/v1/namespaces/default/deployments", {
    metadata: { name: "one" },
    spec: {
      selector: { matchLabels: { app: "one" } },
      template: {
        metadata: { labels: { app: "one" } },
        spec: { containers: [{ name: "main", image: "busybox" }] },
      },
    },
  });
  expect(answer.status).toBe(201);
});
afterAll(() => api.close());

const PODS = "/api/v1/namespaces/default/pods";
const SCALE = "/apis/apps/v1/namespaces/default/deployments/one/scale";
const TOKEN = "/api/v1/namespaces/default/serviceaccounts/default/token";

async function send(
  method: "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: object,
  contentType = "application/json",
) {
  const bytes = Buffer.from(JSON.stringify(body ?? {}));
  const response = await api.send({ method, path, contentType, body: bytes });
  return { status: response.status, message: String(valueOf(response).message) };
}

describe("the body of a subresource is checked like an object", () => {
  const tooMany =
    'Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal number 3000000000 into Go struct field ScaleSpec.spec.replicas of type int32';

  test("a Scale over int32 is refused, put or patched", async () => {
    const body = { metadata: { name: "one" }, spec: { replicas: 3_000_000_000 } };
    expect(await send("PUT", SCALE, body)).toEqual({ status: 400, message: tooMany });
    const patch = { spec: { replicas: 3_000_000_000 } };
    const merge = "application/merge-patch+json";
    expect(await send("PATCH", SCALE, patch, merge)).toEqual({ status: 400, message: tooMany });
    const fine = await send("PATCH", SCALE, { spec: { replicas: 2 } }, merge);
    expect(fine.status).toBe(200);
  });

  test("a Binding to something that is no name is refused", async () => {
    const body = { target: { kind: "Node", name: 7 } };
    expect(await send("POST", `${PODS}/one/binding`, body)).toEqual({
      status: 400,
      message:
        'Binding in version "v1" cannot be handled as a Binding: json: cannot unmarshal number into Go struct field ObjectReference.target.name of type string',
    });
  });

  test("a token for a text of seconds is refused", async () => {
    const answer = await send("POST", TOKEN, { spec: { audiences: [], expirationSeconds: "700" } });
    expect(answer).toEqual({
      status: 400,
      message:
        'TokenRequest in version "v1" cannot be handled as a TokenRequest: json: cannot unmarshal string into Go struct field TokenRequestSpec.spec.expirationSeconds of type int64',
    });
  });

  test("an Eviction of another kind is refused, one of the former version is not", async () => {
    const path = `${PODS}/one/eviction`;
    const odd = await send("POST", path, { kind: "Pod", metadata: { name: "one" } });
    expect(odd.status).toBe(400);
    const bent = { deleteOptions: { gracePeriodSeconds: "soon" } };
    expect((await send("POST", path, bent)).status).toBe(400);
    const former = {
      apiVersion: "policy/v1beta1",
      kind: "Eviction",
      metadata: { name: "one", namespace: "default" },
    };
    expect((await send("POST", path, former)).status).toBe(201);
  });
});

test("all namespaces at once are not deleted", async () => {
  expect(await send("DELETE", "/api/v1/namespaces")).toEqual({
    status: 405,
    message: "the server does not allow this method on the requested resource",
  });
});

test("a name from a URL makes no series of metrics", async () => {
  const query = new URLSearchParams();
  await api.send({ method: "GET", path: "/api/v1/madeups", query });
  const stranger = { name: "stranger", groups: ["system:authenticated"] };
  await api.send({ method: "GET", path: "/api/v1/inventions", query, user: stranger });
  await api.send({ method: "GET", path: "/api/v1/nodes", query });
  const metrics = await api.send({ method: "GET", path: "/metrics", query });
  const text = metrics.type === "bytes" ? Buffer.from(metrics.bytes).toString() : "";
  expect(text).toContain('resource="nodes"');
  expect(text).toContain('resource="other",code="404"');
  expect(text).toContain('resource="other",code="403"');
  expect(text).not.toMatch(/madeups|inventions/);
});
