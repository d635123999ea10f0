import { beforeAll, expect, test } from "vitest";
import { eventually, requireHost } from "#test/support/host";
import { PARITY_NEEDS, parityCluster } from "#test/support/parity";

/** Autoscaling as a user sees it: the real kubectl, and pods that really use the processor. */
const IMAGE = "kaji.dev/busybox:1";
/** A look at an autoscaler every 15 seconds, by figures that are 10 seconds old at most. */
const TWO_LOOKS_MS = 45_000;

const at = parityCluster({
  podCidr: "10.221.0.0/16",
  serviceCidr: "10.73.0.0/16",
  image: IMAGE,
});
const { kubectl, apply } = at;

beforeAll(async () => {
  if (!at.isPossible) return;
  await deploy("busy", BUSY, { requests: { cpu: "100m" }, limits: { cpu: "150m" } });
  await deploy("unmeasured", "sleep 1000", { limits: { memory: "32Mi" } });
}, 240_000);

/** Keeps busy, within its limit, as long as the file /tmp/busy is there. */
const BUSY =
  "touch /tmp/busy; while :; do if [ -e /tmp/busy ]; " +
  "then i=0; while [ $i -lt 5000 ]; do i=$((i+1)); done; else sleep 0.2; fi; done";

async function deploy(name: string, command: string, resources: object): Promise<void> {
  const labels = { app: name };
  const container = { name: "main", image: IMAGE, command: ["sh", "-c", command], resources };
  const podSpec = { terminationGracePeriodSeconds: 1, containers: [container] };
  const object = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec },
    },
  };
  await apply(object);
  await kubectl("wait", "--for=condition=available", `deployment/${name}`, "--timeout=60s");
}

/** Thousandths of a core that the busiest pod used lately. */
async function busiest(name: string): Promise<number> {
  const table = await kubectl("top", "pod", "--no-headers", "-l", `app=${name}`);
  const used = table.trim().split("\n");
  return Math.max(...used.map((line) => Number(/\s(\d+)m\s/.exec(line)?.[1] ?? 1000)));
}

async function readyReplicas(name: string): Promise<string> {
  return kubectl("get", "deployment", name, "-o", "jsonpath={.status.readyReplicas}");
}

test("kubectl autoscale adds pods under load and takes them away after it", async (context) => {
  requireHost(context, PARITY_NEEDS);
  await kubectl("autoscale", "deployment", "busy", "--cpu-percent=50", "--min=1", "--max=3");
  await eventually(
    "three pods are ready",
    async () => (await readyReplicas("busy")) === "3",
    TWO_LOOKS_MS,
  );
  expect(await kubectl("get", "hpa", "busy")).toMatch(
    /^busy\s+Deployment\/busy\s+cpu: \d+%\/50%\s+1\s+3\s+\d\s+\d+s$/m,
  );
  expect(await kubectl("describe", "hpa", "busy")).toMatch(
    /Normal\s+SuccessfulRescale\s+.*New size: 3; reason: cpu resource utilization \(percentage of request\) above target/,
  );

  const pods = (await kubectl("get", "pods", "-l", "app=busy", "-o", "name")).trim().split("\n");
  for (const pod of pods) await kubectl("exec", pod, "--", "rm", "-f", "/tmp/busy");
  await eventually("no pod is busy", async () => (await busiest("busy")) < 20, TWO_LOOKS_MS);
  // A changed spec is looked at immediately.
  const behavior = { scaleDown: { stabilizationWindowSeconds: 0 } };
  await kubectl(
    "patch",
    "hpa",
    "busy",
    "--type=merge",
    "-p",
    JSON.stringify({ spec: { behavior } }),
  );
  await eventually(
    "one pod is left",
    async () => (await readyReplicas("busy")) === "1",
    TWO_LOOKS_MS,
  );
  const described = await kubectl("describe", "hpa", "busy");
  expect(described).toMatch(/SuccessfulRescale\s+.*New size: 1; reason: All metrics below target/);
  expect(described).toMatch(/ScalingActive\s+True\s+ValidMetricFound/);
}, 240_000);

test("an autoscaler of pods without requests says what they lack", async (context) => {
  requireHost(context, PARITY_NEEDS);
  await kubectl("autoscale", "deployment", "unmeasured", "--cpu-percent=50", "--max=3");
  await eventually(
    "the reason",
    async () =>
      /ScalingActive\s+False\s+FailedGetResourceMetric\s+the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container main of Pod unmeasured-/.test(
        await kubectl("describe", "hpa", "unmeasured"),
      ),
    TWO_LOOKS_MS,
  );
  expect(await kubectl("get", "hpa", "unmeasured")).toMatch(/cpu: <unknown>\/50%/);
});
