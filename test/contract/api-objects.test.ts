import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import { deploymentKind } from "#api/kinds/deployment";
import { namespaceKind } from "#api/kinds/namespace";
import { podKind } from "#api/kinds/pod";
import type { Deployment, Pod } from "#api/schema/types";
import {
  configMap,
  pod,
  refusalOf,
  startTestApi,
  type TestApi,
  valueOf,
} from "#test/contract/api-fixture";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const inDefault = (name: string) => ({ name, namespace: "default" });

function deployment(name: string): Deployment {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default" },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { name: "", labels }, spec: pod("x").spec },
    },
  };
}

describe("creating", () => {
  test("fills in what the server owns and ignores what the client claims of it", async () => {
    const claimed = configMap("mine");
    claimed.metadata.uid = "my-own";
    claimed.metadata.creationTimestamp = "2001-01-01T00:00:00Z";
    const { metadata, apiVersion, kind } = await api.client.create(configMapKind, claimed);
    expect({ apiVersion, kind }).toEqual({ apiVersion: "v1", kind: "ConfigMap" });
    expect(metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(metadata.creationTimestamp).not.toBe("2001-01-01T00:00:00Z");
    expect(metadata.managedFields?.[0]).toMatchObject({ manager: "test", operation: "Update" });
  });

  test("with generateName gives each object a name of its own", async () => {
    const draft = configMap("");
    draft.metadata.generateName = "made-";
    const made = await Promise.all(
      Array.from({ length: 20 }, () => api.client.create(configMapKind, draft)),
    );
    const names = new Set(made.map((one) => one.metadata.name));
    expect(names.size).toBe(20);
    for (const name of names) expect(name).toMatch(/^made-[a-z0-9]{5}$/);
  });

  test("of a pod adds the service account, its token volume, tolerations and priority", async () => {
    const { spec } = await api.client.create(podKind, pod("admitted"));
    expect(spec.serviceAccountName).toBe("default");
    expect(spec.priority).toBe(0);
    expect(spec.tolerations).toHaveLength(2);
    expect(spec.volumes?.[0]?.name).toMatch(/^kube-api-access-/);
    expect(spec.containers[0]?.volumeMounts?.[0]?.mountPath).toBe(
      "/var/run/secrets/kubernetes.io/serviceaccount",
    );
  });

  test("as a dry run answers as if, and stores nothing", async () => {
    const response = await api.send({
      method: "POST",
      path: "/api/v1/namespaces/default/configmaps",
      query: new URLSearchParams("dryRun=All"),
      body: configMap("dry"),
    });
    expect(response.status).toBe(201);
    expect(valueOf(response).metadata).toHaveProperty("uid");
    const refusal = await refusalOf(api.client.get(configMapKind, "dry", "default"));
    expect(refusal.message).toBe('configmaps "dry" not found');
  });

  test("refuses a namespace that does not exist, in Kubernetes' words", async () => {
    const lost = configMap("lost");
    lost.metadata.namespace = "nowhere";
    const refusal = await refusalOf(api.client.create(configMapKind, lost));
    expect(refusal).toMatchObject({ code: 404, message: 'namespaces "nowhere" not found' });
  });

  test("handles unknown fields as fieldValidation says", async () => {
    const post = (validation: string, name: string) =>
      api.send({
        method: "POST",
        path: "/api/v1/namespaces/default/configmaps",
        query: new URLSearchParams({ fieldValidation: validation }),
        contentType: "application/json",
        body: Buffer.from(`{"metadata":{"name":"${name}"},"data":{},"data":{},"extra":1}`),
      });
    const strict = await post("Strict", "strict");
    expect(valueOf(strict)).toMatchObject({
      code: 400,
      message:
        'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "extra", duplicate field "data"',
    });
    const warned = await post("Warn", "warned");
    expect(warned).toMatchObject({
      status: 201,
      warnings: ['unknown field "extra"', 'duplicate field "data"'],
    });
    expect(valueOf(warned)).not.toHaveProperty("extra");
    expect(await post("Ignore", "ignored")).not.toHaveProperty("warnings");
  });
});

describe("updating", () => {
  test("with an old resourceVersion is a conflict", async () => {
    const first = await api.client.create(configMapKind, configMap("cas"));
    await api.client.update(configMapKind, { ...first, data: { a: "1" } });
    const refusal = await refusalOf(api.client.update(configMapKind, { ...first, data: {} }));
    expect(refusal.message).toBe(
      'Operation cannot be fulfilled on configmaps "cas": the object has been modified; please apply your changes to the latest version and try again',
    );
  });

  test("that changes nothing writes nothing", async () => {
    const first = await api.client.create(configMapKind, configMap("same", { a: "1" }));
    const second = await api.client.update(configMapKind, first);
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);
  });

  test("counts generations for the spec and not for status or labels", async () => {
    const made = await api.client.create(deploymentKind, deployment("counted"));
    expect(made.metadata.generation).toBe(1);
    const labelled = await api.client.patch(deploymentKind, inDefault("counted"), {
      type: "merge",
      body: { metadata: { labels: { a: "b" } } },
    });
    expect(labelled.metadata.generation).toBe(1);
    const status = {
      ...labelled,
      status: { replicas: 3 },
      spec: { ...labelled.spec, replicas: 9 },
    };
    const reported = await api.client.updateStatus(deploymentKind, status as Deployment);
    expect(reported).toMatchObject({
      metadata: { generation: 1 },
      spec: { replicas: 1 },
      status: { replicas: 3 },
    });
    const scaled = await api.client.patch(
      deploymentKind,
      { ...inDefault("counted"), subresource: "scale" },
      { type: "merge", body: { spec: { replicas: 5 } } },
    );
    expect(scaled).toMatchObject({ kind: "Scale", spec: { replicas: 5 } });
    const final = await api.client.get(deploymentKind, "counted", "default");
    expect(final).toMatchObject({ metadata: { generation: 2 }, status: { replicas: 3 } });
  });

  test("by server-side apply creates, then refuses to take another manager's field unless forced", async () => {
    const apply = (manager: string, value: string, force = false) =>
      api.client.patch(configMapKind, inDefault("applied"), {
        type: "apply",
        fieldManager: manager,
        force,
        body: { ...configMap("applied", { shared: value }) },
      });
    await apply("one", "1");
    const refusal = await refusalOf(apply("two", "2"));
    expect(refusal).toMatchObject({ code: 409, reason: "Conflict" });
    expect(refusal.message).toBe('Apply failed with 1 conflict: conflict with "one": .data.shared');
    expect((await apply("two", "2", true)).data).toEqual({ shared: "2" });
  });
});

describe("deleting", () => {
  test("a pod that no node has goes at once; a bound one stays for its grace, then for good with grace 0", async () => {
    await api.client.create(podKind, pod("free"));
    await api.client.delete(podKind, inDefault("free"));
    expect((await refusalOf(api.client.get(podKind, "free", "default"))).code).toBe(404);

    await api.client.create(podKind, pod("bound"));
    await api.client.createSubresource(
      podKind,
      { ...inDefault("bound"), subresource: "binding" },
      {
        apiVersion: "v1",
        kind: "Binding",
        metadata: { name: "bound" },
        target: { kind: "Node", name: "n1" },
      },
    );
    await api.client.delete(podKind, inDefault("bound"));
    const ending = await api.client.get(podKind, "bound", "default");
    expect(ending.metadata).toMatchObject({ deletionGracePeriodSeconds: 30 });
    expect(ending.spec.nodeName).toBe("n1");
    expect(ending.status?.conditions).toMatchObject([{ type: "PodScheduled", status: "True" }]);
    await api.client.delete(podKind, inDefault("bound"), {
      gracePeriodSeconds: 0,
      preconditions: { uid: ending.metadata.uid ?? "" },
    });
    expect((await refusalOf(api.client.get(podKind, "bound", "default"))).code).toBe(404);
  });

  test("a pod is bound once", async () => {
    await api.client.create(podKind, pod("twice"));
    const bind = (node: string) =>
      api.client.createSubresource<Pod>(
        podKind,
        { ...inDefault("twice"), subresource: "binding" },
        { target: { kind: "Node", name: node } },
      );
    await bind("n1");
    const refusal = await refusalOf(bind("n2"));
    expect(refusal.message).toBe(
      'Operation cannot be fulfilled on pods "twice": pod twice is already assigned to node "n1"',
    );
  });

  test("a binding is held to the rules for what it sets", async () => {
    const gated = pod("gated");
    gated.spec.schedulingGates = [{ name: "example.com/later" }];
    await api.client.create(podKind, gated);
    await api.client.create(podKind, pod("open"));
    const refused = (name: string, node: string, annotations: Record<string, string> = {}) =>
      refusalOf(
        api.client.createSubresource(
          podKind,
          { ...inDefault(name), subresource: "binding" },
          { metadata: { name, annotations }, target: { kind: "Node", name: node } },
        ),
      );
    const refusals = [
      await refused("gated", "n1"),
      await refused("open", "No Name"),
      await refused("open", "n1", { "no key": "" }),
    ];
    expect(refusals.map(({ code }) => code)).toEqual([422, 422, 422]);
    expect(refusals.map(({ message }) => message)).toEqual([
      'Pod "gated" is invalid: spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared',
      expect.stringContaining('Pod "open" is invalid: spec.nodeName: Invalid value: "No Name"'),
      expect.stringContaining(
        'Pod "open" is invalid: metadata.annotations: Invalid value: "no key"',
      ),
    ]);
  });

  test("a binding leaves the rest of the pod as it was", async () => {
    const before = await api.client.create(podKind, pod("placed"));
    await api.client.createSubresource(
      podKind,
      { ...inDefault("placed"), subresource: "binding" },
      { metadata: { name: "placed" }, target: { kind: "Node", name: "n1" } },
    );
    const after = await api.client.get(podKind, "placed", "default");
    expect(before.spec.nodeName).toBeUndefined();
    expect(after.spec).toEqual({ ...before.spec, nodeName: "n1" });
    expect(after.metadata.generation).toBe(before.metadata.generation);
    expect(Object.isFrozen(after.spec)).toBe(true);
  });

  test("waits for finalizers, and refuses new ones meanwhile", async () => {
    const held = configMap("held");
    held.metadata.finalizers = ["example.com/hold"];
    await api.client.create(configMapKind, held);
    await api.client.delete(configMapKind, inDefault("held"));
    const waiting = await api.client.get(configMapKind, "held", "default");
    expect(waiting.metadata.deletionTimestamp).toBeDefined();
    const setFinalizers = (finalizers: string[]) =>
      api.client.patch(configMapKind, inDefault("held"), {
        type: "merge",
        body: { metadata: { finalizers } },
      });
    const refusal = await refusalOf(setFinalizers(["example.com/hold", "example.com/more"]));
    expect(refusal.message).toContain(
      "no new finalizers can be added if the object is being deleted",
    );
    await setFinalizers([]);
    expect((await refusalOf(api.client.get(configMapKind, "held", "default"))).code).toBe(404);
  });

  test("with a false precondition is a conflict and deletes nothing", async () => {
    const made = await api.client.create(configMapKind, configMap("kept"));
    const refusal = await refusalOf(
      api.client.delete(configMapKind, inDefault("kept"), { preconditions: { uid: "other" } }),
    );
    expect(refusal.message).toContain(
      `Precondition failed: UID in precondition: other, UID in object meta: ${made.metadata.uid}`,
    );
    await api.client.get(configMapKind, "kept", "default");
  });

  test("in the foreground leaves the object to the garbage collector", async () => {
    await api.client.create(configMapKind, configMap("owner"));
    await api.client.delete(configMapKind, inDefault("owner"), { propagationPolicy: "Foreground" });
    const { metadata } = await api.client.get(configMapKind, "owner", "default");
    expect(metadata.finalizers).toEqual(["foregroundDeletion"]);
  });

  test("a namespace ends when its finalizer is taken away, and takes nothing new meanwhile", async () => {
    const name = "ending";
    await api.client.create(namespaceKind, {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name },
      spec: {},
    });
    await api.client.delete(namespaceKind, { name });
    const ending = await api.client.get(namespaceKind, name);
    expect(ending).toMatchObject({ status: { phase: "Terminating" } });
    const late = configMap("late");
    late.metadata.namespace = name;
    const refusal = await refusalOf(api.client.create(configMapKind, late));
    expect(refusal.message).toBe(
      'configmaps "late" is forbidden: unable to create new content in namespace ending because it is being terminated',
    );
    await api.client.raw("PUT", `/api/v1/namespaces/${name}/finalize`, {
      ...ending,
      spec: { finalizers: [] },
    });
    expect((await refusalOf(api.client.get(namespaceKind, name))).code).toBe(404);
  });

  test("a collection deletes what its selector selects", async () => {
    for (const name of ["c1", "c2", "c3"]) {
      const made = configMap(name);
      made.metadata.labels = { keep: String(name === "c3") };
      await api.client.create(configMapKind, made);
    }
    await api.client.raw(
      "DELETE",
      "/api/v1/namespaces/default/configmaps?labelSelector=keep=false",
    );
    await api.client.get(configMapKind, "c3", "default");
    expect((await refusalOf(api.client.get(configMapKind, "c1", "default"))).code).toBe(404);
  });
});
