import { afterAll, beforeAll, expect, test } from "vitest";
import { podKind } from "#api/kinds/pod";
import { priorityClassKind } from "#api/kinds/priority-class";
import type { PriorityClass } from "#api/schema/types";
import { pod, refusalOf, startTestApi, type TestApi } from "#test/contract/api-fixture";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

function priorityClass(name: string, more: Partial<PriorityClass> = {}): PriorityClass {
  const head = { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass" };
  return { ...head, metadata: { name }, value: 1000, ...more };
}

const create = (one: PriorityClass): Promise<PriorityClass> =>
  api.client.create(priorityClassKind, one);

test("a cluster begins with the two classes of the system", async () => {
  const { items } = await api.client.list(priorityClassKind);
  expect(items.map(({ metadata, value }) => [metadata.name, value])).toEqual([
    ["system-cluster-critical", 2_000_000_000],
    ["system-node-critical", 2_000_001_000],
  ]);
});

test("a pod gets the priority and the preemption policy of its class", async () => {
  await create(priorityClass("patient", { preemptionPolicy: "Never" }));
  const { spec } = await api.client.create(podKind, pod("a", { priorityClassName: "patient" }));
  expect(spec).toMatchObject({ priority: 1000, preemptionPolicy: "Never" });
  const plain = await api.client.create(podKind, pod("b"));
  expect(plain.spec).toMatchObject({ priority: 0, preemptionPolicy: "PreemptLowerPriority" });
});

test("a pod may not say its priority itself, nor name a class that does not exist", async () => {
  const unknown = refusalOf(api.client.create(podKind, pod("c", { priorityClassName: "none" })));
  expect((await unknown).message).toBe(
    'pods "c" is forbidden: no PriorityClass with name none was found',
  );
  const own = refusalOf(api.client.create(podKind, pod("c", { priority: 7 })));
  expect((await own).message).toBe(
    'pods "c" is forbidden: the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
  );
  const policy = refusalOf(api.client.create(podKind, pod("c", { preemptionPolicy: "Never" })));
  expect((await policy).message).toContain(
    "the string value of PreemptionPolicy (Never) must not be provided in pod spec; priority admission controller computed PreemptLowerPriority",
  );
});

test("there is one default class, which pods get that name none", async () => {
  await create(priorityClass("usual", { value: 5, globalDefault: true }));
  const { spec } = await api.client.create(podKind, pod("d"));
  expect(spec).toMatchObject({ priority: 5, priorityClassName: "usual" });
  const second = refusalOf(create(priorityClass("other", { globalDefault: true })));
  expect((await second).message).toBe(
    'priorityclasses.scheduling.k8s.io "other" is forbidden: PriorityClass usual is already marked as default. Only one default can exist',
  );
  await api.client.delete(priorityClassKind, { name: "usual" });
  expect((await api.client.create(podKind, pod("e"))).spec).toMatchObject({ priority: 0 });
});
