import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { configMapKind } from "#api/kinds/config-map";
import { leaseKind } from "#api/kinds/lease";
import { nodeKind } from "#api/kinds/node";
import { podKind } from "#api/kinds/pod";
import { podDisruptionBudgetKind } from "#api/kinds/pod-disruption-budget";
import { secretKind } from "#api/kinds/secret";
import { serviceKind } from "#api/kinds/service";
import type { Node } from "#api/schema/types";
import { createClient } from "#client/api-client";
import type { Client } from "#client/client";
import { createInformers } from "#client/shared-informers";
import type { ApiRequest, Transport } from "#client/transport";
import { join } from "#control-plane/apiserver/join";
import { createAuthority } from "#control-plane/pki/certificates";
import { signNodeCsr } from "#control-plane/pki/pki";
import { createRegistration } from "#control-plane/nodes/registration";
import { type Duty, performWhenElected } from "#control-plane/servers/elected-duty";
import { electionTimes } from "#control-plane/servers/election-times";
import { openStore } from "#control-plane/store/index";
import type { Store } from "#control-plane/store/store";
import { systemClock } from "#kit/clock";
import { silentLog } from "#kit/log";
import { seededRng } from "#kit/rng";
import {
  ADMIN,
  configMap,
  pod,
  refusalOf,
  service,
  startTestApi,
  type TestApi,
} from "#test/contract/api-fixture";
import { createCsr } from "#test/contract/api-csr";
import { ManualClock } from "#test/support/manual-clock";

/** What holds when several API servers share one store. */
let store: Store;
let one: TestApi;
let other: TestApi;

beforeEach(async () => {
  store = await openStore("memory:", { clock: systemClock, log: silentLog });
  one = await startTestApi(store);
  other = await startTestApi(store);
});

afterEach(async () => {
  await one.apiServer.close();
  await other.apiServer.close();
  await store.close();
});

describe("values that only one object may hold", () => {
  test("are given once, whichever server gives them: cluster IPs and node ports", async () => {
    const names = Array.from({ length: 40 }, (_, index) => `s${index}`);
    const made = await Promise.all(
      names.map((name, index) => {
        const { client } = index % 2 ? one : other;
        return client.create(serviceKind, {
          ...service(name),
          spec: { type: "NodePort", ports: [{ port: 80 }] },
        });
      }),
    );
    expect(new Set(made.map(({ spec }) => spec?.clusterIP)).size).toBe(names.length);
    expect(new Set(made.map(({ spec }) => spec?.ports?.[0]?.nodePort)).size).toBe(names.length);
  });

  test("are given once: the pod ranges of nodes that join at the same moment", async () => {
    const ending = new AbortController();
    const register = ({ client }: TestApi) => {
      const options = { clock: systemClock, log: silentLog, signal: ending.signal };
      const nodes = createInformers(client, options).for(nodeKind);
      return createRegistration(client, nodes, "10.244.0.0/16");
    };
    const registrations = [register(one), register(other)] as const;
    const names = Array.from({ length: 24 }, (_, index) => `n${index}`);
    const nodes = await Promise.all(
      names.map((name, index) => {
        const [first, second] = registrations;
        return (index % 2 ? first : second).register(name, offered(name));
      }),
    );
    expect(new Set(nodes.map((node) => node.spec?.podCIDR)).size).toBe(names.length);
    ending.abort();
  });

  test("are free again when their holder is deleted by another server", async () => {
    const spec = { podCIDR: "10.244.9.0/24", podCIDRs: ["10.244.9.0/24"] };
    await one.client.create(nodeKind, { ...offered("a"), spec });
    const refusal = await refusalOf(other.client.create(nodeKind, { ...offered("b"), spec }));
    expect(refusal.message).toContain('spec.podCIDR: Duplicate value: "10.244.9.0/24"');
    await other.client.delete(nodeKind, { name: "a" });
    await one.client.create(nodeKind, { ...offered("b"), spec });
  });
});

describe("what may be spent once", () => {
  test("is: a disruption of a budget, by evictions through both servers", async () => {
    const names = ["a", "b", "c", "d"];
    await one.client.create(nodeKind, offered("n"));
    for (const name of names) {
      const base = pod(name, { nodeName: "n", terminationGracePeriodSeconds: 30 });
      await one.client.create(podKind, base);
      const conditions = [{ type: "Ready", status: "True" }];
      await setStatus(podKind, name, { phase: "Running", conditions });
    }
    await one.client.create(podDisruptionBudgetKind, {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "budget", namespace: "default" },
      spec: { minAvailable: 3, selector: { matchLabels: { app: "test" } } },
    });
    await setStatus(podDisruptionBudgetKind, "budget", {
      ...{ observedGeneration: 1, disruptionsAllowed: 1, expectedPods: 4 },
      ...{ currentHealthy: 4, desiredHealthy: 3 },
    });
    const outcomes = await Promise.allSettled(
      names.map((name, index) => {
        const metadata = target(name);
        const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata };
        const { client } = index % 2 ? one : other;
        return client.createSubresource(
          podKind,
          { ...metadata, subresource: "eviction" },
          eviction,
        );
      }),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("is: a join token for one host, by hosts that go to both servers", async () => {
    await one.client.create(secretKind, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "bootstrap-token-abcdef", namespace: "kube-system" },
      type: "bootstrap.kubernetes.io/token",
      stringData: {
        "token-id": "abcdef",
        "token-secret": "0123456789abcdef",
        "usage-kaji-join": "true",
        "kaji-single-use": "true",
      },
    });
    const csrPem = await createCsr("whoever");
    const authority = await createAuthority("test", Date.now());
    const joined = await Promise.all(
      [one, other, one, other].map(({ apiServer }, index) =>
        join(
          {
            context: apiServer.context,
            caPem: "a certificate",
            gatewayPort: 1,
            signCsr: (nodeName, csr) => signNodeCsr(authority, nodeName, csr, Date.now()),
            log: silentLog,
          },
          "abcdef.0123456789abcdef",
          { nodeName: `host-${index}`, csrPem },
        ),
      ),
    );
    expect(joined.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401]);
  });

  async function setStatus(
    kind: typeof podKind | typeof podDisruptionBudgetKind,
    name: string,
    status: object,
  ): Promise<void> {
    const where = { ...target(name), subresource: "status" };
    await one.client.patch(kind as typeof podKind, where, { type: "merge", body: { status } });
  }
});

describe("a leader's client", () => {
  const held = (client: Client, holder: string) =>
    client.create(leaseKind, {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: "duty", namespace: "kube-system" },
      spec: { holderIdentity: holder, leaseDurationSeconds: 10 },
    });

  test("writes until the next leader has its own, and never after", async () => {
    const lease = await held(one.client, "one");
    const first = await fenced(one, lease);
    await first.create(configMapKind, configMap("a"));
    const taken = await other.client.update(leaseKind, {
      ...lease,
      spec: { ...lease.spec, holderIdentity: "other" },
    });
    const second = await fenced(other, taken);
    for (const write of [
      () => first.create(configMapKind, configMap("late")),
      () => first.update(configMapKind, { ...configMap("a"), data: { late: "yes" } }),
      () => first.patch(configMapKind, target("a"), { type: "merge", body: { data: { l: "y" } } }),
      () => first.delete(configMapKind, target("a")),
    ]) {
      const refusal = await refusalOf(write());
      expect(refusal.code).toBe(409);
      expect(refusal.message).toContain("another server leads duty now");
    }
    await second.update(configMapKind, { ...configMap("a"), data: { by: "the second" } });
    expect((await first.get(configMapKind, "a", "default")).data).toEqual({ by: "the second" });
  });

  test("is not to be had with a lease that another has taken meanwhile", async () => {
    const lease = await held(one.client, "one");
    await other.client.update(leaseKind, {
      ...lease,
      spec: { ...lease.spec, holderIdentity: "other" },
    });
    expect(await one.apiServer.handleOfLeader(lease)).toBeUndefined();
  });
});

/**
 * Candidates that stop for a while wherever they are, as processes do: a request of theirs waits until they go on.
 * Every write that takes effect is by the newest leader so far.
 */
describe("elected duties", () => {
  test("are never done by two, whenever their servers stop and go on", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ candidate: fc.nat(2), forMs: fc.integer({ min: 0, max: 40_000 }) }), {
          minLength: 1,
          maxLength: 8,
        }),
        fc.nat(),
        async (stops, seed) => {
          const writes = await runTerms(stops, seed);
          const terms = writes.map(({ term }) => term);
          expect(terms).toEqual([...terms].sort((a, b) => a - b));
          expect(writes.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);
});

interface Written {
  /** How many leaders there were before. */
  readonly term: number;
  readonly by: string;
}

async function runTerms(
  stops: readonly { candidate: number; forMs: number }[],
  seed: number,
): Promise<Written[]> {
  const clock = new ManualClock();
  const ending = new AbortController();
  const api = await startTestApi();
  const gates = [new Gate(), new Gate(), new Gate()];
  let terms = 0;
  const tasks = gates.map((gate, index) => {
    const through = (transport: Transport): Client =>
      createClient(gate.guard(transport), { user: ADMIN });
    const by = `candidate-${index}`;
    const duty: Duty = {
      lease: "duty",
      async perform(client, signal) {
        const term = terms++;
        for (let count = 0; !signal.aborted; count++) {
          const name = `w-${term}-${count}-${index}`;
          const data = { term: String(term), by };
          await client.create(configMapKind, { ...configMap(name), data }).catch(() => undefined);
          await gate.passed();
          await new Promise<void>((resolve) => clock.after(300, resolve));
        }
      },
    };
    return performWhenElected(
      {
        client: through(api.apiServer.handle),
        async fencedClient(lease) {
          const handle = await api.apiServer.handleOfLeader(lease);
          return handle && through(handle);
        },
        times: electionTimes(40_000),
        ...{ identity: by, clock, rng: seededRng(seed + index), log: silentLog },
        signal: ending.signal,
      },
      duty,
    );
  });
  for (const { candidate, forMs } of stops) {
    const gate = gates[candidate] as Gate;
    gate.shut();
    const until = clock.now() + forMs;
    await clock.runUntil(() => clock.now() >= until);
    gate.open();
    const after = clock.now() + 5_000;
    await clock.runUntil(() => clock.now() >= after);
  }
  const { items } = await api.client.list(configMapKind, {
    namespace: "default",
  });
  const end = new AbortController();
  ending.abort();
  const finished = Promise.all(tasks).finally(() => end.abort());
  await clock.runUntil(() => end.signal.aborted);
  await finished;
  await api.close();
  return items
    .filter(({ data }) => data?.term !== undefined)
    .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
    .map(({ data }) => ({ term: Number(data?.term), by: data?.by ?? "" }));
}

/** Stands for SIGSTOP: while it is shut, requests go nowhere and answers do not come. */
class Gate {
  private isShut = false;
  private waiting: (() => void)[] = [];

  shut(): void {
    this.isShut = true;
  }

  open(): void {
    this.isShut = false;
    for (const go of this.waiting.splice(0)) go();
  }

  async passed(): Promise<void> {
    while (this.isShut) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  guard(transport: Transport): Transport {
    return async (request: ApiRequest) => {
      await this.passed();
      const response = await transport(request);
      await this.passed();
      return response;
    };
  }
}

function target(name: string) {
  return { name, namespace: "default" };
}

async function fenced(api: TestApi, lease: Parameters<TestApi["apiServer"]["handleOfLeader"]>[0]) {
  const handle = await api.apiServer.handleOfLeader(lease);
  if (!handle) throw new Error("the lease has been written since");
  return createClient(handle, { user: ADMIN });
}

function offered(name: string): Node {
  return { apiVersion: "v1", kind: "Node", metadata: { name }, spec: {}, status: {} };
}
