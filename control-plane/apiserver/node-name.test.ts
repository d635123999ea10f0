import { describe, expect, test } from "vitest";
import type { Lease, Node } from "#api/schema/types";
import { judgeName, type NameQuestion } from "#control-plane/apiserver/node-name";

const NOW = Date.parse("2026-01-01T00:01:00Z");
const MACHINE = { machineId: "m1", bootId: "b1" };

function asked(question: Partial<NameQuestion> & { silentMs?: number } = {}) {
  const { silentMs = 10_000, ...rest } = question;
  const lease: Lease = {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "n1", namespace: "kube-node-lease" },
    spec: { renewTime: new Date(NOW - silentMs).toISOString() },
  };
  return judgeName({
    node: node("True"),
    lease,
    isConnected: false,
    machine: {},
    nowMs: NOW,
    ...rest,
  });
}

function node(ready: string): Node {
  const nodeInfo = { machineID: "m1", bootID: "b1" } as NonNullable<Node["status"]>["nodeInfo"];
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n1" },
    spec: {},
    status: { conditions: [{ type: "Ready", status: ready }], ...(nodeInfo ? { nodeInfo } : {}) },
  };
}

describe("a node's name", () => {
  test("is free when there is no such node, when it is not ready, or when it has been silent", () => {
    expect(asked({ node: undefined }).type).toBe("free");
    expect(asked({ node: node("Unknown") }).type).toBe("free");
    expect(asked({ node: node("False") }).type).toBe("free");
    expect(asked({ silentMs: 40_000 }).type).toBe("free");
    expect(asked({ lease: undefined }).type).toBe("free");
  });

  test("is taken while its agent is connected, also for the same machine", () => {
    expect(asked({ isConnected: true, machine: MACHINE }).type).toBe("taken");
    expect(asked({ isConnected: true, node: node("False") }).type).toBe("taken");
  });

  test("is free at once for the same machine in the same boot, once its agent has gone", () => {
    expect(asked({ machine: MACHINE }).type).toBe("free");
  });

  test("is free in some seconds for everyone else", () => {
    const wait = { type: "wait", seconds: 30 };
    expect(asked()).toEqual(wait);
    expect(asked({ machine: { ...MACHINE, bootId: "b2" } })).toEqual(wait);
    expect(asked({ machine: { machineId: "", bootId: "" } })).toEqual(wait);
  });

  test("is not given to the same machine while another server may have its agent", () => {
    expect(asked({ machine: MACHINE, isConnected: undefined })).toEqual({
      type: "wait",
      seconds: 30,
    });
  });

  test("is not given away while another server may have its agent, though that says it is not ready", () => {
    expect(asked({ node: node("False"), isConnected: undefined }).type).toBe("wait");
    expect(asked({ node: node("False"), isConnected: undefined, silentMs: 40_000 }).type).toBe(
      "free",
    );
  });
});
