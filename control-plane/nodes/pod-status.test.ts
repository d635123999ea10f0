import { describe, expect, test } from "vitest";
import { podKind } from "#api/kinds/pod";
import type { Pod, PodStatus } from "#api/schema/types";
import { createClient } from "#client/api-client";
import type { ApiRequest, ApiResponse } from "#client/transport";
import { mergePodStatus } from "#control-plane/nodes/pod-status";
import { updateStatus } from "#control-plane/nodes/update-status";

describe("an agent's report of a pod", () => {
  test("ends a resize's conditions by not naming them, and no others", () => {
    const condition = (type: string) => ({ type, status: "True" });
    const types = ["PodScheduled", "Ready", "PodResizePending", "PodResizeInProgress"];
    const merged = mergePodStatus(
      { conditions: types.map(condition) },
      { conditions: [condition("PodResizeInProgress")] },
      0,
    );
    expect(merged.conditions?.map(({ type }) => type)).toEqual([
      ...["PodScheduled", "Ready", "PodResizeInProgress"],
    ]);
  });

  test("is written although an object that is a little old already says the same", async () => {
    const podWith = (phase: string, resourceVersion: string): Pod => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "web", namespace: "default", uid: "u", resourceVersion },
      spec: { containers: [] },
      status: { phase },
    });
    let stored = podWith("Running", "2");
    const handle = async ({ method, body }: ApiRequest): Promise<ApiResponse> => {
      if (method === "PUT") stored = body as Pod;
      return { type: "json", status: 200, value: stored };
    };
    const client = createClient(handle, { user: { name: "t", groups: [] }, userAgent: "t" });
    const old = podWith("Pending", "1");
    const next = (): PodStatus => ({ phase: "Pending" });
    expect(await updateStatus<PodStatus, Pod>({ client, kind: podKind, current: old, next })).toBe(
      true,
    );
    expect(stored.status?.phase).toBe("Pending");
  });
});
