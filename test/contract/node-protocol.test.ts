import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import { eventKind } from "#api/kinds/event";
import { leaseKind } from "#api/kinds/lease";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import { secretKind } from "#api/kinds/secret";
import { serviceKind } from "#api/kinds/service";
import type { Pod, Secret } from "#api/schema/types";
import type { PodRef } from "#node-agent/session/types";
import { configMap, service } from "#test/contract/api-fixture";
import {
  boundPod,
  type GatewayBench,
  startGatewayBench,
  type TestAgent,
} from "#test/contract/node-protocol-fixture";
import { createTestPki } from "#test/contract/node-protocol-pki";
import { eventually } from "#test/support/host";

let bench: GatewayBench;

beforeEach(async () => {
  bench = await startGatewayBench();
});

afterEach(() => bench.close());

async function connected(nodeName: string): Promise<TestAgent> {
  const agent = await bench.connect(nodeName);
  await eventually("the agent gets its full state", () => agent.services.length > 0);
  return agent;
}

function secret(name: string): Secret {
  const metadata = { name, namespace: "default" };
  return { apiVersion: "v1", kind: "Secret", metadata, data: { key: "dmFsdWU=" } };
}

function refOf({ metadata }: Pod): PodRef {
  return { namespace: "default", name: metadata.name, uid: metadata.uid ?? "" };
}

function getPod(name: string): Promise<Pod> {
  return bench.api.client.get(podKind, name, "default");
}

describe("joining", () => {
  test("a node that says hello gets a Node with a pod CIDR of its own, a status and a lease", async () => {
    const [first, second] = await Promise.all([connected("n1"), connected("n2")]);
    const cidrs = [first, second].map(({ welcomes }) => welcomes[0]?.podCidr);
    expect(cidrs.toSorted()).toEqual(["10.244.0.0/24", "10.244.1.0/24"]);
    const node = await eventually("the status is stored", async () => {
      const found = await bench.api.client.get(nodeKind, "n1");
      return found.status?.conditions?.length ? found : undefined;
    });
    expect(node.spec?.podCIDR).toBe(first.welcomes[0]?.podCidr);
    expect(node.metadata.labels).toMatchObject({ "kubernetes.io/hostname": "n1", disk: "ssd" });
    expect(node.metadata.labels).not.toHaveProperty("x.node-restriction.kubernetes.io/y");
    expect(node.status?.capacity).toMatchObject({ cpu: "4" });
    const lease = await eventually("the lease is there", () =>
      bench.api.client.get(leaseKind, "n1", "kube-node-lease").catch(() => undefined),
    );
    expect(lease.spec.holderIdentity).toBe("n1");
  });

  test("a certificate of another node is refused", async () => {
    const agent = await bench.connect("n1", { certified: "n2" });
    const good = await connected("n3");
    expect(good.session.isConnected()).toBe(true);
    expect(agent.session.isConnected()).toBe(false);
    expect(agent.welcomes).toEqual([]);
  });

  test("a certificate of another authority is refused", async () => {
    const stranger = await bench.connect("n1", { issuer: await createTestPki() });
    const good = await connected("n2");
    expect(good.session.isConnected()).toBe(true);
    expect(stranger.welcomes).toEqual([]);
  });

  test("a second connection of a node replaces the first", async () => {
    const first = await connected("n1");
    const second = await connected("n1");
    await eventually("one of them is connected", () => second.session.isConnected());
    await first.session.close();
    await eventually("the other stays", () => second.session.isConnected());
    expect(second.welcomes[0]?.podCidr).toBe(first.welcomes[0]?.podCidr);
  });
});

describe("desired state", () => {
  test("a pod arrives with what it uses, and nothing else arrives", async () => {
    const { client } = bench.api;
    const [mine, other] = await Promise.all([connected("n1"), connected("n2")]);
    await client.create(configMapKind, configMap("web-config", { a: "1" }));
    await client.create(secretKind, secret("web-secret"));
    await client.create(secretKind, secret("unrelated"));
    await client.create(podKind, boundPod("web", "n1"));
    const state = await eventually("pod, objects and token have arrived", () => {
      const last = mine.desired.at(-1);
      return last && last.pods.size === 1 && last.tokens.size === 1 ? last : undefined;
    });
    const [pod] = [...state.pods.values()];
    expect(pod?.metadata.name).toBe("web");
    expect([...state.configMaps.keys()]).toEqual(["default/web-config"]);
    expect([...state.secrets.keys()]).toEqual(["default/web-secret"]);
    expect([...state.tokens.keys()]).toEqual([`${pod?.metadata.uid}/identity/token`]);
    expect(other.desired.at(-1)?.pods.size).toBe(0);
    expect(other.desired.at(-1)?.secrets.size).toBe(0);
  });

  test("a missing secret is known to be missing, and arrives when it is made", async () => {
    const agent = await connected("n1");
    await bench.api.client.create(podKind, boundPod("web", "n1"));
    await eventually("the pod has arrived", () => agent.desired.at(-1)?.pods.size === 1);
    const last = () => agent.desired.at(-1);
    expect(last()?.secrets.has("default/web-secret")).toBe(true);
    expect(last()?.secrets.get("default/web-secret")).toBeUndefined();
    await bench.api.client.create(secretKind, secret("web-secret"));
    await eventually("the secret arrives", () => last()?.secrets.get("default/web-secret"));
  });

  test("a pod deleted by force is named as removed, and what it used goes with it", async () => {
    const agent = await connected("n1");
    const { client } = bench.api;
    await client.create(secretKind, secret("web-secret"));
    const pod = await client.create(podKind, boundPod("web", "n1"));
    await eventually("the pod has arrived", () => agent.desired.at(-1)?.pods.size === 1);
    await client.delete(podKind, { name: "web", namespace: "default" }, { gracePeriodSeconds: 0 });
    const state = await eventually("it is removed", () => {
      const last = agent.desired.at(-1);
      return last?.pods.size === 0 ? last : undefined;
    });
    expect(state.removedPods).toEqual([pod.metadata.uid]);
    expect(state.secrets.size).toBe(0);
  });

  test("services are told whole first and by change later", async () => {
    await bench.api.client.create(serviceKind, service("one"));
    const agent = await connected("n1");
    await eventually("one is known", () => agent.services.at(-1)?.services.has("default/one"));
    await bench.api.client.create(serviceKind, service("two"));
    await eventually("two is known", () => agent.services.at(-1)?.services.has("default/two"));
    expect(agent.services.at(-1)?.changed).toEqual(["default/two"]);
    await bench.api.client.delete(serviceKind, { name: "one", namespace: "default" });
    await eventually("one is gone", () => !agent.services.at(-1)?.services.has("default/one"));
  });
});

describe("reports", () => {
  test("a pod's status keeps the conditions of others and never comes back as a change", async () => {
    const agent = await connected("n1");
    const { client } = bench.api;
    const pod = await client.create(podKind, boundPod("web", "n1"));
    await eventually("the pod has arrived", () => agent.desired.at(-1)?.tokens.size === 1);
    const foreign = { type: "ingress.kaji.dev/main", status: "True" };
    await client.updateStatus(podKind, {
      ...pod,
      status: { ...pod.status, conditions: [foreign] },
    });
    await eventually("the agent sees the ingress's condition", () => {
      const seen = agent.desired.at(-1)?.pods.get(pod.metadata.uid ?? "");
      return seen?.status?.conditions?.some(({ type }) => type === foreign.type);
    });
    const told = agent.desired.length;
    const ready = { type: "Ready", status: "True" };
    agent.session.reportPod(refOf(pod), {
      phase: "Running",
      podIP: "10.244.0.5",
      conditions: [ready],
    });
    const stored = await eventually("the status is stored", async () => {
      const found = await getPod("web");
      return found.status?.phase === "Running" ? found : undefined;
    });
    expect(stored.status?.conditions?.map(({ type }) => type)).toEqual([foreign.type, "Ready"]);
    await client.create(podKind, boundPod("next", "n1"));
    await eventually("the next pod arrives", () => agent.desired.at(-1)?.pods.size === 2);
    const changed = agent.desired.slice(told).flatMap(({ changedPods }) => changedPods);
    expect(changed).not.toContain(pod.metadata.uid);
  });

  test("a pod that is gone is deleted, but never one that nobody deleted or that is another's", async () => {
    const [agent, thief] = await Promise.all([connected("n1"), connected("n2")]);
    const { client } = bench.api;
    const pod = await client.create(podKind, boundPod("web", "n1"));
    const other = await client.create(podKind, boundPod("other", "n1"));
    await eventually("both have arrived", () => agent.desired.at(-1)?.pods.size === 2);
    thief.session.podGone(refOf(other));
    agent.session.podGone(refOf(other));
    await client.delete(podKind, { name: "web", namespace: "default" });
    await eventually("the agent is told to stop it", () => {
      const seen = agent.desired.at(-1)?.pods.get(pod.metadata.uid ?? "");
      return seen?.metadata.deletionTimestamp;
    });
    agent.session.podGone(refOf(pod));
    await eventually("it is gone", () =>
      getPod("web").then(
        () => false,
        () => true,
      ),
    );
    expect((await getPod("other")).metadata.deletionTimestamp).toBeUndefined();
  });

  test("the same event twice is one event that counts two", async () => {
    const agent = await connected("n1");
    const pod = await bench.api.client.create(podKind, boundPod("web", "n1"));
    await eventually("the pod has arrived", () => agent.desired.at(-1)?.pods.size === 1);
    const event = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: "" },
      involvedObject: { kind: "Pod", ...refOf(pod) },
      reason: "BackOff",
      message: "Back-off restarting failed container",
      type: "Warning",
    };
    agent.session.reportEvent(event);
    agent.session.reportEvent(event);
    const stored = await eventually("it is counted", async () => {
      const { items } = await bench.api.client.list(eventKind, { namespace: "default" });
      return items[0]?.count === 2 ? items : undefined;
    });
    expect(stored.length).toBe(1);
  });

  test("what is reported while the server is away arrives later", async () => {
    const agent = await connected("n1");
    const pod = await bench.api.client.create(podKind, boundPod("web", "n1"));
    await eventually("the pod has arrived", () => agent.desired.at(-1)?.pods.size === 1);
    // A second agent of the same node takes the place; the first reports, then gets it back.
    const rival = await bench.connect("n1");
    await eventually("the first is cut off", () => !agent.session.isConnected());
    await rival.session.close();
    agent.session.reportPod(refOf(pod), { phase: "Running" });
    await eventually(
      "its report is stored",
      async () => (await getPod("web")).status?.phase === "Running",
    );
    expect(agent.welcomes.length).toBeGreaterThan(1);
  });
});
