import { describe, expect, test } from "vitest";
import type { Pod, PodSpec } from "#api/schema/types";
import { planPod } from "#node-agent/pod/plan";
import { nextStage } from "#node-agent/pod/stage";
import { podStatus } from "#node-agent/pod/status";
import type { PodView } from "#node-agent/pod/view";
import { testPod } from "#test/support/pods";
import { deletedPod, exited, noonMs, testRecord, testView } from "#test/support/pod-views";

/** Ephemeral containers: what the agent does with them and says of them. */
const debug = { name: "debug", image: "busybox:1" };
const init = { name: "init", image: "web:1" };
const debugged = (spec: Partial<PodSpec> = {}): Pod =>
  testPod({ ephemeralContainers: [debug], ...spec });
const guest = (fields = {}) => testRecord({ name: "debug", ...fields });

function actionsOf(view: PodView): string[] {
  const stage = nextStage(view);
  return planPod({ ...view, stage }).actions.map((action) =>
    "container" in action ? `${action.type} ${action.container}` : action.type,
  );
}

const known = (containerID: string): Pod => ({
  ...debugged(),
  status: {
    phase: "Running",
    ephemeralContainerStatuses: [
      { name: "debug", image: "", imageID: "", ready: false, restartCount: 0, containerID },
    ],
  },
});

const cases: [title: string, view: Partial<PodView>, actions: string[]][] = [
  [
    "it starts beside what runs",
    { pod: debugged(), containers: [testRecord()] },
    ["startContainer debug"],
  ],
  [
    "it waits for no init container",
    { pod: debugged({ initContainers: [init] }), containers: [testRecord({ name: "init" })] },
    ["startContainer debug"],
  ],
  ["it runs once", { pod: debugged(), containers: [testRecord(), exited({ name: "debug" })] }, []],
  [
    "not again in another sandbox either",
    { pod: debugged(), containers: [testRecord(), exited({ name: "debug", sandboxId: "lost" })] },
    [],
  ],
  ["nor after a reboot", { pod: known("kaji://x"), containers: [testRecord()] }, []],
  [
    "one that was made and never started is made again",
    { pod: debugged(), containers: [testRecord(), guest({ state: "created" })] },
    ["removeContainer"],
  ],
  [
    "the pod's end is its end",
    { pod: deletedPod(debugged()), containers: [testRecord(), guest()], stage: "running" },
    ["stopContainer web", "stopContainer debug"],
  ],
  [
    "a job whose work is done does not wait for it",
    {
      pod: debugged({ restartPolicy: "Never" }),
      containers: [exited({ exitCode: 0 }), guest()],
      stage: "running",
    },
    ["stopContainer debug"],
  ],
];

describe("an ephemeral container", () => {
  test.each(cases)("%s", (_, view, actions) => {
    expect(actionsOf(testView(view))).toEqual(actions);
  });

  const statusOf = (fields: Partial<PodView>) =>
    podStatus(testView({ stage: "running", pod: debugged(), ...fields }), "192.0.2.1");

  test("counts neither for the phase nor for readiness", () => {
    const status = statusOf({ containers: [testRecord(), exited({ name: "debug", exitCode: 9 })] });
    expect(status.phase).toBe("Running");
    expect(status.conditions?.find(({ type }) => type === "Ready")?.status).toBe("True");
    expect(status.ephemeralContainerStatuses).toMatchObject([
      { name: "debug", ready: false, restartCount: 0, state: { terminated: { exitCode: 9 } } },
    ]);
  });

  test("waits with the reason of what keeps it", () => {
    const failure = {
      reason: "CreateContainerConfigError",
      message: "unable to find target container web",
      failedAtMs: noonMs,
      retryAtMs: noonMs + 1,
      attempts: 1,
    };
    const status = statusOf({ startFailures: new Map([["debug", failure]]) });
    expect(status.ephemeralContainerStatuses?.[0]?.state).toEqual({
      waiting: { reason: failure.reason, message: failure.message },
    });
    const plain = statusOf({ containers: [] }).ephemeralContainerStatuses?.[0]?.state;
    expect(plain).toEqual({ waiting: { reason: "ContainerCreating" } });
  });

  test("that a reboot took along has ended, and nobody knows how", () => {
    const status = statusOf({ pod: known("kaji://x"), containers: [testRecord()] });
    expect(status.ephemeralContainerStatuses?.[0]?.state?.terminated).toMatchObject({
      exitCode: 137,
      reason: "ContainerStatusUnknown",
    });
  });
});
