import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { actionKey, type PodAction } from "#node-agent/pod/actions";
import { planPod } from "#node-agent/pod/plan";
import { nextStage } from "#node-agent/pod/stage";
import type { ContainerRecord, Failure, PodView } from "#node-agent/pod/view";
import { testPod } from "#test/support/pods";
import { deletedPod, exited, noonMs, testRecord, testView } from "#test/support/pod-views";

/** Stage and plan, as the worker takes them: what the actions are, in a few words. */
function decide(view: PodView): { stage: string; actions: string[]; wakeAtMs: number | undefined } {
  const stage = nextStage(view);
  const { actions, wakeAtMs } = planPod({ ...view, stage });
  return { stage, actions: actions.map(inWords), wakeAtMs };
}

function inWords(action: PodAction): string {
  switch (action.type) {
    case "startContainer":
      return `start ${action.container} #${action.restartCount} backoff ${action.backoffMs}`;
    case "stopContainer":
      return `stop ${action.container} ${action.graceMs}`;
    case "removeContainer":
    case "removeSandbox":
      return `${action.type} ${action.id}`;
    default:
      return action.type;
  }
}

const sidecar = { name: "proxy", image: "web:1", restartPolicy: "Always" };
const init = { name: "init", image: "web:1" };
const failure = (retryAtMs: number): Failure => ({
  reason: "ErrImagePull",
  message: "no",
  failedAtMs: noonMs,
  retryAtMs,
  attempts: 1,
});
const serving = { type: "ingress.kaji.dev/site", status: "True" };

const cases: [sentence: string, view: Partial<PodView>, stage: string, actions: string[]][] = [
  [
    "volumes come first",
    { stage: "bound", volumes: { state: "unmounted" }, sandbox: undefined },
    "starting",
    ["mountVolumes"],
  ],
  ["then the sandbox", { sandbox: undefined }, "starting", ["createSandbox"]],
  [
    "a sandbox that was lost is made anew",
    { sandbox: { id: "s", isReady: false, createdAtMs: 0, ip: undefined, size: {} } },
    "running",
    ["createSandbox"],
  ],
  ["then the containers", {}, "running", ["start web #0 backoff 0"]],
  ["a running container needs nothing", { containers: [testRecord()] }, "running", []],
  [
    "older sandboxes are removed",
    { staleSandboxIds: ["old"], containers: [testRecord()] },
    "running",
    ["removeSandbox old"],
  ],
  [
    "a container that was made and never started is made again",
    { containers: [testRecord({ state: "created" })] },
    "running",
    ["removeContainer id-web-0"],
  ],
  [
    "the first restart is immediate and writes down ten seconds",
    { containers: [exited()] },
    "running",
    ["start web #1 backoff 10000"],
  ],
  [
    "later restarts wait",
    { containers: [exited({ restartCount: 1, backoffMs: 10_000 })] },
    "running",
    [],
  ],
  [
    "and double when their time has come",
    { containers: [exited({ restartCount: 1, backoffMs: 10_000, finishedAtMs: noonMs - 10_000 })] },
    "running",
    ["start web #2 backoff 20000"],
  ],
  [
    "ten minutes of running forgive",
    {
      containers: [exited({ restartCount: 5, backoffMs: 300_000, startedAtMs: noonMs - 700_000 })],
    },
    "running",
    ["start web #6 backoff 10000"],
  ],
  [
    "a container of a lost sandbox comes back at once",
    { containers: [exited({ sandboxId: "lost", restartCount: 3, backoffMs: 40_000 })] },
    "running",
    ["start web #4 backoff 40000"],
  ],
  [
    "only two records of a container are kept",
    {
      containers: [
        exited({ restartCount: 0 }),
        exited({ restartCount: 1 }),
        testRecord({ restartCount: 2 }),
      ],
    },
    "running",
    ["removeContainer id-web-0"],
  ],
  [
    "a start that failed waits for its time",
    { startFailures: new Map([["web", failure(noonMs + 10_000)]]) },
    "running",
    [],
  ],
  [
    "and is tried again",
    { startFailures: new Map([["web", failure(noonMs)]]) },
    "running",
    ["start web #0 backoff 0"],
  ],
  [
    "init containers come one after another",
    { pod: testPod({ initContainers: [init, { ...init, name: "second" }] }) },
    "starting",
    ["start init #0 backoff 0"],
  ],
  [
    "the next when the one before has succeeded",
    {
      pod: testPod({ initContainers: [init, { ...init, name: "second" }] }),
      containers: [exited({ name: "init", exitCode: 0 })],
    },
    "starting",
    ["start second #0 backoff 0"],
  ],
  [
    "an init container that failed is tried again",
    {
      pod: testPod({ initContainers: [init] }),
      containers: [exited({ name: "init", exitCode: 1 })],
    },
    "starting",
    ["start init #1 backoff 10000"],
  ],
  [
    "but never with restartPolicy Never: the pod has failed",
    {
      pod: testPod({ initContainers: [init], restartPolicy: "Never" }),
      containers: [exited({ name: "init", exitCode: 1 })],
    },
    "finished",
    ["release"],
  ],
  [
    "a sidecar that runs lets the main container start",
    { pod: testPod({ initContainers: [sidecar] }), containers: [testRecord({ name: "proxy" })] },
    "running",
    ["start web #0 backoff 0"],
  ],
  [
    "a sidecar that waits for its startup probe does not",
    {
      pod: testPod({ initContainers: [sidecar] }),
      containers: [testRecord({ name: "proxy" })],
      probes: new Map([
        ["id-proxy-0", { startup: "unknown", liveness: "none", readiness: "none" }],
      ]),
    },
    "starting",
    [],
  ],
  [
    "when the main container of a job is done its sidecar is stopped",
    {
      pod: testPod({ initContainers: [sidecar], restartPolicy: "Never" }),
      containers: [testRecord({ name: "proxy" }), exited({ exitCode: 0 })],
    },
    "stopping",
    ["stop proxy 30000"],
  ],
  [
    "OnFailure restarts what failed",
    { pod: testPod({ restartPolicy: "OnFailure" }), containers: [exited({ exitCode: 2 })] },
    "running",
    ["start web #1 backoff 10000"],
  ],
  [
    "OnFailure is done with what succeeded",
    { pod: testPod({ restartPolicy: "OnFailure" }), containers: [exited({ exitCode: 0 })] },
    "finished",
    ["release"],
  ],
  [
    "a failed liveness probe stops the container",
    {
      containers: [testRecord()],
      probes: new Map([["id-web-0", { startup: "none", liveness: "failure", readiness: "none" }]]),
    },
    "running",
    ["stop web 30000"],
  ],
  [
    "a new image replaces the container",
    { containers: [testRecord({ specHash: "other" })] },
    "running",
    ["stop web 30000"],
  ],
  [
    "a deleted pod is stopped with its grace",
    { pod: deletedPod(testPod(), 7), containers: [testRecord()], stage: "running" },
    "stopping",
    ["stop web 7000"],
  ],
  [
    "a pod that is no longer wanted is stopped without",
    { isRemoved: true, containers: [testRecord()], stage: "running" },
    "stopping",
    ["stop web 0"],
  ],
  [
    "while an ingress serves the pod nothing is stopped",
    {
      pod: { ...deletedPod(testPod()), status: { conditions: [serving] } },
      containers: [testRecord()],
      stage: "running",
    },
    "draining",
    [],
  ],
  [
    "unless the drain takes too long",
    {
      pod: { ...deletedPod(testPod()), status: { conditions: [serving] } },
      containers: [testRecord()],
      stage: "running",
      nowMs: noonMs + 30_999,
    },
    "stopping",
    ["stop web 30000"],
  ],
  [
    "sidecars wait for the main containers",
    {
      pod: deletedPod(testPod({ initContainers: [sidecar] })),
      containers: [testRecord({ name: "proxy" }), testRecord()],
      stage: "running",
    },
    "stopping",
    ["stop web 30000"],
  ],
  [
    "what is being started is waited for before it is stopped",
    { pod: deletedPod(testPod()), inFlight: new Set(["start:web"]), stage: "running" },
    "stopping",
    [],
  ],
  [
    "a stopped pod that is deleted is cleaned up",
    { pod: deletedPod(testPod()) },
    "cleaning",
    ["cleanUp"],
  ],
  ["and then it is gone", { pod: deletedPod(testPod()), isCleaned: true }, "gone", []],
  [
    "the deadline stops a pod",
    { pod: testPod({ activeDeadlineSeconds: 60 }), containers: [testRecord()], stage: "running" },
    "stopping",
    ["stop web 30000"],
  ],
  [
    "a pod that has ended before is not run again",
    { pod: { ...testPod(), status: { phase: "Succeeded" } }, sandbox: undefined, stage: "bound" },
    "finished",
    ["release"],
  ],
];

describe("planPod", () => {
  test.each(cases)("%s", (_, fields, stage, actions) => {
    const decided = decide(testView(fields));
    expect(decided.stage).toBe(stage);
    expect(decided.actions).toEqual(actions);
  });

  test("what waits for a time says when to look again", () => {
    const waiting = exited({ restartCount: 1, backoffMs: 10_000, finishedAtMs: noonMs - 1_000 });
    expect(decide(testView({ containers: [waiting] })).wakeAtMs).toBe(noonMs + 9_000);
  });

  test("the restart count goes on where the API knows it, when no record is left", () => {
    const status = {
      containerStatuses: [
        {
          name: "web",
          image: "",
          imageID: "",
          ready: true,
          restartCount: 4,
          containerID: "kaji://x",
        },
      ],
    };
    const view = testView({ pod: { ...testPod(), status } });
    expect(decide(view).actions).toEqual(["start web #5 backoff 0"]);
  });
});

const records = fc.array(
  fc.record({
    state: fc.constantFrom("created", "running", "exited") as fc.Arbitrary<
      ContainerRecord["state"]
    >,
    exitCode: fc.constantFrom(0, 1, 137),
    restartCount: fc.nat(3),
    name: fc.constantFrom("web", "init", "proxy", "stranger"),
    backoffMs: fc.constantFrom(0, 10_000),
    sandboxId: fc.constantFrom("sandbox-1", "lost"),
  }),
  { maxLength: 4 },
);
const views = fc
  .record({
    records,
    restartPolicy: fc.constantFrom("Always", "OnFailure", "Never"),
    isDeleted: fc.boolean(),
    isRemoved: fc.boolean(),
    stage: fc.constantFrom("bound", "starting", "running", "draining", "stopping", "finished"),
    hasSandbox: fc.boolean(),
  })
  .map(({ records: list, restartPolicy, isDeleted, hasSandbox, ...rest }): PodView => {
    const pod = testPod({ restartPolicy, initContainers: [init, sidecar] });
    const containers = list.map((fields) =>
      fields.state === "exited" ? exited(fields) : testRecord(fields),
    );
    return testView({
      ...(rest as Partial<PodView>),
      pod: isDeleted ? deletedPod(pod) : pod,
      containers,
      ...(hasSandbox ? {} : { sandbox: undefined }),
    });
  });

describe("planPod, whatever is seen,", () => {
  test("never asks twice for what is under way", () => {
    fc.assert(
      fc.property(views, (seen) => {
        const view = { ...seen, stage: nextStage(seen) };
        const first = planPod(view).actions.map(actionKey);
        const again = planPod({ ...view, inFlight: new Set(first) }).actions.map(actionKey);
        expect(again.filter((key) => first.includes(key))).toEqual([]);
      }),
    );
  });

  test("starts nothing for a pod that is to end", () => {
    fc.assert(
      fc.property(views, (seen) => {
        const view = { ...seen, isRemoved: true };
        const { actions } = planPod({ ...view, stage: nextStage(view) });
        expect(actions.filter(({ type }) => type === "startContainer")).toEqual([]);
      }),
    );
  });

  test("starts no container while another of its name runs in the sandbox", () => {
    fc.assert(
      fc.property(views, (view) => {
        const { actions } = planPod({ ...view, stage: nextStage(view) });
        for (const action of actions) {
          if (action.type !== "startContainer") continue;
          const newest = view.containers.filter(({ name }) => name === action.container).at(-1);
          expect(newest?.sandboxId === "sandbox-1" && newest.state === "running").toBe(false);
        }
      }),
    );
  });
});
