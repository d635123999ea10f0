import { describe, expect, test } from "vitest";
import { podKind } from "#api/kinds/pod";
import { errors, StatusError } from "#api/machinery/status-error";
import type { Pod } from "#api/schema/types";
import { createClient } from "#client/api-client";
import type { ApiRequest, ApiResponse } from "#client/transport";
import { Assignments } from "#control-plane/nodes/assignments";
import { createPodReports } from "#control-plane/nodes/pod-reports";
import { silentLog } from "#kit/log";
import { ManualClock } from "#test/support/manual-clock";

const pod: Pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "web",
    namespace: "default",
    uid: "u1",
    resourceVersion: "1",
    deletionTimestamp: "2026-01-01T00:00:00Z",
  },
  spec: { containers: [{ name: "main" }], nodeName: "n1" },
};
const resource = { group: "", plural: "pods" };

/** An API with one pod, which answers each verb with its refusals first; and the reports of the pod's node. */
function bench(
  refuse: (method: ApiRequest["method"], earlier: number) => StatusError | undefined,
  isMoved = false,
) {
  const requests: string[] = [];
  let isDeleted = false;
  const handle = async ({ method }: ApiRequest): Promise<ApiResponse> => {
    const refusal = refuse(method, requests.filter((each) => each === method).length);
    requests.push(method);
    if (refusal) return { type: "json", status: refusal.code, value: refusal.status };
    isDeleted ||= method === "DELETE";
    return { type: "json", status: 200, value: pod };
  };
  const clock = new ManualClock();
  const assignments = new Assignments(
    {
      kind: podKind,
      synced: Promise.resolve(),
      get: () => pod,
      list: () => [pod],
      inNamespace: () => [pod],
      onChange: () => undefined,
    },
    () => undefined,
  );
  const client = createClient(handle);
  const hasMoved = (_: string, isSuspicious: boolean): Promise<boolean> =>
    Promise.resolve(isMoved && isSuspicious);
  const common = { client, kind: podKind, assignments, clock, log: silentLog };
  const reports = createPodReports({ ...common, hasMoved });
  const count = (method: string) => requests.filter((each) => each === method).length;
  return { reports, clock, count, isDeleted: () => isDeleted };
}

describe("a status of a node that moved to another server", () => {
  const conflict = (method: string, earlier: number): StatusError | undefined =>
    method === "PUT" && earlier === 0 ? errors.modified(resource, "web") : undefined;

  test("is dropped when someone else has written the pod meanwhile", async () => {
    const { reports, clock, count } = bench(conflict, true);
    reports.report("n1", "u1", { phase: "Running" });
    await clock.runUntil(() => count("GET") > 0);
    await clock.runUntil(() => true);
    expect(count("PUT")).toBe(1);
    reports.close();
  });

  test("is written all the same when the node is still here", async () => {
    const { reports, clock, count } = bench(conflict, false);
    reports.report("n1", "u1", { phase: "Running" });
    await clock.runUntil(() => count("PUT") === 2);
    reports.close();
  });
});

describe("a pod that is gone, with a last status", () => {
  test.each([
    ["invalid", errors.invalid({ group: "", kind: "Pod" }, "web", [])],
    ["too much, again and again", errors.tooManyRequests("too many requests", 1)],
    ["in conflict, again and again", errors.modified(resource, "web")],
  ])("is deleted though the status is %s", async (_, refusal) => {
    const { reports, clock, isDeleted } = bench((method) =>
      method === "PUT" ? refusal : undefined,
    );
    reports.report("n1", "u1", { phase: "Succeeded" });
    reports.gone("n1", "u1");
    await clock.runUntil(isDeleted);
    reports.close();
  });

  test("has that status written first when the refusal passes", async () => {
    const { reports, clock, count, isDeleted } = bench((method, earlier) =>
      method === "PUT" && earlier < 2 ? errors.tooManyRequests("too many requests", 1) : undefined,
    );
    reports.report("n1", "u1", { phase: "Succeeded" });
    reports.gone("n1", "u1");
    await clock.runUntil(isDeleted);
    expect(count("PUT")).toBe(3);
    reports.close();
  });

  test("is deleted when the API takes deletions again", async () => {
    const { reports, clock, count, isDeleted } = bench((method, earlier) =>
      method === "DELETE" && earlier < 2 ? errors.tooManyRequests("too many", 1) : undefined,
    );
    reports.gone("n1", "u1");
    await clock.runUntil(isDeleted);
    expect(count("DELETE")).toBe(3);
    reports.close();
  });
});
