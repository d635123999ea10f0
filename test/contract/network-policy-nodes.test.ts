import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { networkPolicyKind } from "#api/kinds/network-policy";
import { podKind } from "#api/kinds/pod";
import {
  boundPod,
  type GatewayBench,
  startGatewayBench,
  type TestAgent,
} from "#test/contract/node-protocol-fixture";
import { eventually } from "#test/support/host";
import { policyOf } from "#test/support/network-policies";

let bench: GatewayBench;

beforeEach(async () => {
  bench = await startGatewayBench();
});

afterEach(() => bench.close());

const policiesOf = (agent: TestAgent): string[] => [
  ...(agent.policies.at(-1)?.policies.keys() ?? []),
];

describe("policies through the gateway", () => {
  test("a pod arrives after the policies that select it, and no other node hears of them", async () => {
    const { client } = bench.api;
    await client.create(networkPolicyKind, policyOf("default", "closed", { podSelector: {} }));
    const first = await bench.connect("n1");
    const second = await bench.connect("n2");
    await eventually("both have their first tables", () =>
      [first, second].every(({ policies }) => policies.length > 0),
    );
    expect(policiesOf(first)).toEqual([]);
    const { uid } = (await client.create(podKind, boundPod("web", "n1"))).metadata;
    const hasPod = (): boolean => first.desired.some(({ pods }) => pods.has(uid ?? ""));
    await eventually("the pod arrives", () => {
      // Looked at whenever the loop turns: never the pod without its policy.
      if (hasPod()) expect(policiesOf(first)).toEqual(["default/closed"]);
      return hasPod();
    });
    const told = first.policies.at(-1)?.policies.get("default/closed");
    expect(told?.pods).toMatchObject([{ uid }]);
    expect(policiesOf(second)).toEqual([]);
  });

  test("a node that connects again has what holds now and nothing of before", async () => {
    const { client } = bench.api;
    const rule = { from: [{ podSelector: { matchLabels: { app: "front" } } }] };
    const closed = policyOf("default", "closed", { podSelector: {}, ingress: [rule] });
    await client.create(networkPolicyKind, closed);
    await client.create(podKind, boundPod("web", "n1"));
    const before = await bench.connect("n1");
    await eventually("the policy arrives", () => policiesOf(before).length === 1);
    await before.session.close();
    await client.delete(networkPolicyKind, { name: "closed", namespace: "default" });
    const after = await bench.connect("n1");
    await eventually("the first table arrives", () => after.policies.length > 0);
    await eventually("nothing is left", () => {
      const newest = after.policies.at(-1);
      return newest?.policies.size === 0 && newest.groups.size === 0;
    });
  });
});
