// lane: first (observes for a while)
import { beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { commands } from "#cli/commands/index";
import { requireHost } from "#test/support/host";
import { BUSYBOX, PARITY_NEEDS, parityCluster, succeeded } from "#test/support/parity";

/** `kaji advise` over pods that really use the processor: the table, the patch, and the change. */
const at = parityCluster({ podCidr: "10.239.0.0/16", serviceCidr: "10.89.0.0/16" });
const advise = async (...args: string[]) => succeeded(await at.cluster.kaji("advise", ...args));

/** Keeps to its limit. */
const BUSY = "while :; do i=0; while [ $i -lt 5000 ]; do i=$((i+1)); done; done";

async function deploy(name: string, command: string, resources: object): Promise<void> {
  const labels = { app: name };
  const container = { name: "c", image: BUSYBOX, imagePullPolicy: "IfNotPresent", resources };
  const containers = [{ ...container, command: ["sh", "-c", command] }];
  const template = { metadata: { labels }, spec: { terminationGracePeriodSeconds: 0, containers } };
  const spec = { selector: { matchLabels: labels }, template };
  await at.apply({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name }, spec });
  await at.kubectl("rollout", "status", `deployment/${name}`, "--timeout=60s");
}

beforeAll(async () => {
  if (!at.isPossible) return;
  await deploy("busy", BUSY, { requests: { cpu: "20m", memory: "32Mi" }, limits: { cpu: "100m" } });
  await deploy("idle", "sleep 1000", { requests: { cpu: "500m", memory: "16Mi" } });
});

test("requests beside use are a table, a patch, and applied on demand", async (context) => {
  requireHost(context, PARITY_NEEDS);
  const table = await advise("--for", "25s");
  expect(table).toMatch(/^WORKLOAD +CONTAINER +SAMPLES +CPU +ADVISED +MEMORY +ADVISED +VERDICT\n/);
  expect(table).toMatch(/deployment\/busy +c +[1-9]\d* +20m +\d{2,3}m +32Mi +16Mi +change cpu\n/);
  expect(table).toMatch(/deployment\/idle +c +[1-9]\d* +500m +10m +16Mi +16Mi +change cpu\n/);

  const patch = parse(
    await advise("deployment/idle", "--for", "3s", "-o", "yaml", "--apply"),
  ) as object;
  expect(patch).toMatchObject({
    kind: "Deployment",
    metadata: { name: "idle", namespace: "default" },
  });
  const path = "jsonpath={.spec.template.spec.containers[0].resources.requests.cpu}";
  expect(await at.kubectl("get", "deployment/idle", "-o", path)).toBe("10m");
  await at.kubectl("rollout", "status", "deployment/idle", "--timeout=60s");
});

test("every example in its help works", async (context) => {
  requireHost(context, PARITY_NEEDS);
  const { examples = [] } = commands.find(({ name }) => name === "advise") ?? {};
  expect(examples.length).toBeGreaterThan(0);
  await at.kubectl("create", "deployment", "web", `--image=${BUSYBOX}`, "--", "sleep", "1000");
  await at.kubectl("rollout", "status", "deployment/web", "--timeout=60s");
  for (const { command } of examples) {
    const args = command.replace("--for 5m", "").split(" ").filter(Boolean).slice(2);
    await advise(...args, "--for", "12s");
  }
});

test.each([
  [["service/kubernetes"], "services have no pod template to advise on"],
  [["deployment/absent"], 'deployments.apps "absent" not found'],
  [["web"], '"web" is not KIND/NAME'],
  [["-n", "kube-public"], "there is no deployment, statefulset or daemonset to advise on"],
  [["--for", "soon"], "--for soon is not a duration"],
])("%j is refused in a sentence", async (args, sentence) => {
  if (!at.isPossible) return;
  const { code, stderr } = await at.cluster.kaji("advise", ...args);
  expect(stderr).toContain(sentence);
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(code).toBe(1);
});
