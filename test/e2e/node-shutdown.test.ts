import { expect, test } from "vitest";
import type { Node, Pod } from "#api/schema/types";
import { eventually, requireHost } from "#test/support/host";
import { PARITY_NEEDS, parityCluster, shellPod, succeeded } from "#test/support/parity";

/** The machine goes: pods end in order and say why; a restart of the agent is no such thing. Tests in order. */
const WAIT_MS = 40_000;
const at = parityCluster({
  podCidr: "10.157.0.0/16",
  serviceCidr: "10.158.0.0/16",
  flags: ["--shutdown-grace-period", "20s", "--shutdown-grace-period-critical-pods", "5s"],
});
/** Takes a second to end, and says so in its termination message. */
const GENTLE =
  "trap 'sleep 1; echo goodbye >/dev/termination-log; exit 0' TERM; while true; do sleep 0.1; done";
const STUBBORN = "trap '' TERM; while true; do sleep 0.1; done";

async function podOf(name: string): Promise<Pod> {
  return JSON.parse(await at.kubectl("get", "pod", name, "-o", "json"));
}

async function readyOf() {
  const node: Node = JSON.parse(await at.kubectl("get", "node", "node-1", "-o", "json"));
  return node.status?.conditions?.find(({ type }) => type === "Ready");
}

async function podWith(name: string, what: string, is: (pod: Pod) => boolean): Promise<Pod> {
  return eventually(
    `${name}: ${what}`,
    async () => {
      const pod = await podOf(name);
      return is(pod) && pod;
    },
    WAIT_MS,
  );
}

const containerOf = ({ status }: Pod) => status?.containerStatuses?.[0];
const endOf = (pod: Pod) => containerOf(pod)?.state?.terminated;

test("an agent that is only restarted leaves its containers alone", async (context) => {
  requireHost(context, PARITY_NEEDS);
  const grace = { terminationGracePeriodSeconds: 30 };
  const critical = { ...grace, priorityClassName: "system-node-critical" };
  await at.apply(
    shellPod("gentle", GENTLE, {}, grace),
    shellPod("stubborn", STUBBORN, {}, { terminationGracePeriodSeconds: 3 }),
    shellPod("critical", GENTLE, {}, critical),
  );
  await at.kubectl("wait", "pods", "--all", "--for=condition=Ready", "--timeout=60s");
  const before = containerOf(await podOf("gentle"));
  const agent = at.cluster.pidOf("agent");
  process.kill(agent, "SIGTERM");
  await eventually("another agent runs", async () => at.cluster.pidOf("agent") !== agent, WAIT_MS);
  expect(containerOf(await podOf("gentle"))).toEqual(before);
  const exec = (): ReturnType<typeof at.cluster.kubectl> =>
    at.cluster.kubectl("exec", "gentle", "--", "true");
  await eventually("it answers through the new agent", async () => (await exec()).code === 0);
});

test("`kaji node shutdown` ends every pod, ordinary ones before critical ones", async (context) => {
  requireHost(context, PARITY_NEEDS);
  succeeded(await at.cluster.kaji("node", "shutdown"));
  expect(await readyOf()).toMatchObject({
    status: "False",
    reason: "KubeletNotReady",
    message: "node is shutting down",
  });
  const isFailed = ({ status }: Pod): boolean => status?.phase === "Failed";
  const gentle = await podWith("gentle", "has failed", isFailed);
  const message = "Pod was terminated in response to imminent node shutdown.";
  expect(gentle.status).toMatchObject({ reason: "Terminated", message });
  const disruption = gentle.status?.conditions?.find(({ type }) => type === "DisruptionTarget");
  expect(disruption).toMatchObject({ status: "True", reason: "TerminationByKubelet", message });
  expect(endOf(gentle)).toMatchObject({ exitCode: 0, message: "goodbye\n" });
  const stubborn = await podWith("stubborn", "has failed", isFailed);
  expect(endOf(stubborn)?.exitCode).toBe(137);
  const critical = await podWith("critical", "has failed", isFailed);
  const finishedMs = (pod: Pod): number => Date.parse(endOf(pod)?.finishedAt ?? "");
  expect(finishedMs(critical)).toBeGreaterThanOrEqual(finishedMs(gentle));
});

test("a pod that comes meanwhile is refused, also by an agent that starts again", async (context) => {
  requireHost(context, PARITY_NEEDS);
  const agent = at.cluster.pidOf("agent");
  process.kill(agent, "SIGKILL");
  await eventually("another agent runs", async () => at.cluster.pidOf("agent") !== agent, WAIT_MS);
  await at.apply(shellPod("late", GENTLE, {}, { nodeName: "node-1" }));
  const late = await podWith("late", "is refused", ({ status }) => status?.phase === "Failed");
  expect(late.status).toMatchObject({
    reason: "NodeShutdown",
    message: "Pod was rejected: Pod was rejected as the node is shutting down.",
  });
});

test("a machine that stays after all takes pods again", async (context) => {
  requireHost(context, PARITY_NEEDS);
  succeeded(await at.cluster.kaji("node", "shutdown", "--cancel"));
  await eventually("the node is ready", async () => (await readyOf())?.status === "True", WAIT_MS);
  await at.apply(shellPod("again", GENTLE));
  await at.kubectl("wait", "pod/again", "--for=condition=Ready", "--timeout=60s");
});
