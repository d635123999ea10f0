import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { podKind } from "#api/kinds/pod";
import type { Pod } from "#api/schema/types";
import { startTestApi, type TestApi } from "#test/contract/api-fixture";

/** pods/ephemeralcontainers and pods/resize over the API: what is written, and what stays. */
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const STRATEGIC = "application/strategic-merge-patch+json";

async function createPod(name: string): Promise<Pod> {
  return api.client.create<Pod>(podKind, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default" },
    spec: {
      containers: [{ name: "web", image: "web:1", resources: { requests: { cpu: "100m" } } }],
    },
  });
}

async function send(method: "GET" | "PUT" | "PATCH", name: string, part: string, body?: unknown) {
  const path = `/api/v1/namespaces/default/pods/${name}/${part}`;
  const contentType = method === "PATCH" ? STRATEGIC : "application/json";
  const answer = await api.send({ method, path, contentType, ...(body ? { body } : {}) });
  if (answer.type !== "json" && answer.type !== "bytes") throw new Error("an object is expected");
  const value =
    answer.type === "json" ? answer.value : JSON.parse(Buffer.from(answer.bytes).toString());
  return { status: answer.status, value: value as Pod & { message?: string } };
}

const debug = { name: "debug", image: "busybox:1" };

describe("pods/ephemeralcontainers", () => {
  test("a patch adds one, counts as a new generation, and is read back", async () => {
    await createPod("patched");
    const patch = { spec: { ephemeralContainers: [debug] } };
    const { status, value } = await send("PATCH", "patched", "ephemeralcontainers", patch);
    expect(status).toBe(200);
    expect(value.metadata.generation).toBe(2);
    expect(value.spec.ephemeralContainers).toMatchObject([
      { ...debug, imagePullPolicy: "IfNotPresent", terminationMessagePolicy: "File" },
    ]);
    expect((await send("GET", "patched", "ephemeralcontainers")).value.kind).toBe("Pod");
    const second = { spec: { ephemeralContainers: [{ ...debug, name: "second" }] } };
    const { value: both } = await send("PATCH", "patched", "ephemeralcontainers", second);
    expect(both.spec.ephemeralContainers?.map(({ name }) => name).sort()).toEqual([
      "debug",
      "second",
    ]);
  });

  test("an update writes that part alone, on the condition of its resourceVersion", async () => {
    const made = await createPod("updated");
    const draft = {
      ...made,
      metadata: { ...made.metadata, labels: { app: "other" } },
      spec: { ...made.spec, nodeName: "elsewhere", ephemeralContainers: [debug] },
    };
    const { status, value } = await send("PUT", "updated", "ephemeralcontainers", draft);
    expect(status).toBe(200);
    expect(value.metadata.labels).toBeUndefined();
    expect(value.spec.nodeName).toBeUndefined();
    expect(value.spec.ephemeralContainers).toHaveLength(1);
    expect((await send("PUT", "updated", "ephemeralcontainers", draft)).status).toBe(409);
  });

  test("nothing else brings one, and a pod that is not there is not found", async () => {
    const patch = { spec: { ephemeralContainers: [debug] } };
    expect((await send("PATCH", "nobody", "ephemeralcontainers", patch)).status).toBe(404);
    await createPod("plain");
    const path = "/api/v1/namespaces/default/pods/plain";
    const answer = await api.send({ method: "PATCH", path, contentType: STRATEGIC, body: patch });
    expect(answer.status).toBe(422);
  });
});

describe("pods/resize", () => {
  test("takes cpu and memory, and the rest stays", async () => {
    await createPod("resized");
    const patch = {
      metadata: { labels: { app: "other" } },
      spec: {
        containers: [{ name: "web", image: "web:2", resources: { requests: { cpu: "200m" } } }],
      },
    };
    const { status, value } = await send("PATCH", "resized", "resize", patch);
    expect(status).toBe(200);
    expect(value.metadata).toMatchObject({ generation: 2 });
    expect(value.metadata.labels).toBeUndefined();
    expect(value.spec.containers[0]).toMatchObject({
      image: "web:1",
      resources: { requests: { cpu: "200m" } },
    });
  });

  test("that would change the quality of service is refused", async () => {
    await createPod("steady");
    const resources = {
      requests: { cpu: "1", memory: "1Gi" },
      limits: { cpu: "1", memory: "1Gi" },
    };
    const patch = { spec: { containers: [{ name: "web", resources }] } };
    const { status, value } = await send("PATCH", "steady", "resize", patch);
    expect(status).toBe(422);
    expect(value.message).toBe(
      'Pod "steady" is invalid: spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
    );
  });

  test("discovery names both with their verbs", async () => {
    const answer = await api.send({ method: "GET", path: "/api/v1" });
    if (answer.type !== "json") throw new Error("discovery is JSON");
    const { resources } = answer.value as {
      resources: { name: string; kind: string; verbs: string[] }[];
    };
    for (const part of ["ephemeralcontainers", "resize"]) {
      const row = resources.find(({ name }) => name === `pods/${part}`);
      expect(row).toMatchObject({ kind: "Pod", verbs: ["get", "patch", "update"] });
    }
  });
});

test("being bound to a node is no new generation", async () => {
  await createPod("bound");
  const path = "/api/v1/namespaces/default/pods/bound/binding";
  const body = {
    apiVersion: "v1",
    kind: "Binding",
    metadata: { name: "bound" },
    target: { kind: "Node", name: "n" },
  };
  await api.send({ method: "POST", path, contentType: "application/json", body });
  const bound = await api.client.get<Pod>(podKind, "bound", "default");
  expect(bound.metadata.generation).toBe(1);
  expect(bound.status?.conditions).toMatchObject([
    { type: "PodScheduled", status: "True", observedGeneration: 1 },
  ]);
});
